"""The short form of the campaigns: one seed, and a fault of each kind."""

from pathlib import Path

import pytest

from tests.faults.campaign import run
from tests.parts.presence import KAFKA, require

pytestmark = pytest.mark.kafka

SEED = 3223
FAULTS = ("kill_broker", "jump_clock", "kill_while_telling", "freeze", "set_offsets_back")


def test_whatever_goes_wrong_every_count_is_right(tmp_path: Path) -> None:
    require(KAFKA)
    outcome = run(tmp_path, SEED, faults=len(FAULTS))
    assert not outcome.differences, "\n".join(outcome.differences[:10])
    assert outcome.faults == dict.fromkeys(FAULTS, 1)
    assert outcome.episodes > 0
    assert outcome.replayed > 0
    assert outcome.told_again > 0
