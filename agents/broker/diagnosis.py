"""What a cluster's state means for what we promise, and what to change: one sentence per finding."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from agents.broker.sight import Group, Sight
from agents.broker.topics import Topic, TopicSpec, compare
from agents.settings import Settings

#: The releases that our tests run against, and those between.
_OLDEST_TESTED = (3, 9)
_COPIES_IN_PRODUCTION = 3
#: Silence is noticed, alerts are stamped and records are kept by clocks: seconds matter to nobody, minutes would.
_CLOCKS_DIFFER_MS = 5_000
#: Older than what an alert may take, and than what a restart takes.
_WAITS_LONG_MS = 60_000


class Weight(StrEnum):
    """Whether it breaks what is promised (nothing lost, nothing twice, figures live), or may do so one day."""

    BREAKS = "breaks"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to change."""

    check: str
    weight: Weight
    sentence: str


def diagnose(sight: Sight, settings: Settings, wanted: Sequence[TopicSpec]) -> list[Finding]:
    """Say everything that should be changed; nothing where all is well."""
    return [
        *_of("topics", Weight.BREAKS, (one.sentence for one in compare(wanted, sight.topics))),
        *_of("replication", Weight.BREAKS, _copies_missing(sight, settings)),
        *_of("replication", Weight.ADVICE, _copies_few(sight, settings)),
        *_of("broker", Weight.BREAKS, _session_refused(sight, settings)),
        *_of("broker", Weight.ADVICE, _broker_settings(sight)),
        *_of("versions", Weight.BREAKS, _libraries_moved(sight)),
        *_of("versions", Weight.ADVICE, _brokers_old(sight)),
        *_of("clock", Weight.BREAKS, _clocks_differ(sight)),
        *_of("clock", Weight.ADVICE, _clock_unknown(sight)),
        *_of("lag", Weight.BREAKS, _behind(sight, settings)),
    ]


def _of(check: str, weight: Weight, sentences: Iterator[str]) -> Iterator[Finding]:
    return (Finding(check, weight, sentence) for sentence in sentences)


def _copies_missing(sight: Sight, settings: Settings) -> Iterator[str]:
    if settings.replication > len(sight.brokers):
        yield (
            f"SLA_REPLICATION asks for {settings.replication} copies, the cluster has {len(sight.brokers)}"
            " broker(s): add brokers, or ask for fewer"
        )
    for name, topic in sight.topics.items():
        if topic.in_sync < _needed(topic):
            yield (
                f"{name} takes no writes: {topic.in_sync} of its copies are up to date,"
                f" min.insync.replicas={_needed(topic)}; start the brokers that are missing"
            )


def _copies_few(sight: Sight, settings: Settings) -> Iterator[str]:
    if settings.replication < _COPIES_IN_PRODUCTION:
        yield (
            f"SLA_REPLICATION={settings.replication}: what is counted does not survive every lost disk;"
            f" {_COPIES_IN_PRODUCTION} in production"
        )
    for name, topic in sight.topics.items():
        if _needed(topic) <= topic.in_sync < topic.replication:
            yield (
                f"{name} has {topic.in_sync} of {topic.replication} copies up to date:"
                " see which broker is down or behind"
            )


def _needed(topic: Topic) -> int:
    """Of a topic with fewer copies than are wanted in sync, a broker wants all that there are."""
    return min(topic.replication, int(topic.config["min.insync.replicas"]))


def _session_refused(sight: Sight, settings: Settings) -> Iterator[str]:
    """A worker whose session timeout is refused never joins."""
    least_ms, most_ms = (
        int(sight.broker_config[f"group.{end}.session.timeout.ms"] or 0) for end in ("min", "max")
    )
    if not least_ms <= settings.session_timeout_s * 1000 <= most_ms:
        yield (
            f"SLA_SESSION_TIMEOUT_S={settings.session_timeout_s:g} is refused by the brokers, no worker can join:"
            f" choose from {least_ms / 1000:g} to {most_ms / 1000:g}"
        )


def _broker_settings(sight: Sight) -> Iterator[str]:
    if sight.broker_config.get("auto.create.topics.enable") == "true":
        yield (
            "auto.create.topics.enable=true: a deleted or misspelt topic comes back with the brokers' settings;"
            " set it to false"
        )


def _libraries_moved(sight: Sight) -> Iterator[str]:
    for name, library in sight.libraries.items():
        if library.installed != library.wanted:
            yield (
                f"{name} is {library.installed}, {library.wanted} wanted, whose inside was read:"
                " install from requirements.lock"
            )


def _brokers_old(sight: Sight) -> Iterator[str]:
    oldest = ".".join(map(str, _OLDEST_TESTED))
    for broker, release in sight.brokers.items():
        if release < _OLDEST_TESTED:
            speaks = ".".join(map(str, release))
            yield f"broker {broker} speaks like Kafka {speaks}, nothing before {oldest} was tested: upgrade it"


def _clocks_differ(sight: Sight) -> Iterator[str]:
    if sight.clock is None:
        return
    if sight.clock.at_least_ms > _CLOCKS_DIFFER_MS:
        ahead_ms, ours = sight.clock.at_least_ms, "behind"
    elif sight.clock.at_most_ms < -_CLOCKS_DIFFER_MS:
        ahead_ms, ours = -sight.clock.at_most_ms, "ahead of"
    else:
        return
    yield f"this machine's clock is at least {ahead_ms / 1000:.1f} s {ours} the cluster's: keep both by NTP"


def _clock_unknown(sight: Sight) -> Iterator[str]:
    if sight.clock is None:
        yield "the cluster does not tell its time (it needs KRaft and Kafka 3.3): see that NTP keeps its clocks"


def _behind(sight: Sight, settings: Settings) -> Iterator[str]:
    if sight.group is None:
        return
    yield from _lost(sight.group)
    waiting = sum(progress.behind for progress in sight.group.progress.values())
    since_ms = min(
        (p.next_written_ms for p in sight.group.progress.values() if p.next_written_ms), default=sight.at_ms
    )
    waits_s = (sight.at_ms - since_ms) / 1000
    if waiting and not sight.group.has_members:
        yield f"no worker runs, and {waiting} messages wait, the first for {waits_s:.0f} s: start one"
    elif waiting and sight.at_ms - since_ms > _WAITS_LONG_MS:
        yield (
            f"{waiting} messages wait, the first for {waits_s:.0f} s: start more workers,"
            f" up to {settings.source_partitions}, or see why they are slow"
        )


def _lost(group: Group) -> Iterator[str]:
    for at, progress in sorted(group.progress.items()):
        if progress.committed < progress.first:
            yield (
                f"{at.topic}/{at.partition}: {progress.first - progress.committed} messages were deleted before"
                " they were counted: keep the topic for longer (retention.ms, retention.bytes), and backtest what"
                " is missing"
            )
        if progress.committed > progress.end:
            yield (
                f"{at.topic}/{at.partition} is counted up to {progress.committed} but ends at {progress.end}:"
                " it was made anew; take another SLA_APP_ID"
            )
