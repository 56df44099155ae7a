"""What can be seen of a cluster from outside, for a diagnosis; looking changes nothing."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import requires, version

from kafka import TopicPartition
from kafka.admin import ConfigResource, KafkaAdminClient, OffsetSpec
from kafka.errors import UnsupportedVersionError

from agents.broker.admin import topics
from agents.broker.reading import written_at
from agents.broker.topics import Topic, TopicSpec
from agents.settings import Settings

_GROUP_WITHOUT_MEMBERS = ("Empty", "Dead")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """By how much the cluster's clock is ahead of ours: the answer was on its way for the time between (ms)."""

    at_least_ms: int
    at_most_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the group is in one partition: offsets, and when its next record was written (epoch ms)."""

    first: int
    committed: int
    end: int
    next_written_ms: int | None

    @property
    def behind(self) -> int:
        """Messages that wait."""
        return max(0, self.end - max(self.first, self.committed))


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The group of our workers, and how far it is in each partition that it ever committed."""

    has_members: bool
    progress: Mapping[TopicPartition, Progress]


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """A library that we hold to one version."""

    wanted: str
    installed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """Everything at one instant. `clock` is None if the cluster does not tell, `group` before the first worker."""

    at_ms: int
    brokers: Mapping[int, tuple[int, ...]]
    broker_config: Mapping[str, str | None]
    topics: Mapping[str, Topic]
    libraries: Mapping[str, Library]
    clock: Clock | None
    group: Group | None


def look(
    admin: KafkaAdminClient,
    settings: Settings,
    wanted: Sequence[TopicSpec],
    sources: Collection[str],
    now_ms: Callable[[], int],
) -> Sight:
    """Look at everything. Raises KafkaError, or ConnectionError, where the cluster stops answering."""
    brokers = [broker["broker_id"] for broker in admin.describe_cluster()["brokers"]]
    found = topics(admin, {spec.name for spec in wanted})
    return Sight(
        at_ms=now_ms(),
        brokers={broker: admin.get_broker_version_data(broker).broker_version for broker in brokers},
        broker_config=_broker_config(admin, brokers[0]),
        topics=found,
        libraries=_libraries(),
        clock=_clock(admin, now_ms),
        group=_group(admin, settings, found.keys() & sources) if found.keys() & sources else None,
    )


def _broker_config(admin: KafkaAdminClient, broker: int) -> dict[str, str | None]:
    described = admin.describe_configs([ConfigResource("broker", str(broker))], config_filter="all")
    return {key: entry["value"] for key, entry in described["broker"][str(broker)].items()}


def _libraries() -> dict[str, Library]:
    """Those that our own metadata asks for with `==`."""
    pinned = (re.match(r"([\w-]+)(?:\[[^]]*])?==([\w.]+)$", wanted) for wanted in requires("sla-stream") or ())
    return {found[1]: Library(wanted=found[2], installed=version(found[1])) for found in pinned if found}


def _clock(admin: KafkaAdminClient, now_ms: Callable[[], int]) -> Clock | None:
    """Ask how the quorum of controllers stands: its leader says of itself that it is up to date, as of its now."""
    asked_ms = now_ms()
    try:
        (quorum,) = admin.describe_metadata_quorum()["topics"][0]["partitions"]
    except UnsupportedVersionError:
        return None
    answered_ms = now_ms()
    leader = next(one for one in quorum["current_voters"] if one["replica_id"] == quorum["leader_id"])
    told_ms = leader.get("last_caught_up_timestamp", -1)
    if told_ms < 0:
        return None
    return Clock(at_least_ms=told_ms - answered_ms, at_most_ms=told_ms - asked_ms)


def _group(admin: KafkaAdminClient, settings: Settings, sources: Collection[str]) -> Group | None:
    # A group is looked for among all: asking for one by name would make the cluster prepare for it.
    states = {group["group_id"]: group["group_state"] for group in admin.list_groups()}
    if settings.app_id not in states:
        return None
    offsets = admin.list_group_offsets(settings.app_id)[settings.app_id]
    committed = {at: offset.offset for at, offset in offsets.items() if at.topic in sources and offset.offset >= 0}
    first = admin.list_partition_offsets(dict.fromkeys(committed, OffsetSpec.EARLIEST))
    end = admin.list_partition_offsets(dict.fromkeys(committed, OffsetSpec.LATEST))
    waiting = {at: offset for at, offset in committed.items() if first[at].offset <= offset < end[at].offset}
    written = written_at(settings.kafka, waiting)
    progress = {
        at: Progress(first=first[at].offset, committed=offset, end=end[at].offset, next_written_ms=written.get(at))
        for at, offset in committed.items()
    }
    return Group(has_members=states[settings.app_id] not in _GROUP_WITHOUT_MEMBERS, progress=progress)
