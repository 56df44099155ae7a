"""The topics of a running cluster, compared with those we want and brought up to them."""

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from kafka.admin import ConfigResource, KafkaAdminClient
from kafka.errors import InvalidReplicationFactorError, KafkaError

from agents.broker.topics import Difference, Remedy, Topic, TopicSpec, compare
from agents.settings import SettingsError

_LEARNT_WITHIN_S = 10
_PAUSE_S = 0.1


@contextmanager
def connect(address: str, timeout_s: float = 10) -> Iterator[KafkaAdminClient]:
    """Talk to the cluster behind an address; each question is given up after the timeout."""
    try:
        admin = KafkaAdminClient(
            bootstrap_servers=address, bootstrap_timeout_ms=timeout_s * 1000, request_timeout_ms=timeout_s * 1000
        )
    except KafkaError as error:
        raise SettingsError(f"SLA_KAFKA: no Kafka answers at {address}") from error
    try:
        yield admin
    finally:
        admin.close()


def check(admin: KafkaAdminClient, wanted: Sequence[TopicSpec]) -> list[Difference]:
    """Say what differs; change nothing."""
    return compare(wanted, topics(admin, {spec.name for spec in wanted}))


def apply(admin: KafkaAdminClient, wanted: Sequence[TopicSpec]) -> list[Difference]:
    """Create what is missing, set what is set otherwise, and return what is still not as it should be.

    While there is something that only people can decide, nothing is touched: new topics beside wrong ones make
    it no better.
    """
    differences = check(admin, wanted)
    if by_hand := [one for one in differences if one.remedy is Remedy.BY_HAND]:
        return by_hand
    _create(admin, _specs(differences, Remedy.CREATE))
    _alter(admin, _specs(differences, Remedy.ALTER))
    return _left(admin, wanted)


def _left(admin: KafkaAdminClient, wanted: Sequence[TopicSpec]) -> list[Difference]:
    """Check until all is well or time is up: a broker learns of a change a little after it is made."""
    end = time.monotonic() + _LEARNT_WITHIN_S
    while (differences := check(admin, wanted)) and time.monotonic() < end:
        time.sleep(_PAUSE_S)
    return differences


def topics(admin: KafkaAdminClient, names: set[str]) -> dict[str, Topic]:
    """Describe those of the topics that exist."""
    # All are described: asking for one by name would create it where the broker creates topics by itself.
    described = {one["name"]: one["partitions"] for one in admin.describe_topics() if one["name"] in names}
    if not described:
        return {}
    resources = [ConfigResource("topic", name) for name in described]
    configs = admin.describe_configs(resources, config_filter="all")["topic"]
    return {
        name: Topic(
            partitions=len(partitions),
            replication=min(len(partition["replica_nodes"]) for partition in partitions),
            in_sync=min(len(partition["isr_nodes"]) for partition in partitions),
            config={key: entry["value"] for key, entry in configs[name].items()},
        )
        for name, partitions in described.items()
    }


def _specs(differences: Iterable[Difference], remedy: Remedy) -> dict[str, TopicSpec]:
    return {one.spec.name: one.spec for one in differences if one.remedy is remedy}


def _create(admin: KafkaAdminClient, specs: dict[str, TopicSpec]) -> None:
    if not specs:
        return
    try:
        admin.create_topics({name: _options(spec) for name, spec in specs.items()}, wait_for_metadata=True)
    except InvalidReplicationFactorError as error:
        raise SettingsError("SLA_REPLICATION: more copies than the cluster has brokers") from error


def _options(spec: TopicSpec) -> dict[str, object]:
    return {
        "num_partitions": spec.partitions,
        "replication_factor": spec.replication,
        "configs": spec.config,
    }


def _alter(admin: KafkaAdminClient, specs: dict[str, TopicSpec]) -> None:
    if specs:
        admin.alter_configs([ConfigResource("topic", name, spec.config) for name, spec in specs.items()])
