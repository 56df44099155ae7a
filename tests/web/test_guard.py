"""Who is let in, whose figures they see, how often, and what browsers are told."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from agents.cli import main
from agents.web.rates import BURST, Rates
from agents.web.tokens import Token, Tokens, digest_of, load
from agents.yaml_errors import Mistakes
from sla_stream.episode import Episode, Phase
from sla_stream.judged import EpisodeKey, EpisodeRecord
from sla_stream.picture import Stored
from tests.builders import instant, verdict
from tests.web.conftest import NAME, two_clients
from tests.web.serving import Served

#: Not made anew: tests are named by what they are given, and halves that run side by side must agree on the names.
ACME, ALL = "sla_" + "a" * 43, "sla_" + "b" * 43
SAME = f"{{name: one, sha256: {'a' * 64}, clients: all}}"
TOKENS = Tokens(
    tokens=[
        Token(name="acme-wall", sha256=digest_of(ACME), clients=["acme"]),
        Token(name="office", sha256=digest_of(ALL), clients="all"),
    ]
)


@pytest.fixture
def guarded() -> Iterator[Served]:
    with Served(two_clients(), TOKENS) as door:
        door.say(verdict(), verdict(client="globex", contract="globex-hotline", queue=None, window="day"))
        door.say(episode("acme", "hotline", "sales"), episode("globex", "globex-hotline", None))
        yield door


def episode(client: str, contract: str, queue: str | None) -> Stored:
    key = EpisodeKey(client, contract, "voice", NAME, queue)
    return Stored(key, EpisodeRecord(Episode(f"{client}-1", Phase.OPEN, instant("08:55:00"))))


def clients(door: Served, path: str, token: str) -> set[str]:
    answer = door.get(path, Authorization=f"Bearer {token}")
    assert answer.status == 200, answer.body
    (found,) = answer.json.values()
    return {one["client"] for one in found}


@pytest.mark.parametrize("path", ["/api/v1/objectives", "/api/v1/episodes", "/api/v1/contracts"])
def test_a_token_shows_its_clients_and_no_others(guarded: Served, path: str) -> None:
    assert clients(guarded, path, ACME) == {"acme"}
    assert clients(guarded, path, ALL) == {"acme", "globex"}
    assert clients(guarded, f"{path}?client=globex", ALL) == {"globex"}


def test_the_stream_of_a_token_tells_of_its_clients_and_no_others(guarded: Served) -> None:
    guarded.pulse("globex")
    guarded.pulse("acme")
    with guarded.events(Authorization=f"Bearer {ACME}") as stream:
        snapshot = stream.next()
        assert snapshot is not None
        guarded.say(verdict(client="globex", contract="globex-hotline", queue=None, window="day", value=0.1))
        guarded.say(verdict(value=0.2))
        change = stream.change("tiles")
    assert {tile["client"] for tile in snapshot.data["tiles"]} == {"acme"}
    assert {trouble["client"] for trouble in snapshot.data["troubles"]} == {"acme"}
    assert snapshot.data["clocks"].keys() == {"acme"}
    assert [tile["client"] for tile in change.data["tiles"]] == ["acme"]


def test_a_client_of_others_cannot_be_told_from_one_that_is_not_there(guarded: Served) -> None:
    answers = [
        guarded.get(f"/api/v1/objectives?client={client}", Authorization=f"Bearer {ACME}")
        for client in ("globex", "initech")
    ]
    assert [answer.status for answer in answers] == [404, 404]
    assert answers[0].json["detail"].replace("globex", "initech") == answers[1].json["detail"]


def test_health_tells_of_the_clients_of_the_token_and_no_others(guarded: Served) -> None:
    guarded.pulse("globex")
    health = guarded.get("/api/v1/health", Authorization=f"Bearer {ACME}")
    assert "globex" not in health.body.decode()
    assert health.json["stale"] == ["acme"]


def test_an_objective_of_others_is_not_there(guarded: Served) -> None:
    path = "/api/v1/objectives/globex-hotline:picked-up-in-30s"
    assert guarded.get(path, Authorization=f"Bearer {ACME}").status == 404
    assert guarded.get(path, Authorization=f"Bearer {ALL}").status == 200


@pytest.mark.parametrize("header", [None, "", "Bearer", f"Bearer {ACME}x", f"Basic {ACME}", ACME, "Bearer \xe9"])
@pytest.mark.parametrize("path", ["/api/v1/objectives", "/api/v1/health", "/events"])
def test_without_a_token_of_ours_nothing_is_shown(guarded: Served, path: str, header: str | None) -> None:
    answer = guarded.get(path, **({} if header is None else {"Authorization": header}))
    assert (answer.status, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/", "/page/wall.js", "/api/v1/openapi.json", "/metrics", "/healthz"])
def test_what_says_nothing_of_anybody_needs_no_token(guarded: Served, path: str) -> None:
    assert guarded.get(path).status == 200


def test_a_token_that_asks_too_often_is_told_when_to_come_back(guarded: Served) -> None:
    answers = [guarded.get("/api/v1/health", Authorization=f"Bearer {ACME}") for _ in range(BURST + 1)]
    assert [answer.status for answer in answers] == [200] * BURST + [429]
    assert answers[-1].headers["retry-after"] == "1"
    assert guarded.get("/api/v1/health", Authorization=f"Bearer {ALL}").status == 200


@pytest.mark.parametrize(("asked", "waits"), [(2, False), (3, False), (4, True)])
def test_a_burst_is_allowed_and_no_more(asked: int, waits: bool) -> None:
    rates = Rates(burst=3, per_s=2)
    waited = [rates.wait_s("a", 0) for _ in range(asked)]
    assert (waited[-1] > 0) is waits


def test_who_did_not_ask_for_long_has_saved_up_no_more_than_a_burst() -> None:
    rates = Rates(burst=2, per_s=2)
    rates.wait_s("a", 0)
    assert [rates.wait_s("a", 3_600_000) > 0 for _ in range(3)] == [False, False, True]


@pytest.mark.parametrize(("after_ms", "waits"), [(499, True), (500, False), (501, False)])
def test_after_a_burst_requests_come_at_the_rate(after_ms: int, waits: bool) -> None:
    rates = Rates(burst=1, per_s=2)
    assert rates.wait_s("a", 0) == 0
    assert (rates.wait_s("a", after_ms) > 0) is waits
    assert rates.wait_s("b", after_ms) == 0


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:8080", 200),
        ("127.0.0.1", 200),
        ("[::1]:8080", 200),
        ("evil.example", 403),
        ("localhost.evil.example", 403),
        ("", 403),
    ],
)
def test_without_tokens_only_this_machine_is_served_by_its_own_name(door: Served, host: str, status: int) -> None:
    # A page of somebody else may have its name point here.
    for path in ("/api/v1/objectives", "/api/v1/health"):
        assert door.get(path, Host=host).status == status


def test_without_tokens_other_machines_are_not_served(door: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aiohttp.web.Request.remote", property(lambda _: "192.0.2.7"))
    answer = door.get("/api/v1/objectives")
    assert answer.status == 403
    assert "SLA_TOKENS" in answer.json["detail"]
    assert door.get("/metrics").status == 200


@pytest.mark.parametrize("path", ["/", "/page/wall.css", "/api/v1/objectives", "/nothing", "/metrics"])
def test_every_answer_tells_browsers_to_be_strict(door: Served, path: str) -> None:
    headers = door.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_the_stream_tells_browsers_to_be_strict_too(door: Served) -> None:
    with door.events() as stream:
        assert "default-src 'none'" in stream.response.headers["Content-Security-Policy"]


def test_a_made_token_is_the_one_whose_hash_is_kept(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["token", "acme-wall", "acme"])
    made, _, lines = result.stdout.partition("\n\n")
    file = tmp_path / "tokens.yaml"
    file.write_text(lines)
    found = load(file).find(made.removeprefix("token: "))
    assert found is not None
    assert (found.name, found.clients) == ("acme-wall", ["acme"])
    assert made.removeprefix("token: ") not in lines


@pytest.mark.parametrize(
    ("written", "mistake"),
    [
        ("tokens: []", "tokens: an empty list stands where a list that is not empty belongs"),
        (
            f"tokens:\n  - {{name: a, sha256: {ACME}, clients: all}}",
            "tokens.0.sha256: what is written stands where text like 64 hexadecimal digits belongs",
        ),
        (f"tokens:\n  - {{name: a, sha256: {'a' * 64}, client: all}}", "client is not known here"),
        (f"tokens: [{SAME}, {SAME.replace('one', 'two')}]", "two tokens have the same sha256"),
        (f"tokens: [{SAME}, {SAME.replace('aa', 'bb')}]", "two tokens have the same name"),
    ],
)
def test_mistakes_in_the_file_of_tokens_are_named_without_the_token(
    tmp_path: Path, written: str, mistake: str
) -> None:
    file = tmp_path / "tokens.yaml"
    file.write_text(written)
    with pytest.raises(Mistakes) as refused:
        load(file)
    assert mistake in str(refused.value)
    assert ACME not in str(refused.value)
