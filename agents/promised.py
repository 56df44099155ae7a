"""How every promise stands, in Prometheus' text format: what this worker judges, read when it is scraped.

So what it no longer owns is gone at once. Written here rather than by the client library, which takes many times
as long and would keep the loop from counting (docs/benchmarks.md). Labels are bounded by contracts.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import NamedTuple, TypeAlias

from msgspec.structs import astuple

from schemas.verdicts import State, Verdict
from sla_stream.judging import Judging

PROMISE = ("client", "contract", "objective", "channel", "queue", "window")
FIGURE = (*PROMISE, "unit", "bound")
STATE = (*PROMISE, "state")
EPISODE = ("client", "contract", "objective", "channel", "queue", "kind", "phase", "severity")
OUTCOME = ("client", "channel", "queue", "measure", "outcome")

#: The number of each state in `sla_state_code`, in the order of the words.
STATE_CODES = {state: code for code, state in enumerate(State)}

#: A few milliseconds' worth.
_LINES_AT_A_STRETCH = 2_000

#: Labels as they stand between the braces, and the figure.
Line: TypeAlias = tuple[str, float]


class Shown(NamedTuple):
    """A gauge of one verdict. Where it reads None there is nothing to show."""

    name: str
    labels: Sequence[str]
    meaning: str
    read: Callable[[Verdict], float | None]


class Told(NamedTuple):
    """A gauge of what judging keeps besides verdicts."""

    name: str
    labels: Sequence[str]
    meaning: str
    lines: Callable[[Sequence[Judging]], Iterator[Line]]


def _scaled(verdict: Verdict, figure: float | None) -> float | None:
    return figure / 1000 if figure is not None and verdict.unit == "ms" else figure


SHOWN = (
    Shown("sla_state", STATE, "1, for the state it is in. unmeasurable: see to the feed.", lambda _: 1),
    Shown(
        "sla_state_code",
        PROMISE,
        "The state as a number: " + ", ".join(f"{code} {state}" for state, code in STATE_CODES.items()) + ".",
        lambda v: STATE_CODES[v.state],
    ),
    Shown("sla_value", FIGURE, "Value over the window. Absent: no verdict.", lambda v: _scaled(v, v.value)),
    Shown("sla_target", FIGURE, "What was promised.", lambda v: _scaled(v, v.target)),
    Shown(
        "sla_value_low",
        FIGURE,
        "The true value is no lower, as surely as the contract asks. Absent: it does not ask.",
        lambda v: _scaled(v, v.value_low),
    ),
    Shown(
        "sla_value_high",
        FIGURE,
        "The true value is no higher, as surely as the contract asks.",
        lambda v: _scaled(v, v.value_high),
    ),
    Shown(
        "sla_rate_needed",
        FIGURE,
        "What the value of those still to come must be to meet the target. Above 1, or below 0: lost.",
        lambda v: _scaled(v, v.rate_needed),
    ),
    Shown(
        "sla_numerator",
        PROMISE,
        "Above the line: contacts, or seconds of a mean.",
        lambda v: _scaled(v, v.numerator),
    ),
    Shown("sla_denominator", PROMISE, "Contacts below the line.", lambda v: v.denominator),
    Shown(
        "sla_sample_contacts",
        PROMISE,
        "Contacts in the window. Low: do not trust the value yet.",
        lambda v: v.sample,
    ),
    Shown(
        "sla_expected_contacts",
        PROMISE,
        "Still to come until the window ends, by a forecast or earlier weeks. Absent: neither is known.",
        lambda v: v.expected,
    ),
    Shown(
        "sla_excluded_contacts",
        PROMISE,
        "Left out by an exclusion of the contract. Absent: none.",
        lambda v: v.excluded or None,
    ),
    Shown(
        "sla_waiting_contacts",
        PROMISE,
        "Waiting now. Rising: too few agents for what comes in.",
        lambda v: v.waiting,
    ),
    Shown(
        "sla_waiting_past_threshold_contacts",
        PROMISE,
        "Waiting past the threshold now.",
        lambda v: v.waiting_past_threshold,
    ),
    Shown("sla_longest_wait_seconds", PROMISE, "Longest wait now.", lambda v: (v.longest_wait_ms or 0) / 1000),
    Shown(
        "sla_crossing_soon_contacts",
        PROMISE,
        "Of those who wait, how many will have waited too long within seconds. Answer them first.",
        lambda v: v.crossing_soon,
    ),
    Shown("sla_open_contacts", PROMISE, "Not yet done, of what has a deadline.", lambda v: v.open),
    Shown("sla_past_due_contacts", PROMISE, "Of these, past their deadline.", lambda v: v.past_due),
    Shown("sla_due_soon_contacts", PROMISE, "Of these, due soon. Do them first.", lambda v: v.due_soon),
    Shown(
        "sla_burn_rate",
        PROMISE,
        "So many times as fast as allowed is used up what may go wrong. Absent: not asked for.",
        lambda v: v.burn_rate,
    ),
    Shown(
        "sla_window_end_timestamp_seconds",
        PROMISE,
        "When the window ends, in event time. Less time(): what is left of it.",
        lambda v: v.end / 1000,
    ),
    Shown(
        "sla_catching_up",
        PROMISE,
        "1: older facts are still worked off, the figures are not of now. For long: add a worker.",
        lambda v: int(v.catching_up),
    ),
)

#: The labels that come after the promise's own.
_MORE: dict[Sequence[str], Callable[[Verdict], str]] = {
    PROMISE: lambda _: "",
    STATE: lambda v: f',state="{v.state}"',
    FIGURE: lambda v: (
        f',unit="{"seconds" if v.unit == "ms" else v.unit}",bound="{"at_most" if v.at_most else "at_least"}"'
    ),
}


def _episodes(judges: Sequence[Judging]) -> Iterator[Line]:
    for judge in judges:
        for key, record in list(judge.episodes.items()):
            one = record.episode
            names = (key.client, key.contract, key.objective or "", key.channel, key.queue or "")
            kind = "silence" if key.objective is None else "risk" if key.risk else "breach"
            yield _between(EPISODE, (*names, kind, one.phase, one.severity)), one.since_ms / 1000


def _outcomes(judges: Sequence[Judging]) -> Iterator[Line]:
    for judge in judges:
        for key, board in list(judge.boards.boards.items()):
            for outcome, n in list(board.totals.items()):
                if ":" not in outcome and outcome != "sum_ms":
                    yield _between(OUTCOME, (*astuple(key), outcome)), n


TOLD = (
    Told(
        "sla_episode_begin_timestamp_seconds",
        EPISODE,
        "When an episode that is not over began: a breach, a risk of one, or the silence of a feed, which has no "
        "objective. pending: nobody is told yet.",
        _episodes,
    ),
    Told(
        "sla_outcome_contacts",
        OUTCOME,
        "Contacts settled, by measure and class. A gauge, since a correction takes back what was counted.",
        _outcomes,
    ),
)

NAMES = tuple(one.name for one in (*SHOWN, *TOLD))


def promised(judges: Sequence[Judging], names: Collection[str] = NAMES) -> Iterator[bytes]:
    """The metrics of these names, in pieces that take a few milliseconds each; all show the same verdicts.

    Judging may go on between the pieces. Some are empty: in their time, labels were made.
    """
    verdicts = [verdict for judge in judges for verdict in judge.verdicts.values()]
    promises: list[str] = []
    for begin in range(0, len(verdicts), _LINES_AT_A_STRETCH):
        promises += [_promise(verdict) for verdict in verdicts[begin : begin + _LINES_AT_A_STRETCH]]
        yield b""
    for shown in SHOWN:
        if shown.name in names:
            yield from _family(shown.name, shown.meaning, _lines(shown, promises, verdicts))
    for told in TOLD:
        if told.name in names:
            yield from _family(told.name, told.meaning, told.lines(judges))


def _lines(shown: Shown, promises: Iterable[str], verdicts: Iterable[Verdict]) -> Iterator[Line]:
    more, read = _MORE[shown.labels], shown.read
    for promise, verdict in zip(promises, verdicts, strict=True):
        figure = read(verdict)
        if figure is not None:
            yield promise + more(verdict), figure


def _family(name: str, meaning: str, lines: Iterator[Line]) -> Iterator[bytes]:
    yield f"# HELP {name} {meaning}\n# TYPE {name} gauge\n".encode()
    while stretch := "".join(
        [f"{name}{{{labels}}} {figure!r}\n" for labels, figure in islice(lines, _LINES_AT_A_STRETCH)]
    ):
        yield stretch.encode()


def _promise(verdict: Verdict) -> str:
    """All queues together are the empty queue."""
    place = (verdict.client, verdict.contract, verdict.objective, verdict.channel, verdict.queue or "")
    return _between(PROMISE, (*place, verdict.window))


def _between(names: Iterable[str], values: Iterable[str]) -> str:
    return ",".join([f'{name}="{_escaped(value)}"' for name, value in zip(names, values, strict=True)])


@lru_cache(maxsize=4096)  # the same few names again and again
def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
