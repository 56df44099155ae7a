"""A contract in sentences: what is counted, by which formula, and when somebody is told.

Written for the person who signs it. What becomes of the edge cases is said each time.
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from textwrap import fill

from pydantic import TypeAdapter

from schemas.contract import Contract, Objective, Version
from schemas.measures import Abandonment, Handling, Measure, ServiceLevel, Wait
from schemas.policies import AlertPolicy
from schemas.written import Duration

_WIDTH = 100

_DURATION: TypeAdapter[int] = TypeAdapter(Duration)

_UNITS = ((86_400_000, "day"), (3_600_000, "hour"), (60_000, "minute"), (1_000, "second"), (1, "millisecond"))

#: What is counted above and below the line. T is the threshold, S the short abandon.
_SERVICE_LEVELS = {
    "abandons_met": (
        "contacts answered or abandoned within {T}",
        "all that were answered or abandoned",
    ),
    "answered_only": (
        "contacts answered within {T}",
        "all that were answered",
    ),
    "abandons_missed": (
        "contacts answered within {T}",
        "all that were answered or abandoned",
    ),
    "abandons_in_time_ignored": (
        "contacts answered within {T}",
        "all that were answered, or abandoned after more than {T}",
    ),
    "short_abandons_met": (
        "contacts answered within {T} or abandoned within {S}",
        "all that were answered or abandoned",
    ),
    "short_abandons_ignored": (
        "contacts answered within {T}",
        "all that were answered, or abandoned after more than {S}",
    ),
    "removed_in_time": (
        "contacts answered, abandoned or flowed out within {T}",
        "all that were answered, abandoned or flowed out",
    ),
}
_ABANDONMENTS = {
    "all_abandons": "contacts abandoned, out of these and the answered ones",
    "short_abandons_ignored": "contacts abandoned after more than {S}, out of these and the answered ones",
}
_STATISTICS = {
    "speed_of_answer": ("wait", "the contacts that were answered"),
    "time_to_abandon": ("wait", "the contacts that were abandoned"),
    "wait": ("wait", "all contacts, whether answered, abandoned or flowed out"),
    "talk_time": ("time from answer to end", "the contacts that were answered and have ended"),
}
_FLOWED_OUT = "Contacts that flowed out of the queue do not count."
_CLOCKS = {
    "arrival": "offered",
    "outcome": "answered or abandoned",
    "settled": "answered or abandoned, or in which the threshold passed if that was earlier",
}
_JUDGED = {
    "together": "All queues are judged as one",
    "each_queue": "Each queue is judged by itself",
    "both": "Each queue is judged by itself, and all of them as one",
}
_WINDOWS = {
    "interval 15m": "each quarter of an hour",
    "interval 30m": "each half-hour",
    "interval 1h": "each hour",
    "day": "each day",
    "week": "each week",
    "month": "each month",
    "quarter": "each quarter of a year",
    "year": "each year",
    "fiscal month": "each fiscal month",
}


def explain(contract: Contract) -> str:
    """Say the contract in sentences."""
    sections = [_head(contract)]
    for version in contract.versions:
        sections += _version(version)
    return "\n\n".join(sections) + "\n"


def _head(contract: Contract) -> str:
    holidays = f", where PH are the public holidays of {contract.holidays}" if contract.holidays else ""
    return _lines(
        f"{contract.title or contract.name}: what is promised to {contract.client}.",
        f"Opening hours are {contract.hours}{holidays}, by the clock of {contract.time_zone}.",
        "Days, weeks and months begin at midnight by the same clock.",
        f"What is heard of more than {_duration(contract.lateness)} late is not counted.",
        f"After {_duration(contract.silence)} of opening hours in which nothing is heard, nothing is judged.",
        f"While what is heard lies back more than {_duration(contract.alert_horizon)}, nobody is told of it.",
    )


def _version(version: Version) -> Iterator[str]:
    yield f"From {version.effective.day} {version.effective:%B %Y} on:"
    for number, objective in enumerate(version.objectives, start=1):
        yield _lines(f"{number}. {objective.name}", *_objective(objective), indent="   ")


def _lines(first: str, *others: str, indent: str = "") -> str:
    return "\n".join(
        [first, *(fill(line, _WIDTH, initial_indent=indent, subsequent_indent=indent) for line in others)]
    )


def _objective(objective: Objective) -> Iterator[str]:
    if objective.description:
        yield objective.description
    yield f"Promised: {_promised(objective, objective.target.bound)}, {_where(objective)}."
    yield f"Counted: {_counted(objective.measure)}"
    clock = getattr(objective.measure, "attribute_to", None)
    if clock:
        yield f"A contact belongs to the window in which it was {_CLOCKS[clock]}."
    windows = _listed(map(_window, objective.windows))
    yield f"Judged: {_JUDGED[objective.judge]}, over {windows}. {_sample(objective)}"
    yield f"Alert: {_alert(objective.alert, objective)}"


def _where(objective: Objective) -> str:
    if objective.queues == "all":
        return f"for {_listed(objective.channels)} contacts in all queues"
    noun = "queue" if len(objective.queues) == 1 else "queues"
    return f"for {_listed(objective.channels)} contacts in the {noun} {_listed(objective.queues)}"


def _counted(measure: Measure) -> str:
    if isinstance(measure, ServiceLevel):
        return _service_level(measure)
    if isinstance(measure, Abandonment):
        share = _ABANDONMENTS[measure.formula].format(S=_duration(measure.short_abandons))
        return f"{share}. {_FLOWED_OUT}"
    assert isinstance(measure, Wait | Handling)  # noqa: S101 - for now
    return _statistic(measure)


def _service_level(measure: ServiceLevel) -> str:
    threshold, flowouts_missed = _duration(measure.threshold), measure.formula == "flowouts_missed"
    formula = measure.flowouts_over if flowouts_missed else measure.formula
    above, below = _SERVICE_LEVELS[formula]
    flowed_out = ", and all that flowed out of the queue" if flowouts_missed else ""
    share = f"{above}, out of {below}".format(T=threshold, S=_duration(measure.short_abandons))
    sentences = [f"{share}{flowed_out}.", f"A wait of exactly {threshold} is within it."]
    if formula == "answered_only":
        sentences.append("Contacts that were abandoned do not count.")
    elif measure.attribute_to != "outcome":
        sentences.append(f"Who still waits after {threshold} counts as missed from then on.")
    if measure.formula not in ("flowouts_missed", "removed_in_time"):
        sentences.append(_FLOWED_OUT)
    return " ".join(sentences)


def _statistic(measure: Wait | Handling) -> str:
    duration, whose = _STATISTICS[measure.kind]
    if measure.formula == "mean":
        return f"the mean {duration} of {whose}."
    if measure.formula == "longest":
        return f"the longest {duration} of {whose}, to within 2 %."
    share = measure.formula.removeprefix("p")
    return f"the {duration} that {share} % of {whose} did not exceed, to within 2 %."


def _sample(objective: Objective) -> str:
    if objective.minimum_sample == 1:
        return "A window without contacts has no verdict."
    return f"A window with fewer than {objective.minimum_sample} contacts has no verdict."


def _alert(alert: AlertPolicy | None, objective: Objective) -> str:
    if alert is None:
        return "none."
    missed = f"has been missed for {_duration(alert.breach_after)}" if alert.breach_after else "is missed"
    kept = f"has been kept for {_duration(alert.clear_after)}" if alert.clear_after else "is kept"
    goal = "it" if alert.clear_at is None else _promised(objective, alert.clear_at)
    return (
        f"{alert.severity}, from a look at {_window(alert.window)}. "
        f"It begins when the target {missed}, and ends when {goal} {kept}."
    )


def _promised(objective: Objective, bound: Fraction) -> str:
    side = "at least" if objective.target.at_most is None else "at most"
    if isinstance(objective.measure, ServiceLevel | Abandonment):
        return f"{side} {float(bound * 100):g} %"
    return f"{side} {_duration(int(bound))}"


def _window(name: str) -> str:
    if name in _WINDOWS:
        return _WINDOWS[name]
    length = _duration(_DURATION.validate_python(name.removeprefix("rolling ")))
    return f"the last {length.removeprefix('1 ')}"


def _duration(ms: int) -> str:
    # As the author would write it: 90 seconds, not 1 minute and a half.
    size, unit = next((pair for pair in _UNITS if ms >= pair[0] and ms % pair[0] == 0), (1_000, "second"))
    count = ms // size
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def _listed(words: Iterable[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
