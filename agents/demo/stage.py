"""What the play needs before it can begin: a Kafka, contract and key in files, a port, a worker's settings."""

import secrets
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from agents.broker.embedded import EmbeddedBroker
from agents.broker.topics import desired
from agents.contracts import load_contracts
from agents.demo import northwind
from agents.settings import Settings, settings_from
from schemas.contract import Contract

_TICK_S = 0.25  # half a minute of the play
_KEY_BYTES = 32
#: The embedded broker gives a partition's batches one by one: with many partitions, workers fall behind.
_PARTITIONS = 2
_ANSWERS_WITHIN_S = 5.0


@dataclass(frozen=True, slots=True)
class Stage:
    """Where it is played. `environment` is the worker's; `home` is gone with the play."""

    contract: Contract
    environment: Mapping[str, str]
    settings: Settings
    home: Path

    @property
    def wall(self) -> str:
        """Where the worker's wallboard is."""
        return f"http://{self.settings.http_host}:{self.settings.http_port}/"


@contextmanager
def built(kafka: str | None, port: int, now: datetime) -> Iterator[Stage]:
    """Build it upon the Kafka at this address, or upon an embedded one."""
    with TemporaryDirectory(prefix="sla-demo-") as folder:
        home = Path(folder)
        contract = _contract(home / "northwind.yaml", _client(kafka, now))
        environment = {
            "SLA_APP_ID": "sla-demo",
            "SLA_CONTRACTS": str(home / "northwind.yaml"),
            "SLA_NOTIFY": "",
            "SLA_CUSTOMER_KEYS": str(_keys(home / "customer-keys", contract.client)),
            "SLA_HTTP_PORT": str(_usable(port)),
            "SLA_TICK_S": str(_TICK_S),
        }
        if kafka is None:
            environment["SLA_SOURCE_PARTITIONS"] = str(_PARTITIONS)
        with _broker(kafka, settings_from(environment)) as address:
            environment |= {"SLA_KAFKA": address, "SLA_EMBEDDED": str(kafka is None)}
            yield Stage(contract, environment, settings_from(environment), home)


@contextmanager
def _broker(kafka: str | None, settings: Settings) -> Iterator[str]:
    if kafka is None:
        with EmbeddedBroker({topic.name: topic.partitions for topic in desired(settings)}) as broker:
            yield broker.address
    else:
        # Better one line now than a worker's log later.
        try:
            AdminClient({"bootstrap.servers": kafka, "log_level": 0}).list_topics(timeout=_ANSWERS_WITHIN_S)
        except KafkaException:
            raise ConnectionError(f"no Kafka answers at {kafka}") from None
        yield kafka


def _client(kafka: str | None, now: datetime) -> str:
    """Name the client. A Kafka that lasts knows earlier plays, of which this one must not be the continuation."""
    return northwind.CLIENT if kafka is None else f"{northwind.CLIENT}-{now:%Y%m%d-%H%M%S}"


def _contract(file: Path, client: str) -> Contract:
    """Write the contract as this client's, and read it back."""
    text = northwind.CONTRACT.read_text()
    file.write_text(text.replace(f"client: {northwind.CLIENT}", f"client: {client}"))
    (contract,) = load_contracts(file).values()
    return contract


def _keys(folder: Path, client: str) -> Path:
    """Make the client's key: who the customers were, nobody can find out once it is gone."""
    folder.mkdir(mode=0o700)
    (folder / client).write_text(secrets.token_urlsafe(_KEY_BYTES))
    return folder


def _usable(port: int) -> int:
    """Return the port, or for 0 a free one."""
    with socket.socket() as probe:
        # As a server would ask: the remains of closed connections do not occupy a port.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise ConnectionError(f"port {port}: {error.strerror}; choose another with --port") from None
        usable: int = probe.getsockname()[1]
        return usable
