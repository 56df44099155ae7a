"""`sla-stream backtest`: the same meaning over a file, without Kafka, by one process or several."""

import gc
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice, repeat
from multiprocessing import get_context
from pathlib import Path
from typing import IO

import click

from agents.cli.report import counters, report
from agents.codec import decode
from agents.contracts import load_contracts
from schemas.dead_letters import Rejected
from schemas.facts import Fact
from schemas.words import LATEST_MS
from sla_stream.backtest import Backtest, Outcome, Share, together
from sla_stream.figures import figures
from sla_stream.promises import Promises, promises_of

_STANDARD_INPUT = "-"
#: As many as the processor keeps near, with all that they were decoded to.
_BATCH_LINES = 1_000


@click.command("backtest")
@click.argument("facts", type=click.Path(exists=True, dir_okay=False, allow_dash=True), metavar="FACTS.jsonl")
@click.option(
    "--contract",
    "contract_files",
    type=click.Path(exists=True, path_type=Path),
    required=True,
    multiple=True,
    help="A contract, or a folder of them. May be given more than once.",
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Processes among which contacts are divided; each of them reads the whole file.",
)
@click.option("--json", "as_json", is_flag=True, help="For machines: counters and every row.")
def backtest(facts: str, contract_files: tuple[Path, ...], jobs: int, as_json: bool) -> None:
    """Count FACTS.jsonl (- for standard input) under a contract, and print every window's figures."""
    if jobs > 1 and facts == _STANDARD_INPUT:
        raise click.UsageError("--jobs needs a file: each of the processes reads it")
    promises = promises_of(load_contracts(contract_files).values())
    divided = _divided(facts, contract_files, jobs) if jobs > 1 else None
    whole = divided or _count(facts, promises, Share())
    report(counters([whole.position]), figures(whole.counts, promises), as_json=as_json)


def _divided(file: str, contract_files: tuple[Path, ...], jobs: int) -> Outcome | None:
    """Count each share in a process of its own; None if that cannot be added up."""
    shares = [Share(part, jobs) for part in range(jobs)]
    with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
        outcome = together(list(pool.map(_count_file, repeat(file), repeat(contract_files), shares)))
    if outcome is None:
        click.echo(
            "Something came too late. Only one process that counts all of it can say what: again.", err=True
        )
    return outcome


def _count_file(file: str, contract_files: tuple[Path, ...], share: Share) -> Outcome:
    return _count(file, promises_of(load_contracts(contract_files).values()), share)


def _count(file: str, promises: Promises, share: Share) -> Outcome:
    # As in a worker: what is counted refers to nothing in a circle, and would be looked through again and again.
    gc.set_threshold(500_000, 20, 100)
    test = Backtest(promises, share)
    hidden = share.part > 0 or not sys.stderr.isatty()
    with (
        click.open_file(file, "rb") as facts,
        click.progressbar(_batches(facts), label="Counting", file=sys.stderr, hidden=hidden) as batches,
    ):
        for batch in batches:
            test.feed(batch)
    test.done()
    return test.outcome()


def _batches(facts: IO[bytes]) -> Iterator[list[tuple[int, Fact | Rejected]]]:
    """Messages with their line numbers. A file has no clock of its own that a fact could be ahead of."""
    lines = enumerate(facts)
    while batch := list(islice(lines, _BATCH_LINES)):
        yield [(number, decode(line.rstrip(b"\n"), LATEST_MS)) for number, line in batch]
