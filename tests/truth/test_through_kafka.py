"""August through a real Kafka and two workers, shuffled and partly doubled, one worker killed half-way.

And once more for another client, from instant to instant, to see who waits then.
"""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from agents.source import SOURCES
from tests.parts.kafka.broker import Kafka
from tests.parts.kafka.records import produce
from tests.parts.presence import KAFKA, require
from tests.parts.waiting import wait_until
from tests.truth.comparison import FIGURES, Comparison, row_by_row, with_reference
from tests.truth.first_contact import in_every_reading
from tests.truth.outcome import CONTRACT, Outcome, sla_stream
from tests.truth.returning import FIRST_CONTACT
from tests.truth.shuffled import Shuffled, shuffled
from tests.truth.standing import STANDING, live_through
from tests.truth.workers import Worker, all_resolved, received

pytestmark = pytest.mark.kafka

_APP_ID = "truth"


@dataclass(frozen=True, slots=True)
class Run:
    """What came of it, and how far things were when the worker was killed."""

    outcome: Outcome
    first_contact: Outcome
    standing: Comparison
    sent: Shuffled
    received_at_kill: int
    applied_by_killed: int


@pytest.fixture(scope="module")
def run(facts: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    require(KAFKA)
    home = tmp_path_factory.mktemp("through-kafka")
    (home / "contracts").mkdir()
    (home / "keys").mkdir()
    (home / "keys" / "anonymous-bank").write_bytes(b"k" * 32)
    for contract in (CONTRACT, FIRST_CONTACT, STANDING):
        shutil.copy(contract, home / "contracts")
    with Kafka(home) as broker:
        yield _through(broker, home, facts)


def test_every_figure_is_that_of_the_reference(run: Run) -> None:
    comparison = with_reference(run.outcome)
    assert not comparison.differences, comparison.first_differences
    assert comparison.compared == FIGURES


def test_every_row_is_that_of_the_backtest(run: Run, backtest: Outcome) -> None:
    comparison = row_by_row(run.outcome, backtest)
    assert not comparison.differences, comparison.first_differences
    assert comparison.compared == {"rows": 307_665}


def test_first_contact_resolution_is_that_of_the_reference_in_every_reading(run: Run) -> None:
    comparison = in_every_reading(run.first_contact)
    assert not comparison.differences, comparison.first_differences
    assert comparison.compared == {"first_contact": 12 * 6}


def test_at_every_instant_as_many_wait_as_the_reference_says(run: Run) -> None:
    assert not run.standing.differences, run.standing.first_differences
    assert run.standing.compared == {"standing": 496}


def test_every_message_has_one_result(run: Run) -> None:
    assert run.sent.duplicates == 5_441
    assert run.outcome.counters == {
        "received": len(run.sent.records),
        "applied": 108_824,
        "duplicate": run.sent.duplicates,
        "rejected": 0,
        "too_late": 0,
    }


def test_the_worker_was_killed_half_way_and_at_work(run: Run) -> None:
    assert 0.5 <= run.received_at_kill / len(run.sent.records) < 0.8
    assert run.applied_by_killed > 0


def _through(broker: Kafka, home: Path, facts: Path) -> Run:
    """Seven tenths are there when the worker is killed, so that it has work in hand."""
    sent = shuffled(facts)
    settings = {
        "SLA_KAFKA": broker.address,
        "SLA_APP_ID": _APP_ID,
        "SLA_CONTRACTS": str(home / "contracts"),
        "SLA_CUSTOMER_KEYS": str(home / "keys"),
        "SLA_NOTIFY": "",
        "SLA_SESSION_TIMEOUT_S": "6",
        "SLA_TICK_S": "0.25",
        "SLA_LOG_LEVEL": "warning",
    }
    messages = len(sent.records)
    first, rest = sent.records[: messages * 7 // 10], sent.records[messages * 7 // 10 :]
    sla_stream("topics", "apply", environment=settings)
    with ExitStack() as workers:
        killed = workers.enter_context(Worker(home / "killed.log", settings))
        workers.enter_context(Worker(home / "survivor.log", settings))
        produce(broker.address, SOURCES["voice"], first)
        wait_until(lambda: received(broker.address, _APP_ID) >= messages // 2, 120, "half of the messages")
        applied_by_killed = killed.applied()
        killed.kill()
        received_at_kill = received(broker.address, _APP_ID)
        produce(broker.address, SOURCES["voice"], rest)
        workers.enter_context(Worker(home / "successor.log", settings))
        wait_until(lambda: received(broker.address, _APP_ID) == messages, 120, "all of the messages")
        wait_until(lambda: all_resolved(broker.address, _APP_ID), 120, "all that was told of customers")
        outcome, first_contact = (
            Outcome(sla_stream("figures", "--json", environment=settings | {"SLA_CONTRACTS": str(contract)}))
            for contract in (CONTRACT, FIRST_CONTACT)
        )
        standing = live_through(broker.address, _APP_ID, facts, messages)
    return Run(outcome, first_contact, standing, sent, received_at_kill, applied_by_killed)
