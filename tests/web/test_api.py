"""The API: what it says of whom, filters, tags, problems, and that its description describes it."""

import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from schemas.history import Sample
from schemas.verdicts import State
from sla_stream.alerting import breach_alert
from sla_stream.episode import Episode, Phase
from sla_stream.judged import EpisodeKey, EpisodeRecord
from sla_stream.picture import Stored
from tests.builders import MINUTE, instant, promised, verdict
from tests.web.serving import Served

SALES = "hotline:picked-up-in-30s:sales"
KEY = EpisodeKey("acme", "hotline", "voice", "picked-up-in-30s", "sales")
OPEN = Episode("e1", Phase.OPEN, instant("08:55:00"))
PATHS = ("objectives", f"objectives/{SALES}", f"objectives/{SALES}/history", "episodes", "contracts", "health")


def ids(door: Served, query: str) -> list[str]:
    answer = door.get(f"/api/v1/objectives{query}")
    assert answer.status == 200, answer.body
    return [tile["id"].removeprefix("hotline:picked-up-in-30s:") for tile in answer.json["objectives"]]


def sample(at: str, value: float, window: str = "rolling 15m") -> Sample:
    return Sample(
        client="acme",
        contract="hotline",
        objective="picked-up-in-30s",
        queue="sales",
        window=window,
        at=instant(at),
        value=value,
        state=State.MET,
        sample=9,
    )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["sales", "support"]),
        ("?queue=support", ["support"]),
        ("?queue=nobody", []),
        ("?client=acme&channel=voice&contract=hotline", ["sales", "support"]),
        ("?channel=chat", []),
        ("?state=met", ["sales", "support"]),
        ("?state=breached", []),
    ],
)
def test_objectives_can_be_narrowed(door: Served, query: str, found: list[str]) -> None:
    assert ids(door, query) == found


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("?quee=sales", "quee is no filter of /api/v1/objectives; these are: channel, client, contract"),
        ("?state=bad", "state is bad; it can be no_data, too_few, met, at_risk"),
    ],
)
def test_a_misspelt_filter_is_refused_and_does_not_let_everything_through(
    door: Served, query: str, detail: str
) -> None:
    answer = door.get(f"/api/v1/objectives{query}")
    assert (answer.status, answer.headers["content-type"]) == (400, "application/problem+json")
    assert answer.json["detail"].startswith(detail)
    assert (answer.json["type"], answer.json["title"], answer.json["status"]) == (
        "about:blank",
        "Bad Request",
        400,
    )


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/objectives/nothing",
        "/api/v1/objectives?client=nobody",
        "/events?client=nobody",
        "/api/v1/nothing",
        "/api/v2/objectives",
    ],
)
def test_what_is_not_there_is_a_problem_too(door: Served, path: str) -> None:
    answer = door.get(path)
    assert (answer.status, answer.headers["content-type"]) == (404, "application/problem+json")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_changed(door: Served, method: str) -> None:
    answer = door.get("/api/v1/objectives", method=method)
    assert answer.status == 405
    assert "read-only" in answer.json["detail"]


def test_one_objective_has_all_its_windows(door: Served) -> None:
    tile = door.get(f"/api/v1/objectives/{SALES}").json
    assert [figure["window"] for figure in tile["figures"]] == ["rolling 15m", "day"]
    assert (tile["description"], tile["time_zone"]) == ("Nine in ten.", "Europe/Paris")


def test_a_queue_may_be_called_anything(door: Served) -> None:
    door.say(verdict(queue="Vertrieb & Büro/2"))
    path = "/api/v1/objectives/hotline:picked-up-in-30s:Vertrieb%20&%20B%C3%BCro%2F2"
    assert door.get(path).json["queue"] == "Vertrieb & Büro/2"


def test_history_is_of_the_first_window_unless_another_is_named(door: Served) -> None:
    door.say(sample("08:50:00", 0.8), sample("08:55:00", 0.9), sample("08:55:00", 0.7, "day"))
    path = f"/api/v1/objectives/{SALES}/history"
    assert [point["value"] for point in door.get(path).json["points"]] == [0.8, 0.9]
    assert [point["value"] for point in door.get(f"{path}?window=day").json["points"]] == [0.7]
    assert door.get(f"{path}?window=week").status == 400


@pytest.mark.parametrize(("since", "found"), [(-1, 2), (0, 2), (1, 1)])
def test_history_begins_with_the_instant_that_is_asked_for(door: Served, since: int, found: int) -> None:
    door.say(sample("08:50:00", 0.8), sample("08:55:00", 0.9))
    at = instant("08:50:00") + since * MINUTE
    assert len(door.get(f"/api/v1/objectives/{SALES}/history?since={at}").json["points"]) == found


@pytest.mark.parametrize("since", ["yesterday", "-1", "1.5", ""])
def test_an_instant_that_is_none_is_refused(door: Served, since: str) -> None:
    assert door.get(f"/api/v1/objectives/{SALES}/history?since={since}").status == 400


def test_open_episodes_are_told_unless_others_are_asked_for(door: Served) -> None:
    closed = Episode("e0", Phase.CLOSED, instant("07:00:00"))
    door.say(Stored(KEY, EpisodeRecord(OPEN)), breach_alert(closed, OPEN, verdict()))

    def found(query: str) -> list[str]:
        return [one["id"] for one in door.get(f"/api/v1/episodes{query}").json["episodes"]]

    assert (found(""), found("?state=closed"), found("?state=all")) == (["e1"], ["e0"], ["e1", "e0"])
    assert found("?queue=support") == []


def test_contracts_say_what_they_promise(door: Served) -> None:
    (ours,) = door.get("/api/v1/contracts?client=acme").json["contracts"]
    (promise,) = ours["objectives"]
    assert (ours["name"], ours["time_zone"]) == ("hotline", "Europe/Paris")
    assert promise["measure"]["threshold"] == "30s"
    assert promise["target"] == {"at_least": 0.9}


def test_health_says_what_is_stale(door: Served) -> None:
    door.say(verdict(client="globex", contract="globex-hotline", queue=None, window="day"))
    health = door.get("/api/v1/health").json
    assert (health["status"], health["stale"]) == ("stale", ["globex"])
    assert door.get("/api/v1/health?client=acme").json["status"] == "ok"
    door.say(whole=False)
    assert door.get("/api/v1/health").json["status"] == "reading"


@pytest.mark.parametrize("path", ["objectives", "episodes", "contracts"])
def test_nothing_is_told_before_everything_has_been_read(door: Served, path: str) -> None:
    door.say(whole=False)
    assert door.get(f"/api/v1/{path}").status == 503


def test_what_is_asked_again_and_has_not_changed_costs_no_body(door: Served) -> None:
    first = door.get("/api/v1/objectives")
    again = door.get("/api/v1/objectives", If_None_Match=f'"other", W/{first.headers["etag"]}')
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", first.headers["etag"])
    door.say(verdict(state=State.BREACHED))
    changed = door.get("/api/v1/objectives", If_None_Match=first.headers["etag"])
    assert (changed.status, changed.headers["etag"] != first.headers["etag"]) == (200, True)


@pytest.mark.parametrize("path", PATHS)
def test_the_description_describes_every_answer(door: Served, path: str) -> None:
    door.say(sample("08:50:00", 0.8), Stored(KEY, EpisodeRecord(OPEN)))
    described = door.get("/api/v1/openapi.json").json
    found = described["paths"][f"/api/v1/{path.replace(SALES, '{id}')}"]["get"]["responses"]["200"]
    schema = found["content"]["application/json"]["schema"]
    answer = door.get(f"/api/v1/{path}").json
    validator = Draft202012Validator({**schema, "components": described["components"]})
    assert [error.message for error in validator.iter_errors(answer)] == []


def test_the_description_names_every_path_there_is_and_their_parts(door: Served) -> None:
    described = door.get("/api/v1/openapi.json").json
    served = {re.sub(re.escape(SALES), "{id}", f"/api/v1/{path}") for path in PATHS}
    assert described["paths"].keys() == served
    assert _references(described) <= {
        f"#/components/schemas/{name}" for name in described["components"]["schemas"]
    }


def test_filters_that_are_described_are_known(door: Served) -> None:
    described = door.get("/api/v1/openapi.json").json
    for path, item in described["paths"].items():
        for parameter in item["get"]["parameters"]:
            if parameter["in"] == "query":
                answer = door.get(f"{path.replace('{id}', SALES)}?{parameter['name']}=acme")
                assert "is no filter" not in answer.body.decode(), (path, parameter["name"])


def _references(described: Any) -> set[str]:
    if isinstance(described, dict):
        own = {described["$ref"]} if "$ref" in described else set()
        return own.union(*map(_references, described.values()))
    return set().union(*map(_references, described)) if isinstance(described, list) else set()


def test_with_no_contract_that_promises_anything_there_is_nothing() -> None:
    with Served(promised()) as door:
        door.say()
        assert door.get("/api/v1/objectives").json == {"objectives": []}
