"""`sla-stream figures`: the rows of a backtest, read from a running system's topics."""

import os

import click

from agents import state
from agents.broker.reading import read_all
from agents.cli.report import counters, report
from agents.contracts import load_contracts
from agents.settings import Settings, settings_from
from agents.telling import ADJUSTMENTS, TALLIES
from schemas.tallies import BENCH_MESSAGE
from sla_stream.boards import Boards
from sla_stream.changes import Position
from sla_stream.figures import figures as figures_of
from sla_stream.promises import promises_of


@click.command("figures")
@click.option("--json", "as_json", is_flag=True, help="For machines: counters and every row.")
def figures(as_json: bool) -> None:
    """Print every window's figures as the running system has counted them."""
    settings = settings_from(os.environ)
    promises = promises_of(load_contracts(settings.contracts).values())
    boards = Boards(promises)
    for record in read_all(settings.kafka, TALLIES):
        if record.value is not None:
            boards.observe(BENCH_MESSAGE.validate_json(record.value))
    for adjustment in state.adjustments(
        record.value for record in read_all(settings.kafka, ADJUSTMENTS) if record.value is not None
    ):
        boards.restate(adjustment)
    report(counters(_positions(settings)), figures_of(boards, promises), as_json=as_json)


def _positions(settings: Settings) -> list[Position]:
    """How far each source partition is counted."""
    newest: dict[tuple[int, bytes], Position] = {}
    for record in read_all(settings.kafka, f"{settings.app_id}-positions-changelog"):
        position = state.position_of(record.value)
        of = record.partition, record.key
        if position.offset >= newest.get(of, Position()).offset:
            newest[of] = position
    return list(newest.values())
