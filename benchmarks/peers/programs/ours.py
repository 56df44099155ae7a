"""Counts finished contacts by queue and minute, on our transport: ours ADDRESS TOPIC RECORDS GROUP RESULTS.

Says "first" before it counts the first of those records, and "last" when what the last one changed is durable.
"""

import dataclasses
import gc
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, get_type_hints

import faust
import msgspec

from agents import kafka
from agents.kafka import Chunk, ChunkTable, Durable, Record
from schemas import facts

_MINUTE_MS = 60_000
_IN_TIME_MS = 30_000

#: What is read of a contact, as it is defined in `schemas`; the peers read no more either.
_READ = ("queue", "offered_at", "answered_at", "abandoned_at")

_pack = msgspec.json.Encoder().encode
_window = msgspec.json.Decoder(tuple[str, int]).decode
_tally = msgspec.json.Decoder(list[int]).decode


def _reader() -> Any:
    hints = get_type_hints(facts.Record)
    fields: list[Any] = [
        (field.name, hints[field.name], *([] if field.default is dataclasses.MISSING else [field.default]))
        for field in dataclasses.fields(facts.Record)
        if field.name in _READ
    ]
    contact = msgspec.defstruct("Contact", fields, tag_field="type", tag="record", gc=False)
    return msgspec.json.Decoder(contact).decode


class Windows:
    """Per partition, queue and minute: the last offset counted, contacts, answered, in time, waits (ms)."""

    def __init__(self) -> None:
        self._of: dict[int, dict[tuple[str, int], list[int]]] = defaultdict(dict)
        self._reached: dict[int, int] = {}
        self._read = _reader()

    def count(self, chunk: Chunk) -> Iterator[Record]:
        """Count what has not been counted, and yield the windows that changed."""
        partition = chunk.tp.partition
        windows = self._of[partition]
        added = self._add_up(self._new(chunk, windows))
        self._reached[partition] = max(chunk.last, self._reached.get(partition, -1))
        for window, (contacts, answered, in_time, waits_ms) in added.items():
            if (tally := windows.get(window)) is None:
                tally = windows[window] = [0, 0, 0, 0, 0]
            tally[0] = chunk.last
            tally[1] += contacts
            tally[2] += answered
            tally[3] += in_time
            tally[4] += waits_ms
            yield _pack(window), _pack(tally)

    def _new(self, chunk: Chunk, windows: dict[tuple[str, int], list[int]]) -> Iterable[Any]:
        """Read the contacts that their windows do not reflect yet: after a restart some may come again."""
        contacts = map(self._read, chunk.values)
        if chunk.first > self._reached.get(chunk.tp.partition, -1):
            return contacts
        return (
            contact
            for offset, contact in zip(chunk.offset_range(), contacts, strict=True)
            if offset > windows.get((contact.queue, contact.offered_at // _MINUTE_MS), (-1,))[0]
        )

    @staticmethod
    def _add_up(contacts: Iterable[Any]) -> dict[tuple[str, int], list[int]]:
        windows: dict[tuple[str, int], list[int]] = {}
        for contact in contacts:
            offered_at = contact.offered_at
            window = contact.queue, offered_at // _MINUTE_MS
            tally = windows.get(window)
            if tally is None:
                tally = windows[window] = [0, 0, 0, 0]
            tally[0] += 1
            if (answered_at := contact.answered_at) is None:
                tally[3] += contact.abandoned_at - offered_at
            else:
                wait_ms = answered_at - offered_at
                tally[1] += 1
                if wait_ms <= _IN_TIME_MS:
                    tally[2] += 1
                tally[3] += wait_ms
        return windows

    def restore(self, partition: int, key: bytes, value: bytes | None) -> None:
        """Take back a window, unless what is here reflects a higher offset."""
        assert value is not None  # noqa: S101 - no window is ever forgotten here
        windows, window, tally = self._of[partition], _window(key), _tally(value)
        if tally[0] >= windows.get(window, (-1,))[0]:
            windows[window] = tally
            self._reached[partition] = max(tally[0], self._reached.get(partition, -1))

    def forget(self, partition: int) -> None:
        """Leave the partition to another worker."""
        self._of.pop(partition, None)
        self._reached.pop(partition, None)


def build(address: str, topic: str, records: int, group: str) -> faust.App:
    """Build the app, with the settings of the product's worker."""
    kafka.register()
    app = faust.App(
        group,
        broker=f"chunks://{address}",
        broker_commit_interval=1.0,
        broker_session_timeout=10.0,
        consumer_max_fetch_size=4 << 20,
        datadir=tempfile.mkdtemp(),
        topic_disable_leader=True,
        table_standby_replicas=0,
        web_enabled=False,
    )
    windows = Windows()
    table = ChunkTable(app, name="windows", store=windows, partitions=4)
    began = False
    durable = 0
    handled: dict[Chunk, int] = {}

    async def count(chunk: Chunk) -> Sequence[Durable]:
        nonlocal began
        if not began:
            began = True
            print("first", flush=True)
        handled[chunk] = len(chunk)  # its records are let go of before they are durable
        return [table.write(chunk.tp.partition, list(windows.count(chunk)))]

    async def note(chunks: Sequence[Chunk]) -> None:
        nonlocal durable
        durable += sum(map(handled.pop, chunks))
        if durable == records:
            print("last", flush=True)

    kafka.chunk_agent(app, kafka.chunk_topic(app, topic), count, after_durable=note)
    return app


def main() -> None:
    """Count until told to stop."""
    _, address, topic, records, group, _ = sys.argv
    gc.set_threshold(50_000, 20, 100)
    app = build(address, topic, int(records), group)
    faust.Worker(app, loglevel="warn", redirect_stdouts=False).execute_from_commandline()


if __name__ == "__main__":
    main()
