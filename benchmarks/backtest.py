"""A file of facts counted by `sla-stream backtest`, as it is called: by one process, and divided between two."""

import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import load
from benchmarks.figures import Figure
from benchmarks.system import example_contract

_CONTACTS = 500_000


def run() -> list[Figure]:
    """One run: nothing but the start, one process, two."""
    with TemporaryDirectory() as home:
        empty, full = Path(home) / "empty.jsonl", Path(home) / "facts.jsonl"
        contract, facts = example_contract(Path(home)), load.calls(_CONTACTS)
        empty.touch()
        full.write_bytes(b"".join(value + b"\n" for _, value in facts))
        start_s, _ = _counted(empty, contract, 1)
        one_s, said = _counted(full, contract, 1)
        two_s, said_by_two = _counted(full, contract, 2)
    if said != said_by_two:
        raise RuntimeError("two processes come to other figures than one")
    return [
        Figure("backtest: facts per second, one process", len(facts) / (one_s - start_s), "{:,.0f}"),
        Figure("  start and end, not counted there", start_s, "{:.2f} s"),
        Figure("  two processes as fast as one, start and end included", one_s / two_s, "{:.2f} times"),
    ]


def _counted(file: Path, contract: Path, jobs: int) -> tuple[float, bytes]:
    """How long it takes (s), and what it says."""
    command = [sys.executable, "-m", "agents.cli", "backtest", str(file), "--contract", str(contract)]
    began = time.perf_counter()
    said = subprocess.run([*command, "--jobs", str(jobs), "--json"], stdout=subprocess.PIPE, check=True)
    return time.perf_counter() - began, said.stdout
