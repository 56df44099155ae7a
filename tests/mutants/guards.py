"""Every guard of the transport and of what is kept, how to take it out, and the tests that must notice."""

from typing import NamedTuple


class Mutant(NamedTuple):
    """A guard, and `after` in place of `before` in a file, which takes it out. `tests` are pytest's arguments."""

    guard: str
    file: str
    before: str
    after: str
    tests: str


_REBALANCE = "tests/kafka/test_transport_rebalance.py"
_FAULTS = "tests/kafka/test_transport_faults.py"

MUTANTS = (
    Mutant(
        "1 a chunk without records moves the position on all the same",
        "agents/kafka/chunk.py",
        "first, last = (offsets[0], offsets[-1]) if offsets else (end, end - 1)",
        "start, end = (offsets[0], offsets[-1] + 1) if offsets else span\n"
        "        first, last = (offsets[0], offsets[-1]) if offsets else (end, end - 1)",
        f"{_REBALANCE} -k test_1",
    ),
    Mutant(
        "1 where reading goes on inside a batch, what lies before is not handed out again",
        "agents/kafka/internals.py",
        "if batch.base_offset >= position:",
        "if True:",
        "tests/kafka/test_unroll.py",
    ),
    Mutant(
        "1 offsets are counted only where none is missing between batches",
        "agents/kafka/internals.py",
        "if runs and runs[-1][-1] - runs[0][0] + 1 == len(self.values):",
        "if runs:",
        "tests/kafka/test_unroll.py",
    ),
    Mutant(
        "1 offsets are counted only where none is missing in a batch",
        "agents/kafka/internals.py",
        "counted = last - first + 1 == len(records)",
        "counted = True",
        "tests/kafka/test_unroll.py",
    ),
    Mutant(
        "2 a chunk that does not join on is asked for again",
        "agents/kafka/tiles.py",
        "if start != expected and self._sought.get(tp) != expected:",
        "if False:",
        "tests/kafka/test_transport_tiles.py",
    ),
    Mutant(
        "2 the consumer heeds what the tiles say",
        "agents/kafka/consumer.py",
        "if place is not Place.FITS and not await self._mend(chunk, expected, place):",
        "if False:",
        f"{_REBALANCE} -k test_2",
    ),
    Mutant(
        "3 nothing is committed past a chunk that is out",
        "agents/kafka/flights.py",
        "while under_way and under_way[0].landed:",
        "while under_way:",
        "tests/kafka/test_transport_flights.py",
    ),
    Mutant(
        "4 a chunk is acknowledged only after its writes",
        "agents/kafka/agent.py",
        "ready = takewhile(lambda pending: all(write.done() for write in pending[1]), tuple(handled))",
        "ready = tuple(handled)",
        "tests/kafka/test_transport_agent.py",
    ),
    Mutant(
        "4 a write that failed is never followed by a commit",
        "agents/kafka/agent.py",
        "                write.result()",
        "                write.done()",
        f"tests/kafka/test_transport_agent.py {_FAULTS} -k test_4",
    ),
    Mutant(
        "4 a chunk without records moves the position on, too",
        "agents/kafka/agent.py",
        "return await self._handle(chunk)",
        "return await self._handle(chunk) if len(chunk) else ()",
        "tests/kafka/test_transport_agent.py",
    ),
    Mutant(
        "4 not too many chunks wait for their writes",
        "agents/kafka/agent.py",
        "_MAX_PENDING = 16",
        "_MAX_PENDING = 1600",
        "tests/kafka/test_transport_agent.py",
    ),
    Mutant(
        "4 a write is done only with its last batch",
        "agents/kafka/writes.py",
        "if not self._left and not self.durable.done():",
        "if not self.durable.done():",
        "tests/kafka/test_writes.py",
    ),
    Mutant(
        "4 a record that the broker would refuse is refused by us",
        "agents/kafka/writes.py",
        "if (size := batch.builder.size()) > MAX_RECORD_BYTES:",
        "if (size := batch.builder.size()) < 0:",
        "tests/kafka/test_writes.py",
    ),
    Mutant(
        "5 partitions move only when what was begun is done",
        "agents/kafka/consumer.py",
        "            await asyncio.wait_for(self._finish(), limit_s)",
        "            pass",
        f"{_REBALANCE} tests/kafka/test_transport_consumer.py -k test_5",
    ),
    Mutant(
        "5 they wait for every chunk that is out",
        "agents/kafka/consumer.py",
        "while self._unacked_messages and not self.should_stop:",
        "while False:",
        f"{_REBALANCE} tests/kafka/test_transport_consumer.py -k test_5",
    ),
    Mutant(
        "5 they wait for what timers do, too",
        "agents/kafka/consumer.py",
        "        await self.stay.left()\n",
        "",
        "tests/kafka/test_transport_stay.py tests/kafka/test_transport_consumer.py -k test_5",
    ),
    Mutant(
        "5 timers work only while partitions are at rest",
        "agents/kafka/stay.py",
        "        await self._settled.wait()\n",
        "",
        "tests/kafka/test_transport_stay.py",
    ),
    Mutant(
        "5 a worker whose work does not end ends itself",
        "agents/kafka/consumer.py",
        'leave(Exit.DRAIN_TIMED_OUT, f"what was begun is still unfinished after {limit_s:.1f} s")',
        "pass",
        "tests/kafka/test_transport_consumer.py -k test_5",
    ),
    Mutant(
        "6 a chunk of another generation is not acknowledged",
        "agents/kafka/consumer.py",
        "if message.generation_id != self.app.consumer_generation_id:",
        "if False:",
        "tests/kafka/test_transport_consumer.py -k test_6",
    ),
    Mutant(
        "7 sources stay closed until they have been sought",
        "agents/kafka/consumer.py",
        "self.sources_open = self._sought_in == self.app.consumer_generation_id",
        "self.sources_open = True",
        f"{_REBALANCE} -k test_7",
    ),
    Mutant(
        "8 of two records of a contact the higher offset wins",
        "sla_stream/counting.py",
        "if feed.known(name).newest_offset <= contact.newest_offset:",
        "if True:",
        "tests/unit/test_counting.py tests/rules",
    ),
    Mutant(
        "8 of two records of a tally the higher offset wins",
        "sla_stream/ledger.py",
        "if known is None or known.offset <= tally.offset:",
        "if True:",
        "tests/unit/test_counting.py tests/rules",
    ),
    Mutant(
        "8 of two words to the bench the higher offset wins",
        "sla_stream/told.py",
        "if before.offset <= offset:",
        "if True:",
        "tests/unit/test_boards.py tests/rules",
    ),
    Mutant(
        "8 what a tally has counted is not counted again",
        "sla_stream/feed.py",
        "if tally.offset < offset:",
        "if True:",
        "tests/unit/test_counting.py tests/rules",
    ),
    Mutant(
        "8 what a crash left ahead of a message is not taken together with others",
        "sla_stream/feed.py",
        "if not replayed and min(",
        "if min(",
        "tests/unit/test_counting.py",
    ),
    Mutant(
        "8 what may be too late is not taken together with others",
        "sla_stream/feed.py",
        " and min(arrivals.instants) >= newest_ms - self.lateness_ms:",
        ":",
        "tests/rules/test_rule_08_nothing_is_lost_in_silence.py",
    ),
    Mutant(
        "8 who passed through a queue within a batch is told to have left it",
        "sla_stream/feed.py",
        "            self._moved.add(grown.life.queue)",
        "            pass",
        "tests/unit/test_counting.py",
    ),
    Mutant(
        "8 minutes told together are as far as the offset says",
        "sla_stream/ledger.py",
        "if all(tally is None or tally.offset <= offset for tally in tallies):",
        "if True:",
        "tests/unit/test_ledger.py tests/rules",
    ),
    Mutant(
        "8 a message that comes again is lived again as it was",
        "sla_stream/contact.py",
        "known.offset < offset or",
        "True or",
        "tests/unit/test_contact.py tests/rules",
    ),
    Mutant(
        "8 a hole in the changelog ends the process",
        "agents/kafka/table.py",
        "if tail is not None and chunk.start > tail + 1:",
        "if False:",
        "tests/kafka/test_table.py -k test_10",
    ),
    Mutant(
        "9 no batch goes out without the lease, however long it waited",
        "agents/kafka/internals.py",
        "if isinstance(request, ProduceRequest) and await ready(node, **options):",
        "if False:",
        "tests/kafka/test_lease.py",
    ),
    Mutant(
        "9 the lease ends before the session does",
        "agents/kafka/lease.py",
        "_SHARE_OF_SESSION = 0.8",
        "_SHARE_OF_SESSION = 1.8",
        "tests/kafka/test_lease.py",
    ),
    Mutant(
        "10 an exception ends the process",
        "agents/kafka/agent.py",
        'leave(Exit.AGENT_FAILED, f"{chunk} could not be handled", error)',
        "return ()",
        f"{_FAULTS} -k test_10",
    ),
    Mutant(
        "10 a changelog that cannot be read ends the process",
        "agents/kafka/table.py",
        'leave(Exit.CHANGELOG_UNREADABLE, f"{chunk} of the changelog cannot be restored: {error}", error)',
        "pass",
        "tests/kafka/test_table.py -k test_10",
    ),
    Mutant(
        "a worker that is never assigned, or does not fetch, ends itself",
        "agents/kafka/watchdog.py",
        "if idle_s > self.patience_s:",
        "if False:",
        "tests/kafka/test_transport_watchdog.py -k never_assigned",
    ),
    Mutant(
        "a worker whose writes are not taken ends itself",
        "agents/kafka/transport.py",
        "        transport.watchdog.watch_writes(self._oldest_write)\n",
        "",
        "tests/faults/test_idle.py -k writes",
    ),
    Mutant(
        "brokers that answer are no sign of life while the sources are closed",
        "agents/kafka/thread.py",
        "self.consumer.sources_open and answered",
        "answered",
        f"{_REBALANCE} -k stay_closed_is_not_well",
    ),
    Mutant(
        "a worker that hangs in its stop ends itself",
        "agents/kafka/consumer.py",
        "self.transport.watchdog.stopping()",
        "self.transport.watchdog.stop()",
        "tests/kafka/test_transport_watchdog.py -k hangs",
    ),
    Mutant(
        "no worker assigns by half of the topics",
        "agents/kafka/assignor.py",
        "if unknown := sorted(topic for topic in wanted if not cluster.partitions_for_topic(topic)):",
        "if unknown := []:",
        "tests/kafka/test_assignor.py",
    ),
    Mutant(
        "a source that was made anew is refused",
        "agents/source.py",
        "if position.topic and now.topic and position.topic != now.topic:",
        "if False:",
        "tests/unit/test_source.py",
    ),
    Mutant(
        "a source that was made anew is refused though nothing comes from it",
        "agents/source.py",
        "if before and now.id and before != now.id:",
        "if False:",
        "tests/unit/test_source.py",
    ),
    Mutant(
        "a source that ends before what was counted is refused",
        "agents/source.py",
        "if position.offset >= now.end:",
        "if False:",
        "tests/unit/test_source.py",
    ),
    Mutant(
        "an offset moved past what was counted is refused",
        "agents/source.py",
        "if max(position.offset + 1, now.first) < start and position.offset >= 0:",
        "if False:",
        "tests/unit/test_source.py",
    ),
    Mutant(
        "a position remembers of which topic it is",
        "agents/fence.py",
        "self._write_position(partition, replace(position, topic=topic))",
        "self._write_position(partition, position)",
        "tests/agents/test_start.py -k longer",
    ),
    Mutant(
        "a source that changes under a worker ends it",
        "agents/app.py",
        'self._repeat("source", _LOOK_EVERY_S, self.intake.look)',
        "pass",
        "tests/agents/test_start.py -k added",
    ),
    Mutant(
        "nothing is judged before it has been read to its end",
        "agents/kafka/consumer.py",
        "return landed is not None and end is not None and landed >= end",
        "return True",
        "tests/kafka/test_transport_replay.py",
    ),
    Mutant(
        "what a partition told is kept as long as it may change",
        "sla_stream/told.py",
        "before_ms < quarter_ms + QUARTER_MS or ",
        "",
        "tests/unit/test_boards.py",
    ),
)


class GuardNotFoundError(Exception):
    """What a mutant would change is not there exactly once: the list is behind the code."""


def mutated(text: str, mutant: Mutant) -> str:
    """The file's text without the guard. Raises GuardNotFoundError if the guard is not there exactly once."""
    if text.count(mutant.before) != 1:
        raise GuardNotFoundError(f"{mutant.guard}: {mutant.before!r} in {mutant.file}")
    return text.replace(mutant.before, mutant.after)
