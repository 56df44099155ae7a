"""A floor to look at: the demo's contract, with tiles in every state."""

import math
from pathlib import Path
from typing import Any

from agents.contracts import load_contracts
from schemas.history import Sample
from schemas.verdicts import Reason, State, Verdict
from sla_stream.episode import Episode, Phase
from sla_stream.judged import EpisodeKey, EpisodeRecord
from sla_stream.picture import Said, Stored
from sla_stream.promises import Promises, promises_of
from tests.builders import MINUTE, SECOND, instant, verdict

CLIENT = "northwind"
NOW = instant("13:45:00")


def promises() -> Promises:
    """What the demo's contact centre promises."""
    return promises_of(load_contracts(Path("agents/demo/contracts/northwind.yaml")).values())


def said() -> list[Said]:
    """Everything on the floor at a quarter to two."""
    return [*verdicts(), *troubles(), *history()]


def verdicts() -> list[Verdict]:
    """One tile in each state."""
    late, due = State.BREACHED, State.LOST
    return [
        _of(
            "picked-up-in-30s", "sales", "rolling 5m", value=0.6004, state=late, waiting=3, longest_wait_ms=49_000
        ),
        _of("picked-up-in-30s", "sales", "day", value=0.946, waiting=3, longest_wait_ms=49_000, sample=338),
        _of("picked-up-in-30s", "support", "rolling 5m", value=0.9312, waiting=1, longest_wait_ms=8_000),
        _of("picked-up-in-30s", "support", "day", value=0.896, state=due, sample=2320, rate_needed=1.02),
        _of("abandonment", None, "rolling 15m", value=0.0824, target=0.1, at_most=True, state=State.AT_RISK),
        _of("speed-of-answer", None, "rolling 15m", value=11_240, target=20_000, unit="ms", at_most=True),
        _of("reply-in-60s", "chat", "rolling 5m", value=0.4, state=due, channel="chat", open=14, past_due=6),
        _of(
            "resolved-in-time", "tickets", "rolling 15m", value=None, state=State.NO_DATA, channel="ticket", open=0
        ),
        _of("solved-at-once", None, "day", value=0.788, target=0.75, channel="chat+voice", sample=795),
        _of("satisfaction", None, "day", value=0.9, state=State.UNMEASURABLE, channel="chat+voice", sample=12),
    ]


def troubles() -> list[Stored]:
    """Two breaches, a risk and a silent feed."""
    return [
        _open("voice", "picked-up-in-30s", "sales", since=NOW - 3 * MINUTE),
        _open("chat", "reply-in-60s", "chat", since=NOW - 64 * MINUTE, lost_until_ms=NOW),
        _open("ticket", None, None, since=NOW - 700 * SECOND),
        _open("voice", "abandonment", None, since=NOW - 9 * MINUTE, risk=True, severity="warning"),
    ]


def history() -> list[Sample]:
    """A day with a dip in it, noted since eight."""
    return [
        Sample(
            client=one.client,
            contract=one.contract,
            objective=one.objective,
            queue=one.queue,
            window=one.window,
            at=at,
            value=one.value * (1 - 0.15 * math.exp(-(((at - NOW) / MINUTE + 120) ** 2) / 900)),
            state=one.state,
            sample=20,
        )
        for one in verdicts()
        if one.value is not None
        for at in range(instant("08:00:00"), NOW, 5 * MINUTE)
    ]


def _of(objective: str, queue: str | None, window: str, **written: Any) -> Verdict:
    known: dict[str, Any] = {"at": NOW, "start": NOW - 15 * MINUTE, "end": NOW, "reason": Reason.TARGET_MET}
    about = {"client": CLIENT, "contract": "demo", "objective": objective, "queue": queue, "window": window}
    return verdict(**known | about | written)


def _open(
    channel: str, objective: str | None, queue: str | None, since: int, *, risk: bool = False, **written: Any
) -> Stored:
    key = EpisodeKey(CLIENT, "demo", channel, objective, queue, risk)
    return Stored(key, EpisodeRecord(Episode(f"{channel}-{since}", Phase.OPEN, since, **written)))
