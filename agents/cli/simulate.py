"""`sla-stream simulate`: the demo's contact centre as a source for workers that run elsewhere, in real time."""

import time
from dataclasses import replace
from datetime import UTC, datetime

import click
from confluent_kafka import KafkaException

from agents.demo import northwind
from agents.demo.stopping import asked_to_stop
from agents.demo.wire import Source

_STEP_S = 0.5


@click.command("simulate")
@click.option(
    "--kafka",
    envvar="SLA_KAFKA",
    default="localhost:9092",
    show_default=True,
    metavar="HOST:PORT",
    help="Where the facts go; SLA_KAFKA says it, too.",
)
@click.option(
    "--seconds",
    type=click.FloatRange(min=0, min_open=True),
    help="End after so long. Until it is told to stop by default.",
)
def simulate(kafka: str, seconds: float | None) -> None:
    """Tell what happens at Northwind as it happens: calls, chats, tickets, and an incident every other hour.

    The topics must be there. Its contract is agents/demo/contracts/northwind.yaml. The first incident comes after
    a quarter of an hour.
    """
    try:
        with Source(kafka, northwind.CLIENT, northwind.CHANNELS) as source:
            _tell(source, seconds)
    except KafkaException:
        raise ConnectionError(f"no Kafka answers at {kafka}") from None


def _tell(source: Source, seconds: float | None) -> None:
    """Go on from now. Contacts are named after the start, since workers remember those of an earlier one."""
    began_ms, started = _now_ms(), datetime.now(UTC)
    centre = northwind.live(northwind.CLIENT, began_ms)
    with asked_to_stop() as asked:
        while not asked.is_set() and (seconds is None or _now_ms() < began_ms + seconds * 1000):
            now_ms = _now_ms()
            facts = centre.facts_until(now_ms)
            source.tell([replace(one, contact=f"{started:%m%d%H%M%S}-{one.contact}") for one in facts], now_ms)
            asked.wait(_STEP_S)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
