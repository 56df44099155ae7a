"""Plays: a worker starts, the centre opens, and what comes of it is shown until the end."""

import time
from dataclasses import dataclass
from datetime import datetime
from threading import Event

from rich.console import Console

from agents.demo import northwind
from agents.demo.centre import Centre
from agents.demo.child import Child
from agents.demo.floor import Floor, Kind
from agents.demo.stage import Stage, built
from agents.demo.stopping import asked_to_stop
from agents.demo.view import View, view_on
from agents.demo.wire import Listener, Source

_STEP_S = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the audience asks for. No `seconds`: until Ctrl-C. No `kafka`: an embedded one."""

    seconds: float | None
    speed: float
    port: int
    kafka: str | None


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays together."""

    centre: Centre
    source: Source
    worker: Child
    listener: Listener
    view: View


def run(wishes: Wishes, now: datetime, console: Console) -> None:
    """Play until the time is up, or until somebody asks for an end."""
    with asked_to_stop() as asked, built(wishes.kafka, wishes.port, now) as stage, _worker(stage) as worker:
        kind = "" if wishes.kafka else ", embedded"
        _say(console, f"Kafka at {stage.settings.kafka}{kind}; a worker starts ...")
        if not worker.becomes_ready(asked):
            return
        _say(
            console,
            f"The worker is ready. The wallboard: {stage.wall} (metrics there, too). Ctrl-C ends the demo.",
        )
        client, kafka = stage.contract.client, stage.settings.kafka
        centre, floor = northwind.northwind(client, now), Floor(stage.contract, northwind.begins_ms(now))
        with (
            Source(kafka, client, northwind.CHANNELS) as source,
            Listener(kafka, client) as listener,
            view_on(console, northwind.ZONE) as view,
        ):
            _play(Cast(centre, source, worker, listener, view), floor, wishes, asked)
        _say(console, _summary(floor, stage))


def _worker(stage: Stage) -> Child:
    return Child(stage.environment, stage.settings.http_port, stage.home / "worker.log")


def _say(console: Console, sentence: str) -> None:
    console.print(sentence, markup=False, highlight=False, soft_wrap=True)


def _play(cast: Cast, floor: Floor, wishes: Wishes, asked: Event) -> None:
    """Let event time run `speed` times as fast as the clock."""
    start_ms, began_s, elapsed_s = floor.at_ms, time.monotonic(), 0.0
    while not asked.is_set() and (wishes.seconds is None or elapsed_s < wishes.seconds):
        at_ms = start_ms + round(elapsed_s * wishes.speed * 1000)
        facts = cast.centre.facts_until(at_ms)
        cast.source.tell(facts, at_ms)
        floor.produced(len(facts), cast.centre.staffing, at_ms)
        for message in cast.listener.listen(_STEP_S):
            floor.heard(message)
        cast.worker.check()
        elapsed_s = time.monotonic() - began_s
        cast.view.show(floor, elapsed_s)


def _summary(floor: Floor, stage: Stage) -> str:
    raised, resolved = floor.count(Kind.BREACH_OPENED), floor.count(Kind.BREACH_RESOLVED)
    return (
        f"{floor.facts:,} facts produced, {raised} breaches raised, {resolved} resolved;"
        f" the wallboard was at {stage.wall}"
    )
