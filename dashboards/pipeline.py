"""Pipeline: whether facts come in, are counted in time, and whether people hear of what comes of them."""

from grafana_foundation_sdk.builders import prometheus, stat, timeseries
from grafana_foundation_sdk.builders.dashboard import AnnotationQuery, Dashboard, Row
from grafana_foundation_sdk.models.common import BigValueTextMode
from grafana_foundation_sdk.models.dashboard import DynamicConfigValue

from dashboards.look import COUNT, ORANGE, PER_SECOND, SECONDS, VERMILLION, WORD, dashed, steps, yes_or_no
from dashboards.parts import Words, ask, ask_now, choice, figure, frame, lines, mark

_HERE = 'job=~"$job",instance=~"$instance"'


def board() -> Dashboard:
    """The board of those who run it."""
    made = frame(
        "sla-pipeline",
        "Pipeline",
        "Facts in, verdicts and alerts out: how much, how late, what went wrong.",
        "now-3h",
    )
    made.with_variable(choice("job", "sla_contracts_current").all_value(".+"))
    made.with_variable(choice("instance", 'sla_contracts_current{job=~"$job"}').all_value(".+"))
    made.annotation(_silences()).with_row(Row("Is it well?"))
    for kind in (_workers(), _behind(), _refused(), _untold(), _silent(), _contracts()):
        made.with_panel(kind)
    made.with_row(Row("Facts in")).with_panel(_facts()).with_panel(_lag())
    made.with_panel(_letters()).with_panel(_orphans())
    made.with_row(Row("Counting and judging")).with_panel(_batches()).with_panel(_judging())
    made.with_panel(_delays()).with_panel(_recoveries())
    made.with_row(Row("Telling people")).with_panel(_alert_latency()).with_panel(_notifications())
    return made.with_panel(_awaited())


def _silences() -> AnnotationQuery:
    silent = f'sla_episode_begin_timestamp_seconds{{{_HERE},objective="",phase="open"}}'
    return mark("Silent feeds", f"max by (client, channel) ({silent})", "{{client}} {{channel}} is silent", "")


def _big(title: str, description: str, expression: str, unit: str = COUNT) -> stat.Panel:
    return figure(Words(title, description, unit, 4, 4), ask_now(expression, title)).text_mode(
        BigValueTextMode.VALUE
    )


def _workers() -> stat.Panel:
    meaning = "Workers that answer. One less than there should be: another has taken over; see why it ended."
    return _big("Workers", meaning, f"sum(up{{{_HERE}}})")


def _behind() -> stat.Panel:
    meaning = "Messages not yet counted. For minutes above a few thousand: add a worker."
    return _big("Lag", meaning, f"sum(sla_lag_messages{{{_HERE}}})").thresholds(
        steps((10_000, ORANGE), (100_000, VERMILLION))
    )


def _refused() -> stat.Panel:
    meaning = "Messages refused in the last hour. See them with sla-stream dlq list."
    expression = f"sum(increase(sla_dead_letters_total{{{_HERE}}}[1h]))"
    return _big("Dead letters, 1 h", meaning, expression).thresholds(steps((1, ORANGE))).decimals(0)


def _untold() -> stat.Panel:
    meaning = "Alerts that a receiver did not take within the last hour. They are on sla.undelivered."
    failed = f'sum(increase(sla_notifications_total{{{_HERE},result!="delivered"}}[1h])) or vector(0)'
    return _big("Not told, 1 h", meaning, failed).thresholds(steps((1, VERMILLION))).decimals(0)


def _silent() -> stat.Panel:
    meaning = "Feeds of which nothing is heard in opening hours: nothing is judged there. See to the source."
    silent = f'count(sla_episode_begin_timestamp_seconds{{{_HERE},objective="",phase="open"}}) or vector(0)'
    return _big("Silent feeds", meaning, silent).thresholds(steps((1, VERMILLION)))


def _contracts() -> stat.Panel:
    meaning = "Whether the contracts on disk are in force. If not, the log names the mistakes."
    kind = _big("Contracts", meaning, f"min(sla_contracts_current{{{_HERE}}})", WORD)
    return kind.mappings(list(yes_or_no("✓ in force", "✖ mistakes")))


def _facts() -> timeseries.Panel:
    words = Words(
        "Facts per second, by result",
        "applied: counted. duplicate: came again. rejected: a dead letter. too_late: beyond the lateness.",
        PER_SECOND,
    )
    return lines(words, ask(f"sum by (result) (rate(sla_facts_total{{{_HERE}}}[$__rate_interval]))", "{{result}}"))


def _lag() -> timeseries.Panel:
    words = Words("Lag by topic", "Messages not yet counted; the worst partition is dashed.", COUNT)
    kind = lines(
        words,
        ask(f"sum by (topic) (sla_lag_messages{{{_HERE}}})", "{{topic}}", "A"),
        ask(f"max by (topic) (sla_lag_messages{{{_HERE}}})", "worst partition of {{topic}}", "B"),
    )
    return kind.override_by_regexp("^worst.*", dashed(ORANGE))


def _letters() -> timeseries.Panel:
    words = Words("Dead letters per second, by reason", "Messages that were refused, and why.", PER_SECOND)
    expression = f"sum by (reason) (rate(sla_dead_letters_total{{{_HERE}}}[$__rate_interval]))"
    return lines(words, ask(expression, "{{reason}}"))


def _orphans() -> timeseries.Panel:
    words = Words(
        "Answers without a contact, in an hour",
        "Survey answers whose contact never came: the survey tool names contacts otherwise, or asks too late.",
        COUNT,
    )
    # Of a client that has never had one nothing is exported.
    none = 'label_replace(vector(0), "client", "nobody", "", "")'
    orphans = f"sum by (client) (increase(sla_orphans_total{{{_HERE}}}[1h])) or {none}"
    return lines(words, ask(orphans, "{{client}}"))


def _quantiles(metric: str, name: str, refs: tuple[str, str]) -> tuple[prometheus.Dataquery, prometheus.Dataquery]:
    buckets = f"sum by (le) (rate({metric}_bucket{{{_HERE}}}[$__rate_interval]))"
    half, most = refs
    return (
        ask(f"histogram_quantile(0.5, {buckets})", f"{name}, half within", half),
        ask(f"histogram_quantile(0.99, {buckets})", f"{name}, 99 % within", most),
    )


def _batches() -> timeseries.Panel:
    words = Words(
        "Decoding and counting a batch", "How long one batch takes: half of them, and 99 in 100.", SECONDS
    )
    decode, batch = (
        _quantiles("sla_decode_seconds", "decode", ("A", "B")),
        _quantiles("sla_batch_seconds", "batch", ("C", "D")),
    )
    return lines(words, *decode, *batch)


def _judging() -> timeseries.Panel:
    words = Words(
        "Judging",
        "A tick judges everything. At once: only what moved and may tell people something.",
        SECONDS,
    )
    tick, moved = (
        _quantiles("sla_tick_seconds", "tick", ("A", "B")),
        _quantiles("sla_judge_seconds", "at once", ("C", "D")),
    )
    return lines(words, *tick, *moved)


def _delays() -> timeseries.Panel:
    words = Words(
        "How late periodic tasks come",
        "Above a second or two the worker is out of breath, and standing figures are late.",
        SECONDS,
    )
    return lines(words, ask(f"max by (task) (sla_task_delay_seconds{{{_HERE}}})", "{{task}}"))


def _recoveries() -> timeseries.Panel:
    words = Words(
        "Recoveries",
        "How many times in an hour partitions moved and state was recovered; dashed, how long one of them took.",
        COUNT,
    )
    count = f"sum(increase(sla_recovery_seconds_count{{{_HERE}}}[1h]))"
    took = f"sum(increase(sla_recovery_seconds_sum{{{_HERE}}}[1h])) / {count}"
    kind = lines(words, ask(count, "recoveries in an hour", "A"), ask(took, "seconds each", "B"))
    return kind.override_by_name("seconds each", [*dashed(ORANGE), DynamicConfigValue("unit", SECONDS)])


def _alert_latency() -> timeseries.Panel:
    words = Words(
        "From an alert to its receiver", "How long it takes to tell, tries included: half, and 99 in 100.", SECONDS
    )
    return lines(words, *_quantiles("sla_alert_seconds", "alert", ("A", "B")))


def _notifications() -> timeseries.Panel:
    words = Words(
        "Alerts in an hour, by receiver and result",
        "delivered, refused by the receiver, or exhausted: every try failed. The last two are on sla.undelivered.",
        COUNT,
    )
    told = f"sum by (receiver, result) (increase(sla_notifications_total{{{_HERE}}}[1h]))"
    return lines(words, ask(told, "{{receiver}} {{result}}"))


def _awaited() -> timeseries.Panel:
    words = Words(
        "Waiting for a receiver",
        "Messages that a receiver has not taken yet. They are tried for a day, and then are on sla.undelivered.",
        COUNT,
        24,
    )
    return lines(words, ask(f"sum by (receiver) (sla_notifications_waiting{{{_HERE}}})", "{{receiver}}"))
