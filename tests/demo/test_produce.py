"""`sla-stream produce` brings a file onto a topic: every line, keyed by contact, when its time has come."""

import math
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from agents.broker.embedded import EmbeddedBroker
from agents.cli import main
from agents.cli.produce import Line, paced, read
from schemas.facts import FACT
from tests.builders import answered, offered
from tests.parts.kafka.broker import Kafka
from tests.parts.kafka.records import read_all

TOPIC = "produce.calls"
ANNA = [FACT.dump_json(fact, exclude_none=True) for fact in (offered("anna"), answered("anna"))]
BERT = [FACT.dump_json(fact, exclude_none=True) for fact in (offered("bert"), answered("bert"))]
NO_FACTS = [b"{not json", b"[]", b'{"type":"heartbeat"}', b'{"contact":7}', b"\xff\xfe"]


@pytest.fixture(scope="module", params=[pytest.param("kafka", marks=pytest.mark.kafka), "embedded"])
def broker_address(request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param == "embedded":
        with EmbeddedBroker({TOPIC: 3}) as broker:
            yield broker.address
    else:
        kafka: Kafka = request.getfixturevalue("kafka")
        kafka.create_topic(TOPIC, 3)
        yield kafka.address


def produce(*arguments: str, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["produce", *arguments], input=stdin)


def test_every_line_is_sent_keyed_by_its_contact(broker_address: str, tmp_path: Path) -> None:
    file = tmp_path / "facts.jsonl"
    file.write_bytes(b"\n".join([*ANNA, *NO_FACTS, *BERT]))
    result = produce(str(file), "--topic", TOPIC, "--kafka", broker_address)
    assert (result.exit_code, result.output) == (0, f"9 messages sent to {TOPIC}, 5 of them without a key\n")
    records = read_all(broker_address, TOPIC)
    assert [record.value() for record in records if record.key() == b"anna"] == ANNA
    assert [record.value() for record in records if record.key() == b"bert"] == BERT
    assert {record.value() for record in records if record.key() is None} == set(NO_FACTS)


def test_a_record_is_as_old_as_its_sending(broker_address: str) -> None:
    before_ms = time.time_ns() // 1_000_000
    assert produce("-", "--topic", TOPIC, "--kafka", broker_address, stdin=b'{"contact":"cleo"}\n').exit_code == 0
    (record,) = [record for record in read_all(broker_address, TOPIC) if record.key() == b"cleo"]
    assert before_ms <= record.timestamp()[1] <= time.time_ns() // 1_000_000


@pytest.mark.parametrize(
    ("value", "key", "at_ms"),
    [
        (b'{"contact":"anna","at":1772438400000}', b"anna", 1_772_438_400_000),
        (b'{"contact":"anna","offered_at":1772438400000}', b"anna", 1_772_438_400_000),
        (b'{"contact":"anna","at":"soon"}', b"anna", None),
        (b'{"contact":"anna","at":1e300}', b"anna", None),
        (b'{"contact":"anna","at":99999999999999999}', b"anna", None),
        (b'{"contact":"","at":1}', None, None),
        (b"", None, None),
    ],
)
@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
def test_a_line_has_the_key_and_the_time_that_can_be_read(
    value: bytes, key: bytes | None, at_ms: int | None, end: bytes
) -> None:
    assert read(value + end) == Line(value, key, at_ms)


def test_lines_are_held_back_until_their_time_has_come() -> None:
    lines = [Line(b"", None, at_ms) for at_ms in (600_000, 300_000, None, 660_000)]
    began_s = time.monotonic()
    came_s = [time.monotonic() - began_s for _ in paced(lines, speed=600)]
    assert came_s[2] < 0.1 <= came_s[3]


def test_at_full_speed_nothing_is_held_back() -> None:
    lines = [Line(b"", None, day * 86_400_000) for day in range(1000)]
    began_s = time.monotonic()
    assert list(paced(lines, math.inf)) == lines
    assert time.monotonic() - began_s < 1


@pytest.mark.parametrize("speed", ["0", "-1", "fast", "nan"])
def test_a_speed_is_a_number_above_zero_or_max(speed: str) -> None:
    result = produce("-", "--speed", speed, stdin=ANNA[0])
    assert result.exit_code == 2
    assert f"'{speed}' is neither a number above 0 nor \"max\"" in result.output


@pytest.mark.parametrize("address", ["127.0.0.1:1", "nowhere:port"])
def test_a_kafka_that_does_not_answer_is_said_in_one_line(address: str) -> None:
    # In a process of its own: on its way out kafka-python leaves a socket to the garbage collector.
    command = [sys.executable, "-m", "agents.cli", "produce", "-", "--kafka", address]
    done = subprocess.run(command, input=ANNA[0], capture_output=True, check=False)
    assert done.returncode == 1
    assert done.stdout == b""
    assert done.stderr.decode() == f"Error: no Kafka answers at {address}, or it has no topic contact.calls\n"
