"""What counts in a window though nothing was done yet: what is past due."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import pytest

from schemas.tallies import Counts, DueMessage
from schemas.words import Unit
from sla_stream.aim import aims_of
from sla_stream.boards import Boards
from sla_stream.life import Facts
from sla_stream.measures import Deadline, Reading, Settlement
from sla_stream.promises import Promise, Promises
from sla_stream.reading import Read, Reader
from sla_stream.scopes import Scope
from tests.builders import instant, objective, promised

SALES = Scope(None, ("sales",))
SLICED = {"aggregation": "time_slices", "interval": "30m", "intervals_met": {"at_least": "50%"}}


@dataclass(frozen=True, slots=True)
class Replies:
    """Counts replies that came too late, and nothing else."""

    by: Literal["facts"] = "facts"
    key: str = "replies"
    unit: Unit = "ratio"
    overdue: None = None
    missed: tuple[tuple[str, int], ...] = (("late", 1),)

    def settle(self, _: Facts) -> Sequence[Settlement]:
        return ()

    def deadlines(self, _: Facts) -> Sequence[Deadline]:
        return ()

    def read(self, counts: Counts, _: Any) -> Reading:
        late = counts.get("late", 0)
        return Reading(0, late, late)


def _bench(due: dict[str, str], **written: Any) -> tuple[Promise, Reader]:
    """Replies are due by these instants, for what was asked at the others; all of them in one quarter-hour."""
    promises: Promises = promised(objective(windows=["day"], **written))
    (promise,) = promises.agreements[0].versions[0].promises
    boards = Boards(promises)
    boards.observe(
        DueMessage(
            client="acme",
            channel="voice",
            queue="sales",
            measure="replies",
            start=instant("09:00:00"),
            source="contact.chats/0",
            offset=1,
            due=[(instant(asked), instant(at)) for asked, at in due.items()],
        )
    )
    return replace(promise, measure=Replies()), Reader(boards)


@pytest.mark.parametrize(
    ("at", "late"), [("11:59:59", 0), ("12:00:00", 0), ("12:00:00.001", 1), ("13:00:00.001", 2)]
)
def test_what_is_past_due_is_missed_from_the_instant_on_and_nobody_has_to_close_it(at: str, late: int) -> None:
    promise, reader = _bench({"09:00:00": "12:00:00", "09:01:00": "13:00:00"})
    (aim,) = aims_of(promise, promise.windows, instant(at))
    assert reader.read(aim, SALES, instant(at)).reading == (0, late, late)


def test_it_spoils_the_interval_in_which_it_counts() -> None:
    promise, reader = _bench({"09:00:00": "12:00:00", "09:14:00": "12:00:00"}, **SLICED)
    (aim,) = aims_of(promise, promise.windows, instant("12:30:00"))
    assert reader.read(aim, SALES, instant("12:00:00")).reading == (0, 0, 0)
    assert reader.read(aim, SALES, instant("12:30:00")).reading == (0, 1, 2)


def test_what_was_due_in_an_exclusion_is_left_out() -> None:
    exclusion = {"from": "2026-03-02T09:00", "to": "2026-03-02T09:15", "reason": "r", "approved_by": "a"}
    promise, reader = _bench({"09:00:00": "12:00:00"})
    excluding = promised(objective(windows=["day"]), exclusions=[exclusion]).agreements[0].exclusions
    promise = replace(promise, exclusions=excluding)
    (aim,) = aims_of(promise, promise.windows, instant("12:30:00"))
    assert reader.read(aim, SALES, instant("12:30:00")) == Read(Reading(0, 0, 0), 1)
