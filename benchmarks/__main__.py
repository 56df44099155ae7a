"""Run benchmarks and print one table: medians, for a machine that others share."""

from collections.abc import Iterable, Iterator
from statistics import median

import click

from benchmarks import disk, latency, memory, month, recovery, throughput

Row = tuple[str, str]


def _throughput(runs: int) -> Iterator[Row]:
    rates = [throughput.measure() for _ in range(runs)]
    facts_per_s = [rate.facts_per_s for rate in rates]
    yield f"facts per second, one worker, median of {runs}", f"{median(facts_per_s):,.0f}"
    yield "  lowest and highest", f"{min(facts_per_s):,.0f}, {max(facts_per_s):,.0f}"
    yield "  processor time of the worker", f"{median(rate.cpu_us_per_fact for rate in rates):.1f} µs per fact"


def _memory(_: int) -> Iterator[Row]:
    yield "memory per open contact", f"{memory.measure():,.0f} bytes"


def _latency(_: int) -> Iterator[Row]:
    waits = latency.measure()
    yield (
        f"fact to webhook at {latency.LOAD_PER_S:,} facts/s",
        f"p50 {waits.p50 * 1000:.0f} ms, p99 {waits.p99 * 1000:.0f} ms",
    )


def _recovery(_: int) -> Iterator[Row]:
    yield from recovery.rows()


def _disk(_: int) -> Iterator[Row]:
    yield from disk.rows()


def _month(_: int) -> Iterator[Row]:
    yield from month.rows()


#: Name -> what it measures, given the number of runs.
BENCHMARKS = {
    "throughput": _throughput,
    "memory": _memory,
    "latency": _latency,
    "recovery": _recovery,
    "disk": _disk,
    "month": _month,
}


@click.command()
@click.option("--runs", default=5, show_default=True, help="Runs of the throughput benchmark.")
@click.option("--only", multiple=True, type=click.Choice(list(BENCHMARKS)), help="Run this one; may be repeated.")
def main(runs: int, only: Iterable[str]) -> None:
    """Measure on a real Kafka; without --only, everything."""
    for name in only or BENCHMARKS:
        for what, figure in BENCHMARKS[name](runs):
            click.echo(f"{what}: {figure}")


main()
