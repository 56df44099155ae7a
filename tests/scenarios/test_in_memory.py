"""The scenarios in memory, and a proof that none of them is left out."""

import inspect

import pytest

from tests.scenarios import suite
from tests.scenarios.floor import Floor
from tests.scenarios.in_memory import InMemory


@pytest.mark.parametrize("scenario", suite.SCENARIOS, ids=lambda scenario: scenario.__name__)
def test_in_memory(scenario: suite.Scenario) -> None:
    scenario(InMemory())


def test_every_scenario_is_in_the_suite() -> None:
    written = {
        function
        for _, function in inspect.getmembers(suite, inspect.isfunction)
        if list(inspect.signature(function).parameters.values())[:1]
        and next(iter(inspect.signature(function).parameters.values())).annotation is Floor
    }
    assert written == set(suite.SCENARIOS)
