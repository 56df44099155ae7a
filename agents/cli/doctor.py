"""`sla-stream doctor`: what is wrong with a cluster, its topics, versions, clocks and lag, and what to change."""

import logging
import os
import sys
import time
from dataclasses import asdict

import click
import orjson
from kafka.errors import KafkaError

from agents.broker import admin
from agents.broker.diagnosis import Finding, Weight, diagnose
from agents.broker.sight import Sight, look
from agents.broker.topics import desired
from agents.settings import SettingsError, settings_from
from agents.source import CHANNELS

_CANNOT_LOOK = 2
_ANSWERS_WITHIN_S = 5


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="For machines: one object.")
def doctor(as_json: bool) -> None:
    """Look at a cluster and say what to change, one line per finding.

    Ends with 0 if nothing breaks what is promised, 1 if something does, 2 if it cannot look.
    """
    logging.getLogger("kafka").setLevel(logging.CRITICAL)  # what matters is told in one line
    try:
        sight, findings = examine()
    except (ConnectionError, KafkaError, SettingsError) as error:
        _say_blind(error, as_json=as_json)
        sys.exit(_CANNOT_LOOK)
    if as_json:
        click.echo(
            orjson.dumps({"looked": True, "findings": [asdict(one) for one in findings], "seen": seen(sight)})
        )
    else:
        _say(sight, findings)
    sys.exit(any(one.weight is Weight.BREAKS for one in findings))


def examine() -> tuple[Sight, list[Finding]]:
    """Look at the cluster of the settings. Raises SettingsError, KafkaError or ConnectionError if it cannot."""
    settings = settings_from(os.environ)
    wanted = desired(settings)
    with admin.connect(settings.kafka, _ANSWERS_WITHIN_S) as broker:
        sight = look(broker, settings, wanted, CHANNELS, lambda: time.time_ns() // 1_000_000)
    return sight, diagnose(sight, settings, wanted)


def seen(sight: Sight) -> dict[str, object]:
    """What was looked at, in figures."""
    progress = sight.group.progress.values() if sight.group else ()
    return {
        "brokers": {str(broker): ".".join(map(str, release)) for broker, release in sight.brokers.items()},
        "topics": len(sight.topics),
        "libraries": {name: library.installed for name, library in sight.libraries.items()},
        "clock_ahead_ms": [sight.clock.at_least_ms, sight.clock.at_most_ms] if sight.clock else None,
        "messages_behind": sum(one.behind for one in progress),
    }


def _say(sight: Sight, findings: list[Finding]) -> None:
    for one in findings:
        click.echo(f"{one.check:12}{one.weight:8}{one.sentence}")
    behind = sum(one.behind for one in sight.group.progress.values()) if sight.group else 0
    breaking = sum(one.weight is Weight.BREAKS for one in findings)
    click.echo(
        f"{len(sight.brokers)} broker(s), {len(sight.topics)} topics, {behind} messages behind:"
        f" {breaking} findings break what is promised, {len(findings) - breaking} are advice"
    )


def _say_blind(error: Exception, *, as_json: bool) -> None:
    if as_json:
        click.echo(orjson.dumps({"looked": False, "why": str(error)}))
    else:
        click.echo(f"Error: cannot look: {error}", err=True)
