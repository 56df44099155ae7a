"""What is counted for an objective: which contacts, in which outcome class, at which instant.

A measure is one small file and one entry in `KINDS`. Objectives with the same counting parameters share one,
whatever their formulas, targets and windows.
"""

from collections.abc import Callable
from typing import Any

from schemas.measures import FirstContactResolution
from schemas.measures import Measure as Spec
from sla_stream.business_time import Time
from sla_stream.measures.abandonment import AbandonmentMeasure
from sla_stream.measures.callback import CallbackMeasure
from sla_stream.measures.durations import DurationMeasure
from sla_stream.measures.first_contact import FirstContactMeasure
from sla_stream.measures.handling import HandlingMeasure
from sla_stream.measures.measure import (
    UNDECIDED,
    CustomerMeasure,
    Deadline,
    FactsMeasure,
    LifeMeasure,
    Measure,
    Overdue,
    Reading,
    Settlement,
    Visit,
    Visits,
)
from sla_stream.measures.occupancy import OccupancyMeasure
from sla_stream.measures.repeats import RepeatAbandonmentMeasure, RepeatContactMeasure
from sla_stream.measures.resolution import ResolutionMeasure
from sla_stream.measures.response import ResponseMeasure
from sla_stream.measures.service_level import ServiceLevelMeasure
from sla_stream.measures.shares import ShareMeasure
from sla_stream.measures.surveys import ResponseRateMeasure, ScoresMeasure
from sla_stream.measures.volume import VolumeMeasure

__all__ = [
    "KINDS",
    "UNDECIDED",
    "CustomerMeasure",
    "Deadline",
    "FactsMeasure",
    "LifeMeasure",
    "Measure",
    "Overdue",
    "Reading",
    "Settlement",
    "Visit",
    "Visits",
    "measure_of",
]


def _first_contact(spec: FirstContactResolution, _: Time) -> Measure:
    """By the customer's contacts, or by what is said of the one."""
    if spec.by == "repeat_contact":
        return RepeatContactMeasure.written(spec)
    return FirstContactMeasure.written(spec)


#: Kind in the contract -> the measure that counts it. Clocks that run in opening hours go by the second argument.
KINDS: dict[str, Callable[[Any, Time], Measure]] = {
    "service_level": ServiceLevelMeasure.written,
    "abandonment": AbandonmentMeasure.written,
    "speed_of_answer": DurationMeasure.written,
    "time_to_abandon": DurationMeasure.written,
    "wait": DurationMeasure.written,
    "talk_time": DurationMeasure.written,
    "hold_time": HandlingMeasure.written,
    "wrap_up_time": HandlingMeasure.written,
    "handle_time": HandlingMeasure.written,
    "first_response": ResponseMeasure.written,
    "next_response": ResponseMeasure.written,
    "resolution": ResolutionMeasure.written,
    "transfer": ShareMeasure.written,
    "containment": ShareMeasure.written,
    "escalation": ShareMeasure.written,
    "reopening": ShareMeasure.written,
    "flow_out": ShareMeasure.written,
    "dropped": ShareMeasure.written,
    "callback": CallbackMeasure.written,
    "occupancy": OccupancyMeasure.written,
    "first_contact_resolution": _first_contact,
    "repeat_abandonment": RepeatAbandonmentMeasure.written,
    "csat": ScoresMeasure.written,
    "ces": ScoresMeasure.written,
    "nps": ScoresMeasure.written,
    "response_rate": ResponseRateMeasure.written,
    "volume": VolumeMeasure.written,
}


def measure_of(spec: Spec, opening_hours: Time) -> Measure:
    """The measure that an objective's specification asks for; equal ones are equal."""
    return KINDS[spec.kind](spec, opening_hours)
