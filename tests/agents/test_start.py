"""A worker starts with everything as it must be, or says in a line what to mend."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from agents.broker.topics import desired
from agents.kafka import Exit
from agents.settings import settings_from
from tests.agents.running import CALLS, Site, calls, objective
from tests.kafka.running import reset
from tests.parts.kafka.broker import Kafka
from tests.parts.ports import free_port
from tests.parts.presence import ROOT

pytestmark = pytest.mark.kafka

PARTITIONS = (
    "contact.calls has 4 partitions, 6 wanted: a partition count cannot be changed under existing state;"
    " ask for 4, or begin anew with other topics"
)

COMMANDS = ("worker", "figures", "dlq list", "topics check", "produce -")
GIVES_UP_WITHIN_S = 30


@pytest.fixture
def nowhere(tmp_path: Path) -> Site:
    """An operator whose Kafka is not there."""
    return Site(f"127.0.0.1:{free_port()}", tmp_path)


def test_missing_topics_are_created_and_wrong_ones_refused(own_kafka: Kafka, tmp_path: Path) -> None:
    site = Site(own_kafka.address, tmp_path)
    site.promise("acme")
    before = site.command("topics", "check")
    assert before.exit_code == 1
    assert "contact.calls does not exist: `sla-stream topics apply` creates it" in before.stdout
    with site.worker():
        after = site.command("topics", "check")
        assert (after.exit_code, after.stdout) == (0, "All topics are as they should be.\n")
    for spec in desired(settings_from(site.settings)):
        assert own_kafka.partitions(spec.name) == spec.partitions

    refused = site.run("worker", SLA_SOURCE_PARTITIONS="6")
    assert refused.returncode == 1
    assert PARTITIONS in refused.stderr.splitlines()[0]
    assert "Traceback" not in refused.stderr
    assert own_kafka.partitions(CALLS) == 4


def test_a_source_that_was_made_anew_is_refused_though_it_is_longer(
    own_kafka: Kafka, tmp_path: Path, now_ms: int
) -> None:
    """Its offsets begin at 0 again, and what has them would count as counted long ago."""
    site = Site(own_kafka.address, tmp_path)
    site.promise("acme")
    with site.worker():
        site.tell(*calls("acme", "before", 40, waited_s=5, now_ms=now_ms))
        site.wait_counted()
    own_kafka.delete_topic(CALLS)
    assert site.command("topics", "apply").exit_code == 0
    empty = site.run("worker")
    assert empty.returncode == Exit.SOURCE_CHANGED
    assert "contact.calls is another log" in empty.stderr + empty.stdout
    # By now it is longer than what was counted of the first.
    site.tell(*calls("acme", "after", 80, waited_s=5, now_ms=now_ms))
    refused = site.run("worker")
    assert refused.returncode == Exit.SOURCE_CHANGED
    assert "another log" in refused.stderr + refused.stdout


def test_a_source_that_is_made_anew_under_a_worker_ends_it(own_kafka: Kafka, tmp_path: Path, now_ms: int) -> None:
    site = Site(own_kafka.address, tmp_path)
    site.promise("acme")
    with site.worker() as worker:
        site.tell(*calls("acme", "before", 40, waited_s=5, now_ms=now_ms))
        site.wait_counted()
        own_kafka.delete_topic(CALLS)
        assert site.command("topics", "apply").exit_code == 0
        assert worker.wait() == Exit.SOURCE_CHANGED
        assert "another log" in worker.log or "not the log we have read" in worker.log


def test_an_offset_that_was_moved_past_what_is_counted_is_refused(
    own_kafka: Kafka, tmp_path: Path, now_ms: int
) -> None:
    """As a mirror or an operator does. What is between would never be counted, and nobody would know."""
    site = Site(own_kafka.address, tmp_path, SLA_SOURCE_PARTITIONS="1")
    site.promise("acme")
    with site.worker():
        site.tell(*calls("acme", "before", 20, waited_s=5, now_ms=now_ms))
        site.wait_counted()
    site.tell(*calls("acme", "between", 20, waited_s=5, now_ms=now_ms))
    reset(own_kafka, "sla-stream", CALLS, {0: 30})
    site.tell(*calls("acme", "after", 20, waited_s=5, now_ms=now_ms))
    refused = site.run("worker")
    assert refused.returncode == Exit.SOURCE_CHANGED
    assert "Set the group's offset back to 20" in refused.stderr + refused.stdout
    reset(own_kafka, "sla-stream", CALLS, {0: 20})
    with site.worker():
        assert site.wait_counted()["applied"] == 60


def test_partitions_added_to_the_source_end_the_worker(own_kafka: Kafka, tmp_path: Path, now_ms: int) -> None:
    """The facts of a contact would come from two partitions, and be counted as two contacts."""
    site = Site(own_kafka.address, tmp_path)
    site.promise("acme")
    with site.worker() as worker:
        site.tell(*calls("acme", "before", 4, waited_s=5, now_ms=now_ms))
        site.wait_counted()
        own_kafka.add_partitions(CALLS, 6)
        assert worker.wait() == Exit.SOURCE_CHANGED
        assert "contact.calls has 6 partitions, 4 were counted" in worker.log
    for partitions, sentence in (
        (
            "4",
            "contact.calls has 6 partitions, 4 wanted: a partition count cannot be changed under existing state",
        ),
        ("6", "sla-stream-contacts-changelog has 4 partitions, 6 wanted"),
    ):
        refused = site.run("worker", SLA_SOURCE_PARTITIONS=partitions)
        assert refused.returncode == 1
        assert sentence in refused.stderr


def test_state_of_a_later_release_is_refused_with_a_sentence(own_kafka: Kafka, tmp_path: Path) -> None:
    """As after a rollback: what is not understood must not be taken for nothing."""
    site = Site(own_kafka.address, tmp_path)
    site.promise("acme")
    assert site.command("topics", "apply").exit_code == 0
    site.write([(b'["acme","voice","c-1",0]', b"99 {}")], "sla-stream-contacts-changelog")
    refused = site.run("worker")
    assert refused.returncode == Exit.CHANGELOG_UNREADABLE
    assert "state of version 99; this release reads up to" in refused.stderr + refused.stdout


class Tries:
    """Commands without a Kafka; all at once, since each of them tries for a while."""

    def __init__(self, nowhere: Site) -> None:
        self._ends_s = time.monotonic() + GIVES_UP_WITHIN_S
        self._processes = {
            command: subprocess.Popen(
                [sys.executable, "-m", "agents.cli", *command.split()],
                env=nowhere.environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                cwd=ROOT,
            )
            for command in COMMANDS
        }

    def end_of(self, command: str) -> tuple[int, str, str]:
        """Wait for its end: exit code, output and errors."""
        process = self._processes[command]
        stdout, stderr = process.communicate(timeout=max(0.1, self._ends_s - time.monotonic()))
        return process.returncode, stdout, stderr

    def close(self) -> None:
        """Leave none behind."""
        for process in self._processes.values():
            process.kill()
            process.communicate()


@pytest.fixture(scope="module")
def tries(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tries]:
    nowhere = Site(f"127.0.0.1:{free_port()}", tmp_path_factory.mktemp("nowhere"))
    nowhere.promise("acme")
    tries = Tries(nowhere)
    yield tries
    tries.close()


@pytest.mark.parametrize("command", COMMANDS)
def test_without_kafka_a_command_says_so_in_a_line(command: str, tries: Tries) -> None:
    code, stdout, stderr = tries.end_of(command)
    assert (code, stdout) == (1, "")
    (line,) = stderr.splitlines()
    assert line.startswith("Error: ")
    assert "no Kafka answers at 127.0.0.1:" in line


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SLA_KAFKA", "somewhere"),
        ("SLA_HTTP_PORT", "70000"),
        ("SLA_SOURCE_PARTITIONS", "0"),
        ("SLA_SESSION_TIMEOUT_S", "long"),
        ("SLA_APP_ID", "two words"),
        ("SLA_LOG_LEVEL", "loud"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str, nowhere: Site) -> None:
    nowhere.settings[name] = value
    refused = nowhere.command("worker")
    assert refused.exit_code == 1
    (line,) = refused.stderr.splitlines()
    assert line.startswith(f"Error: {name}: ")
    assert repr(value) in line


def test_contracts_with_mistakes_stop_a_start_with_a_line_for_each(nowhere: Site) -> None:
    wrong = objective(target={"at_least": "ninety"}, queue="sales")
    bad = nowhere.promise("acme", versions=[{"effective": "2020-01-01", "objectives": [wrong]}])
    worse = nowhere.promise("beta", time_zone="Europe/Pari")
    refused = nowhere.run("worker")
    assert refused.returncode == 1
    first, second, third = refused.stderr.splitlines()
    assert first.startswith(f"Error: {bad}:1:")
    assert "versions.0.objectives.0.target.at_least: " in first
    assert second.startswith(f"{bad}:1:")
    assert "queue is not known here; did you mean queues?" in second
    assert third.startswith(f"{worse}:1:")
    assert "not an IANA time zone" in third


def test_contracts_that_are_not_there_stop_a_start(nowhere: Site) -> None:
    nowhere.settings["SLA_CONTRACTS"] = "nowhere/contracts"
    refused = nowhere.command("worker")
    assert (refused.exit_code, refused.stderr) == (
        1,
        "Error: nowhere/contracts:1:1: cannot be read: No such file or directory\n",
    )


def test_a_secret_that_is_missing_stops_a_start(nowhere: Site, tmp_path: Path) -> None:
    nowhere.promise("acme")
    notify = tmp_path / "notify.yaml"
    notify.write_text(
        "receivers: [{name: hook, sink: webhook, url: 'https://hooks.example.com', secret: {env: SLA_TEST_UNSET}}]"
    )
    nowhere.settings["SLA_NOTIFY"] = str(notify)
    refused = nowhere.command("worker")
    assert refused.exit_code == 1
    (line,) = refused.stderr.splitlines()
    assert "the environment variable SLA_TEST_UNSET is not set" in line
