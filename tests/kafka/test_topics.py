"""The topics of a real cluster are compared with those we want, created and set."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest
from kafka.admin import KafkaAdminClient

from agents.broker.admin import apply, check, connect
from agents.broker.topics import Remedy, TopicSpec, desired
from agents.settings import Settings, SettingsError
from tests.parts.kafka.broker import Kafka
from tests.parts.presence import ROOT

pytestmark = pytest.mark.kafka

CALLS = TopicSpec(name="?", partitions=8, replication=1, cleanup="delete", retention_ms=1000)


@pytest.fixture(scope="module")
def admin(kafka: Kafka) -> Iterator[KafkaAdminClient]:
    with connect(kafka.address) as client:
        yield client


def test_every_topic_we_want_is_created_as_we_want_it(own_kafka: Kafka) -> None:
    wanted = desired(Settings(app_id="app"))
    with connect(own_kafka.address) as admin:
        assert {one.remedy for one in check(admin, wanted)} == {Remedy.CREATE}
        assert apply(admin, wanted) == []
        assert check(admin, wanted) == []
    assert own_kafka.partitions("contact.calls") == 8
    assert own_kafka.partitions("sla.tallies") == 4
    assert own_kafka.partitions("app-positions-changelog") == 8


def test_applying_again_changes_nothing(admin: KafkaAdminClient) -> None:
    wanted = [replace(CALLS, name="topics.again", cleanup="compact,delete")]
    apply(admin, wanted)
    assert apply(admin, wanted) == []
    assert check(admin, wanted) == []


def test_policies_in_another_order_are_the_same_policies(kafka: Kafka, admin: KafkaAdminClient) -> None:
    wanted = replace(CALLS, name="topics.order", cleanup="compact,delete")
    kafka.create_topic("topics.order", 8, {**wanted.config, "cleanup.policy": "delete,compact"})
    assert check(admin, [wanted]) == []


def test_a_setting_that_differs_is_named_and_set(kafka: Kafka, admin: KafkaAdminClient) -> None:
    kafka.create_topic("topics.setting", 8, {"cleanup.policy": "compact"})
    wanted = [replace(CALLS, name="topics.setting")]
    sentences = [one.sentence for one in check(admin, wanted)]
    assert (
        "topics.setting has cleanup.policy=compact, delete wanted: `sla-stream topics apply` sets it" in sentences
    )
    apply(admin, wanted)
    assert check(admin, wanted) == []


def test_a_setting_that_we_do_not_name_is_left_alone(kafka: Kafka, admin: KafkaAdminClient) -> None:
    kafka.create_topic("topics.theirs", 8, {"cleanup.policy": "compact", "segment.ms": "12345"})
    apply(admin, [replace(CALLS, name="topics.theirs")])
    config = kafka.config("topics.theirs")
    assert (config["cleanup.policy"], config["segment.ms"]) == ("delete", "12345")


def test_a_partition_count_is_never_changed(kafka: Kafka, admin: KafkaAdminClient) -> None:
    kafka.create_topic("topics.narrow", 4)
    wanted = [replace(CALLS, name="topics.narrow"), replace(CALLS, name="topics.beside")]
    (left,) = apply(admin, wanted)
    assert left.sentence == (
        "topics.narrow has 4 partitions, 8 wanted: a partition count cannot be changed under existing state;"
        " ask for 4, or begin anew with other topics"
    )
    assert kafka.partitions("topics.narrow") == 4
    assert kafka.partitions("topics.beside") == 0


def test_too_few_replicas_are_for_people_to_see_to(kafka: Kafka, admin: KafkaAdminClient) -> None:
    kafka.create_topic("topics.single", 8)
    (left,) = apply(admin, [replace(CALLS, name="topics.single", replication=3)])
    assert "has 1 replicas, 3 wanted" in left.sentence


def test_more_copies_than_brokers_are_refused_by_name(admin: KafkaAdminClient) -> None:
    with pytest.raises(SettingsError, match="SLA_REPLICATION: more copies than the cluster has brokers"):
        apply(admin, [replace(CALLS, name="topics.copies", replication=3)])


def test_an_address_without_kafka_is_refused_by_name() -> None:
    # In a process of its own, since kafka-python leaves a thread and a socket behind after it.
    program = "from agents.broker.admin import connect; connect('127.0.0.1:1', timeout_s=0.1).__enter__()"
    command = [sys.executable, "-c", program]
    tried = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT)
    assert "SettingsError: SLA_KAFKA: no Kafka answers at 127.0.0.1:1" in tried.stderr
