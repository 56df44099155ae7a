"""What is counted is told: tallies to the bench, customers' contacts to their agent, adjustments, dead letters."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import faust

from agents import state
from agents.kafka import Chunk, Durable, Record, send
from agents.letters import letter_records
from agents.metrics import Metrics
from agents.routing import customer_partition, judge_partition
from agents.settings import Settings
from schemas.adjustments import Adjustment
from schemas.dead_letters import Rejected
from schemas.resolutions import ContactTouch
from schemas.tallies import BenchMessage

TALLIES = "sla.tallies"
RESOLUTIONS = "sla.resolutions"
ADJUSTMENTS = "sla.adjustments"
DEAD_LETTERS = "sla.dead-letters"

_Message = TypeVar("_Message")


class Teller:
    """Begins to write what others are to know; each write is to be waited for before the source goes on."""

    def __init__(self, app: faust.App, settings: Settings, metrics: Metrics) -> None:
        self._app, self._settings, self._metrics = app, settings, metrics

    def tallies(self, messages: Iterable[BenchMessage]) -> list[Durable]:
        """To where the client is judged."""
        return self._send(TALLIES, messages, lambda one: self._judge(one.client), state.bench_record)

    def adjustments(self, adjustments: Iterable[Adjustment]) -> list[Durable]:
        """To the same."""
        return self._send(ADJUSTMENTS, adjustments, lambda one: self._judge(one.client), state.adjustment_record)

    def touches(self, touches: Iterable[ContactTouch]) -> list[Durable]:
        """To where all contacts of the customer meet."""
        partitions = self._settings.source_partitions
        return self._send(
            RESOLUTIONS,
            touches,
            lambda one: customer_partition(one.client, one.customer, partitions),
            state.touch_record,
        )

    def letters(self, chunk: Chunk, refused: Sequence[tuple[int, Rejected]]) -> list[Durable]:
        """Keep what was refused, whole and with its origin."""
        if not refused:
            return []
        for _, rejected in refused:
            self._metrics.dead_letters.labels(rejected.reason).inc()
        partition = chunk.tp.partition % self._settings.judge_partitions
        return [send(self._app.producer, DEAD_LETTERS, partition, letter_records(chunk, refused))]

    def _judge(self, client: str) -> int:
        return judge_partition(client, self._settings.judge_partitions)

    def _send(
        self,
        topic: str,
        messages: Iterable[_Message],
        partition_of: Callable[[_Message], int],
        record_of: Callable[[_Message], Record],
    ) -> list[Durable]:
        by_partition: dict[int, list[Record]] = defaultdict(list)
        for message in messages:
            by_partition[partition_of(message)].append(record_of(message))
        return [send(self._app.producer, topic, partition, records) for partition, records in by_partition.items()]
