"""`sla-stream undelivered`: what no receiver took, and giving it another try."""

import asyncio
import os
from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

import click
import orjson
from kafka import KafkaProducer

from agents.broker.reading import read_all
from agents.cli.sending import send_in_turn
from agents.notify import routes as configuration
from agents.notify.news import news_of
from agents.notify.routes import Routes, reader_of
from agents.notifying import UNDELIVERED as TOPIC
from agents.settings import settings_from
from agents.sinks import Receiver
from schemas.alerts import UNDELIVERED, UndeliveredAlert

_RECEIVER = click.option("--receiver", help="Only what this receiver did not take.")


class _Kept(NamedTuple):
    """What was given up, and where that is written."""

    key: bytes
    partition: int
    what: UndeliveredAlert


@click.group("undelivered")
def undelivered() -> None:
    """Look at what was given up, and try it again."""


@undelivered.command("list")
@_RECEIVER
@click.option("--json", "as_json", is_flag=True, help="For machines: one per line, whole.")
def list_(receiver: str | None, as_json: bool) -> None:
    """List what no receiver has taken yet, one line each."""
    for _, _, what in _kept(receiver):
        if as_json:
            click.echo(orjson.dumps(what))
        else:
            click.echo(f"{what.receiver}  {what.alert.id}  {what.reason}  {what.detail}  {what.alert.summary}")


@undelivered.command("retry")
@_RECEIVER
@click.option("--yes", is_flag=True, help="Do it; without, only say what would be done.")
def retry(receiver: str | None, yes: bool) -> None:
    """Tell it now, in order, from here. What is taken is not listed any more."""
    kept = _kept(receiver)
    if not yes:
        click.echo(f"{len(kept)} messages would be sent again; --yes does it")
        return
    file = settings_from(os.environ).notify
    taken = _sent(Routes() if file is None else configuration.load(file), kept)
    _forget(taken)
    click.echo(f"{len(taken)} of {len(kept)} messages were taken")
    if len(taken) < len(kept):
        raise click.ClickException(f"{len(kept) - len(taken)} messages were not taken")


def _kept(receiver: str | None) -> list[_Kept]:
    """Each once, however often it was given up, and none that was taken since."""
    kept: dict[bytes, _Kept] = {}
    for record in read_all(settings_from(os.environ).kafka, TOPIC):
        if record.value is None:
            kept.pop(record.key, None)
        else:
            kept[record.key] = _Kept(record.key, record.partition, UNDELIVERED.validate_json(record.value))
    return _in_order(one for one in kept.values() if receiver in (None, one.what.receiver))


def _in_order(kept: Iterable[_Kept]) -> list[_Kept]:
    """By receiver and episode, each beginning before its end."""
    return sorted(kept, key=lambda one: (one.what.receiver, one.what.alert.episode, one.what.alert.at))


def _sent(routes: Routes, kept: list[_Kept]) -> list[_Kept]:
    """Send it, and return what was taken. Of an episode nothing is sent after what was not taken."""
    by_name = {receiver.name: receiver for receiver in routes.receivers}
    taken: list[_Kept] = []
    for (name, _), group in groupby(kept, key=lambda one: (one.what.receiver, one.what.alert.episode)):
        episode = list(group)
        if name in by_name:
            taken += _told(by_name[name], episode, routes)
        else:
            click.echo(f"{name} is no receiver any more", err=True)
    return taken


def _told(receiver: Receiver, episode: list[_Kept], routes: Routes) -> list[_Kept]:
    reader = reader_of(routes, receiver.name)
    news = [news_of([one.what.alert], reader) for one in episode]
    answers = asyncio.run(send_in_turn(receiver, news, routes.inside))
    for one, answer in zip(episode, answers, strict=False):
        click.echo(f"{receiver.name}  {one.what.alert.id}  {answer.detail}")
    return [one for one, answer in zip(episode, answers, strict=False) if answer.refusal is None]


def _forget(taken: list[_Kept]) -> None:
    producer = KafkaProducer(bootstrap_servers=settings_from(os.environ).kafka, api_version=(2, 3))
    for one in taken:
        producer.send(TOPIC, key=one.key, value=None, partition=one.partition)
    producer.flush()
    producer.close()
