"""What those who look at the wall cost: a door in a process of its own, without and with two hundred viewers.

Every tile changes at every tick, which is the worst that can be: on a floor most stay as they are for seconds.
"""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import NamedTuple

from agents.web.reader import monotonic_ms
from benchmarks import processor
from benchmarks.figures import Figure
from schemas.pulses import Pulse
from schemas.verdicts import Verdict
from sla_stream.promises import promises_of
from tests.builders import SECOND, contract, instant, objective, verdict, version
from tests.parts.ports import free_port, is_listening
from tests.parts.waiting import wait_until
from tests.web.serving import Served

VIEWERS, TILES = 200, 50

_TICK_S = 1.0
_SETTLES_S, _LASTS_S = 3.0, 20.0
_START_S = 30
_WINDOWS = ("rolling 15m", "day")


class _Seen(NamedTuple):
    """What the viewers got together."""

    events: int
    bytes: int


def run() -> list[Figure]:
    """The door's share of a core, and what each viewer adds."""
    with _door() as (port, pid):
        alone, _ = asyncio.run(_share(port, pid, 0))
    with _door() as (port, pid):
        watched, seen = asyncio.run(_share(port, pid, VIEWERS))
    beside = f"{VIEWERS} viewers, {TILES} tiles all changing each second"
    return [
        Figure("wall, nobody looks: share of a core", alone * 100, "{:.1f} %"),
        Figure(f"wall, {beside}: share of a core", watched * 100, "{:.1f} %"),
        Figure("events to each viewer in a second", seen.events / VIEWERS / _LASTS_S, "{:.1f}"),
        Figure("sent to each viewer in a second", seen.bytes / VIEWERS / _LASTS_S / 1000, "{:.0f} kB"),
    ]


async def _share(port: int, pid: int, viewers: int) -> tuple[float, _Seen]:
    """Processor time per second, once everybody has the whole picture."""
    looking = [asyncio.create_task(_look(port)) for _ in range(viewers)]
    await asyncio.sleep(_SETTLES_S)
    before, began = processor.cpu_s(pid), time.monotonic()
    _CAME.clear()
    await asyncio.sleep(_LASTS_S)
    share = (processor.cpu_s(pid) - before) / (time.monotonic() - began)
    seen = _Seen(sum(one.events for one in _CAME), sum(one.bytes for one in _CAME))
    for one in looking:
        assert not one.done(), "a viewer was let go"  # noqa: S101 - or it would be measured with fewer
        one.cancel()
    return share, seen


#: What has come to all viewers since the measurement began.
_CAME: list[_Seen] = []


async def _look(port: int) -> None:
    """As a browser does, but without drawing."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")
    while chunk := await reader.read(1 << 20):
        _CAME.append(_Seen(chunk.count(b"event: "), len(chunk)))


@contextmanager
def _door() -> Iterator[tuple[int, int]]:
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.viewers", str(port)])
    try:
        wait_until(lambda: is_listening(f"127.0.0.1:{port}"), _START_S, "the door")
        yield port, process.pid
    finally:
        process.terminate()
        process.wait()


def _serve(port: int) -> None:
    """Be the door, and the judges that tell it of everything each second."""
    known = _verdicts()
    ours = objective(name=known[0].objective, windows=list(_WINDOWS))
    with Served(promises_of([contract(version(ours))]), port=port) as door:
        due_ms = monotonic_ms()
        while True:
            at = instant("09:00:00") + monotonic_ms()
            n = at // SECOND
            changed = [
                replace(one, at=at, value=n % 100 / 100, sample=n % 90, waiting=3, longest_wait_ms=5_000)
                for one in known
            ]
            door.say(*changed, Pulse(partition=0, every_ms=1000, clocks={"acme": at}))
            due_ms += round(_TICK_S * 1000)
            time.sleep(max(0, due_ms - monotonic_ms()) / 1000)


def _verdicts() -> list[Verdict]:
    return [verdict(queue=f"queue-{n}", window=window) for n in range(TILES) for window in _WINDOWS]


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
