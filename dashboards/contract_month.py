"""Contract month: what will be settled, hour by hour, and the time that was lost."""

from grafana_foundation_sdk.builders import heatmap, statushistory, table, timeseries
from grafana_foundation_sdk.builders.common import HeatmapCalculationBucketConfig, HeatmapCalculationOptions
from grafana_foundation_sdk.builders.dashboard import Dashboard, FieldColor, Row
from grafana_foundation_sdk.builders.heatmap import HeatmapColorOptions, YAxisConfig
from grafana_foundation_sdk.models.common import HeatmapCalculationMode, VisibilityMode
from grafana_foundation_sdk.models.dashboard import FieldColorModeId
from grafana_foundation_sdk.models.heatmap import HeatmapColorMode

from dashboards.look import COUNT, COUNTDOWN, ORANGE, RATIO, VERMILLION, WORD, dashed
from dashboards.parts import CHOSEN, Words, ask, choices, frame, lines, panel
from dashboards.rows import PROMISE, Column, of_promise, of_unit, rows

_RATIO = 'unit="ratio"'
_INTERVALS = 'window=~"interval.*|rolling.*"'
_PERIODS = 'window!~"rolling.*|interval.*"'


def board() -> Dashboard:
    """The board of those who settle a month."""
    made = choices(
        frame(
            "sla-contract-month",
            "Contract month",
            "What the month comes to: attainment by interval, what is still needed, and the time lost.",
            "now-30d",
        )
    ).refresh("1m")
    made.with_row(Row("The month")).with_panel(_so_far()).with_panel(_needed()).with_panel(_volume())
    made.with_row(Row("By interval")).with_panel(_intervals()).with_panel(_heat())
    return made.with_row(Row("Time lost")).with_panel(_lost())


def _so_far() -> table.Panel:
    words = Words(
        "So far",
        "Each promise of a day, week, month or longer: its value, its target, and what those to come must reach.",
        COUNT,
        24,
        8,
    )
    ratio = f"{_RATIO},{_PERIODS}"
    return rows(
        words,
        (
            Column("State", of_unit("sla_state_code", _RATIO, _PERIODS), WORD),
            Column("So far", of_promise("sla_value", ratio), RATIO, 2),
            Column("Target", of_promise("sla_target", ratio), RATIO, 2),
            Column("Needed", of_promise("sla_rate_needed", ratio), RATIO, 2),
            Column("Counted", of_unit("sla_denominator", _RATIO, _PERIODS), COUNT),
            Column("Left out", of_unit("sla_excluded_contacts", _RATIO, _PERIODS), COUNT),
        ),
    )


def _needed() -> timeseries.Panel:
    words = Words(
        "So far, target and needed",
        "Where needed climbs away from so far, the period slips; above 100 % it is lost.",
        RATIO,
    )
    ratio, name = f"{_RATIO},{_PERIODS}", "{{objective}} {{queue}} {{window}}"
    kind = lines(
        words,
        ask(of_promise("sla_value", ratio), f"so far {name}", "A"),
        ask(of_promise("sla_target", ratio), f"target {name}", "B"),
        ask(of_promise("sla_rate_needed", ratio), f"needed {name}", "C"),
    )
    kind.override_by_regexp("^target.*", dashed(ORANGE))
    return kind.override_by_regexp("^needed.*", dashed(VERMILLION))


def _volume() -> timeseries.Panel:
    words = Words(
        "Counted and still expected",
        "Contacts of the period so far, and those still to come by a forecast or by earlier weeks.",
        COUNT,
    )
    name = "{{objective}} {{queue}} {{window}}"
    kind = lines(
        words,
        ask(of_promise("sla_sample_contacts", _PERIODS), f"counted {name}", "A"),
        ask(of_promise("sla_expected_contacts", _PERIODS), f"expected {name}", "B"),
    )
    return kind.override_by_regexp("^expected.*", dashed(ORANGE))


def _intervals() -> statushistory.Panel:
    words = Words(
        "Attainment by interval",
        "The value of each interval; in every cell stands its figure, and the bluer it is, the better.",
        RATIO,
        24,
        9,
    )
    expression = of_promise("sla_value", f'{_RATIO},bound="at_least",{_INTERVALS}')
    kind = statushistory.Panel().show_value(VisibilityMode.AUTO).row_height(0.9)
    kind.color_scheme(FieldColor().mode(FieldColorModeId.CONTINUOUS_BLUES)).min(0).max(1)
    query = ask(expression, "{{objective}} {{queue}} {{window}}").interval("15m")
    return panel(kind, words, query).decimals(0)


def _heat() -> heatmap.Panel:
    words = Words(
        "How intervals spread",
        "How many queues had which value, over time: a month that is met on average may hold bad hours every day.",
        RATIO,
        24,
        8,
    )
    tenth = HeatmapCalculationBucketConfig().mode(HeatmapCalculationMode.SIZE).value("0.1")
    hour = HeatmapCalculationBucketConfig().mode(HeatmapCalculationMode.SIZE).value("1h")
    kind = (
        heatmap.Panel()
        .calculate(calculate=True)
        .calculation(HeatmapCalculationOptions().x_buckets(hour).y_buckets(tenth))
        .color(HeatmapColorOptions().mode(HeatmapColorMode.SCHEME).scheme("Viridis").steps(32))
        .y_axis(YAxisConfig().unit(RATIO).min(0).max(1))
    )
    expression = of_promise("sla_value", f'{_RATIO},bound="at_least",{_INTERVALS}')
    return panel(kind, words, ask(expression, "{{objective}} {{queue}}").interval("15m"))


def _lost() -> timeseries.Panel:
    words = Words(
        "Time in breach, and time without a verdict",
        "Of the day before, how long each promise was breached or lost; dashed, how long nothing was to be said.",
        COUNTDOWN,
        24,
    )
    name = "{{objective}} {{queue}} {{window}}"
    kind = lines(
        words,
        ask(_time_in("breached|lost"), f"in breach {name}", "A"),
        ask(_time_in("unmeasurable|no_data"), f"no verdict {name}", "B"),
    )
    return kind.override_by_regexp("^no verdict.*", dashed(ORANGE))


def _time_in(states: str) -> str:
    """In minutes that began in one of the states: a state is exported only while it lasts."""
    inside = f'max by ({PROMISE}) (sla_state{{{CHOSEN},state=~"{states}"}})'
    return f"60 * sum_over_time({inside}[1d:1m])"
