"""Replies, tickets and all that is measured by facts, counted by the core: whatever order facts come in, once.

What a partition has counted in the end is what its contacts come to by their facts, as if they had been told
in the order of time.
"""

from collections import Counter
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from schemas.facts import Fact
from schemas.tallies import Counts
from sla_stream.contact import Result
from sla_stream.counting import Counting
from sla_stream.settling import KEPT
from sla_stream.tally import add
from tests.builders import by_facts, in_batches, totals
from tests.rules.cases import PROMISES, facts


def as_they_are(counting: Counting) -> tuple[dict[str, Counts], Counter[tuple[str, str, int, int]]]:
    """What the contacts come to, and what is still to be done: queue, measure, pane and when it is due."""
    counts, due = dict[str, Counts](), Counter[tuple[str, str, int, int]]()
    for promise in PROMISES.agreements[0].every_promise():
        measure = by_facts(promise.measure)
        mine = counts.setdefault(measure.key, {})
        for _, contact in counting.contacts():
            if contact.life.queue:
                for one in measure.settle(contact.facts):
                    add(mine, one.counts)
                for at_ms, due_ms, _ in measure.deadlines(contact.facts):
                    due[contact.life.queue, measure.key, at_ms, due_ms or 0] += 1
    return counts, due


@given(facts(), st.randoms(use_true_random=False), st.lists(st.integers(0, 40), max_size=6))
def test_in_any_order_and_told_twice_all_is_counted_once(
    told: list[Fact], random: Random, cuts: list[int]
) -> None:
    messages = told + random.sample(told, len(told) // 2)
    random.shuffle(messages)
    counting, open_cases = Counting(PROMISES), dict[Any, list[tuple[int, int]]]()
    for batch in in_batches(messages, cuts):
        open_cases |= counting.observe(batch).due
    counts, due = as_they_are(counting)
    assert {key: totals(counting, key) for key in counts} == counts
    still_due = Counter(
        (place.queue, place.measure, *one)
        for place, all_due in open_cases.items()
        if place.measure != KEPT
        for one in all_due
    )
    assert still_due == due
    assert counting.position.results[Result.APPLIED] <= len(told)


@given(facts(), st.randoms(use_true_random=False))
def test_two_orders_come_to_the_same_tallies(told: list[Fact], random: Random) -> None:
    shuffled = random.sample(told, len(told))
    found = []
    for messages in (told, shuffled):
        counting = Counting(PROMISES)
        for batch in in_batches(messages):
            counting.observe(batch)
        found.append({key: tally.measures for key, tally in counting.tallies() if tally.measures})
    assert found[0] == found[1]
