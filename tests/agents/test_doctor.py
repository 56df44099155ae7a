"""`sla-stream doctor` against a real Kafka: what may be wrong is made so, found, and named with its remedy."""

import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest
from kafka import KafkaConsumer, TopicPartition
from kafka.admin import ConfigResource, KafkaAdminClient, OffsetSpec
from kafka.errors import CoordinatorNotAvailableError, NoError
from kafka.structs import OffsetAndMetadata

from agents.broker import admin
from agents.broker.diagnosis import diagnose
from agents.broker.sight import Library, Sight, look
from agents.broker.topics import desired
from agents.settings import Settings, settings_from
from tests.agents.running import CALLS, SOON_S, TALLIES, Site
from tests.parts.kafka.broker import Kafka
from tests.parts.kafka.records import produce
from tests.parts.ports import free_port
from tests.parts.presence import KAFKA, require
from tests.parts.waiting import wait_until

pytestmark = pytest.mark.kafka

GIVES_UP_WITHIN_S = 20
MINUTE_MS = 60_000

ONE_COPY = (
    "replication",
    "advice",
    "SLA_REPLICATION=1: what is counted does not survive every lost disk; 3 in production",
)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kafka]:
    require(KAFKA)
    with Kafka(tmp_path_factory.mktemp("patient")) as broker:
        yield broker


@pytest.fixture
def site(cluster: Kafka, tmp_path: Path) -> Site:
    """A cluster in good health, whatever was done to it before; a group of our own."""
    site = Site(cluster.address, tmp_path, SLA_APP_ID=tmp_path.name)
    applied = site.command("topics", "apply")
    assert applied.exit_code == 0, applied.output
    return site


@pytest.fixture
def operator(site: Site) -> Iterator[KafkaAdminClient]:
    with admin.connect(site.address) as client:
        yield client


def told(site: Site, **settings: str) -> tuple[int, list[tuple[str, str, str]]]:
    """The exit code, and check, weight and sentence of each finding."""
    site.settings |= settings
    result = site.command("doctor", "--json")
    answer: dict[str, Any] = orjson.loads(result.stdout)
    assert answer["looked"]
    return result.exit_code, [(one["check"], one["weight"], one["sentence"]) for one in answer["findings"]]


def broken(site: Site, **settings: str) -> list[tuple[str, str]]:
    """Check and sentence of what breaks a promise; something must."""
    code, findings = told(site, **settings)
    assert code == 1, findings
    return [(check, sentence) for check, weight, sentence in findings if weight == "breaks"]


def sight_of(site: Site, ahead_ms: int = 0) -> tuple[Sight, Settings]:
    """What is seen from a machine whose clock is ahead by so much."""
    settings = settings_from(site.settings)
    with admin.connect(settings.kafka) as client:
        sight = look(client, settings, desired(settings), (CALLS,), lambda: time.time_ns() // 1_000_000 + ahead_ms)
    return sight, settings


def found(sight: Sight, settings: Settings) -> list[tuple[str, str, str]]:
    """What there is to say beside the one copy of a cluster of one broker."""
    findings = [
        (one.check, one.weight.value, one.sentence) for one in diagnose(sight, settings, desired(settings))
    ]
    assert ONE_COPY in findings
    return [one for one in findings if one != ONE_COPY]


def test_a_cluster_that_is_well_is_said_to_be(site: Site) -> None:
    assert told(site) == (0, [ONE_COPY])
    result = site.command("doctor")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        f"replication advice  {ONE_COPY[2]}",
        "1 broker(s), 23 topics, 0 messages behind: 0 findings break what is promised, 1 are advice",
    ]


def test_what_was_looked_at_is_told_in_figures(site: Site) -> None:
    seen = orjson.loads(site.command("doctor", "--json").stdout)["seen"]
    assert seen["brokers"] == {"1": "4.1"}
    assert seen["libraries"]["faust-streaming"] == "0.15.3"
    at_least_ms, at_most_ms = seen["clock_ahead_ms"]
    assert -1_000 < at_least_ms <= 0 <= at_most_ms < 1_000


def test_looking_changes_nothing(own_kafka: Kafka, tmp_path: Path) -> None:
    site = Site(own_kafka.address, tmp_path)
    before = broken(site)
    assert ("topics", "contact.calls does not exist: `sla-stream topics apply` creates it") in before
    assert len(before) == 23
    with admin.connect(own_kafka.address) as client:
        assert client.list_topics() == []


@pytest.mark.parametrize(
    ("topic", "setting", "value", "sentence"),
    [
        (TALLIES, "cleanup.policy", "delete", "has cleanup.policy=delete, compact,delete wanted"),
        (CALLS, "retention.ms", "3600000", "has retention.ms=3600000, 2592000000 wanted"),
        (CALLS, "unclean.leader.election.enable", "true", "has unclean.leader.election.enable=true, false wanted"),
        (CALLS, "min.insync.replicas", "2", "has min.insync.replicas=2, 1 wanted"),
    ],
)
def test_a_topic_set_otherwise_is_named(
    site: Site, operator: KafkaAdminClient, topic: str, setting: str, value: str, sentence: str
) -> None:
    operator.alter_configs([ConfigResource("topic", topic, {setting: value})])
    wanted = ("topics", f"{topic} {sentence}: `sla-stream topics apply` sets it")
    wait_until(lambda: told(site)[0] == 1, SOON_S, "the broker to learn of the setting")
    assert wanted in broken(site)
    assert site.command("topics", "apply").exit_code == 0
    assert told(site) == (0, [ONE_COPY])


@pytest.mark.parametrize(("copies", "takes_none"), [(1, False), (3, True)])
def test_a_topic_that_takes_no_writes_is_named(site: Site, copies: int, takes_none: bool) -> None:
    """With two copies wanted in sync, one is too few; of a topic with one copy it is all."""
    sight, settings = sight_of(site)
    calls = sight.topics[CALLS]
    behind = replace(calls, replication=copies, in_sync=1, config={**calls.config, "min.insync.replicas": "2"})
    findings = found(replace(sight, topics={**sight.topics, CALLS: behind}), settings)
    sentence = (
        "contact.calls takes no writes: 1 of its copies are up to date, min.insync.replicas=2;"
        " start the brokers that are missing"
    )
    assert (("replication", "breaks", sentence) in findings) == takes_none


def test_another_number_of_partitions_is_named(site: Site) -> None:
    sentences = [sentence for _, sentence in broken(site, SLA_SOURCE_PARTITIONS="6")]
    assert sentences[0].startswith("contact.calls has 4 partitions, 6 wanted: a partition count cannot be changed")


def test_more_copies_than_brokers_are_named(site: Site) -> None:
    sentence = "SLA_REPLICATION asks for 3 copies, the cluster has 1 broker(s): add brokers, or ask for fewer"
    assert ("replication", sentence) in broken(site, SLA_REPLICATION="3")


@pytest.mark.parametrize(
    ("session_s", "is_refused"), [("5.9", True), ("6", False), ("1800", False), ("1801", True)]
)
def test_a_session_that_the_brokers_refuse_is_named(site: Site, session_s: str, is_refused: bool) -> None:
    code, findings = told(site, SLA_SESSION_TIMEOUT_S=session_s)
    sentence = (
        f"SLA_SESSION_TIMEOUT_S={session_s} is refused by the brokers, no worker can join: choose from 6 to 1800"
    )
    assert code == is_refused
    assert (("broker", "breaks", sentence) in findings) == is_refused


@pytest.mark.parametrize(
    ("ahead_ms", "says"), [(60_000, "ahead of"), (-60_000, "behind"), (4_900, None), (-4_900, None)]
)
def test_a_clock_that_differs_is_named(site: Site, ahead_ms: int, says: str | None) -> None:
    """The broker's clock is this machine's, so the difference is what our own is ahead by."""
    findings = found(*sight_of(site, ahead_ms))
    if says is None:
        assert findings == []
        return
    ((check, weight, sentence),) = findings
    assert (check, weight) == ("clock", "breaks")
    assert sentence.endswith(f" s {says} the cluster's: keep both by NTP")
    assert 58 < float(sentence.partition("at least ")[2].partition(" ")[0]) <= 60


def test_a_cluster_that_does_not_tell_its_time_is_said_to_be_unknown(site: Site) -> None:
    sight, settings = sight_of(site)
    ((check, weight, sentence),) = found(replace(sight, clock=None), settings)
    assert (check, weight) == ("clock", "advice")
    assert "does not tell its time" in sentence


def test_another_library_than_was_read_is_named(site: Site) -> None:
    sight, settings = sight_of(site)
    newer = {**sight.libraries, "aiokafka": Library(wanted="0.14.0", installed="0.15.0")}
    assert found(replace(sight, libraries=newer), settings) == [
        (
            "versions",
            "breaks",
            "aiokafka is 0.15.0, 0.14.0 wanted, whose inside was read: install from requirements.lock",
        )
    ]


@pytest.mark.parametrize(("release", "is_old"), [((3, 8), True), ((3, 9), False), ((4, 2), False)])
def test_a_broker_older_than_was_tested_is_named(site: Site, release: tuple[int, ...], is_old: bool) -> None:
    sight, settings = sight_of(site)
    sentence = "broker 1 speaks like Kafka 3.8, nothing before 3.9 was tested: upgrade it"
    findings = found(replace(sight, brokers={1: release}), settings)
    assert findings == ([("versions", "advice", sentence)] if is_old else [])


def test_a_copy_that_is_behind_is_named(site: Site) -> None:
    sight, settings = sight_of(site)
    behind = replace(sight.topics[CALLS], replication=3, in_sync=2)
    findings = found(replace(sight, topics={**sight.topics, CALLS: behind}), settings)
    sentence = "contact.calls has 2 of 3 copies up to date: see which broker is down or behind"
    assert ("replication", "advice", sentence) in findings


def test_brokers_that_make_topics_by_themselves_are_named(site: Site) -> None:
    sight, settings = sight_of(site)
    config = {**sight.broker_config, "auto.create.topics.enable": "true"}
    ((check, weight, sentence),) = found(replace(sight, broker_config=config), settings)
    assert (check, weight) == ("broker", "advice")
    assert sentence.startswith("auto.create.topics.enable=true: ")


class Lag:
    """Messages in one partition of the calls, and a group that has committed in it."""

    def __init__(self, site: Site, operator: KafkaAdminClient) -> None:
        self._site, self._operator = site, operator
        produce(site.address, CALLS, [(b"key", b"value")] * 100)
        ends = operator.list_partition_offsets({TopicPartition(CALLS, n): OffsetSpec.LATEST for n in range(4)})
        self.place = max(ends, key=lambda place: ends[place].offset)
        self.end = ends[self.place].offset
        self.name = f"{CALLS}/{self.place.partition}"

    def commit(self, offset: int) -> None:
        group = self._site.settings["SLA_APP_ID"]
        committed = {self.place: OffsetAndMetadata(offset, "", -1)}

        def commit() -> bool:
            try:
                results = self._operator.alter_group_offsets(group, committed)
            except CoordinatorNotAvailableError:
                return False  # the first group of a cluster has to wait for its topic
            return bool(results == {self.place: NoError})

        wait_until(commit, SOON_S, "a coordinator of groups")


@pytest.fixture
def lag(site: Site, operator: KafkaAdminClient) -> Lag:
    return Lag(site, operator)


def test_messages_that_nobody_counts_are_named(site: Site, lag: Lag) -> None:
    lag.commit(lag.end - 40)
    ((check, sentence),) = broken(site)
    assert check == "lag"
    assert sentence.startswith("no worker runs, and 40 messages wait, the first for ")
    assert sentence.endswith(" s: start one")


def test_a_group_that_has_counted_everything_needs_nobody(site: Site, lag: Lag) -> None:
    lag.commit(lag.end)
    assert told(site) == (0, [ONE_COPY])


@pytest.mark.parametrize(("later_ms", "is_long"), [(0, False), (2 * MINUTE_MS, True)])
def test_messages_that_wait_for_long_are_named(site: Site, lag: Lag, later_ms: int, is_long: bool) -> None:
    """A worker is there, and slow."""
    lag.commit(lag.end - 40)
    slow = KafkaConsumer(
        CALLS, bootstrap_servers=site.address, group_id=site.settings["SLA_APP_ID"], enable_auto_commit=False
    )
    try:
        # In one poll: a join that ends between two of them is lost, and begun anew.
        assert slow.poll(SOON_S * 1000)
        sight, settings = sight_of(site)
    finally:
        slow.close()
    sentences = [one[2] for one in found(replace(sight, at_ms=sight.at_ms + later_ms), settings)]
    assert [sentence.partition(" wait, ")[0] for sentence in sentences] == ["40 messages"] * is_long
    assert all("start more workers, up to 4" in sentence for sentence in sentences)


def test_messages_deleted_before_they_were_counted_are_named(
    site: Site, operator: KafkaAdminClient, lag: Lag
) -> None:
    operator.delete_records({lag.place: lag.end})
    lag.commit(lag.end - 7)
    ((check, sentence),) = broken(site)
    assert check == "lag"
    assert sentence.startswith(f"{lag.name}: 7 messages were deleted before they were counted: keep the topic")


def test_a_topic_made_anew_is_named(site: Site, lag: Lag) -> None:
    lag.commit(lag.end + 5)
    sentence = (
        f"{lag.name} is counted up to {lag.end + 5} but ends at {lag.end}:"
        " it was made anew; take another SLA_APP_ID"
    )
    assert broken(site) == [("lag", sentence)]


@pytest.fixture
def mute() -> Iterator[str]:
    """The address of a door that opens, and behind which nobody speaks."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        yield f"127.0.0.1:{door.getsockname()[1]}"


def test_without_kafka_it_says_so_and_ends_with_2(tmp_path: Path) -> None:
    address = f"127.0.0.1:{free_port()}"
    refused = Site(address, tmp_path).run("doctor")
    assert refused.returncode == 2
    assert refused.stderr == f"Error: cannot look: SLA_KAFKA: no Kafka answers at {address}\n"


def test_before_a_mute_door_it_does_not_hang(mute: str, tmp_path: Path) -> None:
    began = time.monotonic()
    refused = Site(mute, tmp_path).run("doctor", "--json")
    assert refused.returncode == 2
    assert orjson.loads(refused.stdout) == {"looked": False, "why": f"SLA_KAFKA: no Kafka answers at {mute}"}
    assert time.monotonic() - began < GIVES_UP_WITHIN_S


def test_a_setting_that_cannot_be_used_ends_with_2(site: Site) -> None:
    refused = site.run("doctor", SLA_SESSION_TIMEOUT_S="soon")
    assert refused.returncode == 2
    assert refused.stderr.startswith("Error: cannot look: SLA_SESSION_TIMEOUT_S: ")
