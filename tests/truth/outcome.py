"""What `sla-stream` prints of August, run as an operator runs it."""

import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NotRequired, TypedDict

import orjson

CONTRACT = Path("tests/data/anonymous_bank_contract.yaml").absolute()
RECORDING = Path("tests/data/anonymous_bank_1999_08.csv.gz")

#: How the reference calls all queues together.
ALL = "ALL"

#: "from" is no name of Python's.
Row = TypedDict(
    "Row",
    {
        "contract": str,
        "objective": str,
        "client": str,
        "queue": str | None,
        "window": str,
        "from": str,
        "to": str,
        "numerator": int,
        "denominator": int,
        "value": float | None,
        "unit": str,
        "state": str,
        "parts": NotRequired[dict[str, int]],
    },
)

_AS_IT_IS: Mapping[str, str] = MappingProxyType({})
_NOBODY: Mapping[str, Row] = MappingProxyType({})


class Outcome:
    """Counters and rows; of each window the rows by their objectives."""

    def __init__(self, printed: bytes) -> None:
        found = orjson.loads(printed)
        self.counters: dict[str, int] = found["counters"]
        self.rows: list[Row] = found["results"]
        self._at: dict[tuple[str, str, str], dict[str, Row]] = defaultdict(dict)
        for row in self.rows:
            self._at[row["window"], row["queue"] or ALL, row["from"]][row["objective"]] = row

    def at(self, window: str, queue: str, start: str) -> Mapping[str, Row]:
        """The rows of one window; none if nobody was counted there."""
        return self._at.get((window, queue, start), _NOBODY)


def sla_stream(*words: str | Path, environment: Mapping[str, str] = _AS_IT_IS) -> bytes:
    """Run a command and return what it prints; one that fails is a failure, with its words."""
    command = [sys.executable, "-m", "agents.cli", *map(str, words)]
    done = subprocess.run(command, capture_output=True, check=False, env={**os.environ, **environment})
    assert done.returncode == 0, f"sla-stream {words[0]} ended with {done.returncode}: {done.stderr.decode()}"
    return done.stdout
