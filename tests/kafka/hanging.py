"""A worker that is told to stop, and whose fetching thread does not, as when it waits for a broker."""

import asyncio
import os
import signal
import sys

from agents import kafka
from agents.kafka.thread import ConsumerThread
from tests.kafka.counting_worker import add_counting, make_app

_PATIENCE_S = 4


async def _wait_for_ever(_: ConsumerThread) -> None:
    await asyncio.Event().wait()


def main(address: str) -> None:
    """Stop as soon as there is something to do; end only by the watchdog."""
    app = make_app(address, "hanging")
    add_counting(app, "hanging", 1)
    kafka.transport_of(app).watchdog.patience_s = _PATIENCE_S
    ConsumerThread.on_thread_stop = _wait_for_ever  # type: ignore[method-assign,assignment]  # nothing else hangs surely

    async def stop() -> None:
        os.kill(os.getpid(), signal.SIGTERM)

    app.task(stop)

    sys.argv[1:] = ["worker", "--loglevel", "warn", "--without-web"]
    app.main()


if __name__ == "__main__":
    main(sys.argv[1])
