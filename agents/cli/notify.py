"""`sla-stream notify`: who would be told of what, and does it reach them?"""

import asyncio
import os
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, get_args
from uuid import uuid4
from zoneinfo import ZoneInfo

import click
from pydantic import ValidationError

from agents.cli.sending import send_in_turn
from agents.contracts import load_contracts
from agents.notify import routes as configuration
from agents.notify.coverage import strangers, untold
from agents.notify.news import Reader, news_of
from agents.notify.planning import Step, plan
from agents.notify.routes import Routes, reader_of
from agents.notify.sample import end_of, sample
from agents.settings import settings_from
from agents.words.languages import LANGUAGES
from agents.yaml_errors import Mistakes, remarks
from schemas.alerts import ALERT, Alert, Severity
from schemas.notify import Began

_FILE = click.option(
    "--file", type=click.Path(exists=True, path_type=Path), help="[default: SLA_NOTIFY, config/notify.yaml]"
)


@click.group("notify")
def notify() -> None:
    """Check who is told of alerts, say it, and try it."""


@notify.command("check")
@_FILE
def check(file: Path | None) -> None:
    """Find every mistake in the file, and what can hardly be meant, held against the contracts."""
    settings = settings_from(os.environ)
    path, routes = file or settings.notify, _read(file)
    click.echo(f"{len(routes.receivers)} receivers, {len(routes.routes)} routes, {len(routes.mutes)} mutes")
    contracts = load_contracts(settings.contracts) if settings.contracts.exists() else {}
    if path is None or not path.exists() or not contracts:
        return
    for warning in (*remarks(path, dict(strangers(routes, contracts))), *untold(routes, contracts)):
        click.echo(f"warning: {warning}", err=True)


@notify.command("explain")
@_FILE
@click.option("--alert", type=click.File("rb"), help="One as on sla.alerts, in place of the next six; - is stdin.")
@click.option("--client")
@click.option("--contract", default="")
@click.option("--objective", default="")
@click.option("--queue")
@click.option("--severity", type=click.Choice(get_args(Severity)), default="error", show_default=True)
@click.option("--state", type=click.Choice(get_args(Began)), default="breached", show_default=True)
@click.option("--at", help="When, like 2026-11-02T23:00, in UTC.  [default: now]")
def explain(
    file: Path | None,
    alert: IO[bytes] | None,
    client: str | None,
    contract: str,
    objective: str,
    queue: str | None,
    severity: Severity,
    state: Began,
    at: str | None,
) -> None:
    """Say who would be told what of such an alert, when and why, and which routes are not meant."""
    now_ms = _now_ms() if at is None else _instant(at)
    if alert is not None:
        about = _alert(alert.read())
    elif client is not None:
        about = sample(
            "explained",
            now_ms,
            client=client,
            contract=contract,
            objective=objective,
            queue=queue,
            severity=severity,
            state=state,
        )
    else:
        raise click.UsageError("say which alert: --alert FILE, or at least --client")
    for line in explained(_read(file), about, now_ms):
        click.echo(line)


@notify.command("test")
@_FILE
@click.argument("receiver")
def test(file: Path | None, receiver: str) -> None:
    """Tell RECEIVER of a breach that is marked as a test, and then of its end."""
    routes = _read(file)
    found = next((one for one in routes.receivers if one.name == receiver), None)
    if found is None:
        known = ", ".join(one.name for one in routes.receivers) or "none"
        raise click.ClickException(f"{receiver} is no receiver; known are {known}")
    begin = sample(f"test-{uuid4().hex[:16]}", _now_ms())
    reader = reader_of(routes, receiver)
    news = [news_of([alert], reader, is_test=True) for alert in (begin, end_of(begin))]
    answers = asyncio.run(send_in_turn(found, news, routes.inside))
    for one, answer in zip(news, answers, strict=False):
        click.echo(f"{receiver}: {one.words.title}: {answer.detail}")
    sys.exit(any(answer.refusal for answer in answers))


def explained(routes: Routes, alert: Alert, now_ms: int) -> Iterator[str]:
    """When and what for each who would be told, and a line for each route that does not mean the alert."""
    if alert.event.closes:
        yield "an end is told to whoever was told of its beginning, and to nobody else"
        return
    steps = plan(routes, alert, now_ms)
    for step in steps:
        route = routes.routes[step.route]
        yield f"{step.receiver}: {_when(step, now_ms, route.time_zone)} (route {step.route + 1}, {route.language})"
        reader = Reader(language=LANGUAGES[route.language], zone=route.time_zone)
        yield f"    {news_of([alert], reader).words.title}"
    if not steps:
        yield "nobody is told"
    for number, route in enumerate(routes.routes, start=1):
        if why := route.mismatch(alert):
            yield f"route {number} is not meant: {why}"


def _when(step: Step, now_ms: int, zone: str) -> str:
    if step.due_ms == now_ms:
        return "at once"
    at = datetime.fromtimestamp(step.due_ms / 1000, ZoneInfo(zone))
    reasons = [
        *step.held,
        *(["together with what else begins until then"] if step.gathers else []),
        *(["unless somebody has acknowledged it"] if step.unless_acknowledged else []),
    ]
    return f"at {at:%Y-%m-%d %H:%M:%S} {zone}, {', '.join(reasons)}"


def _alert(text: bytes) -> Alert:
    try:
        return ALERT.validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise click.ClickException(f"not an alert: {place}: {first['msg']}") from None


def _read(file: Path | None) -> Routes:
    path = file or settings_from(os.environ).notify
    try:
        return Routes() if path is None else configuration.load(path)
    except Mistakes as mistakes:
        click.echo(mistakes, err=True)
        count = len(mistakes.mistakes)
        raise click.ClickException(f"{count} {'mistake' if count == 1 else 'mistakes'}") from None


def _instant(text: str) -> int:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise click.UsageError(f"{text} is no instant; they look like 2026-11-02T23:00") from None
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * 1000)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
