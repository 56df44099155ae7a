"""August through `import` and `backtest` is what the reference says, to the last count."""

import pytest

from agents.contracts import load_contracts
from tests.truth.comparison import FIGURES, places_counted, with_reference
from tests.truth.outcome import CONTRACT, Outcome
from tests.truth.reference import records, reference


def test_every_figure_is_that_of_the_reference(backtest: Outcome) -> None:
    comparison = with_reference(backtest)
    assert not comparison.differences, comparison.first_differences
    assert comparison.compared == FIGURES


def test_every_fact_is_counted(backtest: Outcome) -> None:
    assert backtest.counters == {
        "received": 108_824,
        "applied": 108_824,
        "duplicate": 0,
        "rejected": 0,
        "too_late": 0,
    }


@pytest.mark.parametrize(
    ("clock", "objective"),
    [
        ("arrival", "abandons-missed-30s"),
        ("outcome", "abandons-missed-30s-by-outcome"),
        ("settled_30", "abandons-missed-30s-by-settled"),
    ],
)
def test_nobody_is_counted_where_the_reference_has_nobody(backtest: Outcome, clock: str, objective: str) -> None:
    half_hours = [record for record in records() if record.section == f"half_hours.{clock}"]
    assert places_counted(backtest, objective) == {(record.starts[0], record.queue) for record in half_hours}


def test_every_value_is_its_numerator_over_its_denominator(backtest: Outcome) -> None:
    assert backtest.rows
    for row in backtest.rows:
        divided = row["numerator"] / row["denominator"] if row["denominator"] else None
        # The mean of many ratios is no fraction that one could write: the nearest short one is shown.
        is_near = row["objective"] == "mean-of-half-hours"
        assert row["value"] == (pytest.approx(divided, rel=1e-12) if is_near else divided), row


def test_the_reference_has_as_many_half_hours_as_it_says() -> None:
    half_hours = [record for record in records() if record.section.startswith("half_hours.")]
    assert len(half_hours) == reference()["half_hours"]["rows"]


def test_the_contract_has_the_opening_hours_of_the_reference() -> None:
    assert load_contracts(CONTRACT)["anonymous-bank"].hours == reference()["opening_hours"]["hours"]
