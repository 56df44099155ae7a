"""Run benchmarks and print what they measured: medians, for a machine that others share."""

from collections.abc import Callable, Iterable, Iterator
from statistics import median

import click

from benchmarks import backlog, disk, latency, memory, month, recovery, throughput
from benchmarks.peers import compare


def _throughput(runs: int) -> Iterator[str]:
    rates = [throughput.measure() for _ in range(runs)]
    facts_per_s = [rate.facts_per_s for rate in rates]
    yield f"facts per second, one worker, median of {runs}: {median(facts_per_s):,.0f}"
    yield f"  lowest and highest: {min(facts_per_s):,.0f}, {max(facts_per_s):,.0f}"
    yield f"  processor time of the worker: {median(rate.cpu_us_per_fact for rate in rates):.1f} µs per fact"


def _latency(_: int) -> Iterator[str]:
    for at_work in (1, 2):
        waits = latency.measure(at_work)
        yield (
            f"fact to webhook at {latency.LOAD_PER_S:,} facts/s, {at_work} at work: "
            f"p50 {waits.p50 * 1000:.0f} ms, p99 {waits.p99 * 1000:.0f} ms"
        )


def _labelled(rows: Callable[[], Iterable[tuple[str, str]]]) -> Callable[[int], Iterator[str]]:
    return lambda _: (f"{what}: {figure}" for what, figure in rows())


#: Name -> the lines of what it measures, given the number of runs.
BENCHMARKS: dict[str, Callable[[int], Iterator[str]]] = {
    "peers": compare.lines,
    "throughput": _throughput,
    "backlog": _labelled(backlog.rows),
    "latency": _latency,
    "memory": _labelled(memory.rows),
    "recovery": _labelled(recovery.rows),
    "disk": _labelled(disk.rows),
    "month": _labelled(month.rows),
}


@click.command()
@click.option(
    "--runs", default=5, show_default=True, help="Runs of the throughput benchmark, and rounds against the peers."
)
@click.option("--only", multiple=True, type=click.Choice(list(BENCHMARKS)), help="Run this one; may be repeated.")
def main(runs: int, only: Iterable[str]) -> None:
    """Measure on a real Kafka; without --only, everything."""
    for name in only or BENCHMARKS:
        for line in BENCHMARKS[name](runs):
            click.echo(line)


main()
