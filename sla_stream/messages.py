"""What a partition's changes tell the bench, as messages."""

from collections.abc import Iterator

from schemas.tallies import BenchMessage, FeedMessage, TallyMessage, WaitingMessage
from sla_stream.changes import Changes


def messages_of(changes: Changes, source: str, heard_ms: int) -> Iterator[BenchMessage]:
    """Whole values of everything that changed; what is merely forgotten here stays counted at the bench.

    `source` names the topic and partition, `heard_ms` is when the batch reached us.
    """
    offset = changes.position.offset
    for key, tally in changes.tallies.items():
        if tally:
            yield TallyMessage(
                client=key.client,
                channel=key.channel,
                queue=key.queue,
                start=key.start_ms,
                source=source,
                offset=tally.offset,
                measures={measure: dict(counts) for measure, counts in tally.measures.items()},
            )
    for waited, offered_at in changes.waiting.items():
        yield WaitingMessage(**waited._asdict(), source=source, offset=offset, offered_at=offered_at)
    for feed, watermark_ms in changes.feeds.items():
        yield FeedMessage(
            **feed._asdict(),
            source=source,
            offset=offset,
            watermark=watermark_ms,
            heard=heard_ms,
            final=changes.final[feed],
        )
