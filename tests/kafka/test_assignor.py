"""A broker that has just started does not know all topics yet; nobody is assigned by what it knows."""

from typing import Any

import pytest
from aiokafka.cluster import ClusterMetadata  # type: ignore[import-untyped]

from agents.kafka import Assignor, Exit
from tests.kafka.counting_worker import make_app
from tests.kafka.leaving import ends_with


@pytest.fixture
def assignor() -> Assignor:
    return Assignor(make_app("127.0.0.1:1", "nobody"))


def members(assignor: Assignor) -> dict[str, Any]:
    """One, who wants both topics."""
    return {"one": assignor.metadata({"calls", "tallies"})}


def cluster(**topics: int) -> ClusterMetadata:
    """What a broker says of its topics."""
    metadata = ClusterMetadata()
    for topic, partitions in topics.items():
        metadata._partitions[topic] = dict.fromkeys(range(partitions))  # noqa: SLF001 - only a broker fills it
    return metadata


@pytest.mark.parametrize("known", [{}, {"calls": 4}, {"calls": 4, "tallies": 0}])
def test_nobody_assigns_while_a_topic_is_unknown(assignor: Assignor, known: dict[str, int]) -> None:
    with ends_with(Exit.TOPICS_UNKNOWN):
        assignor.assign(cluster(**known), members(assignor))


def test_all_partitions_are_assigned_when_all_topics_are_known(assignor: Assignor) -> None:
    (assigned,) = assignor.assign(cluster(calls=4, tallies=2), members(assignor)).values()
    assert {topic: sorted(partitions) for topic, partitions in assigned.assignment} == {
        "calls": [0, 1, 2, 3],
        "tallies": [0, 1],
    }
