"""What a worker's memory is made of: calls that are answered and go on, after it has caught up with them all."""

import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple
from zlib import crc32

from agents import state
from agents.codec import decode
from agents.contracts import load_contracts
from benchmarks import load, system
from benchmarks.load import Pace
from schemas.words import LATEST_MS
from sla_stream.counting import Batch, Counting
from sla_stream.judging import Judging
from sla_stream.messages import messages_of
from sla_stream.promises import promises_of

Row = tuple[str, str]

#: What catching up takes besides must not grow with the backlog, once that is longer than what is under way.
_CONTACTS = (200_000, 600_000, 1_000_000)
#: By then the worker has given back what was free.
_AT_REST_S = 35

_IN_PROCESS, _AT_ONCE, _PARTITIONS = 60_000, 20_000, 8
_SHOWN_BYTES = 1.0
_NOW_MS = Pace().start_ms


class Memory(NamedTuple):
    """Resident memory of a worker (bytes): the most while it caught up, and when it has come to rest."""

    most: int
    at_rest: int


def rows() -> Iterator[Row]:
    """What is there for each contact, what is there besides, and what catching up takes for a while."""
    measured = {contacts: _caught_up(contacts) for contacts in _CONTACTS}
    few, many = _CONTACTS[0], _CONTACTS[-1]
    per_contact = (measured[many].at_rest - measured[few].at_rest) / (many - few)
    yield "memory per open contact", f"{per_contact:,.0f} bytes"
    for contacts, memory in measured.items():
        yield f"  with {contacts:,}, at rest", _mib(memory.at_rest)
        yield "    all of it, for each", f"{memory.at_rest / contacts:,.0f} bytes"
        yield "    besides contacts", _mib(memory.at_rest - contacts * per_contact)
        yield "    besides contacts, at most while it caught up", _mib(memory.most - contacts * per_contact)
    yield from parts()


def _caught_up(contacts: int) -> Memory:
    facts = load.calls(contacts, ended=False)
    with system.cluster() as environment:
        system.produce(environment["SLA_KAFKA"], facts)
        with system.worker(environment) as running:
            while running.counted() < len(facts):
                time.sleep(0.1)
            time.sleep(_AT_REST_S)
            return Memory(_most(running.pid), running.memory_bytes())


def _most(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line.split()[1] for line in status if line.startswith("VmHWM:"))) * 1024


def parts() -> Iterator[Row]:
    """What is kept of a contact by the module that made it: of counting and judging alone, in this process."""
    with TemporaryDirectory() as home:
        promises = promises_of(load_contracts([system.example_contract(Path(home))]).values())
    countings, judging = [Counting(promises) for _ in range(_PARTITIONS)], Judging(promises)
    tracemalloc.start()
    for first in range(0, _IN_PROCESS, _AT_ONCE):
        _live(first, countings, judging)
    kept = tracemalloc.take_snapshot().statistics("filename")
    tracemalloc.stop()
    for made in kept:
        if (size := made.size / _IN_PROCESS) >= _SHOWN_BYTES:
            yield f"  of a contact, by {Path(made.traceback[0].filename).name}", f"{size:,.0f} bytes"


def _live(first: int, countings: list[Counting], judging: Judging) -> None:
    values: list[list[bytes]] = [[] for _ in countings]
    for key, value in load.calls(_AT_ONCE, first=first, ended=False):
        values[crc32(key) % _PARTITIONS].append(value)
    for partition, counting in enumerate(countings):
        offset = counting.position.offset + 1
        messages = [(offset + n, decode(value, LATEST_MS)) for n, value in enumerate(values[partition])]
        changes = counting.observe(Batch(messages, offset + len(messages) - 1))
        told = map(state.bench_record, messages_of(changes, f"contact.calls/{partition}", _NOW_MS))
        judging.observe(state.bench_messages(value for _, value in told if value is not None))
    judging.tick(_NOW_MS)


def _mib(size: float) -> str:
    return f"{size / 2**20:,.0f} MiB"
