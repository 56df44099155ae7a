"""The embedded broker does for a client what Apache Kafka does."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from confluent_kafka import Consumer, Message

from agents.broker.embedded import EmbeddedBroker
from tests.parts.kafka.records import produce, read_all
from tests.parts.presence import ROOT
from tests.parts.waiting import wait_until

TOPIC = "embedded.facts"
RECORDS = {(b"contact-%d" % (n % 20), b"fact-%d" % n) for n in range(100)}


@pytest.fixture(scope="module", params=[pytest.param("kafka", marks=pytest.mark.kafka), "embedded"])
def address(request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param == "embedded":
        with EmbeddedBroker({TOPIC: 3}) as broker:
            yield broker.address
    else:
        kafka = request.getfixturevalue("kafka")
        kafka.create_topic(TOPIC, 3)
        yield kafka.address


@pytest.fixture(scope="module")
def filled(address: str) -> str:
    produce(address, TOPIC, RECORDS)
    return address


def test_records_are_kept_in_the_partitions_asked_for(filled: str) -> None:
    records = read_all(filled, TOPIC)
    assert {(record.key(), record.value()) for record in records} == RECORDS
    assert {record.partition() for record in records} == {0, 1, 2}


def test_records_of_a_key_share_a_partition(filled: str) -> None:
    homes = {(record.key(), record.partition()) for record in read_all(filled, TOPIC)}
    assert len(homes) == 20


def test_a_group_goes_on_where_it_committed(filled: str) -> None:
    before = _consume_and_commit(filled, 60)
    after = _consume_and_commit(filled, 40)
    assert {record.value() for record in before + after} == {value for _, value in RECORDS}


def test_the_members_of_a_group_share_its_partitions(filled: str) -> None:
    one, other = _member(filled, "pair"), _member(filled, "pair")
    try:
        # Both are asked each time: whoever is not polled holds up the rebalance.
        wait_until(lambda: all([_share(one), _share(other)]), 30, "both members having a share")
        assert {*_share(one), *_share(other)} == {0, 1, 2}
        assert not {*_share(one)} & {*_share(other)}
    finally:
        one.close()
        other.close()


def test_another_process_can_use_it(filled: str) -> None:
    program = "import sys; from tests.parts.kafka.records import read_all; print(len(read_all(*sys.argv[1:])))"
    command = [sys.executable, "-c", program, filled, TOPIC]
    seen = subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    assert int(seen.stdout) == 100


def test_two_embedded_brokers_know_nothing_of_each_other() -> None:
    with EmbeddedBroker({TOPIC: 1}) as one, EmbeddedBroker({TOPIC: 1}) as other:
        produce(one.address, TOPIC, RECORDS)
        assert len(read_all(one.address, TOPIC)) == 100
        assert read_all(other.address, TOPIC) == []


def test_a_topic_that_librdkafka_refuses_is_an_error() -> None:
    # Two names that are one in C.
    with pytest.raises(ValueError, match=r"'twice.*already exists"):
        EmbeddedBroker({"twice": 1, "twice\0": 1})


def _member(address: str, group: str) -> Consumer:
    consumer = Consumer(
        {
            "bootstrap.servers": address,
            "group.id": group,
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
            "session.timeout.ms": 6000,
        }
    )
    consumer.subscribe([TOPIC])
    return consumer


def _share(member: Consumer) -> list[int]:
    member.poll(0.05)  # A rebalance goes on only while its members poll.
    return [partition.partition for partition in member.assignment()]


def _consume_and_commit(address: str, count: int) -> list[Message]:
    member = _member(address, "counters")
    records: list[Message] = []

    def enough() -> bool:
        records.extend(member.consume(count - len(records), timeout=0.1))
        return len(records) == count

    try:
        wait_until(enough, 30, f"{count} records")
        member.commit(asynchronous=False)
    finally:
        member.close()
    return records
