"""The right to write: held only while the group is known to count this worker as a member.

A worker that was frozen past its session wakes with work in hand that another has meanwhile redone. Its
record would be the last for its key, and compaction keeps the last, not the newest.
"""

import asyncio
import time

from agents.kafka.exits import Exit, leave

_SHARE_OF_SESSION = 0.8
_WAIT_SHARE_OF_SESSION = 0.3
_POLL_S = 0.05


class Lease:
    """Renewed by each heartbeat and join that the coordinator confirmed, as of when it was sent.

    Times are monotonic: that clock runs on while the process is stopped.
    """

    def __init__(self, session_timeout_s: float) -> None:
        self._session_s = session_timeout_s
        self._renewed_at = float("-inf")

    def renew(self, sent_at: float) -> None:
        """Take note of a confirmed sign of life."""
        self._renewed_at = max(self._renewed_at, sent_at)

    def holds(self, now: float) -> bool:
        """Say whether nobody else can have been given our partitions yet."""
        return now - self._renewed_at <= _SHARE_OF_SESSION * self._session_s

    async def require(self) -> None:
        """Return if the lease holds; a late heartbeat may yet renew it, otherwise the process ends."""
        deadline = time.monotonic() + _WAIT_SHARE_OF_SESSION * self._session_s
        while not self.holds(now := time.monotonic()):
            if now > deadline:
                leave(Exit.LEASE_LOST, "no heartbeat was confirmed lately, so nothing may be written")
            await asyncio.sleep(_POLL_S)
