"""`sla-stream worker`: run one worker until it is told to stop."""

import os

import click

from agents import worker as process
from agents.settings import settings_from


@click.command("worker")
def worker() -> None:
    """Run the agents against Kafka. Settings come from the environment (SLA_KAFKA, SLA_CONTRACTS, ...)."""
    try:
        process.run(settings_from(os.environ))
    except process.NotReady as error:
        raise click.ClickException(str(error)) from None
