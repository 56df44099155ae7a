"""The boards as they are written, and what is asked in them."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from dashboards.boards import BOARDS, FOLDER
from tests.parts.presence import ROOT

Document = dict[str, Any]


class Question(NamedTuple):
    """An expression, and where it is asked."""

    board: str
    panel: str
    ref: str
    expression: str
    legend: str

    def plain(self, variables: Mapping[str, str]) -> str:
        """As Prometheus is asked: with the variables' values in it."""
        text = self.expression
        for name, value in variables.items():
            text = text.replace(name, value)
        return text


#: Everything is chosen, of what was scraped within a quarter of a minute.
ALL = {
    "$__rate_interval": "15s",
    "$__range": "1m",
    "$client": ".*",
    "$contract": ".*",
    "$channel": ".*",
    "$queue": ".*",
    "$objective": ".*",
    "$job": ".+",
    "$instance": ".+",
}


def document(name: str) -> Document:
    """One board as Grafana loads it."""
    loaded: Document = json.loads((ROOT / FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


def documents() -> dict[str, Document]:
    """All of them."""
    return {name: document(name) for name in BOARDS}


def panels(board: Document) -> Iterator[Document]:
    """Those that show something; a row only heads others."""
    return (panel for panel in board["panels"] if panel["type"] != "row")


def questions(board: Document) -> Iterator[Question]:
    """Of every panel, and of the marks of episodes."""
    for panel in panels(board):
        for target in panel["targets"]:
            yield Question(board["title"], panel["title"], target["refId"], target["expr"], target["legendFormat"])
    for mark in board["annotations"]["list"]:
        yield Question(board["title"], mark["name"], "mark", mark["expr"], mark["titleFormat"])


def choices(board: Document) -> Iterator[Question]:
    """Of the variables: what there is to choose from."""
    for one in board["templating"]["list"]:
        if one["type"] == "query":
            asked = re.fullmatch(r"label_values\((.+), (\w+)\)", one["query"]["query"])
            assert asked, one["query"]
            yield Question(board["title"], one["label"], "choice", asked[1], f"{{{{{asked[2]}}}}}")


def all_questions() -> list[Question]:
    """Of every board."""
    return [one for board in documents().values() for one in (*choices(board), *questions(board))]
