"""`sla-stream produce`: a file of facts onto a topic, as fast as they happened, or faster."""

import logging
import math
import sys
import time
from collections.abc import Iterable, Iterator
from io import SEEK_END
from typing import IO, NamedTuple

import click
import orjson
from kafka import KafkaProducer
from kafka.errors import KafkaError

from schemas.words import EARLIEST_MS, LATEST_MS

_ANSWERS_WITHIN_MS = 5_000
_DELIVERS_WITHIN_MS = 30_000
_LINGER_MS = 20
_BATCH_BYTES = 256 * 1024


class Line(NamedTuple):
    """One message. What names no contact has no key; a time that cannot be read is none."""

    value: bytes
    key: bytes | None
    at_ms: int | None


class Speed(click.ParamType):
    """How many times as fast as it happened; infinity is as fast as it goes."""

    name = "speed"

    def convert(self, value: str | float, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Read a number above zero, or "max"."""
        try:
            speed = math.inf if value == "max" else float(value)
        except ValueError:
            speed = 0.0
        if not speed > 0:
            self.fail(f'{value!r} is neither a number above 0 nor "max"', param, ctx)
        return speed


@click.command("produce")
@click.argument("facts", type=click.File("rb"), metavar="FACTS.jsonl")
@click.option(
    "--speed",
    type=Speed(),
    default="max",
    show_default=True,
    metavar="X|max",
    help="How many times as fast as it happened.",
)
@click.option("--topic", default="contact.calls", show_default=True, help="Where it goes.")
@click.option(
    "--kafka",
    envvar="SLA_KAFKA",
    default="localhost:9092",
    show_default=True,
    metavar="HOST:PORT",
    help="Whose topic it is; SLA_KAFKA says it, too.",
)
def produce(facts: IO[bytes], speed: float, topic: str, kafka: str) -> None:
    """Send FACTS.jsonl (- for standard input) to Kafka, a message per line, keyed by contact.

    What is no fact is sent as it is, without a key: refusing it is the worker's part, where it can be looked at.
    """
    logging.getLogger("kafka").setLevel(logging.CRITICAL)  # what matters is raised, and told in one line
    try:
        sent, without_key = _send(paced(map(read, _progressing(facts)), speed), topic, _producer(kafka, topic))
    except KafkaError as error:
        raise click.ClickException(f"Kafka at {kafka}: {error}") from None
    click.echo(f"{sent} messages sent to {topic}, {without_key} of them without a key")


def read(line: bytes) -> Line:
    """Find the key and the time in a line, if it has any."""
    value = line.rstrip(b"\r\n")
    try:
        fact = orjson.loads(value)
    except orjson.JSONDecodeError:
        return Line(value, None, None)
    if not isinstance(fact, dict):
        return Line(value, None, None)
    contact, at_ms = fact.get("contact"), fact.get("at", fact.get("offered_at"))
    key = contact.encode() if isinstance(contact, str) and contact else None
    is_instant = isinstance(at_ms, int) and EARLIEST_MS <= at_ms < LATEST_MS
    return Line(value, key, at_ms if is_instant else None)


def paced(lines: Iterable[Line], speed: float) -> Iterator[Line]:
    """Hold each line back until its time has come; the first one's has."""
    first_ms: int | None = None
    began_s = time.monotonic()
    for line in lines:
        if line.at_ms is not None:
            first_ms = line.at_ms if first_ms is None else first_ms
            due_s = began_s + (line.at_ms - first_ms) / 1000 / speed
            time.sleep(max(0.0, due_s - time.monotonic()))
        yield line


def _producer(kafka: str, topic: str) -> KafkaProducer:
    try:
        producer = KafkaProducer(
            bootstrap_servers=kafka,
            api_version=(2, 3),  # the demo's broker does not say what it speaks; Kafka from 2.3 on speaks this
            max_block_ms=_ANSWERS_WITHIN_MS,
            request_timeout_ms=_ANSWERS_WITHIN_MS,
            delivery_timeout_ms=_DELIVERS_WITHIN_MS,
            linger_ms=_LINGER_MS,
            batch_size=_BATCH_BYTES,
        )
        producer.partitions_for(topic)
    except (KafkaError, ValueError):
        raise click.ClickException(f"no Kafka answers at {kafka}, or it has no topic {topic}") from None
    return producer


def _send(lines: Iterable[Line], topic: str, producer: KafkaProducer) -> tuple[int, int]:
    """Send everything; return how many messages, and how many of them without a key."""
    failures: list[Exception] = []
    sent = without_key = 0
    for line in lines:
        producer.send(topic, value=line.value, key=line.key).add_errback(failures.append)
        sent += 1
        without_key += line.key is None
        if failures:
            break
    producer.flush(_DELIVERS_WITHIN_MS / 1000)
    producer.close()
    if failures:
        raise failures[0]
    return sent, without_key


def _progressing(facts: IO[bytes]) -> Iterator[bytes]:
    """Show how much of the file is read, where its size is known and somebody looks."""
    size = _size(facts)
    hidden = not size or not sys.stderr.isatty()
    steps = size // 100 or 1
    with click.progressbar(
        length=size, label="Sending", file=sys.stderr, hidden=hidden, update_min_steps=steps
    ) as progress:
        for line in facts:
            progress.update(len(line))
            yield line


def _size(facts: IO[bytes]) -> int:
    """The size of a file, 0 for what flows in."""
    if not facts.seekable():
        return 0
    size = facts.seek(0, SEEK_END)
    facts.seek(0)
    return size
