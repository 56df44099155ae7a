"""The words of what is planned: how busy agents are, and how many contacts come."""

from agents.words.frame import Description, Text
from agents.words.shared import AGAIN_AFTER_TRANSFER, OFFERED_IN_IT

_OCCUPANCY = Description(
    name=Text("Occupancy", "Taux d'occupation"),
    counted=Text(
        "the time for which agents had a contact, out of the time for which they had or awaited one.",
        "temps pendant lequel les conseillers avaient un contact, rapporté au temps pendant lequel ils en "
        "avaient un ou en attendaient un.",
    ),
    edges=(
        Text(
            "Several contacts at once are no more than one.",
            "Plusieurs contacts à la fois ne comptent pas plus qu'un seul.",
        ),
        Text(
            "Breaks, training and other time away do not count.",
            "Les pauses, la formation et les autres absences ne comptent pas.",
        ),
        Text(
            "One activity of more than a day is a mistake of the source, and does not count.",
            "Une activité de plus d'un jour est une erreur de la source et ne compte pas.",
        ),
    ),
    belongs=Text(
        "Each minute belongs to the window in which it passed.",
        "Chaque minute compte dans la période où elle s'est écoulée.",
    ),
    provisional=Text(
        "Provisional until the agents' activity during the window is told.",
        "Valeur provisoire jusqu'à ce que l'activité des conseillers pendant la période soit connue.",
    ),
    classes={
        "on_contact_ms": Text("milliseconds with a contact", "millisecondes avec un contact"),
        "idle_ms": Text("milliseconds waiting for one", "millisecondes dans l'attente d'un contact"),
        "too_long": Text("told to have lasted for more than a day", "activité annoncée de plus d'un jour"),
        "ended_before_it_began": Text(
            "told to have ended before it began", "activité finie avant d'avoir commencé"
        ),
    },
    sampled=Text("minutes of work", "minutes de travail"),
    example="""\
measure: {kind: occupancy}
target: {at_most: 88%}
""",
    source=Text(
        'Amazon Connect, "occupancy": time on contacts over time on contacts and idle, no matter how many at '
        "once.",
        "Amazon Connect, « occupancy » : temps en contact sur temps en contact ou disponible, quel que soit le "
        "nombre de contacts simultanés.",
    ),
)

_VOLUME = Description(
    name=Text("Volume against forecast", "Volume par rapport à la prévision"),
    counted=Text(
        "{contacts} offered, out of those that were forecast: more than 100% when more came.",
        "{contacts} présentés, rapportés à la prévision : plus de 100 % s'il en est venu davantage.",
    ),
    edges=(
        Text(
            "The forecast is what was said last for each quarter-hour.",
            "La prévision est la dernière communiquée pour chaque quart d'heure.",
        ),
        Text(
            "As much of the window as has passed is held against its forecast, in whole quarter-hours.",
            "La part écoulée de la période, en quarts d'heure entiers, est rapportée à ce qui y était prévu.",
        ),
        Text(
            "A queue without a forecast is left out; without any, there is no verdict.",
            "Une file sans prévision n'entre pas en compte ; sans aucune prévision, rien n'est évalué.",
        ),
        AGAIN_AFTER_TRANSFER,
    ),
    belongs=OFFERED_IN_IT,
    provisional=Text(
        "Provisional until the end of the window.",
        "Valeur provisoire jusqu'à la fin de la période.",
    ),
    classes={
        "offered": Text("offered", "présenté"),
        "forecast": Text("forecast", "prévu"),
    },
    sampled=Text("forecast contacts", "contacts prévus"),
    example="""\
measure: {kind: volume}
target: {at_most: 110%}
""",
    source=Text(
        "Outsourcing contracts excuse service levels above a share of the forecast volume; the share varies.",
        "Les contrats d'externalisation suspendent les engagements au-delà d'une part du volume prévu, variable "
        "d'un contrat à l'autre.",
    ),
)

DESCRIPTIONS = {
    "occupancy": _OCCUPANCY,
    "volume": _VOLUME,
}
