"""All boards by the name of their file, and the text of one."""

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from grafana_foundation_sdk.builders.dashboard import Dashboard
from grafana_foundation_sdk.cog.encoder import JSONEncoder

from dashboards import contract_month, pipeline, queue, service_levels

FOLDER = Path("config/grafana/dashboards")

BOARDS: Mapping[str, Callable[[], Dashboard]] = {
    "service-levels": service_levels.board,
    "queue": queue.board,
    "contract-month": contract_month.board,
    "pipeline": pipeline.board,
}


def text_of(board: Dashboard) -> str:
    """What Grafana loads. Keys are sorted, so that a change shows what changed."""
    document = json.loads(json.dumps(board.build(), cls=JSONEncoder))
    _forget_placement(document)
    _number(document["panels"])
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _forget_placement(document: dict[str, Any]) -> None:
    """The SDK would hide links and annotations in a menu that only the newest Grafana has."""
    for one in (*document["links"], *document["annotations"]["list"]):
        one.pop("placement", None)


def _number(panels: Iterable[dict[str, Any]]) -> None:
    """So that a link to a panel leads to it tomorrow, too."""
    for number, panel in enumerate(panels, start=1):
        panel["id"] = number
