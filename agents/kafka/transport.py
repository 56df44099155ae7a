"""The transport that Faust finds under `chunks://`, and what its parts share."""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

import faust
from faust.transport.drivers import TRANSPORTS
from faust.transport.drivers import aiokafka as driver
from faust.types import TP

from agents.kafka import internals, pins
from agents.kafka.consumer import Consumer
from agents.kafka.lease import Lease
from agents.kafka.watchdog import Watchdog

if TYPE_CHECKING:
    from agents.kafka.writes import Lane

_PATIENCE_S = 120.0
MAX_BATCH_BYTES = 1 << 20
#: A larger record than a batch's bound goes in a batch of its own: a dead letter holds a whole message.
MAX_RECORD_BYTES = 8 << 20
_MAX_REQUEST_BYTES = 4 << 20


@dataclass(slots=True)
class Stats:
    """What went differently than planned, for the metrics."""

    seek_backs: int = 0
    missing_offsets: int = 0
    fenced_acks: int = 0


class Producer(driver.Producer):
    """Writes each batch once and in order, also over retries, and in few large batches."""

    @cached_property
    def lanes(self) -> dict[TP, "Lane"]:
        """The ways to partitions that anything was written to (`writes`)."""
        return {}

    async def on_start(self) -> None:
        """Start, and send nothing without the lease."""
        await super().on_start()
        transport = cast("Transport", self.app.transport)
        internals.guard_writes(self, transport.lease.require)
        transport.watchdog.watch_writes(self._oldest_write)

    def _oldest_write(self) -> float | None:
        """Since when (monotonic s) the oldest write has been waiting; asked by the watchdog's thread."""
        waiting = (lane.waits_since() for lane in list(self.lanes.values()))
        return min((since for since in waiting if since is not None), default=None)

    def _settings_extra(self) -> Mapping[str, Any]:
        return {
            "acks": "all",
            "enable_idempotence": True,
            "max_batch_size": MAX_BATCH_BYTES,
            "max_request_size": _MAX_REQUEST_BYTES,
        }


class Transport(driver.Transport):
    """Apache Kafka, by the chunk. Set the attributes before the app starts."""

    Consumer = Consumer
    Producer = Producer
    driver_version = f"{driver.Transport.driver_version}+chunks"

    #: Topics from which state is rebuilt by reading them again; nothing is committed for them.
    replayed_topics: frozenset[str] = frozenset()
    #: Topics that others must not wait for: handed out last, and resting for a while after chunks of few records.
    resting_topics: frozenset[str] = frozenset()
    rest_s = 0.0
    #: Set to False to fetch through aiokafka's public iterator, at little more than half the speed.
    direct_fetch = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stats = Stats()
        self.lease = Lease(self.app.conf.broker_session_timeout)
        self.watchdog = Watchdog(_PATIENCE_S)
        #: Told, each time that partitions have come to rest, how long they were on the move (s).
        self.on_settled: Callable[[float], None] = lambda _: None

    @property
    def fetches_directly(self) -> bool:
        """Say which of the two ways of fetching is in use."""
        return self.direct_fetch and not self.moved

    @cached_property
    def moved(self) -> tuple[str, ...]:
        """Return what direct fetching leans on and is not as it was when read."""
        return tuple(pins.moved(pins.FETCHING))


def transport_of(app: faust.App) -> Transport:
    """Return the app's transport, with its settings and readings."""
    return cast("Transport", app.transport)


def consumer_of(app: faust.App) -> Consumer:
    """Return the app's consumer."""
    return cast("Consumer", app.consumer)


def settled(app: faust.App) -> AbstractAsyncContextManager[None]:
    """Wait until partitions have come to rest, and keep them until the body is done: for work of timers."""
    return consumer_of(app).stay.work()


def register() -> None:
    """Make `chunks://host:port` known to Faust; call before building the app."""
    TRANSPORTS.aliases["chunks"] = f"{__name__}:{Transport.__name__}"
