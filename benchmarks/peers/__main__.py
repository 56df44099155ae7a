"""Run this comparison alone: python -m benchmarks.peers."""

import click

from benchmarks.peers.compare import lines


@click.command()
@click.option("--rounds", default=5, show_default=True, help="How often each of them runs.")
def main(rounds: int) -> None:
    """Run ours and its peers in turn, and print ratios first."""
    for line in lines(rounds):
        click.echo(line)


main()
