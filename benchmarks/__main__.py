"""Run benchmarks and print what they measured as one table, ratios first: medians, for a machine in use."""

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence

import click

from benchmarks import (
    backlog,
    backtest,
    disk,
    kept,
    latency,
    memory,
    month,
    objectives,
    recovery,
    rolling,
    scrape,
    stages,
    throughput,
    viewers,
    workers,
)
from benchmarks.figures import Figure, Row, medians
from benchmarks.peers import compare

_WIDTH = 66


def _peers(runs: int) -> Iterator[Row]:
    return (row.told() for row in compare.rows(list(compare.run(runs))))


def _objectives(runs: int) -> Iterator[Row]:
    ratios = objectives.measure(runs)
    for number, times in ratios.objectives.items():
        yield f"cost of a fact, 1 -> {number} objectives on shared measures", f"{times:.2f} times"
    for window, times in ratios.windows.items():
        yield f"cost of a fact, window of 1 minute -> {window}", f"{times:.2f} times"


def _kept(_: int) -> Iterator[Row]:
    of_each = kept.measure()
    yield "memory of a customer with two contacts, first-contact resolution", f"{of_each.customer:.0f} bytes"
    yield "memory of an open ticket with ten facts", f"{of_each.ticket:.0f} bytes"


def _repeated(run: Callable[[], Sequence[Figure]]) -> Callable[[int], Iterator[Row]]:
    return lambda runs: medians([run() for _ in range(runs)])


def _once(rows: Callable[[], Iterator[Row]]) -> Callable[[int], Iterator[Row]]:
    return lambda _: rows()


#: Name -> the rows of what it measures, given the number of runs.
BENCHMARKS: dict[str, Callable[[int], Iterator[Row]]] = {
    "peers": _peers,
    "workers": _repeated(workers.run),
    "objectives": _objectives,
    "kept": _kept,
    "backtest": _repeated(backtest.run),
    "throughput": _repeated(throughput.run),
    "stages": _repeated(stages.run),
    "backlog": _once(backlog.rows),
    "latency": _repeated(latency.run),
    "memory": _once(memory.rows),
    "recovery": _repeated(recovery.run),
    "rolling": _repeated(rolling.run),
    "viewers": _repeated(viewers.run),
    "disk": _once(disk.rows),
    "scrape": _once(scrape.rows),
    "month": _once(month.rows),
}


@click.command()
@click.option("--runs", default=5, show_default=True, help="How often each is run of which medians are shown.")
@click.option("--only", multiple=True, type=click.Choice(list(BENCHMARKS)), help="Run this one; may be repeated.")
def main(runs: int, only: Sequence[str]) -> None:
    """Measure on a real Kafka; without --only, everything.

    Each in a process of its own: what one has left in memory would be measured with the next.
    """
    names = only or tuple(BENCHMARKS)
    if len(names) > 1:
        for name in names:
            alone = [sys.executable, "-m", "benchmarks", "--only", name, "--runs", str(runs)]
            subprocess.run(alone, check=True)
        return
    for what, figure in BENCHMARKS[names[0]](runs):
        click.echo(f"{what:{_WIDTH}} {figure}")


main()
