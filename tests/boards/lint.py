"""Rules for boards: those of Grafana's own linter, and ours about words and colours."""

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import combinations

from agents.demo.looks import STATES
from agents.promised import STATE_CODES
from dashboards.boards import BOARDS
from tests.boards.promql import selectors
from tests.boards.written import ALL, Document, panels, questions

_SOURCE = {"type": "prometheus", "uid": "${datasource}"}
_COUNTERS = re.compile(r"_(total|bucket|sum|count)$")
_OVER_TIME = {"rate", "increase"}


def _source_is_chosen(board: Document) -> Iterator[str]:
    sources = [one for one in board["templating"]["list"] if one["type"] == "datasource"]
    if [(one["name"], one["label"]) for one in sources] != [("datasource", "Data source")]:
        yield "no data source to choose"
    for panel in panels(board):
        if any(one.get("datasource") != _SOURCE for one in (panel, *panel["targets"])):
            yield f"{panel['title']} has a data source of its own"


def _every_panel_says_what_it_shows(board: Document) -> Iterator[str]:
    for panel in panels(board):
        if not panel.get("title") or len(panel.get("description", "")) < 20:
            yield f"{panel.get('title')} does not say what it shows"


def _every_panel_has_a_unit(board: Document) -> Iterator[str]:
    for panel in panels(board):
        if not panel["fieldConfig"]["defaults"].get("unit"):
            yield f"{panel['title']} has no unit"


def _every_panel_asks_something(board: Document) -> Iterator[str]:
    for panel in panels(board):
        refs = [target["refId"] for target in panel["targets"]]
        if not refs or len(set(refs)) != len(refs) or not all(target["expr"] for target in panel["targets"]):
            yield f"{panel['title']} asks nothing, or two things by one name"


def _variables_follow_the_time_shown(board: Document) -> Iterator[str]:
    for one in board["templating"]["list"]:
        if one["type"] == "query" and (one["refresh"], one["multi"], one["includeAll"]) != (2, True, True):
            yield f"{one['name']} does not follow the time shown, or cannot be several"


def _nobody_edits_it_in_place(board: Document) -> Iterator[str]:
    if board["editable"]:
        yield "it can be edited, and the next start would undo it"


def _counters_are_looked_at_over_time(board: Document) -> Iterator[str]:
    for question in questions(board):
        for one in selectors(question.plain(ALL)):
            if _COUNTERS.search(one.metric) and not one.functions & _OVER_TIME:
                yield f"{question.panel} {question.ref} shows the counter {one.metric} itself"


def _rates_fit_the_time_shown(board: Document) -> Iterator[str]:
    for question in questions(board):
        if re.search(r"\brate\((?!.*\$__rate_interval)", question.expression):
            yield f"{question.panel} {question.ref} has a rate over a fixed time"


def _everything_is_chosen_by_the_variables(board: Document) -> Iterator[str]:
    for question in questions(board):
        for one in selectors(question.plain(ALL)):
            if not one.labels & {"client", "job"}:
                yield f"{question.panel} {question.ref} asks for every {one.metric}, whatever is chosen"


def _nothing_covers_anything(board: Document) -> Iterator[str]:
    places = [(panel["title"], panel["gridPos"]) for panel in board["panels"]]
    for (one, a), (other, b) in combinations(places, 2):
        beside = a["x"] + a["w"] <= b["x"] or b["x"] + b["w"] <= a["x"]
        above = a["y"] + a["h"] <= b["y"] or b["y"] + b["h"] <= a["y"]
        if not (beside or above):
            yield f"{one} covers {other}"


def _panels_have_numbers_of_their_own(board: Document) -> Iterator[str]:
    numbers = [panel["id"] for panel in board["panels"]]
    if len(set(numbers)) != len(numbers):
        yield "two panels have one number"


def _links_lead_to_boards(board: Document) -> Iterator[str]:
    known = {made().build().uid for made in BOARDS.values()}
    if not any(link["tags"] == board["tags"] and link["includeVars"] for link in board["links"]):
        yield "no way to the other boards"
    for uid in re.findall(r"/d/([a-z-]+)", str(board)):
        if uid not in known:
            yield f"a link leads to {uid}, which is no board"


def _a_state_is_told_in_words(board: Document) -> Iterator[str]:
    wanted = {str(code): f"{STATES[state].shape} {STATES[state].word}" for state, code in STATE_CODES.items()}
    for panel in panels(board):
        if "sla_state_code" not in str(panel["targets"]):
            continue
        config = panel["fieldConfig"]
        properties = [one for override in config["overrides"] for one in override["properties"]]
        found = [one["value"] for one in properties if one["id"] == "mappings"]
        mappings = [config["defaults"]["mappings"]] if "mappings" in config["defaults"] else found
        words = [{code: to["text"] for code, to in one["options"].items()} for (one,) in mappings]
        if words != [wanted]:
            yield f"{panel['title']} shows states by number or colour alone"


Rule = Callable[[Document], Iterator[str]]

RULES: Mapping[str, Rule] = {
    rule.__name__.strip("_"): rule
    for rule in (
        _source_is_chosen,
        _every_panel_says_what_it_shows,
        _every_panel_has_a_unit,
        _every_panel_asks_something,
        _variables_follow_the_time_shown,
        _nobody_edits_it_in_place,
        _counters_are_looked_at_over_time,
        _rates_fit_the_time_shown,
        _everything_is_chosen_by_the_variables,
        _nothing_covers_anything,
        _panels_have_numbers_of_their_own,
        _links_lead_to_boards,
        _a_state_is_told_in_words,
    )
}
