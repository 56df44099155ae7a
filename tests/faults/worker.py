"""A worker whose clock jumps: it is ahead of the machine's by so many milliseconds as a file says.

It writes down how many messages it was handed, so that those that came again can be told.

python -m tests.faults.worker FOLDER PATIENCE_S
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from agents import app
from agents.intake import Intake
from agents.kafka import Chunk, Durable, transport
from agents.settings import settings_from
from agents.worker import run, wall_clock_ms

AHEAD, HANDED = "ahead-ms", "handed"


def main() -> None:
    """Work until told to stop."""
    ahead, handed = Path(sys.argv[1]) / AHEAD, Path(sys.argv[1]) / HANDED
    _note_what_is_handed(handed)
    # No campaign is long enough to see what happens once a minute.
    transport._PATIENCE_S = float(sys.argv[2])  # noqa: SLF001 - as below
    app._FORGET_EVERY_S = 3.0  # noqa: SLF001 - nobody but a campaign has a use for a setting of it
    run(settings_from(os.environ), lambda: wall_clock_ms() + int(ahead.read_text()))


def _note_what_is_handed(file: Path) -> None:
    take = Intake.take

    async def noted(intake: Intake, chunk: Chunk) -> Sequence[Durable]:
        with file.open("a") as numbers:
            numbers.write(f"{len(chunk)}\n")
        return await take(intake, chunk)

    Intake.take = noted  # type: ignore[method-assign,assignment]  # the only place that every message passes


if __name__ == "__main__":
    main()
