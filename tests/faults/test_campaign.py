"""The short form of the campaigns: one seed, and the faults that are met most often."""

from pathlib import Path

import pytest

from tests.faults.campaign import run
from tests.parts.presence import KAFKA, require

pytestmark = pytest.mark.kafka

SEED = 71


def test_whatever_goes_wrong_every_count_is_right(tmp_path: Path) -> None:
    require(KAFKA)
    outcome = run(tmp_path, SEED, faults=5)
    assert not outcome.differences, "\n".join(outcome.differences[:10])
    assert outcome.faults == {"freeze": 1, "kill_broker": 1, "kill": 1, "jump_clock": 1, "set_offsets_back": 1}
    assert outcome.episodes > 0
    assert outcome.replayed > 0
