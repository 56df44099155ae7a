"""The boards: as the code writes them, as Grafana's schema wants them, and as people can read them."""

import json
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft7Validator

from dashboards.boards import BOARDS, FOLDER, text_of
from tests.boards.exported import EXPORTED
from tests.boards.lint import RULES
from tests.boards.promql import selectors
from tests.boards.written import ALL, Document, all_questions, document, documents, panels
from tests.parts.presence import ROOT

SCHEMAS = ROOT / "tests/data/grafana"

#: Panel types, and the schema that describes their options.
KINDS = {
    "bargauge": "bargauge",
    "heatmap": "heatmap",
    "stat": "stat",
    "state-timeline": "statetimeline",
    "status-history": "statushistory",
    "table": "table",
    "timeseries": "timeseries",
}


@cache
def schema(kind: str, part: str) -> Draft7Validator | None:
    """The part of a schema; None: that kind has no such part."""
    whole = _opened(json.loads((SCHEMAS / f"{kind}.jsonschema.json").read_text()))
    return Draft7Validator({**whole, "$ref": f"#/definitions/{part}"}) if part in whole["definitions"] else None


def _opened(described_by: Any) -> Any:
    """Where the SDK takes anything, numbers and lists too, its schemas say an object with anything in it."""
    if isinstance(described_by, dict):
        if described_by.get("type") == "object" and described_by.get("additionalProperties") == {}:
            return {}
        return {name: _opened(part) for name, part in described_by.items()}
    return [_opened(part) for part in described_by] if isinstance(described_by, list) else described_by


def mistakes(board: Document) -> list[str]:
    """What the SDK's schemas find, also in what its schema of dashboards leaves to the panels."""
    parts: list[tuple[str, str, Any]] = [("dashboard", "Dashboard", board)]
    for panel in panels(board):
        kind = KINDS[panel["type"]]
        parts.append((kind, "Options", panel["options"]))
        parts.append((kind, "FieldConfig", panel["fieldConfig"]["defaults"].get("custom", {})))
        parts += [("prometheus", "Dataquery", target) for target in panel["targets"]]
    found = (
        error
        for kind, part, value in parts
        if (described_by := schema(kind, part))
        for error in described_by.iter_errors(value)
    )
    return [f"{one.json_path}: {one.message}" for error in found for one in (error, *(error.context or ()))]


@pytest.mark.parametrize("name", BOARDS)
def test_what_grafana_loads_is_what_the_code_says(name: str) -> None:
    assert (ROOT / FOLDER / f"{name}.json").read_text(encoding="utf-8") == text_of(BOARDS[name]()), (
        "make dashboards"
    )


def test_nothing_else_lies_beside_the_boards() -> None:
    assert {file.name for file in (ROOT / FOLDER).iterdir()} == {f"{name}.json" for name in BOARDS}


def test_boards_have_names_of_their_own() -> None:
    for key in ("uid", "title"):
        assert len({board[key] for board in documents().values()}) == len(BOARDS)


@pytest.mark.parametrize("name", BOARDS)
def test_a_board_is_valid_by_the_schemas_of_the_sdk(name: str) -> None:
    assert mistakes(document(name)) == []


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (lambda board: board.update(refesh="10s"), "refesh"),
        (lambda board: next(panels(board)).update(gridpos={}), "gridpos"),
        (lambda board: next(panels(board))["options"].update(colourMode="value"), "colourMode"),
        (lambda board: next(panels(board))["targets"][0].update(exp="up"), "exp"),
    ],
    ids=["board", "panel", "options", "query"],
)
def test_a_misspelt_key_is_found(spoil: Callable[[Document], None], found: str) -> None:
    board = document("service-levels")
    spoil(board)
    assert any(f"'{found}' was unexpected" in mistake for mistake in mistakes(board))


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("name", BOARDS)
def test_a_board_keeps_the_rules(name: str, rule: str) -> None:
    assert list(RULES[rule](document(name))) == []


def _first(board: Document) -> Document:
    return next(panels(board))


def _asks(expression: str) -> Callable[[Document], None]:
    return lambda board: _first(board)["targets"][0].update(expr=expression)


def _forget_words(board: Document) -> None:
    for panel in panels(board):
        panel["fieldConfig"] = {"defaults": {}, "overrides": []}


#: For each rule a way to break it.
BROKEN: dict[str, Callable[[Document], object]] = {
    "source_is_chosen": lambda board: _first(board).update(datasource={"type": "prometheus", "uid": "mine"}),
    "every_panel_says_what_it_shows": lambda board: _first(board).update(description=""),
    "every_panel_has_a_unit": lambda board: _first(board)["fieldConfig"]["defaults"].pop("unit"),
    "every_panel_asks_something": lambda board: _first(board).update(targets=[]),
    "variables_follow_the_time_shown": lambda board: board["templating"]["list"][1].update(refresh=1),
    "nobody_edits_it_in_place": lambda board: board.update(editable=True),
    "counters_are_looked_at_over_time": _asks('sla_facts_total{client="a"}'),
    "rates_fit_the_time_shown": _asks('rate(sla_facts_total{client="a"}[5m])'),
    "everything_is_chosen_by_the_variables": _asks("sla_value"),
    "nothing_covers_anything": lambda board: _first(board).update(gridPos={"x": 0, "y": 0, "w": 24, "h": 9}),
    "panels_have_numbers_of_their_own": lambda board: _first(board).update(id=1),
    "links_lead_to_boards": lambda board: _first(board).update(links=[{"url": "/d/nowhere"}]),
    "a_state_is_told_in_words": _forget_words,
}


@pytest.mark.parametrize("rule", RULES)
def test_who_breaks_a_rule_is_told(rule: str) -> None:
    board = document("service-levels")
    BROKEN[rule](board)
    assert len(list(RULES[rule](board))) > 0


@pytest.mark.parametrize("question", all_questions(), ids=lambda one: f"{one.board}-{one.panel}-{one.ref}")
def test_every_question_is_about_metrics_and_labels_that_we_export(question: Any) -> None:
    asked = selectors(question.plain(ALL))
    assert asked
    for one in asked:
        assert one.labels <= EXPORTED[one.metric]


def test_no_variable_is_left_that_nobody_sets() -> None:
    for board in documents().values():
        known = {f"${one['name']}" for one in board["templating"]["list"]} | {"$__rate_interval", "$__range"}
        assert {one.plain(dict.fromkeys(known, "1m")) for one in all_questions() if one.board == board["title"]}
        for one in all_questions():
            if one.board == board["title"]:
                assert "$" not in one.plain(dict.fromkeys(known, "1m")), one


@pytest.mark.parametrize("expression", ["rate(sla_value)", "sum(sla_value[5m])", "sum(sla_value"])
def test_what_is_no_promql_is_refused(expression: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        selectors(expression)
