"""What a contact takes on disk in each topic, before compaction, when facts come one by one as in daily work."""

from collections import Counter
from collections.abc import Iterator

from kafka.admin import KafkaAdminClient

from agents.broker import admin
from benchmarks import load, system
from benchmarks.figures import Row
from benchmarks.load import Pace
from benchmarks.steady import send_evenly
from tests.parts.waiting import wait_until

_CONTACTS, _PER_S = 10_000, 500
#: Event time runs with the clock: so many contacts a minute make about so many facts a second.
_PACE = Pace(per_minute=_PER_S * 60 // 3)
_COUNTED_WITHIN_S = 30
#: Written once a tick for each verdict, however many contacts there are.
_BY_TICK = "sla.verdicts"


def rows() -> Iterator[Row]:
    """Bytes per contact in one replica, by topic; and what the verdicts take per second."""
    facts = load.calls(_CONTACTS, _PACE)
    with system.cluster() as environment, admin.connect(environment["SLA_KAFKA"]) as client:
        with system.worker(environment) as running:
            send_evenly(environment["SLA_KAFKA"], facts, _PER_S)
            wait_until(lambda: running.counted() >= len(facts), _COUNTED_WITHIN_S, "everything to be counted")
        sizes = _sizes(client)
    for topic, size in sizes.most_common():
        if topic == _BY_TICK:
            yield f"on disk per second, {topic}", f"{size * _PER_S / len(facts):,.0f} bytes"
        elif round(size / _CONTACTS):
            yield f"on disk per contact, {topic}", f"{size / _CONTACTS:,.0f} bytes"


def _sizes(client: KafkaAdminClient) -> Counter[str]:
    """Bytes of each topic of ours."""
    sizes: Counter[str] = Counter()
    for broker in client.describe_log_dirs():
        for folder in broker["log_dirs"]:
            for topic in folder["topics"]:
                if not topic["name"].startswith("__"):
                    sizes[topic["name"]] += sum(at["partition_size"] for at in topic["partitions"])
    return sizes
