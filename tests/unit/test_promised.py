"""What is exported of the promises: read back by the parser of Prometheus' own client."""

from dataclasses import replace
from math import isclose
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from agents.metric_page import PAGE, described, page
from agents.promised import NAMES, promised
from schemas.verdicts import Reason, State, Verdict
from sla_stream.counting import Counting
from sla_stream.episode import Episode, Phase
from sla_stream.judged import EpisodeKey, EpisodeRecord, VerdictKey
from sla_stream.judging import Judging
from sla_stream.promises import promises_of
from tests import builders

VERDICT = builders.verdict(
    objective="picked-up",
    start=1_782_900_000_000,
    end=1_782_900_900_000,
    at=1_782_900_900_000,
    numerator=102,
    denominator=120,
    value=0.85,
    state=State.BREACHED,
    reason=Reason.TARGET_MISSED,
    sample=120,
    waiting=7,
    waiting_past_threshold=2,
    longest_wait_ms=48_000,
)


def judging(*verdicts: Verdict) -> Judging:
    one = Judging(promises_of([]))
    for v in verdicts:
        one.verdicts[VerdictKey(v.client, v.contract, v.objective, v.queue, v.window)] = v
    return one


def samples(*judges: Judging) -> dict[str, list[tuple[dict[str, str], float]]]:
    text = b"".join(promised(judges)).decode()
    families = text_string_to_metric_families(text)
    return {family.name: [(one.labels, one.value) for one in family.samples] for family in families}


def figure(verdict: Verdict, name: str) -> float | None:
    found = samples(judging(verdict))[name]
    return found[0][1] if found else None


@pytest.mark.parametrize(
    ("name", "changes", "shown"),
    [
        ("sla_value", {}, 0.85),
        ("sla_value", {"value": None}, None),
        ("sla_value", {"value": 0.0}, 0.0),
        ("sla_value", {"value": 12_500.0, "unit": "ms"}, 12.5),
        ("sla_target", {"target": 20_000.0, "unit": "ms"}, 20.0),
        ("sla_rate_needed", {}, None),
        ("sla_rate_needed", {"rate_needed": 1.02}, 1.02),
        ("sla_numerator", {}, 102),
        ("sla_longest_wait_seconds", {}, 48),
        ("sla_longest_wait_seconds", {"longest_wait_ms": None}, 0),
        ("sla_past_due_contacts", {"past_due": 3}, 3),
        ("sla_excluded_contacts", {"excluded": 0}, None),
        ("sla_excluded_contacts", {"excluded": 1}, 1),
        ("sla_window_end_timestamp_seconds", {}, 1_782_900_900),
        ("sla_catching_up", {"catching_up": True}, 1),
        ("sla_state_code", {"state": State.NO_DATA}, 0),
        ("sla_state_code", {"state": State.UNMEASURABLE}, 6),
    ],
)
def test_a_figure_is_in_base_units_and_absent_where_there_is_none(
    name: str, changes: dict[str, Any], shown: float | None
) -> None:
    found = figure(replace(VERDICT, **changes), name)
    assert found == shown if shown is None or found is None else isclose(found, shown)


def test_the_state_is_told_in_a_word() -> None:
    ((labels, value),) = samples(judging(VERDICT))["sla_state"]
    assert (labels["state"], value) == ("breached", 1)


@pytest.mark.parametrize(
    ("changes", "unit", "bound"),
    [({}, "ratio", "at_least"), ({"unit": "ms", "at_most": True}, "seconds", "at_most")],
)
def test_a_figure_says_its_unit_and_which_side_is_right(changes: dict[str, Any], unit: str, bound: str) -> None:
    ((labels, _),) = samples(judging(replace(VERDICT, **changes)))["sla_value"]
    assert (labels["unit"], labels["bound"]) == (unit, bound)


def test_all_queues_together_are_the_empty_queue() -> None:
    ((labels, _),) = samples(judging(replace(VERDICT, queue=None)))["sla_state_code"]
    assert labels["queue"] == ""


def test_a_name_may_hold_what_the_format_uses_itself() -> None:
    name = 'a "quoted\\ name"\nin two lines'
    ((labels, _),) = samples(judging(replace(VERDICT, queue=name)))["sla_value"]
    assert labels["queue"] == name


def _open(one: Judging, queue: str | None, objective: str | None = "picked-up") -> None:
    key = EpisodeKey("acme", "hotline", "voice", objective, queue)
    one.episodes[key] = EpisodeRecord(Episode("e-1", Phase.OPEN, 1_782_900_000_500))


@pytest.mark.parametrize(
    ("objective", "queue", "kind"), [("picked-up", "sales", "breach"), (None, None, "silence")]
)
def test_an_episode_says_since_when_and_a_silent_feed_has_no_objective(
    objective: str | None, queue: str | None, kind: str
) -> None:
    one = judging()
    _open(one, queue, objective)
    ((labels, value),) = samples(one)["sla_episode_begin_timestamp_seconds"]
    assert value == 1_782_900_000.5
    assert (labels["objective"], labels["queue"], labels["kind"]) == (objective or "", queue or "", kind)
    assert (labels["phase"], labels["severity"]) == ("open", "error")


def test_risk_and_breach_of_one_promise_are_two_series() -> None:
    one = judging()
    _open(one, "sales")
    (breach,) = one.episodes
    one.episodes[breach.of_risk] = one.episodes[breach]
    kinds = [labels["kind"] for labels, _ in samples(one)["sla_episode_begin_timestamp_seconds"]]
    assert kinds == ["breach", "risk"]


def test_several_partitions_are_one_family_each() -> None:
    both = samples(judging(VERDICT), judging(replace(VERDICT, client="bolt")))
    assert [labels["client"] for labels, _ in both["sla_value"]] == ["acme", "bolt"]
    text = b"".join(promised([judging(VERDICT), judging(VERDICT)])).decode()
    assert text.count("# TYPE sla_value gauge") == 1


def test_only_what_is_asked_for_is_written() -> None:
    text = b"".join(promised([judging(VERDICT)], ["sla_target"])).decode()
    assert {line.split("{")[0] for line in text.splitlines() if not line.startswith("#")} == {"sla_target"}


def test_nobody_waits_for_more_than_some_thousand_lines() -> None:
    many = judging(*(replace(VERDICT, queue=f"queue-{n}") for n in range(6_001)))
    pieces = list(promised([many], ["sla_value"]))
    assert max(piece.count(b"\n") for piece in pieces) <= 2_000
    assert b"".join(pieces).count(b"sla_value{") == 6_001


def test_judging_may_go_on_between_the_pieces() -> None:
    one = judging(VERDICT)
    _open(one, "sales")
    families = 0
    for number, piece in enumerate(promised([one])):
        _open(one, f"queue-{number}")
        one.verdicts[VerdictKey("acme", "hotline", "picked-up", f"queue-{number}", "day")] = VERDICT
        families += piece.startswith(b"# HELP")
    assert families == len(NAMES)


@pytest.mark.parametrize("contacts", [1, 10, 1_000])
def test_contracts_bound_how_many_series_there_are_and_contacts_do_not(contacts: int) -> None:
    promises = builders.promised(builders.objective(windows=["day"], judge="both"))
    facts = [fact for n in range(contacts) for fact in (builders.offered(f"c-{n}"), builders.answered(f"c-{n}"))]
    one, counting = Judging(promises), Counting(promises)
    one.observe(builders.bench_messages(counting.observe(builders.batch(facts)), heard="09:00:20"))
    one.tick(builders.instant("09:00:25"))
    shown = samples(one)
    assert len(shown["sla_state"]) == 2
    assert len(shown["sla_outcome_contacts"]) == 1
    assert sum(map(len, shown.values())) < 40


def test_the_page_of_the_metrics_is_the_one_in_the_code() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run python -m agents.metric_page"


def test_every_metric_has_a_meaning_and_a_name_of_its_own() -> None:
    names = [one.name for one in described()]
    assert len(set(names)) == len(names)
    assert set(NAMES) < set(names)
    assert all(one.meaning.endswith(".") for one in described())
