"""A real Apache Kafka: one process that is broker and controller (KRaft), on free loopback ports."""

import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Self

from confluent_kafka import KafkaException
from confluent_kafka.admin import (  # type: ignore[attr-defined]  # some are exported without saying so
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewPartitions,
    NewTopic,
)

from tests.parts.ports import free_port
from tests.parts.presence import JARS
from tests.parts.processes import Process
from tests.parts.waiting import wait_until

_JAVA = ("java", "-Xms256m", "-Xmx512m", "-XX:+UseSerialGC", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn")
_CLUSTER_ID = "c2xhLXN0cmVhbS10ZXN0cw"
_NO_CONFIG: Mapping[str, str] = MappingProxyType({})


class Kafka:
    """A broker whose data and ports outlive it: it can be stopped, killed and started again."""

    def __init__(self, home: Path, settings: Mapping[str, str] = _NO_CONFIG) -> None:
        port, controller = free_port(), free_port()
        self.address = f"127.0.0.1:{port}"
        self._admin = AdminClient(
            {"bootstrap.servers": self.address, "log_level": 0, "reconnect.backoff.max.ms": 100}
        )
        properties = home / "server.properties"
        ours = _server_properties(home / "data", self.address, f"127.0.0.1:{controller}")
        theirs = "".join(f"{name}={value}\n" for name, value in settings.items())
        properties.write_text(ours + theirs)
        self._process = Process([*_java("kafka.Kafka"), str(properties)], home / "kafka.log")
        (home / "data").mkdir()
        for name, content in _formatted().items():
            (home / "data" / name).write_bytes(content)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start, or start again with what it remembers; return when it answers."""
        self._process.start(self._answers, f"Kafka at {self.address}")

    @property
    def pid(self) -> int:
        """Of the broker while it runs."""
        return self._process.pid

    def stop(self) -> None:
        """Shut down in good order."""
        self._process.stop()

    def kill(self) -> None:
        """End without warning (SIGKILL)."""
        self._process.kill()

    def create_topic(self, name: str, partitions: int, config: Mapping[str, str] = _NO_CONFIG) -> None:
        """Create a topic; return when clients can see all of it."""
        topic = NewTopic(name, num_partitions=partitions, replication_factor=1, config=dict(config))
        self._admin.create_topics([topic])[name].result()
        wait_until(lambda: self.partitions(name) == partitions, 10, f"{name} with {partitions} partitions")

    def delete_topic(self, name: str) -> None:
        """Delete a topic; return when clients see it no more."""
        self._admin.delete_topics([name])[name].result()
        wait_until(lambda: name not in self._admin.list_topics(timeout=5).topics, 10, f"{name} being deleted")

    def add_partitions(self, name: str, partitions: int) -> None:
        """Give a topic more partitions; return when clients can see them."""
        self._admin.create_partitions([NewPartitions(name, partitions)])[name].result()
        wait_until(lambda: self.partitions(name) == partitions, 10, f"{name} with {partitions} partitions")

    def partitions(self, topic: str) -> int:
        """Return how many partitions of a topic can be written to; none if there is no such topic."""
        seen = self._admin.list_topics(topic, timeout=5).topics[topic]
        return sum(at.leader >= 0 for at in seen.partitions.values())

    def config(self, topic: str) -> dict[str, str]:
        """Return every setting of a topic, defaults included."""
        resource = ConfigResource(ConfigResource.Type.TOPIC, topic)
        entries = self._admin.describe_configs([resource])[resource].result()
        return {key: entry.value for key, entry in entries.items()}

    def configure(self, topic: str, config: Mapping[str, str]) -> None:
        """Change settings of a topic; return when clients can see them."""
        changes = [
            ConfigEntry(name, value, incremental_operation=AlterConfigOpType.SET) for name, value in config.items()
        ]
        resource = ConfigResource(ConfigResource.Type.TOPIC, topic, incremental_configs=changes)
        self._admin.incremental_alter_configs([resource])[resource].result()
        wait_until(lambda: config.items() <= self.config(topic).items(), 10, f"{topic} with {config}")

    def _answers(self) -> bool:
        try:
            seen = self._admin.list_topics(timeout=1)
        except KafkaException:
            return False
        # After a kill the topics come back without leaders, and get them one by one.
        leaders = [at.leader for topic in seen.topics.values() for at in topic.partitions.values()]
        return bool(seen.brokers) and all(leader >= 0 for leader in leaders)


@cache
def _formatted() -> Mapping[str, bytes]:
    """What Kafka's own tool lays into an empty log directory: the same for each, and a start of Java to ask."""
    with TemporaryDirectory() as folder:
        home = Path(folder)
        properties = home / "server.properties"
        properties.write_text(_server_properties(home / "data", "127.0.0.1:1", "127.0.0.1:2"))
        command = ["format", "--cluster-id", _CLUSTER_ID, "--config", str(properties)]
        subprocess.run([*_java("kafka.tools.StorageTool"), *command], check=True, capture_output=True)
        return {file.name: file.read_bytes() for file in (home / "data").iterdir()}


def _java(main_class: str) -> list[str]:
    return [*_JAVA, "-cp", f"{JARS}/*", main_class]


def _server_properties(data: Path, address: str, controller: str) -> str:
    return f"""\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@{controller}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://{address},CONTROLLER://{controller}
advertised.listeners=PLAINTEXT://{address}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs={data}
broker.heartbeat.interval.ms=200
broker.session.timeout.ms=1000
auto.create.topics.enable=false
group.initial.rebalance.delay.ms=0
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=1
"""
