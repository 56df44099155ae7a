"""What an expression asks for, as a parser of PromQL reads it."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import promql_parser

_BELOW = ("lhs", "rhs", "expr", "args", "vector_selector")


class Selector(NamedTuple):
    """A metric in an expression: the labels that choose among its series, and the functions around it."""

    metric: str
    labels: frozenset[str]
    functions: frozenset[str]


def selectors(expression: str) -> list[Selector]:
    """Every metric that is asked for. Raises ValueError where it is no PromQL."""
    return list(_selectors(promql_parser.parse(expression), frozenset()))


def _selectors(node: Any, functions: frozenset[str]) -> Iterator[Selector]:
    if isinstance(node, promql_parser.VectorSelector):
        labels = frozenset(matcher.name for matcher in node.matchers.matchers)
        yield Selector(node.name or "", labels, functions)
        return
    if isinstance(node, promql_parser.Call):
        functions |= {node.func.name}
    for name in _BELOW:
        below = getattr(node, name, None)
        for one in below if isinstance(below, list) else [below]:
            if one is not None:
                yield from _selectors(one, functions)
