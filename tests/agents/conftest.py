"""One Kafka for these tests, since the topics' names are fixed: each module has clients and workers of its own."""

from collections.abc import Iterator

import pytest

from tests.agents.running import Site
from tests.parts.kafka.broker import Kafka
from tests.parts.presence import KAFKA, require


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kafka]:
    require(KAFKA)
    with Kafka(tmp_path_factory.mktemp("kafka")) as broker:
        yield broker


@pytest.fixture(scope="module")
def site(broker: Kafka, tmp_path_factory: pytest.TempPathFactory) -> Site:
    return Site(broker.address, tmp_path_factory.mktemp("site"))
