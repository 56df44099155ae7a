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
    """What came of one try. `status` is null when nothing came back; `retry_after` is in seconds."""

    detail: str
    status: int | None = None
    retry_after: float | None = None

    @property
    def refusal(self) -> Undelivered | None:
        """Why the message is given up if this is the last answer; null if it was taken."""
        if self.status is None or self.status == _BUSY or self.status >= _BROKEN:
            return Undelivered.EXHAUSTED
        return None if self.status in _TAKEN else Undelivered.REFUSED


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
