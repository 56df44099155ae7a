"""Who is told of which alert, and what is said of a configuration that cannot be."""

from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import pytest

from agents.notify.planning import plan
from agents.notify.routes import Routes, load
from agents.yaml_errors import Mistakes
from schemas.alerts import Alert
from tests.notify.examples import AT_RISK, LOST, NOW_MS, OPENED, SILENT

SHIPPED = Path(__file__).parents[2] / "config" / "notify.yaml"

KNOWN = "desk, on-call, prometheus, inside, mail"
CLEAR = "what is sent without TLS can be read on its way"

ALERTMANAGERS = """
    inside: [first, second]
    receivers:
    - {name: first, sink: alertmanager, url: "http://first:9093"}
    - {name: second, sink: alertmanager, url: "http://second:9093"}
"""


def test_the_configuration_as_shipped_tells_nobody() -> None:
    routes = load(SHIPPED)
    assert (routes.receivers, routes.routes) == ([], [])
    assert plan(routes, OPENED, NOW_MS) == []


def test_the_examples_in_the_configuration_as_shipped_are_right(
    tmp_path: Path, signing_secret: str, routing_key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLA_WEBHOOK_SECRET", signing_secret)
    for name in ("SLA_SLACK_URL", "SLA_TEAMS_URL"):
        monkeypatch.setenv(name, "https://hooks.example.com/T0")
    for name in ("SLA_NTFY_TOKEN", "SLA_JSM_KEY", "SLA_MAIL_PASSWORD"):
        monkeypatch.setenv(name, "hunter2")
    (tmp_path / "pagerduty").write_text(routing_key)
    lines = SHIPPED.read_text().replace("/run/secrets", str(tmp_path)).splitlines()
    first = lines.index("inside:")
    examples = "\n".join(
        line.removeprefix("# ") if line.startswith(("# - ", "#   ")) else line for line in lines[first:]
    )
    routes = _load(tmp_path, examples)
    assert _told(routes, OPENED) == [
        "operations",
        "on-call",
        "prometheus",
        "floor",
        "service-desk",
        "management",
    ]
    assert _told(routes, replace(OPENED, client="other")) == ["operations", "prometheus"]


@pytest.mark.parametrize("text", ["", "# nothing\n", "receivers:\nroutes:\n", "{}", "receivers: []\n"])
def test_a_file_that_says_nothing_tells_nobody(tmp_path: Path, text: str) -> None:
    assert _load(tmp_path, text) == Routes()


def test_without_a_file_nobody_is_told(tmp_path: Path) -> None:
    assert load(tmp_path / "notify.yaml") == Routes()


def test_a_route_without_conditions_is_for_all_that_is_wrong_and_not_for_what_may_become_so(
    tmp_path: Path,
) -> None:
    routes = _routes(tmp_path, "{receivers: [second]}")
    assert [_told(routes, alert) for alert in (OPENED, LOST, SILENT)] == [["second"]] * 3
    assert _told(routes, AT_RISK) == []


@pytest.mark.parametrize(
    ("condition", "other"),
    [
        ("clients: [else, acme]", replace(OPENED, client="other")),
        ("contracts: [else, acme-voice]", replace(OPENED, contract="other")),
        ("objectives: [else, voice-80-20]", replace(OPENED, objective="other")),
        ("objectives: [else, voice-80-20]", SILENT),
        ("severities: [error, critical]", replace(OPENED, severity="warning")),
        ("queues: [else, billing]", replace(OPENED, queue=None)),
        ("states: [silent, breached]", LOST),
    ],
)
def test_a_condition_lets_through_what_it_lists_and_nothing_else(
    tmp_path: Path, condition: str, other: Alert
) -> None:
    routes = _routes(tmp_path, f"{{receivers: [first], {condition}}}")
    assert (_told(routes, OPENED), _told(routes, other)) == (["first"], [])


def test_all_conditions_of_a_route_must_hold(tmp_path: Path) -> None:
    routes = _routes(tmp_path, "{receivers: [first], clients: [acme], severities: [warning]}")
    assert _told(routes, OPENED) == []
    assert _told(routes, replace(OPENED, severity="warning")) == ["first"]


def test_every_route_that_matches_tells_and_each_receiver_once(tmp_path: Path) -> None:
    routes = _routes(tmp_path, "{receivers: [second]}", "{receivers: [second, first]}")
    assert _told(routes, OPENED) == ["first", "second"]


def test_every_mistake_is_told_at_once_with_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("UNSET", raising=False)
    text = dedent("""\
        receivers:
        - name: desk
          sink: webhok
        - name: desk
          sink: webhook
          url: ftp://hooks.example.com
          secret: {env: UNSET}
          colour: red
        - name: on-call
          sink: pagerduty
          routing_key: {file: /nowhere/key}
        - name: prometheus
          sink: alertmanager
          url: http://somebody:hunter2@alertmanager:9093
        - name: inside
          sink: alertmanager
          url: http://alertmanager:9093
        - name: mail
          sink: email
          host: smtp.example.com
          tls: none
          sender: nobody
          to: [floor@example.com]
        routes:
        - receivers: [desk, pager]
          severities: [fatal]
          clients: []
        - events: [sla.breach.opened]
        - receivers: [desk]
          quiet_hours: at night
          gather: 30
          escalate: {after: 1m, receivers: [bos]}
          time_zone: Mars/Olympus
        mutes:
        - from: 2026-11-02T10:00
          to: 2026-11-02
          reason: exchange
    """)
    with pytest.raises(Mistakes) as error:
        _load(tmp_path, text)
    said = [str(mistake).removeprefix(f"{tmp_path}/notify.yaml:") for mistake in error.value.mistakes]
    assert said == [
        "3:3: receivers.0.sink: webhok is not known here; did you mean webhook?",
        "4:3: receivers.1.name: desk is taken; each receiver needs a name of its own",
        "6:3: receivers.1.url: what is written is not possible: URL scheme should be 'http' or 'https'",
        "7:3: receivers.1.secret: the environment variable UNSET is not set; set it to the secret",
        "8:3: receivers.1.colour: colour is not known here; known are name, sink, url, secret, old_secret, events",
        "11:3: receivers.2.routing_key: the file /nowhere/key cannot be read; write the secret into it",
        "14:3: receivers.3.url: a user or password does not belong in a URL, which is no secret",
        f"17:3: receivers.4.url: {CLEAR}; write https, or list its host under inside",
        f"21:3: receivers.5.tls: {CLEAR}; write start or implicit, or list its host under inside",
        "22:3: receivers.5.sender: an e-mail address is like floor@example.com, or The floor <floor@example.com>",
        f"25:21: routes.0.receivers.1: pager is no receiver; known are {KNOWN}",
        "26:16: routes.0.severities.0: fatal is not known here; known are critical, error, warning, info",
        "27:3: routes.0.clients: an empty list stands where a list that is not empty belongs",
        "28:3: routes.1.events: events is not known here; did you mean severities?",
        "28:3: routes.1.receivers: is missing; it is a list that is not empty",
        "30:3: routes.2.quiet_hours: not understood from 'at night' on; hours look like Mo-Sa 08:00-20:00; PH off",
        "31:3: routes.2.gather: a duration is a whole number with its unit, like 30s, 15m, 8h or 2d",
        f"32:37: routes.2.escalate.receivers.0: bos is no receiver; known are {KNOWN}",
        "33:3: routes.2.time_zone: not an IANA time zone; they look like Europe/Paris",
        "36:3: mutes.0.to: a minute by the clock of time_zone belongs here, like 2026-03-02T22:00",
    ]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("receivers: [{name: a, sink: pagerduty, routing_key: SECRET}]", id="in place of its place"),
        pytest.param(
            "receivers: [{name: a, sink: pagerduty, routing_key: {env: X, key: SECRET}}]", id="beside it"
        ),
        pytest.param("receivers: [{name: a, sink: alertmanager, url: 'http://u:SECRET@host'}]", id="in a URL"),
        pytest.param("receivers: [{name: a, sink: alertmanager, url: 'ftp://u:SECRET@host'}]", id="in a bad URL"),
    ],
)
def test_a_secret_that_was_written_here_is_not_repeated(tmp_path: Path, text: str) -> None:
    with pytest.raises(Mistakes) as error:
        _load(tmp_path, text)
    chain = [error.value, error.value.__cause__, error.value.__context__]
    assert "SECRET" not in "".join(str(link) + repr(link) for link in chain)


def _routes(folder: Path, *routes: str) -> Routes:
    listed = "\n".join(f"    - {route}" for route in routes)
    return _load(folder, dedent(f"{ALERTMANAGERS}    routes:\n{listed}\n"))


def _load(folder: Path, text: str) -> Routes:
    file = folder / "notify.yaml"
    file.write_text(text)
    return load(file)


def _told(routes: Routes, alert: Alert) -> list[str]:
    return [step.receiver for step in plan(routes, alert, NOW_MS)]
