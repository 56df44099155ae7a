"""The thread in which aiokafka fetches, heartbeats and joins."""

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from aiokafka import AIOKafkaConsumer  # type: ignore[import-untyped]
from faust.transport.drivers import aiokafka as driver
from faust.types import TP

from agents.kafka import internals
from agents.kafka.rest import Rest

if TYPE_CHECKING:
    from agents.kafka.consumer import Consumer
    from agents.kafka.transport import Transport


class ConsumerThread(driver.AIOKafkaConsumerThread):
    """Hands out chunks where Faust's hands out records."""

    consumer: "Consumer"
    transport: "Transport"
    _last_answer = 0

    def _create_worker_consumer(self, transport: driver.Transport) -> AIOKafkaConsumer:
        consumer = super()._create_worker_consumer(transport)
        internals.tune(consumer)
        return consumer

    @cached_property
    def _rest(self) -> Rest:
        return Rest(self.transport.resting_topics, self.transport.rest_s, self.consumer.queued)

    async def on_start(self) -> None:
        """Start the consumer, and take each sign of membership as the right to write for a while."""
        await super().on_start()
        internals.watch_membership(self._ensure_consumer(), self.transport.lease.renew)

    async def _fetch_records(
        self,
        consumer: AIOKafkaConsumer,
        active_partitions: set[TP],
        timeout: float | None = None,  # noqa: ASYNC109 - Faust's signature
        max_records: int | None = None,  # noqa: ARG002 - a chunk is what one fetch brought
    ) -> Any:
        fetch = internals.fetch_chunks if self.transport.fetches_directly else internals.fetch_chunks_by_record
        chunks = await fetch(consumer, self._wanted(active_partitions), timeout or 0)
        for of_partition in chunks.values():
            for chunk in of_partition:
                chunk.generation = self.app.consumer_generation_id
        self._rest.after(chunks, consumer)
        self._note_sign_of_life(consumer, any_chunks=bool(chunks))
        return chunks

    def _wanted(self, active: set[TP]) -> Callable[[TP], bool]:
        """Tell which partitions may be handed out, asked at the moment of handing out.

        Faust's set of active partitions changes while a fetch waits, and may become empty.
        """
        consumer = self.consumer
        changelogs = self.app.tables.changelog_topics

        def wanted(tp: TP) -> bool:
            is_open = consumer.sources_open or tp.topic in changelogs
            return consumer.flow_active and is_open and tp in active

        return wanted

    def _note_sign_of_life(self, consumer: AIOKafkaConsumer, *, any_chunks: bool) -> None:
        """An answer without records is none while sources are closed: a recovery that brings nothing is stuck."""
        answered = internals.last_answer(consumer)
        if any_chunks or (self.consumer.sources_open and answered != self._last_answer):
            self._last_answer = answered
            self.transport.watchdog.fetched()

    async def committed_or_first(self, partitions: Iterable[TP]) -> dict[TP, int]:
        """Return where to go on: the committed offset, or for a partition never committed its first."""
        positions: dict[TP, int] = await self.call_thread(self._committed_or_first, set(partitions))
        return positions

    async def _committed_or_first(self, partitions: set[TP]) -> dict[TP, int]:
        consumer = self._ensure_consumer()
        committed = await internals.committed_offsets(consumer, partitions)
        first = await consumer.beginning_offsets(partitions - committed.keys())
        return {**committed, **first}
