"""Judging, at the edge: tallies in; verdicts, episodes and alerts out.

The boards need no changelog: `sla.tallies` is compacted and is read from its start when a partition comes.
Nothing is judged before it has been read to its end, so no half-read state ever raises or clears an alert.

What people are told of is judged as soon as anything is told that may change it; the tick judges everything, and
is for what goes on without a message.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from time import perf_counter
from typing import Any

import faust
import orjson
from faust.types import TP

from agents import state
from agents.kafka import Chunk, ChunkTable, Durable, chunk_agent, chunk_topic, consumer_of, send
from agents.metrics import Metrics
from agents.settings import Settings
from agents.telling import ADJUSTMENTS, TALLIES
from schemas.alerts import Alert
from schemas.pulses import Pulse
from sla_stream.day import Notes
from sla_stream.judged import EpisodeKey, EpisodeRecord, Judged
from sla_stream.judging import Judging
from sla_stream.promises import Promises

VERDICTS = "sla.verdicts"
ALERTS = "sla.alerts"
HISTORY = "sla.history"
PULSES = "sla.pulses"

#: Messages put on the boards at a stretch: whoever reads a partition from its beginning also counts, and answers
#: the group.
_SLICE = 500

#: So long after the first message the other partitions have told of the same moment, too.
_TURN_S = 0.01

#: How much longer than judging takes it rests.
_REST = 4


class Judgings:
    """The state of this worker's judge partitions. Episodes come back from their changelog."""

    def __init__(self, promises: Promises) -> None:
        self._promises = promises
        self.of: dict[int, Judging] = {}

    def __getitem__(self, partition: int) -> Judging:
        judging = self.of.get(partition)
        if judging is None:
            judging = self.of[partition] = Judging(self._promises)
        return judging

    def adopt(self, promises: Promises) -> None:
        """Judge by other contracts from here on."""
        self._promises = promises
        for judging in self.of.values():
            judging.adopt(promises)

    def restore(self, partition: int, key: bytes, value: bytes | None) -> None:
        """Take back one episode."""
        self[partition].restore_episode(*state.episode_of(key, value))

    def forget(self, partition: int) -> None:
        """Leave the partition to another worker."""
        self.of.pop(partition, None)


class Bench:
    """Joins the app, the pure judging, and the topics."""

    def __init__(
        self, app: faust.App, settings: Settings, promises: Promises, metrics: Metrics, now_ms: Callable[[], int]
    ) -> None:
        self.judgings = Judgings(promises)
        self._app, self._metrics, self._now_ms = app, metrics, now_ms
        self._notes, self._every_ms = Notes(), round(settings.tick_s * 1000)
        self._moved = asyncio.Event()
        #: Of two who announce, one would take what the other is about to tell for left by a crash.
        self._announcing = asyncio.Lock()
        self._took_s = 0.0
        self._episodes = ChunkTable(
            app, name="episodes", partitions=settings.judge_partitions, store=self.judgings
        )
        chunk_agent(app, chunk_topic(app, TALLIES), self.take)
        chunk_agent(app, chunk_topic(app, ADJUSTMENTS), self.restate)

    async def take(self, chunk: Chunk) -> Sequence[Durable]:
        """Put what the source partitions tell on the boards: in slices, since a chunk of a replay is long."""
        judging = self.judgings[chunk.tp.partition]
        for begin in range(0, len(chunk), _SLICE):
            values = chunk.values[begin : begin + _SLICE]
            judging.observe(state.bench_messages(value for value in values if value is not None))
            await asyncio.sleep(0)
        self._moved.set()
        return ()

    async def restate(self, chunk: Chunk) -> Sequence[Durable]:
        """Know what has changed after it was final."""
        boards = self.judgings[chunk.tp.partition].boards
        for adjustment in state.adjustments(value for value in chunk.values if value is not None):
            boards.restate(adjustment)
        return ()

    async def moved(self) -> None:
        """Wait until something was told, and a little longer: partitions tell of one moment in turn.

        And wait the longer the longer judging takes, so that counting has its time.
        """
        await self._moved.wait()
        await asyncio.sleep(max(_TURN_S, _REST * self._took_s))

    async def judge_moved(self) -> None:
        """Judge what people are told of in the queues that moved."""
        self._moved.clear()
        async with self._announcing:
            started = perf_counter()
            judged = [(partition, judging.judge_moved(self._now_ms())) for partition, judging in self._ready()]
            self._took_s = perf_counter() - started
            self._metrics.judge_seconds.observe(self._took_s)
            news = await asyncio.gather(*[self._write(partition, changes) for partition, changes in judged])
        await asyncio.gather(*news)

    async def tick(self) -> None:
        """Judge every partition that has been read to its end, and tell what changed."""
        news: list[Durable] = []
        for partition, judging in self._ready():
            started = perf_counter()
            async with self._announcing:
                # What a crash has left stored but perhaps not sent; without one, nothing.
                await self._announce(partition, dict(judging.unannounced()))
            judged = judging.tick(self._now_ms())
            news += [await self._write(partition, judged), *self._note(partition, judged.clocks)]
            self._metrics.tick_seconds.observe(perf_counter() - started)
            await asyncio.sleep(0)
        await asyncio.gather(*news)

    def _ready(self) -> Iterator[tuple[int, Judging]]:
        consumer = consumer_of(self._app)
        for partition, judging in list(self.judgings.of.items()):
            if consumer.caught_up(TP(TALLIES, partition)):
                yield partition, judging

    def _write(self, partition: int, judged: Judged) -> Coroutine[Any, Any, Durable]:
        """Begin at once, so that nothing judged later is written before. Episodes are stored before they are told.

        Awaiting it gives the write of the verdicts, which may still be under way: they are news.
        """
        verdicts = [(orjson.dumps(list(key)), orjson.dumps(verdict)) for key, verdict in judged.verdicts.items()]
        news = send(self._app.producer, VERDICTS, partition, verdicts)
        stored = self._store(partition, judged.episodes)

        async def tell() -> Durable:
            await stored
            alerts = {key: record.alert for key, record in judged.episodes.items() if record and record.alert}
            await self._announce(partition, alerts)
            return news

        return tell()

    async def _announce(self, partition: int, alerts: Mapping[EpisodeKey, Alert]) -> None:
        """Tell, and remember that it was told."""
        told = [(alert.episode.encode(), orjson.dumps(alert)) for alert in alerts.values()]
        await send(self._app.producer, ALERTS, partition, told)
        judging = self.judgings[partition]
        await self._store(partition, {key: judging.announced(key) for key in alerts})

    def _note(self, partition: int, clocks: Mapping[str, int]) -> Iterator[Durable]:
        """Give a sign of life, and note for the line of the day what is due."""
        pulse = Pulse(partition=partition, every_ms=self._every_ms, clocks=dict(clocks))
        yield send(self._app.producer, PULSES, partition, [(str(partition).encode(), orjson.dumps(pulse))])
        due = self._notes.due(clocks, self.judgings[partition].verdicts)
        if due:
            samples = [(sample.client.encode(), orjson.dumps(sample)) for sample in due]
            yield send(self._app.producer, HISTORY, partition, samples)

    def _store(self, partition: int, episodes: Mapping[EpisodeKey, EpisodeRecord | None]) -> Durable:
        records = [state.episode_record(key, record) for key, record in episodes.items()]
        return self._episodes.write(partition, records)
