"""Run every benchmark and print one table: medians, for a machine that others share."""

from statistics import median

import click

from benchmarks import latency, memory, throughput
from benchmarks.peers import compare


@click.command()
@click.option(
    "--runs", default=5, show_default=True, help="Runs of the throughput benchmark, and rounds against the peers."
)
def main(runs: int) -> None:
    """Measure throughput, memory and latency on a real Kafka."""
    rates = [throughput.measure() for _ in range(runs)]
    facts_per_s = [rate.facts_per_s for rate in rates]
    click.echo(f"facts per second, one worker, median of {runs}: {median(facts_per_s):,.0f}")
    click.echo(f"  lowest and highest: {min(facts_per_s):,.0f}, {max(facts_per_s):,.0f}")
    click.echo(f"  processor time of the worker: {median(rate.cpu_us_per_fact for rate in rates):.1f} µs per fact")
    click.echo(f"memory per open contact: {memory.measure():,.0f} bytes")
    waits = latency.measure()
    click.echo(
        f"fact to webhook at {latency.LOAD_PER_S:,} facts/s: p50 {waits.p50 * 1000:.0f} ms, "
        f"p99 {waits.p99 * 1000:.0f} ms"
    )
    for line in compare.lines(runs):
        click.echo(line)


main()
