"""What holds of fetching by the chunk holds of the slower way, record by record, too: the same tests once more."""

import os
import subprocess
import sys

import pytest

from tests.kafka.counting_worker import BY_RECORD
from tests.parts.presence import KAFKA, ROOT, require

pytestmark = pytest.mark.kafka

#: Beside those that try both ways by themselves (`test_transport_rebalance.py`).
MODULES = (
    "tests/kafka/test_transport_replay.py",
    "tests/kafka/test_table.py",
    "tests/kafka/test_transport_faults.py",
)


@pytest.mark.parametrize("module", MODULES)
def test_a_module_holds_by_record(module: str) -> None:
    require(KAFKA)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", module]
    ended = subprocess.run(
        command, cwd=ROOT, env=os.environ | {BY_RECORD: "1"}, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout[-3000:]
