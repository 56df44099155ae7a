"""First-contact resolution by repeat contact is what the reference says, in every reading, to the last count."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from schemas.tallies import Counts
from sla_stream.tally import add
from tests.truth.comparison import Comparison
from tests.truth.outcome import ALL, Outcome, sla_stream
from tests.truth.reference import reference
from tests.truth.returning import FIRST_CONTACT, Returning, Variant

#: The reading of the days and the queues.
PLAIN = {days: Variant("answered", "offered_at", days, "customer") for days in (1, 7)}


def variants() -> dict[Variant, Mapping[str, Any]]:
    found = reference()["first_contact_resolution"]["variants"]
    return {Variant(one["base"], one["period_starts"], one["days"], one["same"]): one for one in found}


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


def test_a_backtest_tells_the_same(facts: Path, returning: Returning) -> None:
    """Its clock stands in the first quarter-hour of September, when the last call ended."""
    outcome = Outcome(sla_stream("backtest", facts, "--contract", FIRST_CONTACT, "--json"))
    whole: dict[Variant, Counts] = {}
    for row in outcome.rows:
        if row["window"] == "month" and row["queue"] is None:
            cohort = {"cohort": row["denominator"], "cohort resolved": row["numerator"]}
            add(whole.setdefault(returning.objectives[row["objective"]], {}), (row["parts"] | cohort).items())
    comparison = Comparison()
    for variant, expected in variants().items():
        compare(comparison, str(variant), whole[variant], expected)
    assert not comparison.differences, comparison.first_differences
    assert comparison.compared == {"first_contact": 12 * 6}


def compare(comparison: Comparison, name: str, told: Counts, expected: Mapping[str, Any]) -> None:
    cohort = expected["cohort"]
    wanted = {
        "contacts": expected["contacts"],
        "resolved": expected["resolved"],
        "repeated": expected["repeated"],
        "undecided": expected["undecided"],
        "cohort": cohort["contacts"],
        "cohort resolved": cohort["resolved"],
    }
    whole = told | {"contacts": sum(told.get(name, 0) for name in ("resolved", "repeated", "undecided"))}
    for part, figure in wanted.items():
        comparison.compare("first_contact", f"{name}, {part}", whole.get(part, 0), figure)
