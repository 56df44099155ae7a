"""What a partition's changes tell the bench and the customers' agent, as messages."""

from collections.abc import Iterator
from dataclasses import replace

from msgspec.structs import asdict

from schemas.adjustments import Adjustment
from schemas.resolutions import ContactTouch
from schemas.tallies import BenchMessage, DueMessage, FeedMessage, ForecastMessage, TallyMessage, WaitingMessage
from sla_stream.changes import Changes


def adjustments_of(changes: Changes, source: str) -> Iterator[Adjustment]:
    """What changed that was final, as it is told. A replay tells the same again."""
    return (replace(adjustment, source=source) for adjustment in changes.adjustments)


def messages_of(changes: Changes, source: str, heard_ms: int) -> Iterator[BenchMessage]:
    """Whole values of everything that changed; what is merely forgotten here stays counted at the bench.

    `source` names the topic and partition, `heard_ms` is when the batch reached us.
    """
    offset = changes.position.offset
    for pane in changes.panes:
        yield TallyMessage(
            client=pane.key.client,
            channel=pane.key.channel,
            queue=pane.key.queue,
            start=pane.key.start_ms,
            source=source,
            offset=pane.offset,
            minutes=pane.minutes,
        )
    for waited, offered_at in changes.waiting.items():
        yield WaitingMessage(**asdict(waited), source=source, offset=offset, offered_at=offered_at)
    for (client, channel, queue, measure, start_ms), due in changes.due.items():
        yield DueMessage(
            client=client,
            channel=channel,
            queue=queue,
            measure=measure,
            start=start_ms,
            source=source,
            offset=offset,
            due=due,
        )
    for forecast in changes.forecasts:
        yield ForecastMessage(
            client=forecast.client,
            channel=forecast.channel,
            queue=forecast.queue,
            start=forecast.start,
            contacts=forecast.contacts,
            said_at=forecast.at,
        )
    for feed, watermark_ms in changes.feeds.items():
        yield FeedMessage(
            client=feed.client,
            channel=feed.channel,
            source=source,
            offset=offset,
            watermark=watermark_ms,
            heard=heard_ms,
            final=changes.final[feed],
            durable=changes.durable,
        )


def touches_of(changes: Changes, source: str) -> Iterator[ContactTouch]:
    """What is told of customers' contacts on `sla.resolutions`."""
    for touched in changes.touches:
        yield ContactTouch(
            client=touched.client,
            customer=touched.customer,
            contact=touched.contact,
            segment=touched.segment,
            channel=touched.channel,
            queue=touched.queue,
            offered=touched.offered_ms,
            outcome=touched.outcome,
            ended=touched.ended_ms,
            theirs=touched.theirs,
            said=touched.said,
            source=source,
            offset=touched.offset,
        )
