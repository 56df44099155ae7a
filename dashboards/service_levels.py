"""Service levels: every promise in a row, how it stood over time, and each against its target."""

from grafana_foundation_sdk.builders import stat, statetimeline, table, timeseries
from grafana_foundation_sdk.builders.dashboard import Dashboard, Row
from grafana_foundation_sdk.models.common import BigValueColorMode, BigValueTextMode, VisibilityMode
from grafana_foundation_sdk.models.dashboard import DynamicConfigValue

from agents.demo.looks import STATES
from dashboards.look import (
    COLOURS,
    COUNT,
    COUNTDOWN,
    ORANGE,
    PLAIN,
    RATIO,
    SECONDS,
    VERMILLION,
    WORD,
    dashed,
    painted,
    state_words,
    steps,
)
from dashboards.parts import CHOSEN, Words, ask, ask_now, choice, choices, figure, frame, lines, panel
from dashboards.rows import Column, of_promise, of_unit, rows

#: Windows that end at a time, and within which what is missing can be made up for.
_PERIODS = 'window!~"rolling.*|interval.*"'
_RATIO, _SECONDS, _SCORES = 'unit="ratio"', 'unit="seconds"', 'unit=~"points|score"'


def board() -> Dashboard:
    """The board of those who answer for the promises."""
    made = choices(
        frame(
            "sla-service-levels",
            "Service levels",
            "Every promise: what it is, what it should be, and what is still needed.",
            "now-6h",
        )
    )
    made.with_variable(choice("objective", f"sla_state_code{{{CHOSEN}}}"))
    made.with_row(Row("Now")).with_panel(_states()).with_panel(_open()).with_panel(_waiting())
    made.with_panel(_late()).with_panel(_shares()).with_panel(_durations()).with_panel(_scores())
    made.with_row(Row("Over time")).with_panel(_timeline())
    made.with_row(Row("Periods: so far, and still needed")).with_panel(_periods())
    return made.with_row(Row("Value against target")).with_panel(_against_target())


def _states() -> stat.Panel:
    words = Words(
        "Promises by state",
        "How many promises are in each state, counted per queue and window. A state that is not shown has none.",
        COUNT,
        12,
        4,
    )
    kind = figure(words, ask_now(f"count by (state) (sla_state{{{CHOSEN}}})", "{{state}}"))
    for state, look in STATES.items():
        kind.override_by_name(state, [*painted(COLOURS[state]), _called(f"{look.shape} {look.word}")])
    return kind.text_mode(BigValueTextMode.VALUE_AND_NAME).color_mode(BigValueColorMode.BACKGROUND_SOLID)


def _called(name: str) -> DynamicConfigValue:
    return DynamicConfigValue("displayName", name)


def _open() -> stat.Panel:
    words = Words(
        "Open episodes",
        "Breaches and silent feeds that people were told of and that are not over.",
        COUNT,
        4,
        4,
    )
    begun = f'sla_episode_begin_timestamp_seconds{{phase="open",kind!="risk",{CHOSEN}}}'
    expression = f"count(max by (client, contract, objective, channel, queue) ({begun})) or vector(0)"
    return figure(words, ask_now(expression, "open")).thresholds(steps((1, VERMILLION)))


def _waiting() -> stat.Panel:
    words = Words(
        "Waiting now", "The most that any one promise sees waiting, past the threshold or not.", COUNT, 4, 4
    )
    return figure(words, ask_now(f"max(sla_waiting_contacts{{{CHOSEN}}})", "waiting"))


def _late() -> stat.Panel:
    words = Words("Longest wait", "Of those who wait now.", SECONDS, 4, 4)
    return figure(words, ask_now(f"max(sla_longest_wait_seconds{{{CHOSEN}}})", "longest")).thresholds(
        steps((60, ORANGE), (300, VERMILLION))
    )


def _shares() -> table.Panel:
    words = Words(
        "Shares",
        "Promises of a share of contacts, like nine calls in ten within 30 seconds. Now: the value over the "
        "window. Soon: callers who will have waited too long within seconds. Ends in: until the window is over.",
        COUNT,
        24,
        9,
    )
    return rows(words, (*_judged(_RATIO, RATIO, 1), *_waited(_RATIO), *_in_danger(), _ends(_RATIO)))


def _durations() -> table.Panel:
    words = Words(
        "Durations",
        "Promises of a time, like 20 seconds on average until somebody answers. At most is what is promised.",
        COUNT,
        14,
        8,
    )
    return rows(words, (*_judged(_SECONDS, SECONDS, 1), *_waited(_SECONDS), _ends(_SECONDS)))


def _scores() -> table.Panel:
    words = Words("Scores", "What customers say: points from -100 to 100, or a scale's score.", COUNT, 10, 8)
    return rows(words, _judged(_SCORES, PLAIN, 2))


def _judged(unit: str, shown: str, decimals: int) -> tuple[Column, ...]:
    return (
        Column("State", of_unit("sla_state_code", unit), WORD),
        Column("Now", of_promise("sla_value", unit), shown, decimals),
        Column("Target", of_promise("sla_target", unit), shown, decimals),
        Column("Sample", of_unit("sla_sample_contacts", unit), COUNT),
    )


def _waited(unit: str) -> tuple[Column, ...]:
    return (
        Column("Waiting", of_unit("sla_waiting_contacts", unit), COUNT),
        Column("Longest wait", of_unit("sla_longest_wait_seconds", unit), SECONDS, 0),
    )


def _in_danger() -> tuple[Column, ...]:
    return (
        Column("Soon", of_unit("sla_crossing_soon_contacts", _RATIO), COUNT),
        Column("Past due", of_unit("sla_past_due_contacts", _RATIO), COUNT),
    )


def _ends(unit: str, where: str = "") -> Column:
    """A rolling window ends now, and always will."""
    left = f"{of_unit('sla_window_end_timestamp_seconds', unit, where)} - time()"
    return Column("Ends in", f"({left}) > 0", COUNTDOWN, 0)


def _timeline() -> statetimeline.Panel:
    words = Words(
        "State of every promise",
        "When each promise was met, at risk, breached or lost, and when nothing could be said.",
        WORD,
        24,
        10,
    )
    expression = of_promise("sla_state_code", 'objective=~"$objective"')
    kind = statetimeline.Panel().show_value(VisibilityMode.AUTO).merge_values(merge_values=True).row_height(0.9)
    legend = "{{contract}} {{objective}} {{queue}} {{window}}"
    return panel(kind, words, ask(expression, legend)).mappings(list(state_words()))


def _periods() -> table.Panel:
    words = Words(
        "Days, weeks and months",
        "So far: the value of the period that runs. Needed: what the value of the contacts still to come must be "
        "for the target to be met; above 100 % the period is lost. Expected: how many are still to come, by a "
        "forecast or by earlier weeks.",
        COUNT,
        24,
        9,
    )
    ratio = f"{_RATIO},{_PERIODS}"
    return rows(
        words,
        (
            Column("State", of_unit("sla_state_code", _RATIO, _PERIODS), WORD),
            Column("So far", of_promise("sla_value", ratio), RATIO, 2),
            Column("Target", of_promise("sla_target", ratio), RATIO, 2),
            Column("Needed", of_promise("sla_rate_needed", ratio), RATIO, 2),
            Column("Counted", of_unit("sla_sample_contacts", _RATIO, _PERIODS), COUNT),
            Column("Expected", of_unit("sla_expected_contacts", _RATIO, _PERIODS), COUNT),
            _ends(_RATIO, _PERIODS),
        ),
    )


def _against_target() -> timeseries.Panel:
    """One for each objective; the unit is that of its figures, of which each query answers one."""
    words = Words(
        "$objective",
        "The value of each queue and window; the dashed line is the target of the contract in force.",
        RATIO,
        8,
        9,
    )
    here, legend, target = 'objective=~"$objective"', "{{queue}} {{window}}", "target {{queue}} {{window}}"
    kind = lines(
        words,
        ask(of_promise("sla_value", f"{here},{_RATIO}"), legend, "A"),
        ask(of_promise("sla_target", f"{here},{_RATIO}"), target, "B"),
        ask(of_promise("sla_value", f"{here},{_SECONDS}"), legend, "C"),
        ask(of_promise("sla_target", f"{here},{_SECONDS}"), target, "D"),
        ask(of_promise("sla_value", f"{here},{_SCORES}"), legend, "E"),
        ask(of_promise("sla_target", f"{here},{_SCORES}"), target, "F"),
    )
    for ref, unit in {"C": SECONDS, "D": SECONDS, "E": PLAIN, "F": PLAIN}.items():
        kind.override_by_query(ref, [DynamicConfigValue("unit", unit)])
    kind.override_by_regexp("^target.*", dashed(VERMILLION))
    return kind.repeat("objective").repeat_direction("h").max_per_row(3)
