"""The topics we want, as data, and what differs between them and those that are there."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Literal

from agents.settings import Settings
from agents.source import CHANNELS, SURVEYS

_DAY_MS = 86_400_000
_MIB = 1024 * 1024
_MESSAGE_BYTES = _MIB
# Sources may write more than is read as a fact: what is too large is refused by us, aloud, and not by the broker.
_SOURCE_BYTES = 4 * _MIB
# A dead letter holds a message of a source in base64, a third longer, and says why.
_LARGE_BYTES = 8 * _MIB
_SEGMENT_BYTES = 1024 * _MIB
# Compaction leaves the newest segment alone: what is read whole at each recovery is kept in short ones.
_COMPACTED_SEGMENT_BYTES = 64 * _MIB


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicSpec:
    """One topic as it should be. What is None is left to the broker."""

    name: str
    partitions: int
    replication: int
    cleanup: Literal["delete", "compact", "compact,delete"]
    retention_ms: int | None = None
    min_compaction_lag_ms: int | None = None
    max_message_bytes: int = _MESSAGE_BYTES
    segment_bytes: int = _SEGMENT_BYTES

    @property
    def config(self) -> dict[str, str]:
        """The same in the broker's words; what is written must be in more places than one, where it can be."""
        values = {
            "cleanup.policy": self.cleanup,
            "min.insync.replicas": max(1, self.replication - 1),
            "unclean.leader.election.enable": "false",
            "retention.ms": self.retention_ms,
            "min.compaction.lag.ms": self.min_compaction_lag_ms,
            "max.message.bytes": self.max_message_bytes,
            "segment.bytes": self.segment_bytes,
        }
        return {key: str(value) for key, value in values.items() if value is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One topic as it is; `in_sync` is how many copies are up to date, of the partition that has fewest."""

    partitions: int
    replication: int
    in_sync: int
    config: Mapping[str, str]


class Remedy(StrEnum):
    """Who can settle a difference, and how."""

    CREATE = "create"
    ALTER = "alter"
    BY_HAND = "by hand"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it should be, in a sentence that says what to do."""

    spec: TopicSpec
    remedy: Remedy
    sentence: str


def desired(settings: Settings) -> tuple[TopicSpec, ...]:
    """Name every topic that the system reads or writes, changelogs included."""
    counted = partial(TopicSpec, partitions=settings.source_partitions, replication=settings.replication)
    judged = partial(TopicSpec, partitions=settings.judge_partitions, replication=settings.replication)
    kept = partial(judged, cleanup="delete", retention_ms=400 * _DAY_MS)
    compacted = partial(judged, cleanup="compact", segment_bytes=_COMPACTED_SEGMENT_BYTES)
    # A day in which a stale record of a state can still be told from the good one that it would replace.
    changelog = partial(compacted, min_compaction_lag_ms=_DAY_MS)
    counted_changelog = partial(changelog, partitions=settings.source_partitions)
    source = partial(counted, cleanup="delete", retention_ms=30 * _DAY_MS, max_message_bytes=_SOURCE_BYTES)
    return (
        *(source(name=name) for name in (*CHANNELS, SURVEYS)),
        # The largest message says since when each of those who wait in one queue has waited, 14 bytes each.
        compacted(
            name="sla.tallies",
            cleanup="compact,delete",
            retention_ms=400 * _DAY_MS,
            max_message_bytes=_LARGE_BYTES,
        ),
        # What intake tells of customers' contacts is counted as facts are, and kept as long.
        counted(name="sla.resolutions", cleanup="delete", retention_ms=30 * _DAY_MS),
        kept(name="sla.adjustments"),
        compacted(name="sla.verdicts"),
        # Of the day, which is drawn on walls.
        judged(
            name="sla.history", cleanup="delete", retention_ms=2 * _DAY_MS, segment_bytes=_COMPACTED_SEGMENT_BYTES
        ),
        # A sign of life is old within seconds.
        judged(
            name="sla.pulses", cleanup="delete", retention_ms=_DAY_MS // 24, segment_bytes=_COMPACTED_SEGMENT_BYTES
        ),
        kept(name="sla.alerts"),
        kept(name="sla.undelivered"),
        kept(name="sla.acknowledgements"),
        kept(name="sla.dead-letters", max_message_bytes=_LARGE_BYTES),
        counted_changelog(name=f"{settings.app_id}-contacts-changelog"),
        counted_changelog(name=f"{settings.app_id}-tallies-changelog"),
        counted_changelog(name=f"{settings.app_id}-positions-changelog"),
        counted_changelog(name=f"{settings.app_id}-customers-changelog"),
        counted_changelog(name=f"{settings.app_id}-resolved-changelog"),
        counted_changelog(name=f"{settings.app_id}-resolved-up-to-changelog"),
        changelog(name=f"{settings.app_id}-episodes-changelog"),
        changelog(name=f"{settings.app_id}-notices-changelog"),
    )


def compare(wanted: Iterable[TopicSpec], actual: Mapping[str, Topic]) -> list[Difference]:
    """Say everything that differs; topics that nobody asked for are nobody's business here."""
    return [difference for spec in wanted for difference in _differences(spec, actual.get(spec.name))]


def _differences(spec: TopicSpec, topic: Topic | None) -> Iterator[Difference]:
    if topic is None:
        sentence = f"{spec.name} does not exist: `sla-stream topics apply` creates it"
        yield Difference(spec, Remedy.CREATE, sentence)
        return
    yield from _shape(spec, topic)
    yield from _config(spec, topic.config)


def _shape(spec: TopicSpec, topic: Topic) -> Iterator[Difference]:
    if topic.partitions != spec.partitions:
        sentence = (
            f"{spec.name} has {topic.partitions} partitions, {spec.partitions} wanted:"
            " a partition count cannot be changed under existing state;"
            f" ask for {topic.partitions}, or begin anew with other topics"
        )
        yield Difference(spec, Remedy.BY_HAND, sentence)
    if topic.replication != spec.replication:
        sentence = (
            f"{spec.name} has {topic.replication} replicas, {spec.replication} wanted:"
            " the cluster has to copy data for it; run kafka-reassign-partitions"
        )
        yield Difference(spec, Remedy.BY_HAND, sentence)


def _config(spec: TopicSpec, actual: Mapping[str, str]) -> Iterator[Difference]:
    for key, value in spec.config.items():
        found = actual.get(key, "")
        if _words(found) != _words(value):
            sentence = f"{spec.name} has {key}={found}, {value} wanted: `sla-stream topics apply` sets it"
            yield Difference(spec, Remedy.ALTER, sentence)


def _words(value: str) -> frozenset[str]:
    """Take "compact,delete" for what it is, a set: brokers give it back in an order of theirs."""
    return frozenset(value.split(","))
