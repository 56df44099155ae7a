"""Which objective of the contract tells which column of the reference, and how."""

from collections.abc import Callable, Mapping, Sequence

from tests.truth.outcome import Row
from tests.truth.reference import Value

#: The windows that a figure speaks of; the rows of each by their objectives.
Place = Sequence[Mapping[str, Row]]
Column = Callable[[Place], Value]
Sum = Callable[[Place], int]


def _above(objective: str) -> Sum:
    return lambda place: sum(rows[objective]["numerator"] for rows in place if objective in rows)


def _below(objective: str) -> Sum:
    return lambda place: sum(rows[objective]["denominator"] for rows in place if objective in rows)


def _less(whole: Sum, part: Sum) -> Sum:
    return lambda place: whole(place) - part(place)


def _ratio(above: Sum, below: Sum) -> Column:
    return lambda place: above(place) / below(place) if below(place) else None


def _seconds(objective: str) -> Column:
    above = _above(objective)
    return lambda place: above(place) / 1000


def _mean_seconds(objective: str) -> Column:
    """Divided once: the reference's doubles are the nearest to the true ratio, and so must ours be."""
    above, below = _above(objective), _below(objective)
    return lambda place: above(place) / (1000 * below(place)) if below(place) else None


def _longest_seconds(objective: str) -> Column:
    return lambda place: max(
        (rows[objective]["numerator"] / 1000 for rows in place if objective in rows), default=None
    )


def _percentiles(kind: str) -> dict[str, Column]:
    """Each is told for a window as it is: percentiles do not add up."""
    return {f"p{n}": _longest_seconds(f"{kind}-p{n}") for n in (50, 90, 95)}


def _fraction(objective: str) -> dict[str, Column]:
    above, below = _above(objective), _below(objective)
    return {"numerator": above, "denominator": below, "ratio": _ratio(above, below)}


def _nested(name: str, columns: Mapping[str, Column]) -> dict[str, Column]:
    return {f"{name}.{column}": tell for column, tell in columns.items()}


def _levels(suffix: str) -> dict[str, Column]:
    """What service levels at 30 s with short abandons tell of contacts, by any clock."""
    in_time = _above(f"abandons-missed-30s{suffix}")
    return {
        "offered": _below(f"abandons-missed-30s{suffix}"),
        "answered": _below(f"answered-only-30s{suffix}"),
        "answered_within_20s": _above(f"abandons-missed-20s{suffix}"),
        "answered_within_30s": in_time,
        "abandoned_within_5s": _less(_above(f"short-abandons-met-30s{suffix}"), in_time),
        "abandoned_within_10s": _less(_above(f"short-abandons-met-30s-short-10s{suffix}"), in_time),
        "abandoned_within_30s": _less(_above(f"abandons-met-30s{suffix}"), in_time),
    }


def _counts(suffix: str) -> dict[str, Column]:
    return {
        **_levels(suffix),
        "answered_within_60s": _above(f"abandons-missed-60s{suffix}"),
        "abandoned": _above(f"abandonment{suffix}"),
        "answered_wait_sum_s": _seconds(f"speed-of-answer-mean{suffix}"),
        "abandoned_wait_sum_s": _seconds(f"time-to-abandon-mean{suffix}"),
        "longest_wait_s": _longest_seconds(f"wait-longest{suffix}"),
    }


_ARRIVAL: dict[str, Column] = {
    **_counts(""),
    "answered_without_queueing": _above("abandons-missed-0s"),
    "longest_wait_answered_s": _longest_seconds("speed-of-answer-longest"),
    "longest_wait_abandoned_s": _longest_seconds("time-to-abandon-longest"),
    "service_sum_s": _seconds("talk-time-mean"),
    "asa_s": _mean_seconds("speed-of-answer-mean"),
    "mean_time_to_abandon_s": _mean_seconds("time-to-abandon-mean"),
    "mean_service_s": _mean_seconds("talk-time-mean"),
    **_nested("wait_answered_percentiles_s", _percentiles("speed-of-answer")),
    **_nested("wait_offered_percentiles_s", _percentiles("wait")),
    **_nested("abandonment", _fraction("abandonment")),
    **_nested("abandonment_short_5s_ignored", _fraction("abandonment-short-5s-ignored")),
    **_nested("service_level_30s_short_5s.abandons_met", _fraction("abandons-met-30s")),
    **_nested("service_level_30s_short_5s.answered_only", _fraction("answered-only-30s")),
    **_nested("service_level_30s_short_5s.abandons_missed", _fraction("abandons-missed-30s")),
    **_nested("service_level_30s_short_5s.abandons_in_time_ignored", _fraction("abandons-in-time-ignored-30s")),
    **_nested("service_level_30s_short_5s.short_abandons_met", _fraction("short-abandons-met-30s")),
    **_nested("service_level_30s_short_5s.short_abandons_ignored", _fraction("short-abandons-ignored-30s")),
    **_nested("service_level_30s_short_5s.flowouts_missed", _fraction("flowouts-missed-30s")),
    **_nested("service_level_30s_short_5s.removed_in_time", _fraction("removed-in-time-30s")),
    **_nested("service_level_30s_short_10s.short_abandons_met", _fraction("short-abandons-met-30s-short-10s")),
    **_nested(
        "service_level_30s_short_10s.short_abandons_ignored", _fraction("short-abandons-ignored-30s-short-10s")
    ),
}

#: Who is answered within 20 s is settled by that, so a threshold of 20 s puts him where one of 30 s does.
#: Abandonment has no such clock, but who was offered and not answered has abandoned: nobody flows out.
_SETTLED: dict[str, Column] = {
    **_levels("-by-settled"),
    "abandoned": _less(_below("abandons-missed-30s-by-settled"), _below("answered-only-30s-by-settled")),
}

#: By clock and column.
COLUMNS: dict[str, dict[str, Column]] = {
    "arrival": _ARRIVAL,
    "outcome": _counts("-by-outcome"),
    "settled_30": _SETTLED,
}

#: Of contacts that are put where they are settled at 30 s: a level at 60 s settles later, and durations have
#: no threshold that could settle them.
SETTLED_BY_CONTACT = frozenset(
    ("answered_within_60s", "answered_wait_sum_s", "abandoned_wait_sum_s", "longest_wait_s")
)

#: Of the same hour on many days: percentiles do not add up.
PERCENTILES = frozenset(column for column in _ARRIVAL if "_percentiles_s." in column)

#: Section -> columns that no row tells. The core does: test_core.py takes them from its contacts and tallies.
NOT_IN_ROWS: dict[str, frozenset[str]] = {
    "days.settled_30": SETTLED_BY_CONTACT,
    "half_hours.settled_30": SETTLED_BY_CONTACT,
    "hours_of_day": PERCENTILES,
}
