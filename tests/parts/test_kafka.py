"""The broker that the other tests lean on keeps what it promises."""

from collections.abc import Callable

import pytest

from tests.parts.kafka.broker import Kafka
from tests.parts.kafka.records import produce, read_all
from tests.parts.ports import is_listening

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
