"""A survey answer waits for its contact for as long as the contact may come, and is then counted as an orphan."""

from collections.abc import Sequence

import pytest

from schemas.facts import Fact
from sla_stream.changes import FeedKey
from sla_stream.counting import Counting
from tests.builders import HOUR, batch, ended, heartbeat, instant, objective, offered, promised, surveyed

VOICE = FeedKey("acme", "voice")
TEN = instant("10:00:00")
CSAT = promised(objective(measure={"kind": "csat"}), lateness="1h")


def orphans(facts: Sequence[Fact], later_ms: int) -> dict[FeedKey, int]:
    """Those that are forgotten when so much time has passed since ten."""
    counting = Counting(CSAT)
    counting.observe(batch([*facts, heartbeat(TEN + later_ms)]))
    forgotten = counting.forget(len(facts)).orphans
    return {feed: n for feed, n in forgotten.items() if n}


@pytest.mark.parametrize(("later_ms", "n"), [(HOUR, 0), (2 * HOUR - 1, 0), (2 * HOUR, 1)])
def test_an_answer_whose_contact_did_not_come_in_time_is_an_orphan(later_ms: int, n: int) -> None:
    """Contacts are forgotten by the whole hour."""
    assert orphans([surveyed(at=TEN)], later_ms).get(VOICE, 0) == n


def test_each_answer_about_it_counts() -> None:
    facts = [surveyed(at=TEN), surveyed("nps", 9, TEN), surveyed(contact="boris", at=TEN)]
    assert orphans(facts, 3 * HOUR) == {VOICE: 3}


def test_an_answer_about_a_contact_that_came_after_all_is_none() -> None:
    assert orphans([surveyed(at=TEN), offered(at=TEN)], 3 * HOUR) == {}


def test_other_facts_of_a_contact_that_never_came_are_none() -> None:
    assert orphans([ended(at=TEN)], 3 * HOUR) == {}


def test_an_orphan_is_counted_once() -> None:
    counting = Counting(CSAT)
    counting.observe(batch([surveyed(at=TEN), heartbeat(TEN + 3 * HOUR)]))
    assert [counting.forget(1).orphans.total() for _ in range(2)] == [1, 0]
