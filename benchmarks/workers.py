"""What a second worker brings, on the load of `throughput`; what the broker takes of the processors apart."""

import os
from collections.abc import Iterator
from statistics import median

from benchmarks import throughput
from benchmarks.throughput import Throughput


def lines(runs: int) -> Iterator[str]:
    """One worker and two, in turn; medians."""
    pairs = [(throughput.measure(1), throughput.measure(2)) for _ in range(runs)]
    for workers, rates in enumerate(zip(*pairs, strict=True), 1):
        yield f"{workers} at work on {os.cpu_count()} processors, median of {runs}: {_shown(rates)}"
    ratios = [two.facts_per_s / one.facts_per_s for one, two in pairs]
    yield f"  two against one: {median(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f})"
    limits = [_most(two) / one.facts_per_s for one, two in pairs]
    yield f"  all processors at what a fact takes of workers and broker, against one worker: {median(limits):.2f}"


def _most(rate: Throughput) -> float:
    """Facts per second if nothing but workers and broker ran, and no processor ever waited."""
    return (os.cpu_count() or 1) * 1e6 / (rate.cpu_us_per_fact + rate.broker_us_per_fact)


def _shown(rates: tuple[Throughput, ...]) -> str:
    rate = Throughput(*map(median, zip(*rates, strict=True)))
    return (
        f"{rate.facts_per_s:,.0f} facts/s; "
        f"workers {rate.worker_cores:.2f} processors, {rate.cpu_us_per_fact:.1f} µs per fact; "
        f"broker {rate.broker_cores:.2f} processors, {rate.broker_us_per_fact:.1f} µs per fact"
    )
