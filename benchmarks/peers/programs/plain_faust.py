"""Counts finished contacts with Faust as it is documented: plain_faust.py ADDRESS TOPIC RECORDS GROUP RESULTS.

In a table with a key per queue and minute: Faust's windowed tables are slower, and expire by the wall clock.
"""

import sys
import tempfile
from typing import Any

import faust
import msgspec

_MINUTE_MS = 60_000
_IN_TIME_MS = 30_000


class Contact(msgspec.Struct, gc=False):
    """What is read of a contact."""

    queue: str
    offered_at: int
    answered_at: int | None = None
    abandoned_at: int = 0


def build(address: str, topic: str, records: int, group: str) -> faust.App:
    """Build the app. Events are decoded by msgspec: quicker than Faust's own records."""
    read = msgspec.json.Decoder(Contact).decode
    app = faust.App(
        group,
        broker=f"kafka://{address}",
        datadir=tempfile.mkdtemp(),
        topic_partitions=4,
        topic_disable_leader=True,
        table_standby_replicas=0,
        web_enabled=False,
        producer_linger=0.1,
        stream_buffer_maxsize=65_536,
        cython_optimizations=True,
    )
    windows = app.Table("windows", partitions=4)
    counted = 0

    @app.agent(app.topic(topic, value_serializer="raw", key_serializer="raw"))
    async def count(values: Any) -> None:
        nonlocal counted
        async for value in values:
            counted += 1
            if counted == 1:
                print("first", flush=True)
            contact = read(value)
            key = f"{contact.queue} {contact.offered_at // _MINUTE_MS * _MINUTE_MS}"
            contacts, answered, in_time, waits_ms = windows.get(key) or (0, 0, 0, 0)
            if contact.answered_at is None:
                waits_ms += contact.abandoned_at - contact.offered_at
            else:
                wait_ms = contact.answered_at - contact.offered_at
                answered, in_time, waits_ms = answered + 1, in_time + (wait_ms <= _IN_TIME_MS), waits_ms + wait_ms
            windows[key] = contacts + 1, answered, in_time, waits_ms
            if counted == records:
                print("last", flush=True)

    return app


def main() -> None:
    """Count until told to stop."""
    _, address, topic, records, group, _ = sys.argv
    app = build(address, topic, int(records), group)
    faust.Worker(app, loglevel="warn", redirect_stdouts=False).execute_from_commandline()


if __name__ == "__main__":
    main()
