"""Kafka with nothing to install: the cluster that librdkafka carries for its own tests. For the demo.

It speaks the real protocol, with groups and commits, on a loopback port. It runs in threads of this process
that never wait for Python, so workers may live here or in other processes; its data is gone with the process.
It keeps the last 5 MiB of a partition, compacts nothing and has no CreateTopics: a topic not named at first
appears with four partitions when it is asked for. When a member joins or leaves a group, the rebalance takes
the session timeout less a second.
"""

import ctypes
from collections.abc import Mapping
from types import TracebackType
from typing import Self

from confluent_kafka import cimpl

_PRODUCER = 0
_REASON_BYTES = 512
# Members that start together are assigned together; a later one costs a rebalance. Three seconds by default.
_FIRST_MEMBERS_WITHIN_MS = 100


class EmbeddedBroker:
    """A cluster of one broker with these topics, each with its number of partitions."""

    def __init__(self, topics: Mapping[str, int]) -> None:
        self._rdkafka = _librdkafka()
        self._client = _quiet_client(self._rdkafka)
        self._cluster = self._rdkafka.rd_kafka_mock_cluster_new(self._client, 1)
        self._rdkafka.rd_kafka_mock_group_initial_rebalance_delay_ms(self._cluster, _FIRST_MEMBERS_WITHIN_MS)
        for name, partitions in topics.items():
            self._create(name, partitions)

    @property
    def address(self) -> str:
        """host:port, as clients want it."""
        bootstrap: bytes = self._rdkafka.rd_kafka_mock_cluster_bootstraps(self._cluster)
        return bootstrap.decode()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._rdkafka.rd_kafka_mock_cluster_destroy(self._cluster)
        self._rdkafka.rd_kafka_destroy(self._client)

    def _create(self, topic: str, partitions: int) -> None:
        code = self._rdkafka.rd_kafka_mock_topic_create(self._cluster, topic.encode(), partitions, 1)
        if code != 0:
            reason: bytes = self._rdkafka.rd_kafka_err2str(code)
            raise ValueError(f"topic {topic!r} with {partitions} partitions: {reason.decode()}")


class _Pointer(ctypes.c_void_p):
    """An address in librdkafka, which stays one: a bare c_void_p would become an int, cut to 32 bits."""


def _librdkafka() -> ctypes.CDLL:
    """Open the very library that confluent-kafka has loaded; its name carries a hash, its user's does not."""
    rdkafka = ctypes.CDLL(cimpl.__file__)
    rdkafka.rd_kafka_conf_new.restype = _Pointer
    rdkafka.rd_kafka_new.restype = _Pointer
    rdkafka.rd_kafka_mock_cluster_new.restype = _Pointer
    rdkafka.rd_kafka_mock_cluster_bootstraps.restype = ctypes.c_char_p
    rdkafka.rd_kafka_err2str.restype = ctypes.c_char_p
    return rdkafka


def _quiet_client(rdkafka: ctypes.CDLL) -> _Pointer:
    """Make the client that a cluster hangs on. It has nobody to talk to, and would complain about it."""
    settings = rdkafka.rd_kafka_conf_new()
    reason = ctypes.create_string_buffer(_REASON_BYTES)
    rdkafka.rd_kafka_conf_set(settings, b"log_level", b"0", reason, ctypes.c_size_t(_REASON_BYTES))
    client: _Pointer = rdkafka.rd_kafka_new(_PRODUCER, settings, reason, ctypes.c_size_t(_REASON_BYTES))
    if not client:
        raise RuntimeError(f"librdkafka did not start: {reason.value.decode()}")
    return client
