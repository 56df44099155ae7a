"""Run benchmarks and print what they measured: medians, for a machine that others share."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from statistics import median

import click

from benchmarks import disk, latency, memory, month, objectives, recovery, rolling, throughput, workers
from benchmarks.figures import Figure, medians
from benchmarks.peers import compare

#: More often, and the benchmarks that take a minute would take an hour.
_MOST_RUNS = 3


def _throughput(runs: int) -> Iterator[str]:
    rates = [throughput.measure() for _ in range(runs)]
    facts_per_s = [rate.facts_per_s for rate in rates]
    yield f"facts per second, one worker, median of {runs}: {median(facts_per_s):,.0f}"
    yield f"  lowest and highest: {min(facts_per_s):,.0f}, {max(facts_per_s):,.0f}"
    yield f"  processor time of the worker: {median(rate.cpu_us_per_fact for rate in rates):.1f} µs per fact"


def _memory(_: int) -> Iterator[str]:
    yield f"memory per open contact: {memory.measure():,.0f} bytes"


def _latency(_: int) -> Iterator[str]:
    waits = latency.measure()
    yield (
        f"fact to webhook at {latency.LOAD_PER_S:,} facts/s: "
        f"p50 {waits.p50 * 1000:.0f} ms, p99 {waits.p99 * 1000:.0f} ms"
    )


def _objectives(runs: int) -> Iterator[str]:
    ratios = objectives.measure(runs)
    yield f"1 -> 50 objectives on shared measures: {ratios.fifty_objectives:.2f}x"
    yield f"windows of 1 minute -> 90 days: {ratios.ninety_days:.2f}x"


def _repeated(run: Callable[[], Sequence[Figure]]) -> Callable[[int], Iterator[str]]:
    def lines(runs: int) -> Iterator[str]:
        several = [run() for _ in range(min(runs, _MOST_RUNS))]
        return (f"{what}: {figure}" for what, figure in medians(several))

    return lines


def _labelled(rows: Callable[[], Iterable[tuple[str, str]]]) -> Callable[[int], Iterator[str]]:
    return lambda _: (f"{what}: {figure}" for what, figure in rows())


#: Name -> the lines of what it measures, given the number of runs.
BENCHMARKS: dict[str, Callable[[int], Iterator[str]]] = {
    "peers": compare.lines,
    "objectives": _objectives,
    "throughput": _throughput,
    "workers": _repeated(workers.run),
    "latency": _latency,
    "memory": _memory,
    "recovery": _repeated(recovery.run),
    "rolling": _repeated(rolling.run),
    "disk": _labelled(disk.rows),
    "month": _labelled(month.rows),
}


@click.command()
@click.option(
    "--runs", default=5, show_default=True, help="Rounds against the peers, and runs of what is repeated."
)
@click.option("--only", multiple=True, type=click.Choice(list(BENCHMARKS)), help="Run this one; may be repeated.")
def main(runs: int, only: Iterable[str]) -> None:
    """Measure on a real Kafka; without --only, everything."""
    for name in only or BENCHMARKS:
        for line in BENCHMARKS[name](runs):
            click.echo(line)


main()
