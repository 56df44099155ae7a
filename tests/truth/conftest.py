"""August once for all tests: as facts, and as a backtest tells it."""

from pathlib import Path

import pytest

from tests.truth.outcome import CONTRACT, RECORDING, Outcome, sla_stream


@pytest.fixture(scope="session")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The calls as facts, one per line, in the order of their time."""
    file = tmp_path_factory.mktemp("august") / "facts.jsonl"
    sla_stream("import", "anonymous-bank", RECORDING, "--output", file)
    return file


@pytest.fixture(scope="session")
def backtest(facts: Path) -> Outcome:
    """The facts under the contract that asks for every figure."""
    return Outcome(sla_stream("backtest", facts, "--contract", CONTRACT, "--json"))
