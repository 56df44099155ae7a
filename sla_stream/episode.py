"""From the first breach to recovery: when somebody must be told, and when it is over.

A breach is told once it has lasted `breach_after` and is news, and is over once the target - or the stricter
`clear_at` - has been met for `clear_after`. Without a verdict nothing moves: a breach that nobody can measure is
not over, and one that nobody could measure has not begun. What is at risk is not missed: that is an episode of
its own, which is over when the target is met again, or when people have been told that it is missed.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

from schemas.alerts import Severity
from schemas.policies import AlertPolicy
from schemas.verdicts import State


class Phase(StrEnum):
    """How far an episode has come."""

    PENDING = "pending"  # breached, but not for long enough, or too long ago, to tell anybody
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Episode:
    """One breach. `since_ms` is its first breaching verdict, `clearing_since_ms` the first good one after.

    It keeps the severity it began with: a receiver that is told of its end must know it again. `lost_until_ms`
    ends the period of which it was told that nothing can save it any more.
    """

    id: str
    phase: Phase
    since_ms: int
    clearing_since_ms: int | None = None
    severity: Severity = "error"
    lost_until_ms: int | None = None


class Look(NamedTuple):
    """What a verdict says to an episode; `is_clear`: the value is good enough for it to be over.

    `is_news`: it speaks of now, or of not so long ago that nobody should be woken for it. `period_end_ms` is when
    the window ends.
    """

    state: State
    is_clear: bool
    at_ms: int
    is_news: bool = True
    period_end_ms: int | None = None


def step(episode: Episode | None, look: Look, policy: AlertPolicy, subject: str) -> Episode | None:
    """The episode after one more look; None: there is none. CLOSED is its last value.

    `subject` says whose it would be, and makes the id the same wherever it is worked out.
    """
    if look.state in (State.BREACHED, State.LOST):
        begun = episode or Episode(_id(subject, look.at_ms), Phase.PENDING, look.at_ms, severity=policy.severity)
        return _worsen(begun, look, policy)
    if look.state not in (State.MET, State.AT_RISK) or episode is None:
        return episode
    if episode.phase is Phase.PENDING:
        return None
    return _recover(episode, look, policy)


def step_of_risk(
    episode: Episode | None, look: Look, policy: AlertPolicy, subject: str, *, breach_told: bool
) -> Episode | None:
    """The episode of a risk after one more look. What is missed, and nobody is told of yet, moves nothing.

    While a breach is open there is nothing to warn of.
    """
    state = look.state
    if breach_told and state in (State.AT_RISK, State.BREACHED, State.LOST):
        state = State.MET
    elif state is State.AT_RISK:
        state = State.BREACHED
    elif state in (State.BREACHED, State.LOST):
        state = State.UNMEASURABLE
    return step(episode, look._replace(state=state, is_clear=True), _warning(policy, breach_told), subject)


def is_told(episode: Episode, before: Episode | None) -> bool:
    """Whether people hear of what has become of it: that it opened, cannot be saved any more, or is over."""
    if episode.phase is Phase.PENDING:
        return False
    return before is None or before.phase is not episode.phase or before.lost_until_ms != episode.lost_until_ms


@lru_cache(maxsize=1024)  # a few policies, asked at each look
def _warning(policy: AlertPolicy, breach_told: bool) -> AlertPolicy:
    """When a risk is told, and when it is over: at once if it has come to what it was a risk of."""
    return policy.model_copy(
        update={
            "breach_after": policy.at_risk_after or 0,
            "clear_after": 0 if breach_told else policy.clear_after,
            "severity": policy.risk_severity,
        }
    )


def _worsen(episode: Episode, look: Look, policy: AlertPolicy) -> Episode:
    """What is lost will not be better for waiting: it is told at once."""
    is_lost = look.state is State.LOST
    lasted = is_lost or look.at_ms - episode.since_ms >= policy.breach_after
    opens = lasted and look.is_news
    phase = Phase.OPEN if opens or episode.phase is Phase.OPEN else Phase.PENDING
    lost_until_ms = look.period_end_ms if is_lost and phase is Phase.OPEN else episode.lost_until_ms
    return replace(episode, phase=phase, clearing_since_ms=None, lost_until_ms=lost_until_ms)


def _recover(episode: Episode, look: Look, policy: AlertPolicy) -> Episode:
    if not look.is_clear:
        return replace(episode, clearing_since_ms=None)
    since_ms = look.at_ms if episode.clearing_since_ms is None else episode.clearing_since_ms
    over = look.at_ms - since_ms >= policy.clear_after
    return replace(episode, phase=Phase.CLOSED if over else Phase.OPEN, clearing_since_ms=since_ms)


def _id(subject: str, since_ms: int) -> str:
    return sha256(f"{subject} {since_ms}".encode()).hexdigest()[:24]
