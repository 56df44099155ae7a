"""`sla-stream topics`: what the topics should be, against what they are."""

import os
from collections.abc import Sequence

import click

from agents.broker import admin
from agents.broker.topics import Difference, desired
from agents.settings import settings_from


@click.group("topics")
def topics() -> None:
    """Create, check and mend the topics."""


@topics.command("check")
def check() -> None:
    """Say everything that differs from what a worker needs."""
    settings = settings_from(os.environ)
    with admin.connect(settings.kafka) as broker:
        _report(admin.check(broker, desired(settings)))


@topics.command("apply")
def apply() -> None:
    """Create what is missing and mend settings. Never changes a partition count."""
    settings = settings_from(os.environ)
    with admin.connect(settings.kafka) as broker:
        _report(admin.apply(broker, desired(settings)))


def _report(differences: Sequence[Difference]) -> None:
    """Say what is still not as it should be. Raises ClickException if anything is not."""
    for difference in differences:
        click.echo(difference.sentence)
    if differences:
        raise click.ClickException(f"{len(differences)} differences")
    click.echo("All topics are as they should be.")
