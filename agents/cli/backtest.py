"""`sla-stream backtest`: the same meaning over a file, without Kafka, by one process or several."""

import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice, repeat
from multiprocessing import get_context
from pathlib import Path
from typing import IO, NamedTuple

import click

from agents import state
from agents.allocator import collect_seldom
from agents.cli.report import counters, report
from agents.codec import decode
from agents.contracts import load_contracts
from schemas.dead_letters import Rejected
from schemas.facts import Fact
from schemas.words import LATEST_MS
from sla_stream.backtest import Backtest, Counted, Share, Told
from sla_stream.changes import Position
from sla_stream.contact import Result
from sla_stream.figures import figures
from sla_stream.promises import promises_of

_STANDARD_INPUT = "-"
#: As many as the processor keeps near, with all that they were decoded to.
_BATCH_LINES = 1_000


class _Written(NamedTuple):
    """What a share told, as it would stand on the topics: so it goes from process to process quickly."""

    position: Position
    messages: list[bytes | None]
    touches: list[bytes | None]
    adjustments: list[bytes | None]

    @property
    def told(self) -> Told:
        """The same, read."""
        messages, touches, adjustments = (filter(None, records) for records in self[1:])
        return Told(
            list(state.bench_messages(messages)),
            list(state.touches(touches)),
            list(state.adjustments(adjustments)),
        )


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
    test = Backtest(promises)
    positions = _divided(facts, contract_files, jobs, test) if jobs > 1 else None
    if positions is None:
        counted = Counted(promises, Share())
        for told in _told(facts, counted, shown=True):
            test.observe(told)
        positions = [counted.position]
    report(counters(positions), figures(test.boards, promises), as_json=as_json)


def _divided(file: str, contract_files: tuple[Path, ...], jobs: int, test: Backtest) -> list[Position] | None:
    """Count each share in a process of its own; None if that cannot be added up."""
    shares = [Share(part, jobs) for part in range(jobs)]
    with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
        written = list(pool.map(_count, repeat(file), repeat(contract_files), shares))
    positions = [share.position for share in written]
    if any(position.results[Result.TOO_LATE] for position in positions):
        click.echo(
            "Something came too late. Only one process that counts all of it can say what: again.", err=True
        )
        return None
    for share in written:
        test.observe(share.told)
    return positions


def _count(file: str, contract_files: tuple[Path, ...], share: Share) -> _Written:
    """Count a share, in a process of its own."""
    counted = Counted(promises_of(load_contracts(contract_files).values()), share)
    messages, touches, adjustments = (dict[bytes, bytes | None]() for _ in range(3))
    for told in _told(file, counted, shown=share.part == 0):
        messages.update(state.bench_record(message) for message in told.messages)
        touches.update(state.touch_record(touch) for touch in told.touches)
        adjustments.update(state.adjustment_record(one) for one in told.adjustments)
    return _Written(counted.position, *(list(told.values()) for told in (messages, touches, adjustments)))


def _told(file: str, counted: Counted, *, shown: bool) -> Iterator[Told]:
    hidden = not shown or not sys.stderr.isatty()
    collect_seldom()
    with (
        click.open_file(file, "rb") as facts,
        click.progressbar(_batches(facts), label="Counting", file=sys.stderr, hidden=hidden) as batches,
    ):
        for batch in batches:
            yield from counted.feed(batch)
    yield counted.done()


def _batches(facts: IO[bytes]) -> Iterator[list[tuple[int, Fact | Rejected]]]:
    """Messages with their line numbers. A file has no clock of its own that a fact could be ahead of."""
    lines = enumerate(facts)
    while batch := list(islice(lines, _BATCH_LINES)):
        yield [(number, decode(line.rstrip(b"\n"), LATEST_MS)) for number, line in batch]
