"""A part that is not installed is never passed over in silence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.parts.presence import ROOT, Part, require

NOTHING = Part(
    "Nothing", ("no-such-program", sys.executable), ("nothing",), (ROOT / "no-such-file", ROOT / "Makefile")
)
ONE_TEST = "tests/parts/test_kafka.py::test_a_topic_has_the_partitions_it_was_given"


def test_a_part_that_is_there_is_no_reason_to_stop() -> None:
    require(Part("Python", (sys.executable,), ("python3",)))


def test_all_that_is_missing_is_named() -> None:
    assert NOTHING.missing == ["no-such-program", "no-such-file"]


def test_a_missing_part_skips_with_the_command_to_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match=r"NOT TESTED: Nothing is not installed .* make parts"):
        require(NOTHING)


def test_a_missing_part_fails_where_nobody_reads_skips(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    # Both are caught: a skip that got out would skip this test.
    with pytest.raises((pytest.fail.Exception, pytest.skip.Exception), match="Nothing is not") as refusal:
        require(NOTHING)
    assert refusal.type is pytest.fail.Exception


def test_the_last_lines_of_a_run_say_what_was_not_tested(tmp_path: Path) -> None:
    # No Java on this path.
    environment = {**os.environ, "PATH": str(tmp_path), "CI": ""}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", ONE_TEST]
    run = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    *_, before, last = run.stdout.splitlines()
    assert "1 skipped" in last
    assert before == (
        "NOT TESTED: Apache Kafka is not installed (java). To install it: make parts (tests left out: 1)"
    )
