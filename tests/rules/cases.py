"""Tickets and all that can be measured of them: what they tell, in any order, and a contract that asks for it."""

from typing import Any

from hypothesis import strategies as st

from schemas.contract import Objective
from schemas.facts import FACT, Fact
from tests.builders import MINUTE, instant, objective, promised

NINE_MS = instant("09:00:00")
SHARE: dict[str, Any] = {"target": {"at_least": "50%"}}
LENGTH: dict[str, Any] = {"target": {"at_most": "1h"}}
MEASURES: tuple[tuple[dict[str, Any], dict[str, Any]], ...] = (
    (
        {
            "kind": "resolution",
            "formula": "within",
            "within": "2h",
            "priorities": {"urgent": {"within": "30m", "clock": "always"}},
        },
        SHARE,
    ),
    ({"kind": "first_response", "formula": "within", "within": "20m"}, SHARE),
    ({"kind": "next_response", "formula": "within", "within": "20m", "attribute_to": "outcome"}, SHARE),
    ({"kind": "callback", "within": "20m"}, SHARE),
    ({"kind": "transfer", "attribute_to": "outcome"}, SHARE),
    ({"kind": "containment"}, SHARE),
    ({"kind": "reopening"}, SHARE),
    ({"kind": "flow_out"}, SHARE),
    ({"kind": "dropped"}, SHARE),
    ({"kind": "handle_time", "formula": "mean"}, LENGTH),
    ({"kind": "hold_time", "formula": "mean"}, LENGTH),
)


def objectives() -> list[Objective]:
    return [
        objective(name=written["kind"].replace("_", "-"), channel="ticket", measure=written, **target)
        for written, target in MEASURES
    ]


PROMISES = promised(*objectives(), hours="Mo-Fr 08:00-10:00,10:30-18:00", lateness="7d")

EXTRAS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "offered": st.fixed_dictionaries(
        {"queue": st.sampled_from(["billing", "sales"])}, optional={"priority": st.sampled_from(["urgent", "low"])}
    ),
    "flowed_out": st.fixed_dictionaries({"reason": st.sampled_from(["callback", "key"])}),
    "prioritised": st.fixed_dictionaries({"priority": st.sampled_from(["urgent", "low"])}),
    "replied": st.fixed_dictionaries(
        {"author": st.sampled_from(["agent", "bot", "auto"]), "public": st.booleans()}
    ),
}
KINDS = (
    *EXTRAS,
    *("customer_wrote", "paused", "resumed", "resolved", "reopened", "closed"),
    *("answered", "abandoned", "held", "retrieved", "transferred", "ended", "wrapped", "called_back"),
)


@st.composite
def facts(draw: st.DrawFn) -> list[Fact]:
    """Of two tickets, in three hours."""
    told = draw(st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 180)), max_size=24))
    return [
        FACT.validate_python(
            {
                "type": kind,
                "client": "acme",
                "channel": "ticket",
                "contact": draw(st.sampled_from(["T-1", "T-2"])),
                "at": NINE_MS + minute * MINUTE,
            }
            | (draw(EXTRAS[kind]) if kind in EXTRAS else {})
        )
        for kind, minute in [("offered", 0), *told]
    ]
