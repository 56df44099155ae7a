"""The simulated centre as a source in real time."""

import time
from collections.abc import Iterator

import orjson
import pytest
from click.testing import CliRunner

from agents.broker.embedded import EmbeddedBroker
from agents.cli import main
from agents.demo import northwind
from tests.parts.kafka.records import read_all
from tests.parts.ports import free_port

TOPICS = ("contact.calls", "contact.chats", "contact.tickets", "contact.surveys")
MINUTE_MS = 60_000


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with EmbeddedBroker(dict.fromkeys(TOPICS, 2)) as broker:
        yield broker.address


def simulate(address: str) -> None:
    run = CliRunner().invoke(main, ["simulate", "--kafka", address, "--seconds", "1"])
    assert run.exit_code == 0, run.output


def facts(address: str, topic: str) -> list[dict[str, object]]:
    return [orjson.loads(record.value() or b"") for record in read_all(address, topic)]


def test_the_last_minutes_are_told_at_once_and_then_what_happens(address: str) -> None:
    begin_ms = time.time_ns() // 1_000_000
    simulate(address)
    for topic in TOPICS[:3]:
        told = facts(address, topic)
        at = [int(str(fact["at"])) for fact in told if fact["type"] != "heartbeat"]
        assert len(at) > 50
        assert begin_ms - 21 * MINUTE_MS < min(at) <= max(at) <= time.time_ns() // 1_000_000
        assert {fact["client"] for fact in told} == {northwind.CLIENT}
        beats = [int(str(fact["at"])) for fact in told if fact["type"] == "heartbeat"]
        assert max(beats) >= begin_ms


def test_a_second_run_is_about_other_contacts(address: str) -> None:
    before = {fact["contact"] for fact in facts(address, TOPICS[0]) if "contact" in fact}
    simulate(address)
    after = [fact["contact"] for fact in facts(address, TOPICS[0]) if fact["type"] == "offered"]
    assert before & set(after)
    assert len(set(after)) == len(after)


def test_without_a_kafka_it_says_so_in_one_line() -> None:
    address = f"127.0.0.1:{free_port()}"
    run = CliRunner().invoke(main, ["simulate", "--kafka", address, "--seconds", "1"])
    assert run.exit_code == 1
    assert run.output.splitlines()[-1].startswith(f"Error: no Kafka answers at {address}")
