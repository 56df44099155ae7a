"""First-contact resolution by repeat contact is what the reference says, in every reading, to the last count."""

from pathlib import Path

import pytest

from tests.truth.comparison import Comparison
from tests.truth.first_contact import compare, in_every_reading, variants
from tests.truth.outcome import ALL, Outcome, sla_stream
from tests.truth.reference import reference
from tests.truth.returning import FIRST_CONTACT, Returning, Variant

#: The reading of the days and the queues.
PLAIN = {days: Variant("answered", "offered_at", days, "customer") for days in (1, 7)}


@pytest.fixture(scope="module")
def returning(facts: Path) -> Returning:
    return Returning(facts)


def test_the_month_is_that_of_the_reference_in_every_reading(returning: Returning) -> None:
    comparison = Comparison()
    for variant, expected in variants().items():
        compare(comparison, str(variant), returning.whole(variant), expected)
    assert not comparison.differences, comparison.first_differences
    assert comparison.compared == {"first_contact": 12 * 6}


def test_every_day_is_that_of_the_reference(returning: Returning) -> None:
    comparison = Comparison()
    for days, variant in PLAIN.items():
        told = returning.parts(variant, "day")
        for day, expected in reference()["first_contact_resolution"]["by_day"].items():
            compare(comparison, f"{day}, {days} days", told[day, ALL], expected[f"{days}_days"])
    assert not comparison.differences, comparison.first_differences
    assert comparison.compared == {"first_contact": 2 * 31 * 6}


def test_every_queue_is_that_of_the_reference(returning: Returning) -> None:
    comparison = Comparison()
    for days, variant in PLAIN.items():
        for queue, expected in reference()["first_contact_resolution"]["by_queue"].items():
            compare(comparison, f"{queue}, {days} days", returning.whole(variant, queue), expected[f"{days}_days"])
    assert not comparison.differences, comparison.first_differences
    assert comparison.compared == {"first_contact": 2 * 5 * 6}


def test_a_backtest_tells_the_same(facts: Path) -> None:
    """Its clock stands in the first quarter-hour of September, when the last call ended."""
    comparison = in_every_reading(Outcome(sla_stream("backtest", facts, "--contract", FIRST_CONTACT, "--json")))
    assert not comparison.differences, comparison.first_differences
    assert comparison.compared == {"first_contact": 12 * 6}
