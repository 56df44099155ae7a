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


@dataclass(frozen=True, slots=True)
class Policy:
    """How long one try may take, how many there are, and how far apart. Seconds."""

    tries: int = 6
    timeout: float = 10
    first_pause: float = 0.5
    longest_pause: float = 30
    longest_retry_after: float = 300


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


def next_try(policy: Policy, tries: int, answer: Answer, random: Callable[[], float]) -> float | None:
    """Seconds until the next try, or None if there is none. `random` gives [0, 1).

    The pause is anything up to a bound that doubles, so that senders who failed together do not come back
    together; but no less than the receiver asks for.
    """
    if answer.refusal is not Undelivered.EXHAUSTED or tries >= policy.tries:
        return None
    bound = min(policy.longest_pause, policy.first_pause * 2.0 ** (tries - 1))
    asked = min(policy.longest_retry_after, answer.retry_after or 0)
    return max(asked, random() * bound)


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
