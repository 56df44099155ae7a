"""`sla-stream demo`: everything at work within seconds, with nothing to install."""

from datetime import UTC, datetime

import click
from rich.console import Console

from agents.demo import northwind
from agents.demo.child import WorkerFailed
from agents.demo.run import Wishes, run


@click.command("demo")
@click.option(
    "--seconds",
    type=click.FloatRange(min=0, min_open=True),
    help="End after so long, counted from when the worker is ready. Until Ctrl-C by default.",
)
@click.option(
    "--speed",
    type=click.FloatRange(min=0, min_open=True),
    default=northwind.SPEED,
    show_default=True,
    help="How many times as fast as the clock the contact centre lives.",
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="Port of the metrics; a free one by default."
)
@click.option("--kafka", metavar="HOST:PORT", help="A Kafka to play on, instead of an embedded one.")
def demo(seconds: float | None, speed: float, port: int, kafka: str | None) -> None:
    """Simulate a contact centre in which half of the agents leave, and watch its promises.

    Customers call, chat, write tickets and say how it was. A breach is raised and over again within half a minute.
    Nothing needs to be installed or running.
    """
    wishes = Wishes(seconds=seconds, speed=speed, port=port, kafka=kafka)
    try:
        run(wishes, datetime.now(UTC), Console())
    except WorkerFailed as error:
        raise click.ClickException(str(error)) from None
