"""A worker for the tests: counts records per key, and keeps with each count the source offset it reflects.

python counting_worker.py ADDRESS APP_ID SOURCE PARTITIONS
"""

import asyncio
import os
import sys
import tempfile
from collections.abc import Sequence
from typing import Any

import faust

from agents import kafka
from agents.kafka import Chunk, ChunkTable, Durable

POISON = b"poison"


class Store:
    """Per partition and key: the last source offset counted, and the count."""

    def __init__(self) -> None:
        self.counts: dict[int, dict[bytes, tuple[int, int]]] = {}
        self.handled: list[tuple[int, int]] = []
        self.restored: list[int] = []
        self.chunk_takes_s = float(os.environ.get("CHUNK_TAKES_S", "0"))

    def count(self, chunk: Chunk) -> set[bytes]:
        """Count what has not been counted; return the keys that changed."""
        partition = chunk.tp.partition
        counts = self.counts.setdefault(partition, {})
        changed = set()
        for offset, key in zip(chunk.offset_range(), chunk.keys, strict=True):
            assert key is not None
            assert key != POISON, "poisoned"
            self.handled.append((partition, offset))
            reflected, number = counts.get(key, (-1, 0))
            if offset > reflected:
                counts[key] = offset, number + 1
                changed.add(key)
        return changed

    def record(self, partition: int, key: bytes) -> tuple[bytes, bytes]:
        """Return the changelog's record for a key."""
        return key, b"%d %d" % self.counts[partition][key]

    def restore(self, partition: int, key: bytes, value: bytes | None) -> None:
        """Take back one record, unless a newer one is here."""
        assert value is not None
        self.restored.append(partition)
        reflected, number = map(int, value.split())
        counts = self.counts.setdefault(partition, {})
        if reflected > counts.get(key, (-1, 0))[0]:
            counts[key] = reflected, number

    def forget(self, partition: int) -> None:
        """Drop a partition."""
        self.counts.pop(partition, None)

    @property
    def total(self) -> int:
        """Return how many records have been counted."""
        return sum(number for counts in self.counts.values() for _, number in counts.values())


#: Set in the environment: fetch in the slower way.
BY_RECORD = "FETCH_BY_RECORD"


def make_app(address: str, app_id: str, **settings: Any) -> faust.App:
    """Return an app on our transport, quick to notice the end of others."""
    kafka.register()
    fixed: dict[str, Any] = {
        "broker": f"chunks://{address}",
        "broker_session_timeout": 6.0,
        "broker_heartbeat_interval": 0.3,
        "datadir": tempfile.mkdtemp(),
        "stream_buffer_maxsize": 64,
        "table_standby_replicas": 0,
        "topic_disable_leader": True,
        "web_enabled": False,
        "worker_redirect_stdouts": False,
    }
    app = faust.App(app_id, **(fixed | settings))
    kafka.transport_of(app).direct_fetch = BY_RECORD not in os.environ
    return app


def add_counting(app: faust.App, source: str, partitions: int) -> Store:
    """Have the app count, say so, and then take its time."""
    store = Store()
    table = ChunkTable(app, name="counts", store=store, partitions=partitions)

    async def handle(chunk: Chunk) -> Sequence[Durable]:
        changed = store.count(chunk)
        sys.stdout.write(f"counted {chunk}\n")
        sys.stdout.flush()
        await asyncio.sleep(store.chunk_takes_s)
        partition = chunk.tp.partition
        return [table.write(partition, [store.record(partition, key) for key in changed])]

    kafka.chunk_agent(app, kafka.chunk_topic(app, source), handle)
    return store


def main() -> None:
    """Count until told to stop."""
    _, address, app_id, source, partitions = sys.argv
    app = make_app(address, app_id)
    add_counting(app, source, int(partitions))
    sys.argv[1:] = ["worker", "--loglevel", "info", "--without-web"]
    app.main()


if __name__ == "__main__":
    main()
