"""`sla-stream backtest`: the same meaning over a file, without Kafka."""

import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO

import click

from agents.cli.report import counters, report
from agents.codec import decode
from agents.contracts import load_contracts
from schemas.dead_letters import Rejected
from schemas.facts import Fact
from schemas.words import LATEST_MS
from sla_stream.backtest import Backtest
from sla_stream.figures import figures
from sla_stream.promises import promises_of

_BATCH_LINES = 5_000


@click.command("backtest")
@click.argument("facts", type=click.File("rb"), metavar="FACTS.jsonl")
@click.option(
    "--contract",
    "contract_files",
    type=click.Path(exists=True, path_type=Path),
    required=True,
    multiple=True,
    help="A contract, or a folder of them. May be given more than once.",
)
@click.option("--json", "as_json", is_flag=True, help="For machines: counters and every row.")
def backtest(facts: IO[bytes], contract_files: tuple[Path, ...], as_json: bool) -> None:
    """Count FACTS.jsonl (- for standard input) under a contract, and print every window's figures."""
    promises = promises_of(load_contracts(contract_files).values())
    test = Backtest(promises)
    with click.progressbar(
        _batches(facts), label="Counting", file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as batches:
        for batch in batches:
            test.feed(batch)
    test.done()
    report(counters([test.position]), figures(test.boards, promises), as_json=as_json)


def _batches(facts: IO[bytes]) -> Iterator[list[tuple[int, Fact | Rejected]]]:
    """Messages with their line numbers. A file has no clock of its own that a fact could be ahead of."""
    lines = enumerate(facts)
    while batch := list(islice(lines, _BATCH_LINES)):
        yield [(number, decode(line.rstrip(b"\n"), LATEST_MS)) for number, line in batch]
