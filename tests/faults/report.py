"""What campaigns came to, in a page that can be pasted."""

from collections import Counter
from collections.abc import Sequence

from tests.faults.campaign import Outcome


def report(outcomes: Sequence[Outcome]) -> str:
    """Markdown: totals, faults by kind, what was compared by section."""
    faults = sum((outcome.faults for outcome in outcomes), Counter())
    results = sum((outcome.results for outcome in outcomes), Counter())
    exits = sum((outcome.exits for outcome in outcomes), Counter())
    compared = sum((outcome.comparison.compared for outcome in outcomes), Counter())
    wrong = sum(len(outcome.comparison.differences) for outcome in outcomes)
    lines = [
        f"seeds: {len(outcomes)} ({', '.join(str(outcome.seed) for outcome in outcomes)})",
        f"faults: {faults.total()} ({_listed(faults)})",
        f"workers ended: {_listed(exits)}",
        f"messages: {sum(outcome.messages for outcome in outcomes)} ({_listed(results)})",
        f"handed to a worker again, and not counted again: {sum(outcome.replayed for outcome in outcomes)}",
        f"episodes: {sum(outcome.episodes for outcome in outcomes)}",
        f"alerts announced again, under the same id: {sum(outcome.told_again for outcome in outcomes)}",
        f"compared: {compared.total()}",
        *(f"  {section}: {n}" for section, n in sorted(compared.items())),
        f"wrong: {wrong}",
    ]
    return "\n".join(lines)


def _listed(counter: Counter[str] | Counter[int]) -> str:
    return ", ".join(f"{name} {n}" for name, n in sorted(counter.items(), key=str))
