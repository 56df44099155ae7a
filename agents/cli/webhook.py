"""`sla-stream webhook`: does an endpoint take what we would send it?"""

import asyncio
import sys
import time
from uuid import uuid4

import click
from pydantic import ValidationError

from agents.cli.sending import send_in_turn
from agents.notify.news import Reader, news_of
from agents.notify.sample import end_of, sample
from agents.sinks.webhook import Webhook
from agents.words.languages import ENGLISH


@click.group("webhook")
def webhook() -> None:
    """Try webhooks out."""


@webhook.command("test")
@click.argument("url")
@click.option(
    "--secret-env",
    default="SLA_WEBHOOK_SECRET",
    show_default=True,
    help="The environment variable with the signing secret.",
)
@click.option("--inside", multiple=True, metavar="HOST", help="May be without TLS, or have a private address.")
def test(url: str, secret_env: str, inside: tuple[str, ...]) -> None:
    """Send URL a signed breach, marked as a test, and its end. Both must be taken."""
    settings = {"name": "test", "sink": "webhook", "url": url, "secret": {"env": secret_env}}
    try:
        receiver = Webhook.model_validate(settings)
    except ValidationError as error:
        # What was typed is not repeated: it may be the secret.
        said = error.errors(include_url=False, include_input=False)[0]["msg"]
        raise click.ClickException(said.removeprefix("Value error, ")) from None
    begin = sample(f"test-{uuid4().hex[:16]}", time.time_ns() // 1_000_000)
    news = [news_of([alert], Reader(language=ENGLISH), is_test=True) for alert in (begin, end_of(begin))]
    answers = asyncio.run(send_in_turn(receiver, news, inside))
    for one, answer in zip(news, answers, strict=False):
        click.echo(f"{one.alert.event} {one.id}: {answer.detail}")
    sys.exit(any(answer.refusal for answer in answers))
