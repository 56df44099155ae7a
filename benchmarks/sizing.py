"""From contacts a day to partitions, workers, memory and disk: the arithmetic of docs/sizing.md.

`python -m benchmarks.sizing` prints the table of the page. When a benchmark says something else, change the
constant here, then the page; a test compares them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

_GIB = 2**30
_MONTH_DAYS = 31


@dataclass(frozen=True, slots=True)
class Constants:
    """What was measured, each by the benchmark named beside it."""

    facts_per_s: int = 67_889  # one worker that catches up: throughput
    bytes_per_open_contact: int = 499  # with its tallies, all in: memory
    bytes_besides: int = 225_000_000  # of a worker, at most while it catches up: memory
    board_quarters_per_contact: float = 0.6  # five objectives over three measures, few contacts a minute: month
    bytes_per_board_quarter: int = 210  # resident, from day 5 to day 31: month
    us_per_verdict: int = 41  # processor time at each tick: docs/benchmarks.md, what the bench costs
    records_read_per_s: int = 147_000  # of the changelogs: recovery
    start_s: float = 2.0  # of Python, topics checked, join: recovery
    source_bytes: int = 415  # on disk per contact in one replica, before compaction: disk
    changelog_bytes: int = 984
    tallies_bytes: int = 1_087


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What comes, and what was promised. The defaults are those of the example contract."""

    name: str
    contacts_per_day: int
    queues: int
    facts_per_contact: int = 3
    busiest_hour: float = 0.12
    awake_s_per_contact: int = 25  # it waits in its queue, is answered and ends
    lateness_days: int = 2
    verdicts_per_queue: int = 10
    replicas: int = 3
    memory_per_worker: int = 8 * _GIB


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """What it takes: a row of the table. Memory and disk are of all workers and all brokers together (bytes)."""

    peak_facts_per_s: float
    intake_memory: float
    bench_memory: float
    judging_cores: float
    workers: int
    partitions: int
    restart_s: float
    disk: float


LOADS = (
    Load(name="one client, a thousand contacts a day", contacts_per_day=1_000, queues=5),
    Load(name="20 clients, 100,000 a day", contacts_per_day=100_000, queues=200),
    Load(name="200 clients, a million a day", contacts_per_day=1_000_000, queues=2_000),
    Load(name="1,000 clients, a billion a year", contacts_per_day=2_740_000, queues=10_000),
)


def size_of(load: Load, measured: Constants) -> Size:
    """Do the arithmetic of docs/sizing.md, in its order."""
    peak_facts_per_s = load.contacts_per_day * load.facts_per_contact * load.busiest_hour / 3_600
    intake = load.contacts_per_day * load.lateness_days * measured.bytes_per_open_contact
    bench = (
        load.contacts_per_day
        * _MONTH_DAYS
        * measured.board_quarters_per_contact
        * measured.bytes_per_board_quarter
    )
    cores = _looks_per_s(load, peak_facts_per_s) * measured.us_per_verdict / 1e6
    by_memory = (intake + bench) / (load.memory_per_worker - measured.bytes_besides)
    by_processor = cores + peak_facts_per_s / measured.facts_per_s
    # Half of what a worker has is left for the share of one that is gone, and for catching up.
    workers = max(2, ceil(by_memory), ceil(2 * by_processor))
    records = load.contacts_per_day * (load.facts_per_contact + load.lateness_days) / workers
    return Size(
        peak_facts_per_s=peak_facts_per_s,
        intake_memory=intake,
        bench_memory=bench,
        judging_cores=cores,
        workers=workers,
        partitions=max(8, 1 << (2 * workers - 1).bit_length()),
        restart_s=measured.start_s + records / measured.records_read_per_s,
        disk=_disk(load, measured),
    )


def _looks_per_s(load: Load, facts_per_s: float) -> float:
    """Verdicts judged in a second: in queues in which something goes on all of them, of the others a sixtieth."""
    awake = min(1.0, facts_per_s / load.facts_per_contact * load.awake_s_per_contact / load.queues)
    return load.queues * load.verdicts_per_queue * (awake + (1 - awake) / 60)


def _disk(load: Load, measured: Constants) -> float:
    """A source of 30 days, a day of changelogs before compaction, tallies of 400 days; all copies."""
    per_contact = measured.source_bytes * 30 + measured.changelog_bytes + measured.tallies_bytes * 400
    return load.contacts_per_day * per_contact * load.replicas


def table(measured: Constants) -> Iterator[str]:
    """The table of the page, in Markdown."""
    yield "| | facts/s at peak | memory: intake, bench | judging, cores | workers | partitions | restart | disk |"
    yield "|---|---:|---:|---:|---:|---:|---:|---:|"
    for load in LOADS:
        size = size_of(load, measured)
        yield (
            f"| {load.name} | {_rounded(size.peak_facts_per_s)}"
            f" | {_gib(size.intake_memory)}, {_gib(size.bench_memory)} GiB | {size.judging_cores:.2g}"
            f" | {size.workers} | {size.partitions} | {size.restart_s:.0f} s | {_rounded(size.disk / _GIB)} GiB |"
        )


def _rounded(number: float) -> str:
    return f"{number:,.0f}" if number >= 10 else f"{number:.1f}"


def _gib(size: float) -> str:
    return _rounded(size / _GIB)


if __name__ == "__main__":
    print("\n".join(table(Constants())))
