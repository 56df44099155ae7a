"""`sla-stream notify` and `sla-stream webhook`: who would be told, and trying it."""

from pathlib import Path
from textwrap import dedent
from typing import Any

import orjson
import pytest
from click.testing import CliRunner, Result
from standardwebhooks import Webhook as Verifier

from agents.cli import main
from tests.agents.receivers import Receiver
from tests.agents.running import contract
from tests.notify.examples import LOST, RESOLVED
from tests.parts.ports import free_port

ROUTES = dedent("""\
    inside: [127.0.0.1]
    receivers:
    - {name: pager, sink: pagerduty, routing_key: {env: ROUTING_KEY}}
    - {name: chat, sink: ntfy, topic: floor}
    - {name: boss, sink: ntfy, topic: boss}
    routes:
    - {receivers: [pager], clients: [acme], escalate: {after: 10m, receivers: [boss]}}
    - {receivers: [chat], clients: [acme], quiet_hours: "22:00-07:00", time_zone: Europe/Paris, language: fr}
    - {receivers: [boss], states: [lost]}
""")


@pytest.fixture
def file(tmp_path: Path, routing_key: str) -> Path:
    file = tmp_path / "notify.yaml"
    file.write_text(ROUTES)
    return file


@pytest.fixture(autouse=True)
def contracts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of contracts, in which there are none yet."""
    folder = tmp_path / "contracts"
    folder.mkdir()
    monkeypatch.setenv("SLA_CONTRACTS", str(folder))
    return folder


def test_a_right_file_is_said_in_figures(file: Path, contracts: Path) -> None:
    _promise(contracts, "acme")
    result = _run("notify", "check", "--file", str(file))
    assert (result.exit_code, result.output) == (0, "3 receivers, 3 routes, 0 mutes\n")


def test_a_promise_of_which_nobody_would_be_told_is_named(file: Path, contracts: Path) -> None:
    _promise(contracts, "other")
    result = _run("notify", "check", "--file", str(file))
    assert result.exit_code == 0
    assert result.stderr.replace(f"{file}:", "").splitlines() == [
        "warning: 7:34: routes.0.clients.0: no contract has the client acme",
        "warning: 8:33: routes.1.clients.0: no contract has the client acme",
        "warning: nobody is told when picked-up of other is breached (critical)",
        "warning: nobody is told when the feed of other is silent (critical)",
    ]


def test_a_risk_of_which_nobody_would_be_told_is_named(file: Path, contracts: Path) -> None:
    written: Any = contract("acme", "acme")
    written["versions"][0]["objectives"][0]["alert"]["at_risk_after"] = "5m"
    (contracts / "acme.yaml").write_bytes(orjson.dumps(written))
    said = _run("notify", "check", "--file", str(file)).stderr
    assert said.endswith("warning: nobody is told when picked-up of acme is at risk (warning)\n")
    file.write_text(file.read_text() + "- {receivers: [boss], states: [at_risk]}\n")
    assert _run("notify", "check", "--file", str(file)).stderr == ""


def test_it_is_explained_who_is_told_of_a_risk(file: Path) -> None:
    file.write_text(file.read_text() + "- {receivers: [boss], states: [at_risk]}\n")
    asked = "--client", "acme", "--severity", "warning", "--state", "at_risk"
    result = _run("notify", "explain", "--file", str(file), *asked)
    assert result.exit_code == 0
    assert "its state is at_risk, not breached or lost or silent" in result.output


def test_a_name_that_is_misspelt_is_found(file: Path, contracts: Path) -> None:
    _promise(contracts, "acme")
    file.write_text(ROUTES.replace("[chat], clients: [acme]", "[chat], clients: [acmee]"))
    result = _run("notify", "check", "--file", str(file))
    assert result.stderr.endswith("routes.1.clients.0: no contract has the client acmee; did you mean acme?\n")


def test_a_promise_is_told_of_if_one_of_its_queues_is(file: Path, contracts: Path) -> None:
    _promise(contracts, "acme")
    text = ROUTES.replace("clients: [acme], ", "clients: [acme], queues: [sales], ")
    file.write_text(text + "- {receivers: [boss], states: [silent]}\n")
    assert _run("notify", "check", "--file", str(file)).stderr == ""


def test_every_mistake_is_told_with_its_place(file: Path) -> None:
    file.write_text(ROUTES.replace("[pager]", "[pagr]").replace("10m", "10"))
    result = _run("notify", "check", "--file", str(file))
    assert result.exit_code == 1
    assert result.stderr.replace(f"{file}:", "").splitlines() == [
        "7:16: routes.0.receivers.0: pagr is no receiver; known are pager, chat, boss",
        "7:51: routes.0.escalate.after: a duration is a whole number with its unit, like 30s, 15m, 8h or 2d",
        "Error: 2 mistakes",
    ]


def test_it_is_explained_who_is_told_when_and_why(file: Path) -> None:
    asked = ["--client", "acme", "--objective", "picked-up", "--queue", "sales", "--at", "2026-11-02T23:00"]
    result = _run("notify", "explain", "--file", str(file), *asked)
    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "pager: at once (route 1, en)",
        "    acme: picked-up in sales is at 85%, at least 90% was promised",
        "chat: at 2026-11-03 07:00:00 Europe/Paris, quiet hours 22:00-07:00 (route 2, fr)",
        "    acme\xa0: picked-up dans sales est à 85\xa0%, au moins 90\xa0% promis",
        "boss: at 2026-11-02 23:10:00 UTC, unless somebody has acknowledged it (route 1, en)",
        "    acme: picked-up in sales is at 85%, at least 90% was promised",
        "route 3 is not meant: its state is breached, not lost",
    ]


def test_it_is_explained_of_an_alert_that_was_raised(file: Path) -> None:
    asked = ["notify", "explain", "--file", str(file), "--alert", "-", "--at", "2026-11-02T12:00"]
    result = CliRunner().invoke(main, asked, input=orjson.dumps(LOST))
    assert [line for line in result.output.splitlines() if not line.startswith(" ")] == [
        "pager: at once (route 1, en)",
        "chat: at once (route 2, fr)",
        "boss: at once (route 3, en)",
    ]
    ended = CliRunner().invoke(main, asked, input=orjson.dumps(RESOLVED))
    assert ended.output == "an end is told to whoever was told of its beginning, and to nobody else\n"


@pytest.mark.parametrize(
    ("given", "said", "code"),
    [
        ([], "Error: say which alert: --alert FILE, or at least --client", 2),
        (["--alert", "-"], "Error: not an alert: id: Field required", 1),
    ],
)
def test_without_an_alert_there_is_nothing_to_explain(file: Path, given: list[str], said: str, code: int) -> None:
    result = CliRunner().invoke(main, ["notify", "explain", "--file", str(file), *given], input=b"{}")
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (code, said)


def test_it_is_explained_that_nobody_is_told_and_why(file: Path) -> None:
    result = _run("notify", "explain", "--file", str(file), "--client", "other")
    assert result.output.splitlines() == [
        "nobody is told",
        "route 1 is not meant: its client is other, not acme",
        "route 2 is not meant: its client is other, not acme",
        "route 3 is not meant: its state is breached, not lost",
    ]


def test_a_test_is_marked_begins_and_ends(file: Path) -> None:
    with Receiver(202) as receiver:
        file.write_text(ROUTES.replace("pagerduty,", f"pagerduty, url: '{receiver.url}',"))
        result = _run("notify", "test", "--file", str(file), "pager")
    assert result.exit_code == 0, result.output
    begin, end = (heard.json() for heard in receiver.heard)
    assert (begin["event_action"], end["event_action"]) == ("trigger", "resolve")
    assert begin["dedup_key"] == end["dedup_key"]
    assert begin["payload"]["summary"].startswith("TEST, nothing is wrong: test: ")
    assert result.output.count("HTTP 202") == 2


def test_a_test_that_nobody_takes_fails_and_ends_nothing(file: Path) -> None:
    with Receiver(400) as receiver:
        file.write_text(ROUTES.replace("pagerduty,", f"pagerduty, url: '{receiver.url}',"))
        result = _run("notify", "test", "--file", str(file), "pager")
    assert (result.exit_code, len(receiver.heard)) == (1, 1)
    assert "HTTP 400" in result.output


def test_a_receiver_that_is_not_there_is_named_with_those_that_are(file: Path) -> None:
    result = _run("notify", "test", "--file", str(file), "pagr")
    assert (result.exit_code, result.stderr) == (
        1,
        "Error: pagr is no receiver; known are pager, chat, boss\n",
    )


def test_a_webhook_is_tried_with_what_its_library_verifies(signing_secret: str) -> None:
    with Receiver() as receiver:
        result = _run("webhook", "test", receiver.url, "--secret-env", "SIGNING_SECRET", "--inside", "127.0.0.1")
    assert result.exit_code == 0, result.output
    types = []
    for heard in receiver.heard:
        headers = {name.lower(): value for name, value in heard.headers.items()}
        types.append(Verifier(signing_secret).verify(heard.body, headers)["type"])
    assert types == ["sla.breach.opened", "sla.breach.resolved"]


def test_a_webhook_inside_is_not_tried_unless_it_is_said_so(signing_secret: str) -> None:
    with Receiver() as receiver:
        result = _run("webhook", "test", receiver.url, "--secret-env", "SIGNING_SECRET")
    assert (result.exit_code, receiver.heard) == (1, [])
    assert "without TLS" in result.output


def test_where_nobody_listens_the_test_fails(signing_secret: str) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}/"
    result = _run("webhook", "test", nowhere, "--secret-env", "SIGNING_SECRET", "--inside", "127.0.0.1")
    assert result.exit_code == 1
    assert "ClientConnectorError" in result.output


def test_a_secret_that_is_none_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGNING_SECRET", "hunter2")
    result = _run("webhook", "test", "https://hooks.example.com", "--secret-env", "SIGNING_SECRET")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: a signing secret is whsec_")
    assert "hunter2" not in result.output


def _promise(contracts: Path, client: str) -> None:
    (contracts / f"{client}.yaml").write_bytes(orjson.dumps(contract(client, client)))


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)
