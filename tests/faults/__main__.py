"""`make faults`: many campaigns, and a report that can be pasted."""

import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import click

from tests.faults.campaign import run_in_folder
from tests.faults.report import keep, kept, report


@click.command()
@click.option("--first", default=1, help="The first seed.")
@click.option("--seeds", default=20, help="How many campaigns.")
@click.option("--faults", default=12, help="How many faults in each.")
@click.option("--at-a-time", default=2, help="How many campaigns side by side.")
@click.option("--outcomes", type=Path, help="Add the outcomes to this file, and report on all that are in it.")
def main(first: int, seeds: int, faults: int, at_a_time: int, outcomes: Path | None) -> None:
    """Run campaigns; end with 1 if anything was wrong."""
    with tempfile.TemporaryDirectory() as folder:
        file = outcomes or Path(folder) / "outcomes"
        with ProcessPoolExecutor(at_a_time, mp_context=get_context("spawn")) as pool:
            for outcome in pool.map(partial(run_in_folder, faults), range(first, first + seeds)):
                keep(file, outcome)
        told = kept(file)
    click.echo(report(told))
    sys.exit(any(outcome.differences for outcome in told))


if __name__ == "__main__":
    main()
