"""A month of calls through the pure core, forgetting as a worker does: what is kept, by day."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from agents.codec import decode
from agents.contracts import load_contracts
from benchmarks import load, system
from benchmarks.figures import Row
from benchmarks.load import Pace
from schemas.words import LATEST_MS
from sla_stream.counting import Batch, Counting
from sla_stream.judging import Judging
from sla_stream.messages import messages_of
from sla_stream.promises import promises_of
from tests.rules.sizes import sizes_of

_DAYS, _HOURS = 32, 24
#: Two lateness of the contract after the first call everything should be as it stays; day 32 is the next month.
_SHOWN = (1, 5, 10, 20, 30, 31, 32)
_HOUR_MS = 3_600_000
#: From the first of a month in the contract's zone, since what belongs to the month is kept until it ends.
_PACE = Pace(start_ms=1_790_805_600_000, per_minute=2, queues=5)
_CALLS_PER_HOUR = 60 * _PACE.per_minute


def rows() -> Iterator[Row]:
    """The ends of some days: resident memory, and numbers of things kept."""
    with TemporaryDirectory() as home:
        contract = system.example_contract(Path(home))
        promises = promises_of(load_contracts([contract]).values())
    counting, judging = Counting(promises), Judging(promises)
    offset = 0
    for hour in range(_DAYS * _HOURS):
        offset = _live(hour, offset, counting, judging)
        if (hour + 1) % _HOURS == 0 and (day := (hour + 1) // _HOURS) in _SHOWN:
            kept = sizes_of(counting, judging)._asdict()
            numbers = ", ".join(f"{n:,} {name.replace('_', ' ')}" for name, n in kept.items())
            yield f"kept at the end of day {day}", f"{_resident_mib():.0f} MiB; {numbers}"


def _live(hour: int, offset: int, counting: Counting, judging: Judging) -> int:
    """Count an hour's calls, forget, and judge; return the next offset."""
    calls = load.calls(_CALLS_PER_HOUR, _PACE, first=hour * _CALLS_PER_HOUR)
    messages = [(offset + n, decode(value, LATEST_MS)) for n, (_, value) in enumerate(calls)]
    last = offset + len(messages) - 1
    changed = [counting.observe(Batch(messages, last)), counting.forget(durable_offset=last)]
    now_ms = _PACE.start_ms + (hour + 1) * _HOUR_MS
    for changes in changed:
        judging.observe(messages_of(changes, "contact.calls/0", now_ms))
    for key, _ in list(judging.unannounced()):
        judging.announced(key)
    for key, record in judging.tick(now_ms).episodes.items():
        if record and record.alert:
            judging.announced(key)
    return last + 1


def _resident_mib() -> float:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
