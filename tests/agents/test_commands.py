"""The command line: help, exit codes, and a backtest whose figures are known."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import orjson
import pytest
from click.testing import CliRunner, Result

from agents.cli import COMMANDS, main
from tests.agents.running import calls, contract, objective
from tests.builders import instant
from tests.parts.presence import ROOT

NINE_MS = instant("09:00:00")


def run(*arguments: str | Path, standard_input: bytes | None = None) -> Result:
    return CliRunner().invoke(main, list(map(str, arguments)), input=standard_input)


def commands(group: click.Command = main, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every command and group, by the words that lead to it."""
    yield path
    if isinstance(group, click.Group):
        context = click.Context(group)
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            assert command is not None, name
            yield from commands(command, (*path, name))


@pytest.fixture
def promised(tmp_path: Path) -> Path:
    """Eight in ten within 20 s by the day, in every queue and in all together."""
    file = tmp_path / "acme.yaml"
    objectives = [objective(windows=["day"], judge="both", alert=None)]
    file.write_bytes(
        orjson.dumps(contract("acme", "acme", versions=[{"effective": "2020-01-01", "objectives": objectives}]))
    )
    return file


@pytest.fixture
def facts() -> bytes:
    """Seven calls to sales in time and one late, one abandoned in billing, a call told twice, and junk."""
    prompt = calls("acme", "prompt", 7, waited_s=20, now_ms=NINE_MS)
    late = calls("acme", "late", 1, waited_s=21, now_ms=NINE_MS)
    gone = {
        "type": "record",
        "client": "acme",
        "contact": "gone",
        "queue": "billing",
        "offered_at": NINE_MS,
        "abandoned_at": NINE_MS + 3_000,
    }
    lines = [orjson.dumps(fact) for fact in (*prompt, *late, gone, prompt[0])]
    return b"\n".join([*lines, b"junk"]) + b"\n"


@pytest.mark.parametrize("path", list(commands()), ids=" ".join)
def test_every_command_has_help(path: tuple[str, ...]) -> None:
    helped = run(*path, "--help")
    assert helped.exit_code == 0
    usage, _, says, *_ = helped.stdout.splitlines()
    assert usage.startswith(" ".join(["Usage: main", *path]))
    assert says.strip()


def test_the_help_lists_every_command() -> None:
    listed = run("--help").stdout.partition("Commands:")[2]
    assert {line.split()[0] for line in listed.splitlines() if line[:3].strip()} == set(COMMANDS)


@pytest.mark.parametrize(
    "wrong",
    [
        ["telport"],
        ["dlq", "burn"],
        ["dlq", "list", "--reason", "spite"],
        ["backtest"],
        ["backtest", "no-such-file.jsonl", "--contract", "config/contracts"],
        ["backtest", "-"],
        ["backtest", "-", "--contract", "no-such-folder"],
        ["backtest", "-", "--contract", "config/contracts", "--jobs", "2"],
        ["contract", "check"],
        ["contract", "explain", "no-such-file.yaml"],
        ["demo", "--seconds", "-1"],
        ["produce", "-", "--speed", "backwards"],
    ],
    ids=" ".join,
)
def test_a_wrong_call_ends_with_2_and_says_what_is_wrong(wrong: list[str]) -> None:
    refused = run(*wrong)
    assert refused.exit_code == 2
    assert refused.stderr.splitlines()[-1].startswith("Error: ")


def test_the_command_runs_as_a_module_too() -> None:
    command = [sys.executable, "-m", "agents.cli", "--version"]
    shown = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert "version 0.1.0" in shown.stdout


def test_a_backtest_prints_known_figures_exactly(facts: bytes, promised: Path, tmp_path: Path) -> None:
    file = tmp_path / "facts.jsonl"
    file.write_bytes(facts)
    told = run("backtest", file, "--contract", promised)
    assert told.exit_code == 0
    assert told.stdout.splitlines() == [
        "11 received, 9 applied, 1 duplicate, 1 rejected, 0 too_late",
        "acme  picked-up  all queues  day  2026-03-02 00:00  7/9  77.7%  breached",
        "acme  picked-up  billing  day  2026-03-02 00:00  0/1  0.0%  breached",
        "acme  picked-up  sales  day  2026-03-02 00:00  7/8  87.5%  met",
    ]


def test_a_backtest_reads_standard_input(facts: bytes, promised: Path) -> None:
    told = run("backtest", "-", "--contract", promised, "--json", standard_input=facts)
    assert told.exit_code == 0
    answer: dict[str, Any] = orjson.loads(told.stdout)
    assert answer["counters"] == {"received": 11, "applied": 9, "duplicate": 1, "rejected": 1, "too_late": 0}
    (sales,) = (row for row in answer["results"] if row["queue"] == "sales")
    assert sales == {
        "excluded": 0,
        "finality": "open",
        "contract": "acme",
        "objective": "picked-up",
        "client": "acme",
        "queue": "sales",
        "window": "day",
        "from": "2026-03-02T00:00:00+01:00",
        "to": "2026-03-03T00:00:00+01:00",
        "numerator": 7,
        "denominator": 8,
        "value": 0.875,
        "unit": "ratio",
        "state": "met",
    }


def test_a_backtest_by_several_processes_prints_the_same(facts: bytes, promised: Path, tmp_path: Path) -> None:
    file = tmp_path / "facts.jsonl"
    file.write_bytes(facts)
    by_one = run("backtest", file, "--contract", promised, "--json")
    by_three = run("backtest", file, "--contract", promised, "--json", "--jobs", "3")
    assert by_three.exit_code == 0
    assert by_three.stdout == by_one.stdout


def test_a_backtest_counts_again_in_one_process_where_something_is_too_late(
    promised: Path, tmp_path: Path
) -> None:
    year_ms = 365 * 86_400_000
    newest = calls("acme", "newest", 8, waited_s=20, now_ms=NINE_MS + year_ms)
    late = calls("acme", "late", 1, waited_s=20, now_ms=NINE_MS)
    file = tmp_path / "facts.jsonl"
    file.write_bytes(b"\n".join(orjson.dumps(fact) for fact in (*newest, *late)))
    by_one = run("backtest", file, "--contract", promised)
    by_two = run("backtest", file, "--contract", promised, "--jobs", "2")
    assert by_two.stdout == by_one.stdout
    assert by_two.stderr.startswith("Something came too late.")


def test_a_backtest_of_nothing_has_no_figures(promised: Path) -> None:
    told = run("backtest", "-", "--contract", promised, standard_input=b"")
    assert (told.exit_code, told.stdout) == (
        0,
        "0 received, 0 applied, 0 duplicate, 0 rejected, 0 too_late\n",
    )


def test_a_backtest_of_something_else_refuses_every_line(promised: Path) -> None:
    told = run("backtest", "-", "--contract", promised, standard_input=bytes(range(256)) * 9)
    assert told.exit_code == 0
    assert told.stdout == "10 received, 0 applied, 0 duplicate, 10 rejected, 0 too_late\n"


def test_a_backtest_under_a_contract_with_a_mistake_ends_with_1(promised: Path) -> None:
    promised.write_text(promised.read_text().replace("80%", "eighty"))
    refused = run("backtest", "-", "--contract", promised, standard_input=b"")
    assert refused.exit_code == 1
    (line,) = refused.stderr.splitlines()
    assert line.startswith(f"Error: {promised}:1:")


def test_a_contract_that_is_right_is_said_to_be(promised: Path) -> None:
    checked = run("contract", "check", promised)
    assert (checked.exit_code, checked.stdout) == (0, "acme: 1 objective for acme\n")


def test_a_contract_with_mistakes_ends_with_1_and_their_number(promised: Path) -> None:
    promised.write_text(promised.read_text().replace("80%", "eighty").replace("Europe/Paris", "Paris"))
    checked = run("contract", "check", promised)
    assert checked.exit_code == 1
    *mistakes, last = checked.stderr.splitlines()
    assert last == "Error: 2 mistakes"
    assert len(mistakes) == 2
    assert all(mistake.startswith(f"{promised}:1:") for mistake in mistakes)
