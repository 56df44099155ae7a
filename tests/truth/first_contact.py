"""First-contact resolution by repeat contact, as the reference has it, against what was told."""

from collections.abc import Mapping
from typing import Any

from agents.contracts import load_contracts
from schemas.tallies import Counts
from sla_stream.promises import promises_of
from sla_stream.tally import add
from tests.truth.comparison import Comparison
from tests.truth.outcome import Outcome
from tests.truth.reference import reference
from tests.truth.returning import FIRST_CONTACT, Variant, variant_of


def variants() -> dict[Variant, Mapping[str, Any]]:
    found = reference()["first_contact_resolution"]["variants"]
    return {Variant(one["base"], one["period_starts"], one["days"], one["same"]): one for one in found}


def in_every_reading(outcome: Outcome) -> Comparison:
    """The month's rows: resolved, repeated and undecided, and the cohort of those that are decided."""
    promises = promises_of(load_contracts(FIRST_CONTACT).values()).agreements[0].every_promise()
    read_as = {promise.objective.name: variant_of(promise) for promise in promises}
    whole: dict[Variant, Counts] = {}
    for row in outcome.rows:
        if row["window"] == "month" and row["queue"] is None:
            cohort = {"cohort": row["denominator"], "cohort resolved": row["numerator"]}
            add(whole.setdefault(read_as[row["objective"]], {}), (row["parts"] | cohort).items())
    comparison = Comparison()
    for variant, expected in variants().items():
        compare(comparison, str(variant), whole[variant], expected)
    return comparison


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
