"""A contract in sentences: whatever its author writes makes a difference to what is said."""

from datetime import date
from typing import Any

import pytest
from pydantic import BaseModel

from agents.explain import explain
from agents.words.languages import LANGUAGES, Language
from schemas.contract import Contract, Objective
from schemas.policies import AlertPolicy, Only

OBJECTIVE: dict[str, Any] = {
    "name": "picked-up",
    "measure": {"kind": "service_level", "formula": "abandons_missed", "threshold": "30s"},
    "target": {"at_least": "80%"},
    "windows": ["rolling 5m", "rolling 1h", "day", "month"],
}
ALERT = {"window": "rolling 5m"}
SLICES = {"aggregation": "time_slices", "interval": "30m", "intervals_met": {"at_least": "95%"}}
EXCLUSION = {
    "from": "2026-03-02T10:15",
    "to": "2026-03-02T12:00",
    "reason": "lines down",
    "approved_by": "J. Martin",
}


#: Without something that may be written, and with it.
OF_OBJECTIVE: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({}, {"description": "Four in five."}),
    ({}, {"target": {"at_least": "81%"}}),
    ({}, {"target": {"at_most": "80%"}}),
    ({}, {"channel": "chat"}),
    ({"channel": "chat"}, {"channel": ["voice", "chat"]}),
    ({}, {"queues": ["sales"]}),
    ({}, {"only": {"priorities": ["urgent"]}}),
    ({}, {"only": {"languages": ["fr"]}}),
    ({}, {"only": {"tags": ["vip"]}}),
    ({"only": {"tags": ["vip"]}}, {"only": {"languages": ["vip"]}}),
    ({}, {"judge": "both"}),
    ({}, {"windows": ["quarter"]}),
    ({"windows": ["quarter"]}, {"windows": ["year"]}),
    ({}, SLICES),
    (SLICES, SLICES | {"interval": "1h"}),
    (SLICES, SLICES | {"interval": "day"}),
    (SLICES, SLICES | {"intervals_met": {"at_least": "96%"}}),
    (SLICES, {"aggregation": "mean_of_intervals", "interval": "30m"}),
    ({}, {"minimum_sample": 2}),
    ({}, {"confidence": "95%"}),
    ({}, {"finalise_after": "3d"}),
    ({}, {"alert": ALERT}),
    ({"alert": ALERT}, {"alert": ALERT | {"window": "rolling 1h"}}),
    ({"alert": ALERT}, {"alert": ALERT | {"breach_after": "2m"}}),
    ({"alert": ALERT}, {"alert": ALERT | {"clear_after": "2m"}}),
    ({"alert": ALERT}, {"alert": ALERT | {"at_risk_after": "2m"}}),
    ({"alert": ALERT}, {"alert": ALERT | {"clear_at": "82%"}}),
    ({"alert": ALERT}, {"alert": ALERT | {"severity": "critical"}}),
    ({"alert": ALERT}, {"alert": ALERT | {"burn_rate": {"over": "rolling 1h", "factor": 4}}}),
    ({"alert": ALERT}, {"alert": ALERT | {"crossing_soon": "5s"}}),
    ({"alert": ALERT}, {"alert": ALERT | {"due_soon": "30m"}}),
]
OF_CONTRACT: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({}, {"title": "Example"}),
    ({}, {"time_zone": "Europe/Rome"}),
    ({}, {"hours": "Mo-Fr 08:00-20:00"}),
    ({"hours": "PH off", "holidays": "FR"}, {"hours": "PH off", "holidays": "BE"}),
    ({}, {"lateness": "3d"}),
    ({}, {"open_for": "30d"}),
    ({}, {"silence": "11m"}),
    ({}, {"alert_horizon": "2h"}),
    ({}, {"fiscal_month_begins": 22}),
    ({}, {"exclusions": [EXCLUSION]}),
    ({"exclusions": [EXCLUSION]}, {"exclusions": [EXCLUSION | {"queues": ["sales"]}]}),
]


def said(language: Language, objective: dict[str, Any] | None = None, **contract: Any) -> str:
    return explain(
        Contract.model_validate(
            {
                "name": "example",
                "client": "acme",
                "time_zone": "Europe/Paris",
                **contract,
                "versions": [{"effective": date(2025, 1, 1), "objectives": [OBJECTIVE | (objective or {})]}],
            }
        ),
        language,
    )


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
@pytest.mark.parametrize(
    ("without", "with_it"),
    OF_OBJECTIVE,
)
def test_what_an_objective_says_is_said(
    language: Language, without: dict[str, Any], with_it: dict[str, Any]
) -> None:
    assert said(language, with_it) != said(language, without)


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
@pytest.mark.parametrize(
    ("without", "with_it"),
    OF_CONTRACT,
)
def test_what_a_contract_says_is_said(
    language: Language, without: dict[str, Any], with_it: dict[str, Any]
) -> None:
    assert said(language, **with_it) != said(language, **without)


@pytest.mark.parametrize(
    ("model", "written"),
    [
        (Contract, {field for _, contract in OF_CONTRACT for field in contract} | {"name", "client", "versions"}),
        (Objective, {field for _, objective in OF_OBJECTIVE for field in objective} | {"name", "measure"}),
        (AlertPolicy, {field for _, objective in OF_OBJECTIVE for field in objective.get("alert", {})}),
        (Only, {field for _, objective in OF_OBJECTIVE for field in objective.get("only", {})}),
    ],
    ids=lambda part: getattr(part, "__name__", ""),
)
def test_there_is_nothing_else_to_say(model: type[BaseModel], written: set[str]) -> None:
    assert written == set(model.model_fields)


@pytest.mark.parametrize(
    ("measure", "other"),
    [
        ({"kind": "first_contact_resolution", "by": "repeat_contact"}, "Coming back counts whatever the priority"),
        ({"kind": "repeat_abandonment", "within": "1d"}, "Having given up before counts whatever the priority"),
    ],
)
def test_of_some_customers_contacts_it_is_said_what_the_others_matter_though_they_are_counted_as_before(
    measure: dict[str, Any], other: str
) -> None:
    written = {"name": "example", "client": "acme", "time_zone": "Europe/Paris"}
    everybody = OBJECTIVE | {"measure": measure}
    some = everybody | {"name": "some", "only": {"languages": ["fr"]}}
    for objectives, times in (([everybody], 0), ([some], 1), ([everybody, some], 1)):
        versions = [{"effective": date(2025, 1, 1), "objectives": objectives}]
        told = " ".join(explain(Contract.model_validate(written | {"versions": versions})).split())
        assert told.count(other) == times


def test_a_stricter_target_that_ends_an_alert_is_of_intervals_where_the_promise_is() -> None:
    told = said(LANGUAGES["en"], SLICES | {"alert": {"window": "day", "clear_at": "97%"}})
    assert "It is over as soon as the value is at least 97%." in " ".join(told.split())
