"""The direction of imports, and what the meaning must never touch: I/O, clocks, threads, Faust."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]

#: A module of the meaning that imports one of these could do more than think.
FORBIDDEN = frozenset(
    {
        "aiohttp",
        "aiokafka",
        "asyncio",
        "click",
        "concurrent",
        "confluent_kafka",
        "faust",
        "http",
        "kafka",
        "logging",
        "mode",
        "multiprocessing",
        "os",
        "pathlib",
        "prometheus_client",
        "random",
        "ruamel",
        "secrets",
        "socket",
        "subprocess",
        "threading",
        "time",
        "urllib",
        "uuid",
    }
)

#: These need no import of a forbidden module.
CLOCKS_AND_FILES = frozenset({"now", "utcnow", "today", "open", "print", "input", "__import__"})


def offences(source: str) -> Iterator[str]:
    """Every forbidden import or call, with its line."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        elif isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in CLOCKS_AND_FILES:
                yield f"line {node.lineno}: {called}()"
            continue
        else:
            continue
        yield from (f"line {node.lineno}: {name}" for name in names if name.partition(".")[0] in FORBIDDEN)


MODULES = sorted(path for package in ("schemas", "sla_stream") for path in (REPOSITORY / package).rglob("*.py"))


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_the_meaning_knows_no_io_no_clock_and_no_faust(module: Path) -> None:
    assert list(offences(module.read_text())) == []


@pytest.mark.parametrize(
    ("source", "offence"),
    [
        ("import time", "line 1: time"),
        ("import json, os.path", "line 1: os.path"),
        ("\nfrom asyncio import sleep", "line 2: asyncio"),
        ("import faust as f", "line 1: faust"),
        ("from datetime import datetime\nlate = datetime.now()", "line 2: now()"),
        ("def f():\n    from random import random", "line 2: random"),
        ("open('facts.json')", "line 1: open()"),
    ],
)
def test_an_offence_is_found(source: str, offence: str) -> None:
    assert list(offences(source)) == [offence]


def test_harmless_imports_are_no_offence() -> None:
    assert list(offences("from datetime import datetime, time\nfrom timeit import timeit\nimport oslo")) == []


def test_agents_know_the_meaning_and_the_meaning_knows_the_wire_never_the_other_way_round() -> None:
    assert MODULES
    linted = _lint_imports(REPOSITORY)
    assert linted.returncode == 0, linted.stdout


def test_a_backtest_does_not_wait_for_kafkas_client_to_load() -> None:
    """Half a second of it, once in each of its processes."""
    ask = "import agents.cli.backtest, sys; sys.exit('faust' in sys.modules or 'aiokafka' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", ask], cwd=REPOSITORY, check=False).returncode == 0


def test_an_import_against_the_direction_is_found(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text((REPOSITORY / "pyproject.toml").read_text())
    for package in ("schemas", "sla_stream", "agents"):
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
    (tmp_path / "sla_stream" / "counting.py").write_text("import agents\n")
    (tmp_path / "schemas" / "facts.py").write_text("import time\n")
    linted = _lint_imports(tmp_path)
    assert linted.returncode == 1
    assert "sla_stream.counting -> agents (l.1)" in linted.stdout
    assert "schemas.facts -> time (l.1)" in linted.stdout


def _lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
