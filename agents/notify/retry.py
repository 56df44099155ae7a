"""Whether to try again, and when: a function of the policy, the tries so far and the last answer."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime

from schemas.alerts import Undelivered

_TAKEN = range(200, 300)
_BUSY = 429
_BROKEN = 500
#: To a mail server.
_NEVER = 500
#: A pause that has doubled so often is longer than any bound, and soon than any number.
_DOUBLINGS = 64


@dataclass(frozen=True, slots=True)
class Policy:
    """How long one try may take, how far apart they are, and for how long there are any. Seconds.

    Once `trips_after` tries in a row have failed, the receiver is taken for dead: one message at a time is tried.
    """

    timeout: float = 10
    first_pause: float = 0.5
    longest_pause: float = 30
    longest_retry_after: float = 300
    #: Whoever was down over night is back in the morning.
    give_up_after: float = 86_400
    trips_after: int = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one try: why the message is given up if it was the last; None if it was taken.

    `retry_after`: how long the receiver asks us to wait, in seconds.
    """

    detail: str
    refusal: Undelivered | None
    retry_after: float | None = None


def http_answer(status: int, asked: float | None = None) -> Answer:
    """What an HTTP status says."""
    if status == _BUSY or status >= _BROKEN:
        refusal: Undelivered | None = Undelivered.EXHAUSTED
    else:
        refusal = None if status in _TAKEN else Undelivered.REFUSED
    return Answer(f"HTTP {status}", refusal, asked)


def smtp_answer(code: int) -> Answer:
    """What a mail server's code says: from 500 on it never will, below it may."""
    refusal = Undelivered.REFUSED if code >= _NEVER else Undelivered.EXHAUSTED
    return Answer(f"SMTP {code}", None if code in _TAKEN else refusal)


def no_answer(detail: str) -> Answer:
    """Nothing came back."""
    return Answer(detail, Undelivered.EXHAUSTED)


@dataclass(frozen=True, slots=True)
class Breaker:
    """How a receiver fares: `failures` tries in a row have failed; nothing is sent before `closed_until_ms`."""

    failures: int = 0
    closed_until_ms: int = 0


def after(breaker: Breaker, policy: Policy, answer: Answer, now_ms: int, random: Callable[[], float]) -> Breaker:
    """Whether others that wait are to be tried now: not if the receiver asks for time, or is taken for dead.

    A refusal is an answer: the receiver is alive. `random` gives [0, 1).
    """
    asked_ms = now_ms + int(1000 * min(policy.longest_retry_after, answer.retry_after or 0))
    if answer.refusal is not Undelivered.EXHAUSTED:
        return Breaker(0, 0)
    failures = breaker.failures + 1
    if failures < policy.trips_after:
        return Breaker(failures, asked_ms)
    pause_ms = int(1000 * _pause(policy, failures - policy.trips_after + 1, random))
    return Breaker(failures, max(asked_ms, now_ms + pause_ms))


def next_try(policy: Policy, tries: int, age: float, answer: Answer, random: Callable[[], float]) -> float | None:
    """Seconds until a message of that age (s) is tried again, or None if it is not. `random` gives [0, 1)."""
    if answer.refusal is not Undelivered.EXHAUSTED or age >= policy.give_up_after:
        return None
    asked = min(policy.longest_retry_after, answer.retry_after or 0)
    return max(asked, _pause(policy, tries, random))


def _pause(policy: Policy, failures: int, random: Callable[[], float]) -> float:
    """Anything up to a bound that doubles, so that senders who failed together do not come back together."""
    bound = policy.longest_pause
    if failures < _DOUBLINGS:
        bound = min(bound, policy.first_pause * 2.0 ** (failures - 1))
    return random() * bound


def retry_after(header: str | None, now_ms: int) -> float | None:
    """`Retry-After` in seconds, as which or as a date it is sent; None if it is neither."""
    if header is None:
        return None
    if re.fullmatch("[0-9]+", header):
        return float(header)
    try:
        date = parsedate_to_datetime(header)
    except (ValueError, OverflowError):
        return None
    # A date says GMT; one that names no zone means it.
    at = date if date.tzinfo else date.replace(tzinfo=UTC)
    return max(0.0, at.timestamp() - now_ms / 1000)
