"""Run this comparison alone: python -m benchmarks.peers."""

from pathlib import Path

import click

from benchmarks.peers.compare import added, rows, run


@click.command()
@click.option("--rounds", default=5, show_default=True, help="How often each of them runs.")
@click.option("--add-to", type=Path, help="Add the rounds to those in this file, and print the table of all.")
def main(rounds: int, add_to: Path | None) -> None:
    """Run ours and its peers in turn, and print ratios first."""
    done = list(run(rounds))
    done = added(done, add_to) if add_to else done
    click.echo(f"{len(done)} rounds")
    for row in rows(done):
        click.echo(": ".join(row.told()))


main()
