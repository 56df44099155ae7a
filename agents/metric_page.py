"""`python -m agents.metric_page` writes docs/metrics.md: every metric, from the tables that export it."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from prometheus_client import CollectorRegistry

from agents.metrics import Described, Metrics
from agents.promised import SHOWN, TOLD

PAGE = Path("docs/metrics.md")

_HEAD = """# Metrics

At `/metrics` of every worker, in base units: seconds, and ratios from 0 to 1. Written by
`python -m agents.metric_page`.

A worker exports what it owns: a client's promises come from the worker that judges it, and from no other. So add
counters up over workers, and take figures as they are. `/metrics?name[]=sla_value` gives that metric alone.

All queues together are the empty queue. `unit` is `ratio`, `seconds`, `points` or `score`, and `bound` is
`at_least` or `at_most`, as the contract has it. No label names a contact or a customer: contracts bound how many
series there are.
"""


def page() -> str:
    """The whole page."""
    return "\n".join(
        [_HEAD, *_table("How the promises stand", _promised()), "", *_table("The pipeline", _kept()), ""]
    )


def described() -> list[Described]:
    """Every metric."""
    return [*_promised(), *_kept()]


def _promised() -> Iterator[Described]:
    for one in (*SHOWN, *TOLD):
        yield Described(one.name, "gauge", one.labels, one.meaning)


def _kept() -> list[Described]:
    return Metrics(CollectorRegistry()).described


def _table(title: str, metrics: Iterable[Described]) -> Iterator[str]:
    yield from (f"## {title}", "", "| metric | type | labels | meaning, and what to do |", "|---|---|---|---|")
    for one in metrics:
        yield f"| `{one.name}` | {one.kind} | {', '.join(one.labels)} | {one.meaning} |"


def main() -> None:
    """Write it."""
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
