"""Runs one worker from its settings until it is told to stop."""

import logging
import sys
import time
from collections.abc import Callable
from pathlib import Path

import faust
from prometheus_client import REGISTRY

from agents.allocator import collect_seldom, map_large_blocks
from agents.app import Worker
from agents.broker import admin
from agents.broker.topics import Remedy, desired
from agents.contracts import load_contracts
from agents.notify.routes import Routes
from agents.notify.routes import load as load_routes
from agents.pseudonyms import Pseudonyms
from agents.settings import Settings
from agents.web import tokens

_TURN_S = 0.0005


class NotReady(Exception):  # noqa: N818 - it says how things are
    """The topics are not as the worker needs them; the message says what to run."""


def wall_clock_ms() -> int:
    """The machine's clock (epoch ms)."""
    return time.time_ns() // 1_000_000


def run(settings: Settings, now_ms: Callable[[], int] = wall_clock_ms) -> None:
    """Check the topics and the files, then work. Does not return: the process ends with the worker's code."""
    map_large_blocks()
    contracts = load_contracts(settings.contracts)
    routes, pseudonyms = _routes(settings.notify), Pseudonyms.read(settings.customer_keys)
    if not settings.embedded:
        prepare_topics(settings)
    known = None if settings.tokens is None else tokens.load(settings.tokens)
    worker = Worker(settings, contracts, routes, pseudonyms, known, REGISTRY, now_ms)
    logging.getLogger("aiokafka").setLevel(logging.WARNING)
    collect_seldom()
    # Fetching and counting are two threads that hand over to each other several times for each fact and alert. By
    # default a thread that wants its turn waits for 5 ms.
    sys.setswitchinterval(_TURN_S)
    faust.Worker(worker.app, loglevel=settings.log_level, redirect_stdouts=False).execute_from_commandline()


def prepare_topics(settings: Settings) -> None:
    """Create what is missing; refuse to work on topics that would lose or mix up what is counted."""
    with admin.connect(settings.kafka) as broker:
        differences = admin.check(broker, desired(settings))
        admin.apply(broker, [one.spec for one in differences if one.remedy is Remedy.CREATE])
    if wrong := [one.sentence for one in differences if one.remedy is not Remedy.CREATE]:
        raise NotReady("\n".join(wrong))


def _routes(file: Path | None) -> Routes:
    return Routes() if file is None else load_routes(file)
