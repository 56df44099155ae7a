"""Tables with one row for each promise: what several questions answer, side by side."""

from collections.abc import Sequence
from typing import NamedTuple

from grafana_foundation_sdk.builders import table
from grafana_foundation_sdk.models.dashboard import DataTransformerConfig, DynamicConfigValue

from dashboards.look import WORD, state_words
from dashboards.parts import CHOSEN, Words, ask_rows, panel

#: Whose figure it is. Without the worker's address: when a promise moves to another worker it is the same one.
PROMISE = "client, contract, objective, channel, queue, window"

_LABELS = ("client", "contract", "objective", "channel", "queue", "window")


class Column(NamedTuple):
    """One question about every promise of a table; `{chosen}` stands for those."""

    title: str
    expression: str
    unit: str
    decimals: int | None = None


def of_promise(metric: str, where: str = "") -> str:
    """A metric of each chosen promise."""
    more = f",{where}" if where else ""
    return f"max by ({PROMISE}) ({metric}{{{CHOSEN}{more}}})"


def of_unit(metric: str, unit: str, where: str = "") -> str:
    """The same, of promises of which the figure has this unit."""
    return f"({of_promise(metric, where)} and on ({PROMISE}) {of_promise('sla_target', unit)})"


def rows(words: Words, columns: Sequence[Column]) -> table.Panel:
    """A row for each promise, its state in words, and a way to its queue."""
    refs = [chr(ord("A") + number) for number in range(len(columns))]
    queries = [ask_rows(column.expression, ref) for column, ref in zip(columns, refs, strict=True)]
    kind = panel(table.Panel(), words, *queries).transformations([_side_by_side(), _named(columns, refs)])
    for column in columns:
        kind.override_by_name(column.title, _shown(column))
    return kind.override_by_name("queue", [_to_its_queue()]).filterable(filterable=True)


def _side_by_side() -> DataTransformerConfig:
    return DataTransformerConfig("merge", options={})


def _named(columns: Sequence[Column], refs: Sequence[str]) -> DataTransformerConfig:
    values = [f"Value #{ref}" for ref in refs]
    order = {name: number for number, name in enumerate((*_LABELS, *values))}
    names = {value: column.title for value, column in zip(values, columns, strict=True)}
    options = {"excludeByName": {"Time": True}, "indexByName": order, "renameByName": names}
    return DataTransformerConfig("organize", options=options)


def _shown(column: Column) -> list[DynamicConfigValue]:
    if column.unit == WORD:
        paint = DynamicConfigValue("custom.cellOptions", {"type": "color-background", "mode": "basic"})
        return [DynamicConfigValue("mappings", state_words()), paint]
    decimals = [] if column.decimals is None else [DynamicConfigValue("decimals", column.decimals)]
    return [DynamicConfigValue("unit", column.unit), *decimals]


def _to_its_queue() -> DynamicConfigValue:
    fields = ("client", "contract", "channel", "queue")
    chosen = "&".join(f"var-{name}=${{__data.fields.{name}}}" for name in fields)
    url = f"/d/sla-queue?${{__url_time_range}}&{chosen}"
    return DynamicConfigValue("links", [{"title": "This queue", "url": url, "targetBlank": False}])
