"""The broker that the other tests lean on keeps what it promises."""

from collections.abc import Callable
from pathlib import Path

import pytest
from confluent_kafka import Producer

from tests.parts.kafka.broker import Kafka
from tests.parts.kafka.gate import Gate
from tests.parts.kafka.records import produce, read_all
from tests.parts.ports import is_listening
from tests.parts.presence import KAFKA, require
from tests.parts.waiting import wait_until

pytestmark = pytest.mark.kafka


def test_a_topic_has_the_partitions_it_was_given(kafka: Kafka) -> None:
    kafka.create_topic("parts.three", 3)
    assert kafka.partitions("parts.three") == 3


def test_a_topic_is_not_created_by_writing_to_it(kafka: Kafka) -> None:
    with pytest.raises(AssertionError, match="did not take every record"):
        produce(kafka.address, "parts.unknown", [(b"k", b"v")], deadline_s=1)
    assert kafka.partitions("parts.unknown") == 0


def test_what_was_written_is_read(kafka: Kafka) -> None:
    kafka.create_topic("parts.read", 3)
    written = {(b"key-%d" % n, b"value-%d" % n) for n in range(100)}
    produce(kafka.address, "parts.read", written)
    assert {(record.key(), record.value()) for record in read_all(kafka.address, "parts.read")} == written


@pytest.mark.parametrize("end", [Kafka.stop, Kafka.kill])
def test_data_outlives_the_end_of_the_broker(own_kafka: Kafka, end: Callable[[Kafka], None]) -> None:
    own_kafka.create_topic("parts.kept", 2)
    produce(own_kafka.address, "parts.kept", [(b"k", b"v")])
    end(own_kafka)
    assert not is_listening(own_kafka.address)
    own_kafka.start()
    assert [record.value() for record in read_all(own_kafka.address, "parts.kept")] == [b"v"]


def test_a_gate_holds_up_writes_to_one_topic_and_lets_others_through(tmp_path: Path) -> None:
    require(KAFKA)
    gate = Gate()
    broker = Kafka(tmp_path, gate.settings)
    with gate.to(broker.address), broker:
        for topic in ("held", "free"):
            broker.create_topic(topic, 1)
        gate.close("held")
        producer = Producer({"bootstrap.servers": gate.address})
        producer.produce("held", b"first")
        wait_until(lambda: gate.holds("held"), 10, "the write to come to the gate")
        produce(gate.address, "free", [(b"key", b"value")])
        assert [len(read_all(gate.address, topic)) for topic in ("held", "free")] == [0, 1]
        gate.open("held")
        assert producer.flush(10) == 0
        assert [record.value() for record in read_all(gate.address, "held")] == [b"first"]
