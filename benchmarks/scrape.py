"""What a scrape costs where one worker judges many promises: its time, its size, and how long the loop must wait.

100 clients, 20 objectives each, in 10 queues: 20,000 verdicts, of which every second knows what is still needed.
The worker's side is what a worker runs; whoever scrapes is a process of its own.
"""

import asyncio
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import NamedTuple

from aiohttp import web
from prometheus_client import CollectorRegistry

from agents.exposition import exposed
from agents.metrics import Metrics
from agents.promised import promised
from benchmarks.figures import Row
from schemas.verdicts import Reason, State, Verdict
from sla_stream.judged import VerdictKey
from sla_stream.judging import Judging
from sla_stream.promises import promises_of

_CLIENTS, _OBJECTIVES, _QUEUES = 100, 20, 10
_SCRAPES = 5
_REST_S = 0.001
_START_MS = 1_790_000_000_000
_SCRAPE = """
import sys, time, urllib.request
for _ in range(int(sys.argv[2])):
    began = time.perf_counter()
    size = len(urllib.request.urlopen(sys.argv[1]).read())
    print(time.perf_counter() - began, size, flush=True)
"""

_VERDICT = Verdict(
    client="client",
    contract="contract",
    objective="objective",
    channel="voice",
    queue="queue",
    window="rolling 15m",
    start=_START_MS,
    end=_START_MS + 900_000,
    at=_START_MS + 900_000,
    numerator=102,
    denominator=120,
    value=0.85,
    unit="ratio",
    target=0.9,
    at_most=False,
    state=State.BREACHED,
    reason=Reason.TARGET_MISSED,
    sample=120,
    waiting=7,
    waiting_past_threshold=2,
    longest_wait_ms=48_000,
)


class Cost(NamedTuple):
    """Of a scrape, as who scrapes sees it: the slowest, and the mean of what the worker's processor spends on it.

    `wait_s` is the longest time for which the loop had no turn.
    """

    seconds: float
    processor_s: float
    bytes: int
    series: int
    wait_s: float


def measure() -> Cost:
    """Five scrapes of everything."""
    return asyncio.run(_measure(judging_of_many()))


def rows() -> Iterator[Row]:
    """As the report has it."""
    cost = measure()
    of = f"{_CLIENTS} clients x {_OBJECTIVES} objectives x {_QUEUES} queues"
    yield f"scrape of {of}", f"{cost.series:,} series, {cost.bytes / 1e6:.1f} MB"
    yield f"time that it takes, the slowest of {_SCRAPES}", f"{cost.seconds:.2f} s"
    yield "processor time of the worker for one", f"{cost.processor_s:.2f} s"
    yield "longest that counting must wait for it", f"{cost.wait_s * 1000:.0f} ms"


def judging_of_many() -> Judging:
    """20,000 verdicts, with nothing behind them."""
    judging = Judging(promises_of([]))
    for client, objective, queue in product(range(_CLIENTS), range(_OBJECTIVES), range(_QUEUES)):
        key = VerdictKey(
            f"client-{client}", f"contract-{client}", f"promise-{objective}", f"queue-{queue}", "rolling 15m"
        )
        verdict = replace(_VERDICT, **key._asdict(), value=0.5 + (client + objective + queue) / 300)
        judging.verdicts[key] = replace(verdict, rate_needed=0.95, expected=40) if queue % 2 else verdict
    return judging


async def _measure(judging: Judging) -> Cost:
    registry = CollectorRegistry()
    Metrics(registry)

    async def metrics(request: web.Request) -> web.StreamResponse:
        return await exposed(request, registry, lambda names: promised([judging], names))

    app = web.Application()
    app.add_routes([web.get("/metrics", metrics)])
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    watching, began_s = asyncio.create_task(_longest_wait()), time.process_time()
    try:
        taken = await _scrapes(f"http://127.0.0.1:{runner.addresses[0][1]}/metrics")
    finally:
        spent_s = time.process_time() - began_s
        watching.cancel()
        await runner.cleanup()
    text = b"".join(promised([judging]))
    series = sum(not line.startswith(b"#") for line in text.splitlines())
    return Cost(max(taken)[0], spent_s / _SCRAPES, taken[0][1], series, await watching)


async def _scrapes(url: str) -> list[tuple[float, int]]:
    command = [sys.executable, "-c", _SCRAPE, url, str(_SCRAPES)]
    scraping = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    output, _ = await scraping.communicate()
    return [(float(seconds), int(size)) for seconds, size in map(bytes.split, output.splitlines())]


async def _longest_wait() -> float:
    """Until it is cancelled: the longest time between two turns, less the rest between them."""
    longest, last = 0.0, time.perf_counter()
    try:
        while True:
            await asyncio.sleep(_REST_S)
            now = time.perf_counter()
            longest, last = max(longest, now - last - _REST_S), now
    except asyncio.CancelledError:
        return longest
