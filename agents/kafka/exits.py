"""Ways in which a worker ends itself: at once, saying why, committing nothing more.

Whatever was not committed is read again by whoever takes over, so an end like this loses nothing.
"""

import enum
import logging
import os
from typing import NoReturn

logger = logging.getLogger(__name__)


class Exit(enum.IntEnum):
    """The process's exit code for each of them."""

    AGENT_FAILED = 70
    WRITE_FAILED = 71
    LEASE_LOST = 72
    DRAIN_TIMED_OUT = 73
    CHANGELOG_UNREADABLE = 74
    SOURCE_CHANGED = 75
    STALLED = 76
    TOPICS_UNKNOWN = 77


def leave(code: Exit, why: str, error: BaseException | None = None) -> NoReturn:
    """End the process now: an orderly stop would flush and commit what must not be committed."""
    logger.critical("%s; ending with %d (%s)", why, code, code.name, exc_info=error)
    logging.shutdown()
    os._exit(code)
