"""`sla-stream import`: recordings of other people turned into facts, one JSON object per line."""

import csv
import gzip
import sys
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import IO

import click

from agents.adapters import anonymous_bank
from schemas.facts import FACT, Moment


@click.group("import")
def import_() -> None:
    """Turn recordings of calls into facts."""


@import_.command("anonymous-bank")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.File("wb"),
    default="-",
    help="Where the facts go; standard output by default.",
)
def import_anonymous_bank(file: Path, output: IO[bytes]) -> None:
    """Turn FILE (.csv or .csv.gz), a month of the Anonymous Bank, into facts in the order of their time."""
    rows = _rows(file)
    with click.progressbar(rows, file=sys.stderr, hidden=not sys.stderr.isatty()) as progress:
        facts, unreadable = anonymous_bank.facts(progress)
    _write(facts, output)
    for row in unreadable:
        click.echo(f"{file}:{row.line}: {row.reason}", err=True)
    if unreadable:
        raise click.ClickException(f"{len(unreadable)} of {len(rows)} rows could not be read")


def _write(facts: Iterable[Moment], output: IO[bytes]) -> None:
    output.writelines(FACT.dump_json(fact, exclude_none=True) + b"\n" for fact in facts)


def _rows(file: Path) -> list[dict[str, str]]:
    """Read the whole file: its last row may tell of its earliest call."""
    unpack = gzip.open if file.suffix == ".gz" else open
    try:
        with unpack(file, "rt", encoding="ascii", newline="") as lines:
            reader = csv.DictReader(lines, restval="")
            if missing := sorted(anonymous_bank.COLUMNS - set(reader.fieldnames or ())):
                raise click.ClickException(f"{file}: not of the Anonymous Bank: no column {missing[0]}")
            return list(reader)
    except (OSError, EOFError, UnicodeDecodeError, csv.Error, zlib.error) as error:
        raise click.ClickException(f"{file}: cannot be read: {error}") from None
