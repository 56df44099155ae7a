"""Who waits now, and who waits too long."""

import pytest

from schemas.tallies import DueMessage
from sla_stream.due import Open, Promised
from sla_stream.standing import Standing, standing
from sla_stream.waiting import Waiting
from tests.builders import instant, objective

NOW = instant("09:00:30")


@pytest.mark.parametrize(("offered_at", "past"), [("09:00:00.001", 0), ("09:00:00", 0), ("08:59:59.999", 1)])
def test_at_exactly_the_threshold_nobody_waits_too_long_yet(offered_at: str, past: int) -> None:
    assert standing(Waiting([[instant(offered_at)]]), NOW, objective()).past_threshold == past


@pytest.mark.parametrize(("offered_at", "waiting"), [("09:00:29.999", 1), ("09:00:30", 1), ("09:00:30.001", 0)])
def test_who_is_offered_later_does_not_wait_yet(offered_at: str, waiting: int) -> None:
    assert standing(Waiting([[instant(offered_at)]]), NOW, objective()).waiting == waiting


def test_it_goes_on_as_soon_as_somebody_is_known_who_will_wait() -> None:
    """Sources are not of one mind about the time: the next may be told of before it is offered."""
    assert standing(Waiting([[instant("09:00:31")]]), NOW, objective()) == Standing(0, 0, None, goes_on=True)


def test_an_empty_queue_has_no_longest_wait() -> None:
    assert standing(Waiting([]), NOW, objective()) == Standing(0, 0, None)


def test_the_first_in_the_queue_has_the_longest_wait() -> None:
    queue = [instant("08:59:00"), instant("09:00:10"), instant("09:00:20")]
    assert standing(Waiting([queue]), NOW, objective()) == Standing(3, 1, 90_000, goes_on=True)


def test_an_objective_without_a_threshold_has_nobody_past_it() -> None:
    one = objective(measure={"kind": "wait"}, target={"at_most": "20s"})
    assert standing(Waiting([[instant("08:00:00")]]), NOW, one) == Standing(1, None, 3_630_000, goes_on=True)


#: Due at noon and at one, and never.
TODO = [
    (instant("09:00:00"), instant("12:00:00")),
    (instant("09:00:00"), instant("13:00:00")),
    (instant("09:01:00"), 0),
]


def _open(due: list[tuple[int, int]]) -> Open:
    promised = Promised()
    promised.replace(
        DueMessage(
            client="acme", channel="ticket", queue="it", measure="m", start=0, source="s", offset=1, due=due
        )
    )
    return Open([promised])


@pytest.mark.parametrize(
    ("at", "past_due", "due_soon"),
    [
        ("11:29:59.999", 0, 0),
        ("11:30:00", 0, 1),
        ("12:00:00", 0, 1),
        ("12:00:00.001", 1, 0),
        ("12:30:00", 1, 1),
        ("13:00:00.001", 2, 0),
    ],
)
def test_what_falls_due_within_half_an_hour_is_due_soon_and_past_due_once_the_instant_is_over(
    at: str, past_due: int, due_soon: int
) -> None:
    one = objective(alert={"window": "rolling 15m", "due_soon": "30m"})
    now = standing(Waiting([]), instant(at), one, _open(TODO))
    assert (now.open, now.past_due, now.due_soon) == (3, past_due, due_soon)
