"""Counts finished contacts by queue and minute with Quix Streams: quix.py ADDRESS TOPIC RECORDS GROUP RESULTS.

Says "first" and "last" when it counts those records; then writes the windows to the topic RESULTS.
"""

import sys
import tempfile
from typing import Any

import msgspec
from quixstreams import Application
from quixstreams.models import JSONDeserializer

_MINUTE_MS = 60_000
_IN_TIME_MS = 30_000
#: A contact is reported when it is over, at most so long after it was offered.
_GRACE_MS = 600_000


class Contact(msgspec.Struct, gc=False):
    """What is read of a contact."""

    queue: str
    offered_at: int
    answered_at: int | None = None
    abandoned_at: int = 0


def add(tally: list[int], contact: Contact) -> list[int]:
    """Return the tally with one contact more."""
    contacts, answered, in_time, waits_ms = tally
    if contact.answered_at is None:
        return [contacts + 1, answered, in_time, waits_ms + contact.abandoned_at - contact.offered_at]
    wait_ms = contact.answered_at - contact.offered_at
    return [contacts + 1, answered + 1, in_time + (wait_ms <= _IN_TIME_MS), waits_ms + wait_ms]


def main() -> None:
    """Count until the last record, and commit."""
    _, address, topic, count, group, results = sys.argv
    records = int(count)
    app = Application(
        broker_address=address,
        consumer_group=group,
        auto_offset_reset="earliest",
        state_dir=tempfile.mkdtemp(),
        loglevel="WARNING",
        consumer_extra_config={"fetch.message.max.bytes": 4 << 20, "queued.min.messages": 100_000},
        producer_extra_config={"linger.ms": 100},
    )
    contacts = app.topic(
        topic,
        key_deserializer="str",
        value_deserializer=JSONDeserializer(loads=msgspec.json.Decoder(Contact).decode),
        timestamp_extractor=lambda contact, *_: contact.offered_at,
    )
    counted = 0
    windows: dict[tuple[str, int], list[int]] = {}

    def note(window: dict[str, Any], queue: str, *_: object) -> None:
        nonlocal counted
        counted += 1
        if counted == 1:
            print("first", flush=True)
        windows[queue, window["start"]] = window["value"]
        if counted == records:
            print("last", flush=True)

    minutes = app.dataframe(contacts).tumbling_window(_MINUTE_MS, grace_ms=_GRACE_MS)
    tallies = minutes.reduce(reducer=add, initializer=lambda contact: add([0, 0, 0, 0], contact)).current()
    tallies.update(note, metadata=True)
    app.run(count=records, collect=False)
    with app.get_producer() as producer:
        for (queue, start_ms), tally in windows.items():
            producer.produce(results, key=f"{queue} {start_ms}", value=" ".join(map(str, tally)))


if __name__ == "__main__":
    main()
