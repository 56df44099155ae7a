"""The real parts, as fixtures, and a word at the end about each that was not there."""

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack

import pytest
from hypothesis import HealthCheck, settings

from tests.parts.alertmanager import Alertmanager
from tests.parts.kafka.broker import Kafka
from tests.parts.presence import ALERTMANAGER, KAFKA, NOT_TESTED, PROMETHEUS, require
from tests.parts.prometheus import Prometheus

# Properties are tried modestly; `--hypothesis-profile=thorough` tries them a hundred times as hard.
settings.register_profile("modest", max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", settings.get_profile("modest"), max_examples=6_000)
settings.load_profile("modest")


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kafka]:
    """One Apache Kafka for all tests; each test makes topics of its own."""
    require(KAFKA)
    with Kafka(tmp_path_factory.mktemp("kafka")) as broker:
        yield broker


@pytest.fixture
def now_ms() -> int:
    """The machine's clock (epoch ms)."""
    return time.time_ns() // 1_000_000


@pytest.fixture
def own_kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kafka]:
    """An Apache Kafka for one test, which may stop it, kill it and start it again."""
    require(KAFKA)
    with Kafka(tmp_path_factory.mktemp("own-kafka")) as broker:
        yield broker


@pytest.fixture
def prometheus(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[Mapping[str, object]], Prometheus]]:
    """Start a Prometheus with the configuration given: prometheus({"scrape_configs": [...]})."""
    require(PROMETHEUS)
    with ExitStack() as servers:
        yield lambda config: servers.enter_context(Prometheus(tmp_path_factory.mktemp("prometheus"), config))


@pytest.fixture(scope="session")
def alertmanager(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Alertmanager]:
    """One Alertmanager for all tests, which tells nobody; each test posts alerts of its own."""
    require(ALERTMANAGER)
    with Alertmanager(tmp_path_factory.mktemp("alertmanager")) as server:
        yield server


def pytest_configure(config: pytest.Config) -> None:
    """Let kafka-python read its protocol files in a way that Python would rather have changed, and be quick."""
    config.addinivalue_line("filterwarnings", "ignore:(open|read)_text is deprecated:DeprecationWarning")
    # Most brokers here live for seconds: compiled thoroughly, one takes half as much work again to come up.
    os.environ.setdefault("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where runs share the modules, those with a Kafka come first: at the end, only short ones are left."""
    if hasattr(config, "workerinput"):
        with_kafka = {item.path for item in items if item.get_closest_marker("kafka")}
        items.sort(key=lambda item: item.path not in with_kafka)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Iterator[None]:
    """Say what was left out just above the last line, where it is read."""
    yield
    skipped: list[pytest.TestReport] = terminalreporter.stats.get("skipped", [])
    reasons = Counter(report.longrepr[2] for report in skipped if isinstance(report.longrepr, tuple))
    for reason, tests in reasons.items():
        if NOT_TESTED in reason:
            sentence = reason.removeprefix("Skipped: ")
            terminalreporter.write_line(f"{sentence} (tests left out: {tests})", red=True, bold=True)
