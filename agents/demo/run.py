"""Puts the play together: a broker, a worker, the simulated centre, and somebody who watches."""

import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

from rich.console import Console

from agents.broker import admin
from agents.broker.embedded import EmbeddedBroker
from agents.broker.topics import desired
from agents.contracts import load_contracts
from agents.demo import northwind
from agents.demo.child import Child
from agents.demo.floor import Floor, Kind
from agents.demo.stopping import asked_to_stop
from agents.demo.view import View, view_on
from agents.demo.wire import Listener, Source
from agents.settings import Settings, settings_from

_STARTS_WITHIN_S = 60.0
_ASK_EVERY_S = 0.1
_STEP_S = 0.05


class NotPlayed(Exception):  # noqa: N818 - it says what happened
    """The demo could not begin; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the audience asks for. Nothing for `seconds`: until Ctrl-C; for `kafka`: the embedded one."""

    seconds: float | None
    speed: float
    port: int
    kafka: str | None


def run(wishes: Wishes, now: datetime, console: Console) -> None:
    """Play until the time is up or somebody has seen enough."""
    port = _port(wishes.port)
    with ExitStack() as stack:
        asked = stack.enter_context(asked_to_stop())
        home = Path(stack.enter_context(TemporaryDirectory(prefix="sla-demo-")))
        client = _client(wishes, now)
        contracts = _write_contract(home, client)
        address = stack.enter_context(_broker(wishes.kafka, contracts, port))

        environment = _environment(address, contracts, port, embedded=wishes.kafka is None)
        source = stack.enter_context(Source(address, client))
        listener = stack.enter_context(Listener(address, client))
        child = stack.enter_context(Child(environment, port, home / "worker.log"))

        _tell_where(console, address, port)
        if _is_ready_before_end(child, asked):
            floor = Floor(_contract(contracts), northwind.curtain_ms(now))
            with view_on(console, northwind.ZONE) as view:
                _play(...)
