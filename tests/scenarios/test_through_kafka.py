"""The scenarios through a real worker, on both brokers: what Apache Kafka does, the embedded one does, too."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from agents.broker.embedded import EmbeddedBroker
from agents.broker.topics import desired
from agents.settings import Settings, settings_from
from schemas.verdicts import State
from tests.agents.running import Site
from tests.builders import answered, offered
from tests.parts.kafka.broker import Kafka
from tests.parts.presence import KAFKA, require
from tests.scenarios import suite
from tests.scenarios.floor import Floor
from tests.scenarios.through_kafka import LEFT_OUT, Played, play

PLAYED = [scenario for scenario in suite.SCENARIOS if scenario not in LEFT_OUT]

#: Partitions as an operator has them who sets nothing.
SETTINGS = {
    "SLA_APP_ID": "scenarios",
    "SLA_TICK_S": "0.02",
    "SLA_SOURCE_PARTITIONS": str(Settings().source_partitions),
    "SLA_JUDGE_PARTITIONS": str(Settings().judge_partitions),
}


def late_is_taken_for_in_time(floor: Floor) -> None:
    """What a scenario that is wrong looks like."""
    floor.promise(suite.over_the_day())
    floor.given([offered("anna", "09:00:00"), answered("anna", "09:01:00")])
    floor.expect(State.MET, (1, 1))


def an_alert_that_never_comes(floor: Floor) -> None:
    floor.promise(suite.hotline())
    floor.given(suite.calls("09:00:00", minutes=1, wait_s=5))
    floor.expect_told(suite.BREACH_OPENED)


WRONG = (late_is_taken_for_in_time, an_alert_that_never_comes)
TRIED = (*PLAYED, *WRONG)


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Future[Played]]:
    """Played beside the other: both wait most of the time."""
    topics = {topic.name: topic.partitions for topic in desired(settings_from(SETTINGS))}
    home = tmp_path_factory.mktemp("embedded")
    with EmbeddedBroker(topics) as broker, ThreadPoolExecutor(1) as pool:
        yield pool.submit(play, Site(broker.address, home, SLA_EMBEDDED="true", **SETTINGS), TRIED)


@pytest.fixture(scope="module", params=[pytest.param("kafka", marks=pytest.mark.kafka), "embedded"])
def played(
    request: pytest.FixtureRequest, embedded: Future[Played], tmp_path_factory: pytest.TempPathFactory
) -> Played:
    if request.param == "embedded":
        return embedded.result()
    require(KAFKA)
    # One of its own: what others made on theirs has other partitions.
    with Kafka(tmp_path_factory.mktemp("broker")) as kafka:
        return play(Site(kafka.address, tmp_path_factory.mktemp("kafka"), **SETTINGS), TRIED)


@pytest.mark.parametrize("scenario", PLAYED, ids=lambda scenario: scenario.__name__)
def test_through_kafka(scenario: suite.Scenario, played: Played) -> None:
    played[scenario].result()


@pytest.mark.parametrize("wrong", WRONG, ids=lambda scenario: scenario.__name__)
def test_a_scenario_that_is_wrong_fails(wrong: suite.Scenario, played: Played) -> None:
    with pytest.raises(AssertionError, match=r"\A(?!waited)"):
        played[wrong].result()


def test_only_scenarios_of_the_suite_are_left_out() -> None:
    assert LEFT_OUT.keys() < set(suite.SCENARIOS)
