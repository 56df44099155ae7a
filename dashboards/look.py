"""How states and figures look. By word and shape first: not everybody sees colours."""

from collections.abc import Mapping, Sequence

from grafana_foundation_sdk.builders.dashboard import ThresholdsConfig
from grafana_foundation_sdk.models.dashboard import (
    DynamicConfigValue,
    Threshold,
    ThresholdsMode,
    ValueMap,
    ValueMappingResult,
)

from agents.demo.looks import STATES
from agents.promised import STATE_CODES
from schemas.verdicts import State

#: After Okabe and Ito: these can be told apart with every kind of colour vision, as a test works out.
BLUE, ORANGE, VERMILLION, GREY = "#0072B2", "#E69F00", "#CC3311", "#7F7F7F"

COLOURS: Mapping[State, str] = {
    State.NO_DATA: GREY,
    State.TOO_FEW: "#88CCEE",
    State.MET: BLUE,
    State.AT_RISK: ORANGE,
    State.BREACHED: VERMILLION,
    State.LOST: "#5C0011",
    State.UNMEASURABLE: "#FFFFFF",
}

#: Grafana's names of units.
RATIO, SECONDS, COUNT, PER_SECOND, COUNTDOWN, PLAIN = "percentunit", "s", "short", "ops", "dtdurations", "none"
WORD = "string"


def state_words() -> list[ValueMap]:
    """From the number of a state to its shape, word and colour."""
    results = {
        str(code): ValueMappingResult(f"{STATES[state].shape} {STATES[state].word}", COLOURS[state], index=code)
        for state, code in STATE_CODES.items()
    }
    return [ValueMap(options=results)]


def yes_or_no(yes: str, no: str) -> list[ValueMap]:
    """From 1 and 0 to words."""
    return [
        ValueMap(options={"1": ValueMappingResult(yes, BLUE), "0": ValueMappingResult(no, VERMILLION)}),
    ]


def steps(*of: tuple[float, str]) -> ThresholdsConfig:
    """Blue, and from each figure on another colour."""
    rest = [Threshold(value, colour) for value, colour in of]
    return ThresholdsConfig().mode(ThresholdsMode.ABSOLUTE).steps([Threshold(None, BLUE), *rest])


def painted(colour: str) -> Sequence[DynamicConfigValue]:
    """A series of one colour, whatever the others have."""
    return [DynamicConfigValue("color", {"mode": "fixed", "fixedColor": colour})]


def dashed(colour: str) -> list[DynamicConfigValue]:
    """A line that is no measurement: a target."""
    style = DynamicConfigValue("custom.lineStyle", {"fill": "dash", "dash": [8, 8]})
    return [*painted(colour), style, DynamicConfigValue("custom.fillOpacity", 0)]
