"""`sla-stream produce`: a file of facts onto a topic, as their source would have told them, or faster."""

import logging
import math
import sys
import time
from collections.abc import Iterable, Iterator
from typing import IO, NamedTuple

import click
import orjson
from kafka import KafkaProducer
from kafka.errors import KafkaError

_ANSWERS_WITHIN_MS = 10_000
_LINGER_MS = 20
_BATCH_BYTES = 256 * 1024


class Line(NamedTuple):
    """One message. Without a key: it names no contact, and what that means is for the worker to say."""

    value: bytes
    key: bytes | None
    at_ms: int | None


class Speed(click.ParamType):
    """How many times as fast as it happened."""

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
    "--speed", type=Speed(), default="max", show_default=True, metavar="X|max", help="In event time, X times."
)
@click.option("--topic", default="contact.calls", show_default=True, help="Where they go.")
@click.option(
    "--kafka", envvar="SLA_KAFKA", default="localhost:9092", show_default=True, metavar="HOST:PORT", help="Whose topic."
)
def produce(facts: IO[bytes], speed: float, topic: str, kafka: str) -> None:
    """Send FACTS.jsonl (- for standard input), a fact per line, keyed by contact.

    A line that is no fact is sent as it is: it belongs into the dead letters, where it can be seen.
    """
    logging.getLogger("kafka").setLevel(logging.CRITICAL)  # what matters is raised, and told in one line
    try:
        _send(_paced(_progress(facts), speed), topic, kafka)
    except KafkaError as error:
        raise click.ClickException(f"Kafka at {kafka}: {error}") from None
