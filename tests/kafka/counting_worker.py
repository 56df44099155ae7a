"""A worker for the tests: counts records per key, and keeps with each count the source offset it reflects.

python counting_worker.py ADDRESS APP_ID SOURCE PARTITIONS
"""

import asyncio
import os
import sys
from collections.abc import Sequence

import faust

from agents import kafka
from agents.kafka import Chunk, ChunkTable, Durable

Counts = dict[bytes, tuple[int, int]]


class Store:
    """Per partition and key: the last source offset counted, and the count."""

    def __init__(self) -> None:
        self.counts: dict[int, Counts] = {}
        self.restored = 0

    def count(self, chunk: Chunk) -> set[bytes]:
        """Count what has not been counted; return the keys that changed."""
        counts = self.counts.setdefault(chunk.tp.partition, {})
        changed = set()
        for index, key in enumerate(chunk.keys):
            assert key is not None
            reflected, number = counts.get(key, (-1, 0))
            if chunk.offset_of(index) > reflected:
                counts[key] = chunk.offset_of(index), number + 1
                changed.add(key)
        return changed

    def record(self, partition: int, key: bytes) -> tuple[bytes, bytes]:
        """Return the changelog's record for a key."""
        reflected, number = self.counts[partition][key]
        return key, b"%d %d" % (reflected, number)

    def restore(self, partition: int, key: bytes, value: bytes | None) -> None:
        assert value is not None
        self.restored += 1
        reflected, number = value.split()
        counts = self.counts.setdefault(partition, {})
        if int(reflected) > counts.get(key, (-1, 0))[0]:
            counts[key] = int(reflected), int(number)

    def forget(self, partition: int) -> None:
        self.counts.pop(partition, None)


def make_app(address: str, app_id: str, **settings: object) -> faust.App:
    """Return an app on our transport, quick to notice the end of others."""
    kafka.register()
    return faust.App(
        app_id,
        broker=f"chunks://{address}",
        broker_session_timeout=6.0,
        broker_heartbeat_interval=0.5,
        stream_buffer_maxsize=64,
        table_standby_replicas=0,
        topic_disable_leader=True,
        web_enabled=False,
        worker_redirect_stdouts=False,
        **settings,
    )


def add_counting(app: faust.App, source: str, partitions: int) -> Store:
    """Have the app count."""
    store = Store()
    table = ChunkTable(app, name="counts", store=store, partitions=partitions)

    async def handle(chunk: Chunk) -> Sequence[Durable]:
        partition = chunk.tp.partition
        changed = store.count(chunk)
        await asyncio.sleep(float(os.environ.get("CHUNK_TAKES_S", "0")))
        return [await table.write(partition, [store.record(partition, key) for key in changed])]

    kafka.chunk_agent(app, kafka.chunk_topic(app, source), handle)
    return store


if __name__ == "__main__":
    _, address, app_id, source, partitions = sys.argv
    app = make_app(address, app_id)
    kafka.transport_of(app).direct_fetch = os.environ.get("FETCH") != "by_record"
    add_counting(app, source, int(partitions))
    app.main()
