"""Rule 2: whatever order facts arrive in, however often, in whatever batches and partitions: the same figures."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from schemas.facts import Fact, Forecast, Heartbeat
from sla_stream.boards import Boards
from sla_stream.counting import Counting
from sla_stream.figures import Figure
from tests.builders import (
    PICKED_UP_IN_30S,
    answered,
    bench_messages,
    counted,
    figures_of,
    heartbeat,
    in_batches,
    objective,
    offered,
    promised,
    totals,
)
from tests.rules.canon import Canonical, merged, tallies_of
from tests.rules.stories import CONTACTS, late_stories, promises_of_everything, stories

PROMISES = promises_of_everything()


@given(stories(), st.data())
def test_any_order_and_any_repetition_gives_the_same_tallies(facts: list[Fact], data: st.DataObject) -> None:
    repeated = facts + data.draw(st.lists(st.sampled_from(facts), max_size=5))
    arrived = data.draw(st.permutations(repeated))
    assert tallies_of(counted(arrived, PROMISES)) == tallies_of(counted(facts, PROMISES))


@given(stories(), st.lists(st.integers(0, 100), max_size=6))
def test_any_cut_into_batches_gives_the_same_tallies(facts: list[Fact], cuts: list[int]) -> None:
    counting = Counting(PROMISES)
    for batch in in_batches(facts, cuts):
        counting.observe(batch)
    assert tallies_of(counting) == tallies_of(counted(facts, PROMISES))


@given(late_stories(most=6), st.lists(st.integers(0, 100), max_size=4))
def test_what_is_taken_together_counts_as_if_it_came_one_by_one(facts: list[Fact], cuts: list[int]) -> None:
    """Even where some of it is too late, and some of what it belongs to out of reach."""
    short_memory = promises_of_everything(lateness="20m")
    together, one_by_one = Counting(short_memory), Counting(short_memory)
    for batch in in_batches(facts, cuts):
        together.observe(batch)
    for batch in in_batches(facts, range(len(facts))):
        one_by_one.observe(batch)
    assert tallies_of(together) == tallies_of(one_by_one)
    assert dict(together.contacts()) == dict(one_by_one.contacts())
    assert together.position == one_by_one.position


@given(stories(), st.lists(st.integers(0, 3), min_size=len(CONTACTS), max_size=len(CONTACTS)), st.randoms())
def test_any_spread_over_partitions_gives_the_same_figures(
    facts: list[Fact], homes: list[int], random: Random
) -> None:
    """Partitions tell the bench in any order, as long as each keeps its own."""
    assert _spread(facts, homes, random) == _spread(facts, [0] * len(CONTACTS), random)


def _spread(facts: list[Fact], homes: list[int], random: Random) -> tuple[Canonical, list[Figure]]:
    countings = [Counting(PROMISES) for _ in range(max(homes) + 1)]
    told = []
    for number, counting in enumerate(countings):
        own = [fact for fact in facts if _home(fact, homes) == number]
        changes = [counting.observe(batch) for batch in in_batches(own, [1, 3])]
        told.append([m for change in changes for m in bench_messages(change, f"contact.calls/{number}")])
    boards = Boards(PROMISES)
    while any(told):
        boards.observe(random.choice([messages for messages in told if messages]).pop(0))
    return merged(countings), figures_of(boards, PROMISES)


def _home(fact: Fact, homes: list[int]) -> int:
    return 0 if isinstance(fact, Heartbeat | Forecast) else homes[CONTACTS.index(fact.contact)]


def test_of_two_offers_at_one_instant_the_same_counts_whichever_came_first() -> None:
    """Both switches claim the caller: one of them is believed, always the same."""
    claims = [offered(queue="sales"), offered(queue="support")]
    tallies = [tallies_of(counted([*order, answered()], PROMISES)) for order in (claims, claims[::-1])]
    assert tallies[0] == tallies[1]


def test_a_late_fact_takes_back_the_old_class_and_adds_the_new() -> None:
    """The answer was first told as 09:00:40; the true one, at 09:00:20, came an hour later."""
    counting = counted([offered(), answered(at="09:00:40"), heartbeat("10:00:00")], _SERVICE_LEVEL)
    assert totals(counting) == {"answered_late": 1}
    (batch,) = in_batches([answered(at="09:00:20")], first_offset=3)
    counting.observe(batch)
    assert totals(counting) == {"answered_in_time": 1}


_SERVICE_LEVEL = promised(objective(measure=PICKED_UP_IN_30S))
