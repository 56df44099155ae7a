"""Figures on the terminal, or as JSON."""

from collections.abc import Iterable

import click
import orjson

from sla_stream.changes import Position
from sla_stream.contact import Result
from sla_stream.figures import Figure
from sla_stream.wording import figure


def counters(positions: Iterable[Position]) -> dict[str, int]:
    """Messages by result: received = applied + duplicate + rejected + too_late."""
    known = list(positions)
    by_result = {result.value: sum(position.results[result] for position in known) for result in Result}
    return {"received": sum(position.received for position in known)} | by_result


def report(counts: dict[str, int], rows: Iterable[Figure], *, as_json: bool) -> None:
    """Print counters and rows."""
    if as_json:
        click.echo(orjson.dumps({"counters": counts, "results": [row.as_row() for row in rows]}))
        return
    click.echo(", ".join(f"{n} {name}" for name, n in counts.items()))
    for row in rows:
        click.echo(
            f"{row.contract}  {row.objective}  {row.queue or 'all queues'}  {row.window}"
            f"  {row.start:%Y-%m-%d %H:%M}  {row.numerator}/{row.denominator}"
            f"  {figure(row.value, row.unit, at_most=row.at_most)}  {row.state}"
        )
