"""What campaigns came to: kept as lines of JSON, so that those of several runs can be told together."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec


@dataclass
class Outcome:
    """What one campaign came to: how often by name, code, result or section."""

    seed: int
    fetched_by_record: bool
    faults: dict[str, int]
    exits: dict[int, int]
    messages: int
    results: dict[str, int]
    replayed: int
    episodes: int
    told_again: int
    compared: dict[str, int]
    differences: list[str]


def keep(file: Path, outcome: Outcome) -> None:
    """Add a line."""
    with file.open("ab") as lines:
        lines.write(msgspec.json.encode(outcome) + b"\n")


def kept(file: Path) -> list[Outcome]:
    """The outcomes in a file, by seed."""
    outcomes = msgspec.json.Decoder(Outcome).decode_lines(file.read_bytes())
    return sorted(outcomes, key=lambda outcome: outcome.seed)


def report(outcomes: Sequence[Outcome]) -> str:
    """All of them together, as text that can be pasted."""
    faults = _sum(outcome.faults for outcome in outcomes)
    results = _sum(outcome.results for outcome in outcomes)
    compared = _sum(outcome.compared for outcome in outcomes)
    lines = {
        "seeds": _seeds(outcomes),
        "  of these, fetched by record": _seeds(outcome for outcome in outcomes if outcome.fetched_by_record),
        "faults": f"{faults.total()} ({_listed(faults)})",
        "workers ended": _listed(_sum(outcome.exits for outcome in outcomes)),
        "messages": f"{sum(outcome.messages for outcome in outcomes)} ({_listed(results)})",
        "replays absorbed": f"{sum(outcome.replayed for outcome in outcomes)} messages",
        "episodes": f"{sum(outcome.episodes for outcome in outcomes)}",
        "alerts told again": f"{sum(outcome.told_again for outcome in outcomes)}",
        "compared": f"{compared.total()}",
        **{f"  {section}": str(n) for section, n in sorted(compared.items())},
        "wrong": f"{sum(len(outcome.differences) for outcome in outcomes)}",
    }
    return "\n".join(f"{name + ':':46}{told}" for name, told in lines.items())


def _seeds(outcomes: Iterable[Outcome]) -> str:
    seeds = [str(outcome.seed) for outcome in outcomes]
    return f"{len(seeds)} ({', '.join(seeds)})"


def _sum(counters: Iterable[Mapping[Any, int]]) -> Counter[Any]:
    return sum(map(Counter, counters), Counter())


def _listed(counter: Counter[Any]) -> str:
    return ", ".join(f"{name} {n}" for name, n in counter.most_common())
