"""Whom an objective is about: some priorities, languages or tags only, or several channels together."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.facts import Answered, Ended, Fact, Offered, Prioritised, Surveyed
from schemas.verdicts import State
from sla_stream.changes import FeedKey
from sla_stream.counting import Counting
from sla_stream.episode import Phase
from sla_stream.judged import EpisodeKey
from sla_stream.judging import Judging
from sla_stream.promises import Promises
from tests.builders import (
    MINUTE,
    batch,
    bench_messages,
    counted,
    figures_from,
    instant,
    objective,
    promised,
    totals,
)

NINE = instant("09:00:00")


def call(
    name: str,
    wait_s: int = 10,
    at: int = NINE,
    queue: str = "sales",
    channel: Any = "voice",
    **said: Any,
) -> list[Fact]:
    offered = Offered(client="acme", contact=name, at=at, queue=queue, channel=channel, **said)
    return [offered, Answered(client="acme", contact=name, at=at + wait_s * 1_000, channel=channel)]


MIXED = [
    *call("a", 10, priority="high", language="fr"),
    *call("b", 40, priority="high", language="de", tags=["gold"]),
    *call("c", 10, priority="low", language="fr", tags=["gold", "new"]),
    *call("d", 40),
]


@pytest.mark.parametrize(
    ("only", "figure"),
    [
        ({"priorities": ["high"]}, (1, 2)),
        ({"languages": ["fr"]}, (2, 2)),
        ({"languages": ["fr", "de"]}, (2, 3)),
        ({"tags": ["gold", "silver"]}, (1, 2)),
        ({"priorities": ["high"], "languages": ["fr"]}, (1, 1)),
        ({"priorities": ["high"], "tags": ["gold"]}, (0, 1)),
    ],
)
def test_only_those_are_counted_of_whom_everything_that_is_named_is_known(
    only: dict[str, list[str]], figure: tuple[int, int]
) -> None:
    (shown,) = figures_from(MIXED, promised(objective(windows=["day"], only=only)))
    assert (shown.numerator, shown.denominator) == figure


@pytest.mark.parametrize(("by", "figure"), [("agent", (1, 1)), ("survey", (0, 1))])
def test_first_contacts_of_one_language_are_resolved_by_what_agent_or_customer_said(
    by: str, figure: tuple[int, int]
) -> None:
    """The agent called it resolved and the customer did not; of the other call both say the other thing."""
    told = [
        *call("a", language="fr"),
        Ended(client="acme", contact="a", at=NINE + MINUTE, disposition="resolved"),
        Surveyed(client="acme", contact="a", at=NINE + 2 * MINUTE, question="resolution", score=0),
        *call("b", language="de"),
        Ended(client="acme", contact="b", at=NINE + MINUTE, disposition="unresolved"),
        Surveyed(client="acme", contact="b", at=NINE + 2 * MINUTE, question="resolution", score=1),
    ]
    one = objective(
        measure={"kind": "first_contact_resolution", "by": by}, only={"languages": ["fr"]}, windows=["day"]
    )
    (shown,) = figures_from(told, promised(one))
    assert (shown.numerator, shown.denominator) == figure


def test_of_nobody_there_is_no_figure() -> None:
    assert figures_from(MIXED, promised(objective(windows=["day"], only={"tags": ["silver"]}))) == []


def test_the_priority_that_was_said_last_counts_and_the_former_count_is_taken_back() -> None:
    one = objective(windows=["day"], only={"priorities": ["high"]})
    raised = Prioritised(client="acme", contact="x", at=NINE + MINUTE, priority="high")
    lowered = Prioritised(client="acme", contact="x", at=NINE + 2 * MINUTE, priority="low")
    facts = call("x", priority="low")
    counting = counted(facts, promised(one))
    assert totals(counting) == {}
    counting.observe(batch([raised], 2))
    assert totals(counting) == {"answered_in_time": 1}
    counting.observe(batch([lowered], 3))
    assert totals(counting) == {}


def test_fifty_objectives_about_the_same_contacts_count_them_once() -> None:
    many = [
        objective(name=f"p-{number}", target={"at_least": f"{number}%"}, only={"tags": ["a", "b"]})
        for number in range(50)
    ]
    others = [objective(name="all"), objective(name="turned", only={"tags": ["b", "a"]})]
    keys = [measure.key for measure in promised(*many, *others).counted("acme", "voice").measures]
    assert keys == [
        "service_level:30000:5000:arrival of tags ['a', 'b']",
        "service_level:30000:5000:arrival",
    ]


BOTH = objective(windows=["day"], channel=["voice", "chat"], judge="both")


def test_several_channels_are_judged_together_queue_by_queue_and_all_of_them() -> None:
    facts = [*call("a"), *call("b", 40, channel="chat"), *call("c", channel="chat", queue="help")]
    facts += call("d", 40, channel="email")
    shown = {
        figure.queue: (figure.numerator, figure.denominator) for figure in figures_from(facts, promised(BOTH))
    }
    assert shown == {None: (2, 3), "sales": (1, 2), "help": (1, 1)}


def _judging(promises: Promises, facts: list[Fact], heard: dict[str, str]) -> Judging:
    one = Judging(promises)
    for channel, at in heard.items():
        told = [fact for fact in facts if fact.channel == channel]
        one.observe(bench_messages(Counting(promises).observe(batch(told)), f"contact.{channel}/0", heard=at))
    return one


ALERTING = objective(windows=["day"], channel=["voice", "chat"], alert={"window": "day"})
KEY = EpisodeKey("acme", "hotline", "voice+chat", "picked-up-in-30s", None)


def test_a_verdict_of_several_channels_says_so_and_so_does_its_episode() -> None:
    facts = [*call("a"), *call("b", 40, channel="chat")]
    one = _judging(promised(ALERTING), facts, {"voice": "09:00:40", "chat": "09:00:40"})
    (verdict,) = one.tick(instant("09:00:40")).verdicts.values()
    assert (verdict.channel, verdict.state, verdict.sample) == ("voice+chat", State.BREACHED, 2)
    assert one.episodes[KEY].episode.phase is Phase.OPEN


def test_a_channel_that_was_never_heard_of_is_not_waited_for_and_a_silent_one_leaves_nothing_to_say() -> None:
    facts = [*call("a"), *call("b", channel="chat")]
    one = _judging(promised(ALERTING), facts, {"voice": "09:00:40"})
    assert {verdict.state for verdict in one.tick(instant("09:00:40")).verdicts.values()} == {State.MET}
    one = _judging(promised(ALERTING), facts, {"voice": "09:30:00", "chat": "09:00:40"})
    assert {verdict.state for verdict in one.tick(instant("09:30:00")).verdicts.values()} == {State.UNMEASURABLE}


def test_what_moves_in_one_channel_is_judged_at_once() -> None:
    facts = [*call("a"), *call("b", 40, channel="chat")]
    one = _judging(promised(ALERTING), facts, {"voice": "09:00:40", "chat": "09:00:40"})
    assert list(one.judge_moved(instant("09:00:40")).episodes) == [KEY]


def test_the_episode_of_several_channels_waits_for_any_of_them() -> None:
    facts = [*call("a"), *call("b", 40, channel="chat")]
    told = _judging(promised(ALERTING), facts, {"voice": "09:00:40", "chat": "09:00:40"})
    told.tick(instant("09:00:40"))
    record = told.announced(KEY)
    again = Judging(promised(ALERTING))
    again.restore_episode(KEY, record)
    assert again.tick(instant("09:00:41")).episodes == {}
    assert again.boards.feed(FeedKey("acme", "chat")) is None


SAID = st.tuples(
    st.sampled_from((None, "high", "low")),
    st.sampled_from((None, "fr")),
    st.lists(st.sampled_from(("gold", "new")), max_size=2, unique=True),
    st.integers(0, 60),
)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(SAID, max_size=12),
    st.lists(st.sampled_from(("high", "low")), max_size=2, unique=True),
    st.lists(st.just("fr"), max_size=1),
    st.lists(st.sampled_from(("gold", "new")), max_size=2, unique=True),
    st.randoms(use_true_random=False),
)
def test_a_filtered_measure_counts_what_the_unfiltered_one_counts_of_those_contacts(
    said: list[tuple[Any, Any, list[str], int]],
    priorities: list[str],
    languages: list[str],
    tags: list[str],
    order: Any,
) -> None:
    named = {"priorities": priorities, "languages": languages, "tags": tags}
    if not any(named.values()):
        return
    facts, meant = list[Fact](), list[Fact]()
    for number, (priority, language, tagged, wait_s) in enumerate(said):
        one = call(f"c{number}", wait_s, priority=priority, language=language, tags=tagged)
        facts += one
        if (
            (not priorities or priority in priorities)
            and (not languages or language in languages)
            and (not tags or set(tags) & set(tagged))
        ):
            meant += one
    order.shuffle(facts)
    only = {name: names for name, names in named.items() if names}
    filtered = promised(objective(only=only))
    assert totals(counted(facts, filtered)) == totals(counted(meant, promised(objective())))
