"""`sla-stream dlq`: what was refused, and giving it another try."""

import os
from collections.abc import Iterator

import click
from kafka import KafkaProducer

from agents.broker.reading import read_all
from agents.kafka.transport import MAX_RECORD_BYTES
from agents.settings import settings_from
from agents.telling import DEAD_LETTERS
from schemas.dead_letters import DeadLetter, RejectReason

_REASON = click.option(
    "--reason", type=click.Choice([reason.value for reason in RejectReason]), help="Only letters with this reason."
)
_PLACE = click.argument("place", metavar="TOPIC/PARTITION/OFFSET")


@click.group("dlq")
def dlq() -> None:
    """Look at dead letters, and replay them."""


@dlq.command("list")
@_REASON
@click.option("--json", "as_json", is_flag=True, help="For machines: a letter per line, whole.")
def list_(reason: str | None, as_json: bool) -> None:
    """List the letters, one line each."""
    for letter in _letters(reason):
        if as_json:
            click.echo(letter.model_dump_json())
        else:
            size = len(letter.raw or b"")
            click.echo(f"{_place(letter)}  {letter.reason}  {size} bytes  {letter.detail}")


@dlq.command("show")
@_PLACE
def show(place: str) -> None:
    """Write one letter's message as it came, byte for byte."""
    letter = next((letter for letter in _letters(None) if _place(letter) == place), None)
    if letter is None:
        raise click.ClickException(f"no letter from {place}")
    click.get_binary_stream("stdout").write(letter.raw or b"")


@dlq.command("replay")
@_REASON
@click.option("--yes", is_flag=True, help="Do it; without, only say what would be done.")
def replay(reason: str | None, yes: bool) -> None:
    """Send letters to their topics again, as after a contract or a source was mended."""
    letters = [letter for letter in _letters(reason) if letter.raw]
    if not yes:
        click.echo(f"{len(letters)} messages would be sent again; --yes does it")
        return
    _send(letters)
    click.echo(f"{len(letters)} messages sent again")


def _send(letters: list[DeadLetter]) -> None:
    producer = KafkaProducer(
        bootstrap_servers=settings_from(os.environ).kafka, api_version=(2, 3), max_request_size=MAX_RECORD_BYTES
    )
    failures: list[Exception] = []
    for letter in letters:
        producer.send(letter.topic, value=letter.raw, key=letter.key).add_errback(failures.append)
    producer.flush()
    producer.close()
    if failures:
        raise click.ClickException(f"{len(failures)} of {len(letters)} messages were not taken: {failures[0]}")


def _letters(reason: str | None) -> Iterator[DeadLetter]:
    """Each letter once, though a crash may have written it twice."""
    seen: set[str] = set()
    for record in read_all(settings_from(os.environ).kafka, DEAD_LETTERS):
        letter = DeadLetter.model_validate_json(record.value)
        if _place(letter) not in seen and reason in (None, letter.reason):
            seen.add(_place(letter))
            yield letter


def _place(letter: DeadLetter) -> str:
    return f"{letter.topic}/{letter.partition}/{letter.offset}"
