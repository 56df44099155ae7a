"""Queue: who waits, what came of those who came, and what is due. Reached from a row of another board."""

from grafana_foundation_sdk.builders import bargauge, statetimeline, table, timeseries
from grafana_foundation_sdk.builders.common import ReduceDataOptions
from grafana_foundation_sdk.builders.dashboard import Dashboard, Row
from grafana_foundation_sdk.models.common import BarGaugeDisplayMode, VisibilityMode, VizOrientation

from dashboards.look import BLUE, COUNT, ORANGE, RATIO, SECONDS, VERMILLION, WORD, dashed, painted, state_words
from dashboards.parts import CHOSEN, Words, ask, ask_now, choices, frame, lines, panel
from dashboards.rows import Column, of_promise, of_unit, rows

_PLACE = "client, channel, queue"
_COUNTED = 'client=~"$client",channel=~"$channel",queue=~"$queue"'
_RATIO, _SECONDS = 'unit="ratio"', 'unit="seconds"'


def board() -> Dashboard:
    """The board to go down to when a promise is in danger."""
    made = choices(
        frame("sla-queue", "Queue", "One queue: who waits, what is due, and what became of whom.", "now-3h")
    )
    made.with_row(Row("Waiting")).with_panel(_waiting()).with_panel(_longest())
    made.with_panel(_deadlines()).with_panel(_soon())
    made.with_row(Row("Promises about it")).with_panel(_states()).with_panel(_shares()).with_panel(_durations())
    return made.with_row(Row("What became of them")).with_panel(_outcomes()).with_panel(_trust())


def _by_place(metric: str) -> str:
    return f"max by ({_PLACE}) ({metric}{{{CHOSEN}}})"


def _waiting() -> timeseries.Panel:
    words = Words(
        "Waiting",
        "How many wait, and how many of them have already waited for longer than was promised.",
        COUNT,
    )
    kind = lines(
        words,
        ask(_by_place("sla_waiting_contacts"), "waiting {{client}} {{queue}}", "A"),
        ask(_by_place("sla_waiting_past_threshold_contacts"), "too long {{client}} {{queue}}", "B"),
    )
    return kind.override_by_regexp("^too long.*", dashed(VERMILLION))


def _longest() -> timeseries.Panel:
    words = Words("Longest wait", "How long whoever has waited longest has waited.", SECONDS)
    return lines(words, ask(_by_place("sla_longest_wait_seconds"), "{{client}} {{queue}}"))


def _deadlines() -> timeseries.Panel:
    words = Words(
        "Open and past due",
        "Chats, mails and tickets that are not done, and those of them whose deadline is over.",
        COUNT,
    )
    kind = lines(
        words,
        ask(_by_place("sla_open_contacts"), "open {{client}} {{queue}}", "A"),
        ask(_by_place("sla_past_due_contacts"), "past due {{client}} {{queue}}", "B"),
    )
    return kind.override_by_regexp("^past due.*", dashed(VERMILLION))


def _soon() -> timeseries.Panel:
    words = Words(
        "About to be late",
        "Callers who will have waited too long within seconds, and work that falls due soon: answer these first.",
        COUNT,
    )
    return lines(
        words,
        ask(_by_place("sla_crossing_soon_contacts"), "crossing {{client}} {{queue}}", "A"),
        ask(_by_place("sla_due_soon_contacts"), "due soon {{client}} {{queue}}", "B"),
    )


def _states() -> statetimeline.Panel:
    words = Words("State", "How each promise about this queue stood.", WORD, 24, 7)
    kind = statetimeline.Panel().show_value(VisibilityMode.AUTO).merge_values(merge_values=True).row_height(0.9)
    expression = of_promise("sla_state_code")
    return panel(kind, words, ask(expression, "{{objective}} {{queue}} {{window}}")).mappings(list(state_words()))


def _shares() -> timeseries.Panel:
    words = Words("Shares against target", "Of each promise of a share; dashed is the target.", RATIO)
    return _against(words, _RATIO)


def _durations() -> timeseries.Panel:
    words = Words("Durations against target", "Of each promise of a time; dashed is the target.", SECONDS)
    return _against(words, _SECONDS)


def _against(words: Words, unit: str) -> timeseries.Panel:
    kind = lines(
        words,
        ask(of_promise("sla_value", unit), "{{objective}} {{queue}} {{window}}", "A"),
        ask(of_promise("sla_target", unit), "target {{objective}} {{queue}} {{window}}", "B"),
    )
    return kind.override_by_regexp("^target.*", dashed(ORANGE))


def _outcomes() -> bargauge.Panel:
    """The count now less the count then, which is right over restarts and moves between workers."""
    words = Words(
        "Contacts by outcome, in the time shown",
        "What became of the contacts, as each measure counts them. A correction can make a figure negative.",
        COUNT,
    )
    now = f"sum by (measure, outcome) (sla_outcome_contacts{{{_COUNTED}}})"
    then = f"sum by (measure, outcome) (sla_outcome_contacts{{{_COUNTED}}} offset $__range)"
    kind = (
        bargauge.Panel()
        .orientation(VizOrientation.HORIZONTAL)
        .display_mode(BarGaugeDisplayMode.BASIC)
        .reduce_options(ReduceDataOptions().calcs(["lastNotNull"]).values(values=False))
    )
    expression = f"({now} - {then}) or {now}"
    shown = panel(kind, words, ask_now(expression, "{{measure}} {{outcome}}"))
    return shown.override_by_regexp(".*", list(painted(BLUE)))


def _trust() -> table.Panel:
    words = Words(
        "How sure it is",
        "Between low and high lies the true value, where the contract asks for confidence. Few say little.",
        COUNT,
    )
    return rows(
        words,
        (
            Column("State", of_unit("sla_state_code", _RATIO), WORD),
            Column("Now", of_promise("sla_value", _RATIO), RATIO, 1),
            Column("Low", of_promise("sla_value_low", _RATIO), RATIO, 1),
            Column("High", of_promise("sla_value_high", _RATIO), RATIO, 1),
            Column("Sample", of_unit("sla_sample_contacts", _RATIO), COUNT),
            Column("Left out", of_unit("sla_excluded_contacts", _RATIO), COUNT),
        ),
    )
