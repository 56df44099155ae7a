"""The consumer: places chunks, remembers which are under way, and commits what has come back."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import TYPE_CHECKING, Any, cast

from faust.transport.drivers import aiokafka as driver
from faust.types import TP, ConsumerMessage, Message
from faust.types.transports import ConsumerCallback, TPorTopicSet
from mode.utils.futures import notify

from agents.kafka.chunk import Chunk, chunk_in
from agents.kafka.exits import Exit, leave
from agents.kafka.flights import Flights
from agents.kafka.stay import Stay
from agents.kafka.thread import ConsumerThread
from agents.kafka.tiles import Place, Tiles

if TYPE_CHECKING:
    from agents.kafka.transport import Transport

_LOOK_FOR_PARTITIONS_S = 0.05
_LOOK_FOR_STOP_S = 1.0


class _NoReadOffsets(dict[TP, int | None]):
    """Faust drops what lies before the last record it read, so also what a seek back brings again."""

    def __getitem__(self, tp: TP) -> None:
        return None

    def __setitem__(self, tp: TP, offset: int | None) -> None:
        pass


class Consumer(driver.Consumer):
    """Faust's consumer, with one message per chunk and with acknowledgements that no rebalance forgets."""

    transport: "Transport"
    _thread: ConsumerThread

    #: Whether source partitions may be handed out; the fetching thread reads it.
    sources_open = False

    def __init__(self, transport: "Transport", callback: ConsumerCallback, *args: Any, **kwargs: Any) -> None:
        self.tiles = Tiles()
        self.flights = Flights()
        self.stay = Stay(transport.on_settled)
        #: Partitions of which a chunk waits to be taken up by its agent; the fetching thread looks.
        self.queued: set[TP] = set()
        self._hand_out = callback
        self._revoking = False
        self._sought_in: int | None = None
        self._replay_ends: dict[TP, int] = {}
        super().__init__(transport, self._place, *args, **kwargs)
        self._read_offset = _NoReadOffsets()

    def _new_consumer_thread(self) -> ConsumerThread:
        return ConsumerThread(self, loop=self.loop, beacon=self.beacon)

    async def on_start(self) -> None:
        """Let the watchdog out first: what it watches for may happen while starting."""
        self.transport.watchdog.start()
        if moved := self.transport.moved:
            self.log.warning("fetching by record, which is slower: %s is not as it was read", ", ".join(moved))
        await super().on_start()

    async def on_stop(self) -> None:
        """Stop by ourselves; nothing will be fetched any more."""
        self.transport.watchdog.stopping()
        await super().on_stop()

    # -- handing out

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, Message]]:  # noqa: ASYNC109
        """Fetch chunks; those that a rebalance overtook are dropped, for it seeks anyway."""
        fetched = await self._next_chunks(timeout)
        # Handing out waits where an agent is behind, and what comes after would wait for that agent, too.
        for tp, chunks in sorted(fetched.items(), key=lambda one: one[0].topic in self.transport.resting_topics):
            for chunk in chunks:
                if self.should_stop or not self.flow_active:
                    return
                if chunk.generation == self.app.consumer_generation_id:
                    self.app.monitor.track_tp_end_offset(tp, self.highwater(tp))
                    yield tp, self._to_message(tp, chunk)

    async def _next_chunks(self, timeout: float) -> dict[TP, list[Chunk]]:  # noqa: ASYNC109
        if not self.flow_active:
            await self.wait(self.can_resume_flow.wait())
        if active := self._get_active_partitions():
            return dict(await self._getmany(active, timeout))
        # Faust sleeps a second, by which every rebalance would last longer.
        await self.sleep(_LOOK_FOR_PARTITIONS_S)
        return {}

    def _to_message(self, tp: TP, chunk: Chunk) -> ConsumerMessage:
        return ConsumerMessage(
            tp.topic,
            tp.partition,
            # Of the span, not of the last record: recovery ends there even if a marker comes last.
            offset=chunk.end - 1,
            timestamp=chunk.timestamps[-1] / 1000 if chunk.timestamps else 0.0,
            timestamp_type=0,
            headers=None,
            key=None,
            value=cast("bytes", chunk),
            checksum=None,
            serialized_key_size=0,
            serialized_value_size=0,
            tp=tp,
            generation_id=chunk.generation,
        )

    async def _place(self, message: Message) -> None:
        chunk = chunk_in(message)
        if not self._is_changelog_tp(chunk.tp):
            expected = self.tiles.expected(chunk.tp)
            place = self.tiles.place(chunk.tp, chunk.start, chunk.end)
            if place is not Place.FITS and not await self._mend(chunk, expected, place):
                return
            if self.app.topics.acks_enabled_for(chunk.tp.topic):
                self.flights.depart(chunk.tp, chunk.end)
            self.queued.add(chunk.tp)
        await self._hand_out(message)

    async def _mend(self, chunk: Chunk, expected: int, place: Place) -> bool:
        """Deal with a chunk that does not fit; say whether to take it."""
        if place is Place.WENT_BACK:
            leave(Exit.SOURCE_CHANGED, f"{chunk} lies before {expected}: this is not the log we have read")
        if place is Place.SEEK_BACK:
            self.transport.stats.seek_backs += 1
            self.log.warning("%r does not start at %d; asking again from there", chunk, expected)
            await self.seek_wait({chunk.tp: expected})
            return False
        self.transport.stats.missing_offsets += chunk.start - expected
        self.log.error("%r starts after %d: the broker no longer has what was between", chunk, expected)
        return True

    async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None:
        """Do nothing: what is missing between records lies inside their chunk."""

    # -- acknowledging

    def ack(self, message: Message) -> bool:
        """Take a chunk back; not one from before a rebalance, for it may be another's by now."""
        if message.acked:
            return False
        self._release(message)
        if message.generation_id != self.app.consumer_generation_id:
            self.transport.stats.fenced_acks += 1
            return False
        return self.flights.land(message.tp, chunk_in(message).end)

    def abandon(self, message: Message) -> None:
        """Wait no longer for a chunk; neither it nor any after it is committed, so it will be handed out again."""
        self._release(message)

    def _release(self, message: Message) -> None:
        message.acked = True
        self._unacked_messages.discard(message)
        notify(self._waiting_for_ack)

    def _filter_tps_with_pending_acks(self, topics: TPorTopicSet | None = None) -> Iterator[TP]:
        committed = (tp for tp in self.flights if not self._is_replayed(tp))
        return (tp for tp in committed if topics is None or tp in topics or tp.topic in topics)

    def _new_offset(self, tp: TP) -> int | None:
        return self.flights.landed(tp)

    async def wait_empty(self) -> None:
        """Wait until all that was begun is finished, and commit; but not for ever.

        Partitions that move on while work on them is unfinished would have two writers.
        """
        limit_s = self.app.conf.broker_session_timeout / 2
        try:
            await asyncio.wait_for(self._finish(), limit_s)
        except TimeoutError:
            leave(Exit.DRAIN_TIMED_OUT, f"what was begun is still unfinished after {limit_s:.1f} s")

    async def _finish(self) -> None:
        """Wait for what is out, and commit.

        Faust looks through all of our state for garbage first, while every partition waits; and it takes no notice
        of being cancelled, so that no time limit would end it.
        """
        await self.stay.left()
        while self._unacked_messages and not self.should_stop:
            self._waiting_for_ack = asyncio.get_running_loop().create_future()
            await asyncio.wait([self._waiting_for_ack], timeout=_LOOK_FOR_STOP_S)
        await self.commit()

    # -- rebalancing

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """Let Faust stop the flow, clear the queues, drain (`wait_empty`) and commit.

        What is under way is ours to remember, so its final commit knows of every acknowledgement.
        """
        self._revoking = True
        self.transport.watchdog.revoked()
        await super().on_partitions_revoked(revoked)

    async def on_partitions_assigned(self, assigned: set[TP], generation_id: int = 0) -> None:
        """Forget what was under way: it has been committed, or it will be read again."""
        self._revoking = self.sources_open = False
        self.queued.clear()
        for tp in self.flights:
            if tp not in assigned or not self._is_replayed(tp):
                self.flights.forget(tp)
                self.tiles.forget(tp)
                self._replay_ends.pop(tp, None)
        await super().on_partitions_assigned(assigned, generation_id)
        self.transport.watchdog.assigned(len(assigned))

    def stop_flow(self) -> None:
        """Close the sources with everything else."""
        self.sources_open = False
        self.stay.end()
        super().stop_flow()

    def resume_flow(self) -> None:
        """Open the sources only after this generation's seek, which Faust follows by clearing its queues.

        A recovery that a rebalance has overtaken must not start the flow again while it drains.
        """
        if not self._revoking:
            super().resume_flow()
            self.sources_open = self._sought_in == self.app.consumer_generation_id
            if self.sources_open:
                self.stay.begin()

    async def perform_seek(self) -> None:
        """Go to where each source partition goes on: as committed, or where a replay has got to."""
        generation = self.app.consumer_generation_id
        sources = {tp for tp in self.assignment() if not self._is_changelog_tp(tp)}
        replayed = {tp for tp in sources if self._is_replayed(tp)}
        positions = await self._thread.committed_or_first(sources - replayed)
        self._committed_offset.update(positions)
        positions |= await self._replay_positions(replayed)
        await self.seek_wait(positions)
        if generation != self.app.consumer_generation_id:
            return
        for tp, position in positions.items():
            self.tiles.expect(tp, position)
            self.flights.begin(tp, position)
        self._sought_in = generation

    # -- replaying

    def caught_up(self, tp: TP) -> bool:
        """Say whether a replayed partition has come to where its log ended when it was assigned."""
        landed, end = self.flights.landed(tp), self._replay_ends.get(tp)
        return landed is not None and end is not None and landed >= end

    async def _replay_positions(self, replayed: Iterable[TP]) -> dict[TP, int]:
        kept = {tp: position for tp in replayed if (position := self.flights.landed(tp)) is not None}
        new = set(replayed) - kept.keys()
        first = await self.earliest_offsets(*new)
        self._replay_ends.update(await self.highwaters(*new))
        return {**kept, **first}

    def _is_replayed(self, tp: TP) -> bool:
        return tp.topic in self.transport.replayed_topics
