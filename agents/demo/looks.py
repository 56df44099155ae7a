"""How things look and read. By shape and word as well as by colour: not everybody sees colours."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from agents.demo.floor import Happening, Kind
from schemas.verdicts import State, Verdict
from sla_stream.wording import promised, stands


class Look(NamedTuple):
    """How something is shown."""

    shape: str
    word: str
    style: str


STATES: Mapping[State, Look] = {
    State.NO_DATA: Look("·", "no data", "dim"),
    State.TOO_FEW: Look("▲", "too few", "yellow"),
    State.MET: Look("✓", "met", "green"),
    State.AT_RISK: Look("▲", "at risk", "yellow"),
    State.BREACHED: Look("✖", "breached", "bold red"),
    State.LOST: Look("✖", "lost", "bold red"),
    State.UNMEASURABLE: Look("?", "unmeasurable", "magenta"),
}

KINDS: Mapping[Kind, Look] = {
    Kind.AGENTS_GONE: Look("▼", "agents gone", "yellow"),
    Kind.AGENTS_BACK: Look("▲", "agents back", "cyan"),
    Kind.BREACH_OPENED: Look("✖", "breach opened", "bold red"),
    Kind.TARGET_LOST: Look("✖", "target lost", "bold red"),
    Kind.BREACH_RESOLVED: Look("✓", "breach resolved", "green"),
    Kind.RISK_OPENED: Look("▲", "risk opened", "yellow"),
    Kind.RISK_RESOLVED: Look("·", "risk resolved", "dim"),
    Kind.FEED_SILENT: Look("?", "feed silent", "magenta"),
    Kind.FEED_RESUMED: Look("✓", "feed resumed", "green"),
}


def verdict_line(verdict: Verdict, zone: ZoneInfo) -> str:
    """One promise in one line."""
    look = STATES[verdict.state]
    return (
        f"{clock(verdict.at, zone)}  {verdict.queue or 'all queues':10} {verdict.objective:16} {verdict.window:11}"
        f" {stands(verdict):>10}  {promised(verdict):16} {look.shape} {look.word:12}"
        f" {verdict.sample:4} counted, waiting: {waiting(verdict)}"
    )


def happening_line(happening: Happening, zone: ZoneInfo) -> str:
    """One line of the log."""
    look = KINDS[happening.kind]
    return f"{clock(happening.at_ms, zone)}  {look.shape} {look.word}: {happening.text}"


def waiting(verdict: Verdict) -> str:
    """How many wait, and the longest of the waits; of what has a deadline, how many are past it."""
    if verdict.open is not None:
        return f"{verdict.open}, {verdict.past_due} late" if verdict.past_due else f"{verdict.open}"
    longest = "" if verdict.longest_wait_ms is None else f" ({verdict.longest_wait_ms // 1000} s)"
    return f"{verdict.waiting}{longest}"


def clock(at_ms: int, zone: ZoneInfo) -> str:
    """The time of day."""
    return f"{datetime.fromtimestamp(at_ms // 1000, zone):%H:%M:%S}"


def day(at_ms: int, zone: ZoneInfo) -> str:
    """The day."""
    return f"{datetime.fromtimestamp(at_ms // 1000, zone):%A %Y-%m-%d}"
