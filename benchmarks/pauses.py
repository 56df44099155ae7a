"""For how long counting stood still in each partition, as the broker's clock tells it."""

from collections import defaultdict
from itertools import pairwise

from kafka.admin import ConfigResource

from agents.broker import admin
from tests.parts.kafka.records import read_all

#: Written whenever facts of a partition are counted, and all that they changed is stored.
POSITIONS = "sla-stream-positions-changelog"


def stamp_by_broker(address: str) -> None:
    """Have the broker write its own time on each position."""
    with admin.connect(address) as client:
        client.alter_configs([ConfigResource("topic", POSITIONS, {"message.timestamp.type": "LogAppendTime"})])


def longest_pauses(address: str, spans: dict[str, tuple[float, float]]) -> dict[str, float]:
    """The longest time (s) in which a partition counted nothing, of those that ended in each span (epoch s)."""
    times: dict[int | None, list[float]] = defaultdict(list)
    for record in read_all(address, POSITIONS):
        times[record.partition()].append(record.timestamp()[1] / 1000)
    return {
        name: max(
            after - before
            for counted in times.values()
            for before, after in pairwise(counted)
            if begin < after <= end
        )
        for name, (begin, end) in spans.items()
    }
