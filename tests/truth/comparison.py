"""Every figure of the reference against what was told; how many there were, and which differ."""

from collections import Counter
from collections.abc import Mapping
from itertools import zip_longest

from tests.truth.columns import COLUMNS, NOT_IN_ROWS
from tests.truth.outcome import ALL, Outcome, Row
from tests.truth.reference import AUGUST, attainment, records
from tests.truth.time_slices import SLICES, means, reached

_SHOWN = 10

#: How many figures rows tell, by section: none is left out in silence.
FIGURES = {
    "month": 427,
    "days.arrival": 12_749,
    "days.outcome": 2_508,
    "days.settled_30": 1_672,
    "hours_of_day": 7_865,
    "opening_hours.inside": 385,
    "opening_hours.outside": 84,
    "half_hours.arrival": 53_880,
    "quarter_hours.arrival": 53_880,
    "half_hours.outcome": 54_084,
    "half_hours.settled_30": 35_880,
    "attainment": 5,
    "time_slices": 1_080,
    "mean_of_intervals": 216,
}


class Comparison:
    """Figures compared, by section; the differences in words."""

    def __init__(self) -> None:
        self.compared: Counter[str] = Counter()
        self.differences: list[str] = []

    def compare(self, section: str, name: str, told: object, expected: object) -> None:
        """Look at one figure."""
        self.compared[section] += 1
        if told != expected:
            self.differences.append(f"{name}: told {told}, expected {expected}")

    def add(self, other: "Comparison") -> None:
        """Take what another has looked at."""
        self.compared += other.compared
        self.differences += other.differences

    @property
    def first_differences(self) -> str:
        """The first ten; nothing if there are none."""
        return "\n".join(self.differences[:_SHOWN])


def with_reference(outcome: Outcome) -> Comparison:
    """All figures that rows tell."""
    comparison = Comparison()
    for record in records():
        place = [outcome.at(record.window, record.queue, start) for start in record.starts]
        for column, expected in record.figures.items():
            if column not in NOT_IN_ROWS.get(record.section, ()):
                told = COLUMNS[record.clock][column](place)
                comparison.compare(record.section, record.name(column), told, expected)
    for column, told in _attainment(outcome).items():
        # The reference divided first and added doubles: the last two of sixteen digits are not the true mean's.
        expected = attainment()[column]
        comparison.compare("attainment", column, round(told, 14), round(expected, 14))
    _compare_half_hours(comparison, outcome)
    return comparison


def row_by_row(ours: Outcome, theirs: Outcome) -> Comparison:
    """Rows in their order, with everything that is in them."""
    comparison = Comparison()
    for row, other in zip_longest(ours.rows, theirs.rows):
        comparison.compare("rows", _name(row or other), row, other)
    return comparison


def places_counted(outcome: Outcome, objective: str) -> set[tuple[str, str]]:
    """Half-hours and queues in which the objective has anybody."""
    rows = (row for row in outcome.rows if row["objective"] == objective and row["window"] == "interval 30m")
    return {(row["from"], row["queue"] or ALL) for row in rows if row["denominator"]}


def _name(row: Row) -> str:
    return f"{row['objective']}: {row['window']} {row['from']}, {row['queue'] or ALL}"


def _attainment(outcome: Outcome) -> Mapping[str, float]:
    """How many half-hours reach a target, and the plain mean of their ratios, as the month is judged by them."""
    month = outcome.at("month", ALL, AUGUST.isoformat())
    reached = {target: month[f"half-hours-at-{target}"] for target in (50, 80, 90)}
    return {
        "half_hours_with_contacts": reached[80]["denominator"],
        **{f"half_hours_at_or_above.{target}%": row["numerator"] for target, row in reached.items()},
        "mean_of_half_hour_ratios": month["mean-of-half-hours"]["value"] or 0.0,
    }


def _compare_half_hours(comparison: Comparison, outcome: Outcome) -> None:
    """Days and the month, of each queue and of all, by how many half-hours reached a target, and by their mean."""
    for objective in SLICES:
        for place, met, judged in reached(objective):
            row = outcome.at(place.window, place.queue, place.start)[objective]
            name = f"{objective}: {place}"
            comparison.compare("time_slices", name, (row["numerator"], row["denominator"]), (met, judged))
    for place, mean in means():
        row = outcome.at(place.window, place.queue, place.start)["mean-of-half-hours"]
        comparison.compare("mean_of_intervals", f"mean-of-half-hours: {place}", row["value"], mean)
