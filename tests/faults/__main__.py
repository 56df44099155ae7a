"""`make faults`: many campaigns, and a report that can be pasted."""

import shutil
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import click

from tests.faults.campaign import Outcome, run
from tests.faults.report import report


@click.command()
@click.option("--first", default=1, help="The first seed.")
@click.option("--seeds", default=20, help="How many campaigns.")
@click.option("--faults", default=12, help="How many faults in each.")
@click.option("--at-a-time", default=2, help="How many campaigns side by side.")
def main(first: int, seeds: int, faults: int, at_a_time: int) -> None:
    """Run campaigns; end with 1 if anything was wrong."""
    with ProcessPoolExecutor(at_a_time, mp_context=get_context("spawn")) as pool:
        outcomes = list(pool.map(partial(_run, faults), range(first, first + seeds)))
    click.echo(report(outcomes))
    sys.exit(any(outcome.comparison.differences for outcome in outcomes))


def _run(faults: int, seed: int) -> Outcome:
    """Run one campaign; its folder is left where something went wrong."""
    home = Path(tempfile.mkdtemp(prefix=f"campaign-{seed}-"))
    outcome = run(home, seed, faults)
    differences = outcome.comparison.differences
    click.echo(f"seed {seed}: {outcome.faults.total()} faults, {len(differences)} wrong", err=True)
    if differences:
        click.echo(f"{outcome.comparison.first_differences}\nSee {home}", err=True)
    else:
        shutil.rmtree(home)
    return outcome


if __name__ == "__main__":
    main()
