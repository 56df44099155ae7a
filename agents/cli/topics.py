"""`sla-stream topics`: what the topics should be, against what they are."""

import os

import click

from agents.broker import admin
from agents.broker.topics import desired
from agents.settings import settings_from


@click.group("topics")
def topics() -> None:
    """Create, check and mend the topics."""


@topics.command("check")
def check() -> None:
    """Say everything that differs from what a worker needs."""
    settings = settings_from(os.environ)
    with admin.connect(settings.kafka) as broker:
        differences = admin.check(broker, desired(settings))
    for difference in differences:
        click.echo(difference.sentence)
    if differences:
        raise click.ClickException(f"{len(differences)} differences")
    click.echo("All topics are as they should be.")


@topics.command("apply")
def apply() -> None:
    """Create what is missing and mend settings. Never changes a partition count."""
    settings = settings_from(os.environ)
    with admin.connect(settings.kafka) as broker:
        left = admin.apply(broker, desired(settings))
    for difference in left:
        click.echo(difference.sentence)
    if left:
        raise click.ClickException(f"{len(left)} differences remain")
    click.echo("All topics are as they should be.")
