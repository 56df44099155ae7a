"""The words of what happens in a queue: to wait, to give up, to leave it otherwise, to be called back."""

from agents.words.frame import By, Description, Text
from agents.words.shared import (
    AGAIN_AFTER_TRANSFER,
    BUCKETS,
    CLOCK,
    FLOWED_OUT_IGNORED,
    OFFERED_IN_IT,
    STILL_WAITING_IGNORED,
    WHILE_THEY_WAIT,
    duration,
)

_BELONGS = By(
    "attribute_to",
    {
        "arrival": OFFERED_IN_IT,
        "outcome": Text(
            "Each {contact} belongs to the window in which it left the queue.",
            "Chaque {contact} compte dans la période où il a quitté la file.",
        ),
    },
)

_ABANDONMENT = Description(
    name=Text("Abandonment", "Taux d'abandon"),
    counted=By(
        "formula",
        {
            "all_abandons": Text(
                "{contacts} abandoned, out of these and the answered ones.",
                "part des {contacts} abandonnés, parmi ceux pris en charge ou abandonnés.",
            ),
            "short_abandons_ignored": Text(
                "{contacts} abandoned after more than {short_abandons:duration}, out of these and the answered "
                "ones.",
                "part des {contacts} abandonnés après plus de {short_abandons:duration}, parmi ceux-ci et ceux "
                "pris en charge.",
            ),
        },
    ),
    edges=(
        By(
            "formula",
            {
                "short_abandons_ignored": Text(
                    "An abandon after exactly {short_abandons:duration}, or sooner, does not count.",
                    "Un abandon après exactement {short_abandons:duration}, ou avant, ne compte pas.",
                )
            },
        ),
        STILL_WAITING_IGNORED,
        FLOWED_OUT_IGNORED,
        AGAIN_AFTER_TRANSFER,
    ),
    belongs=_BELONGS,
    provisional=WHILE_THEY_WAIT,
    classes={
        "answered": Text("answered", "pris en charge"),
        "abandoned_short": Text("abandoned within `short_abandons`", "abandonné en `short_abandons` au plus"),
        "abandoned": Text("abandoned later than that", "abandonné plus tard"),
    },
    example="""\
measure:
  kind: abandonment
  formula: short_abandons_ignored
  short_abandons: 5s
target: {at_most: 5%}
""",
    source=Text(
        'Genesys Cloud, "Metric definitions", and Amazon Connect, "Metrics definitions": abandoned over offered, '
        "callbacks not abandoned. That who still waits stays out until the wait is over is ours.",
        "Genesys Cloud, « Metric definitions », et Amazon Connect, « Metrics definitions » : abandonnés sur "
        "présentés, les rappels n'étant pas des abandons. Laisser de côté qui attend encore est notre choix.",
    ),
)

_SPEED_OF_ANSWER = Description(
    name=Text("Speed of answer", "Temps d'attente avant prise en charge"),
    counted=duration(
        Text("wait", "temps d'attente"), Text("the {contacts} that were answered", "{contacts} pris en charge")
    ),
    edges=(
        Text(
            "Only {contacts} that were answered are measured.",
            "Seuls les {contacts} pris en charge sont mesurés.",
        ),
        AGAIN_AFTER_TRANSFER,
    ),
    belongs=_BELONGS,
    provisional=WHILE_THEY_WAIT,
    classes=BUCKETS,
    example="""\
measure: {kind: speed_of_answer, formula: mean}
target: {at_most: 20s}
""",
    source=Text(
        'Amazon Connect, "average queue answer time": the queue time of the answered over the answered.',
        "Amazon Connect, « average queue answer time » : attente des contacts pris en charge, divisée par leur "
        "nombre.",
    ),
)

_TIME_TO_ABANDON = Description(
    name=Text("Time to abandon", "Temps d'attente avant abandon"),
    counted=duration(
        Text("wait", "temps d'attente"), Text("the {contacts} that were abandoned", "{contacts} abandonnés")
    ),
    edges=(Text("Short abandons are among them.", "Les abandons précoces en font partie."), AGAIN_AFTER_TRANSFER),
    belongs=_BELONGS,
    provisional=WHILE_THEY_WAIT,
    classes=BUCKETS,
    example="""\
measure: {kind: time_to_abandon, formula: p50}
target: {at_most: 2m}
""",
    source=Text(
        'Amazon Connect, "average queue abandon time".',
        "Amazon Connect, « average queue abandon time ».",
    ),
)

_WAIT = Description(
    name=Text("Wait", "Temps d'attente"),
    counted=duration(
        Text("wait", "temps d'attente"),
        Text(
            "all {contacts}, whether answered, abandoned or flowed out",
            "{contacts}, qu'ils aient été pris en charge, abandonnés ou redirigés",
        ),
    ),
    edges=(STILL_WAITING_IGNORED, AGAIN_AFTER_TRANSFER),
    belongs=_BELONGS,
    provisional=WHILE_THEY_WAIT,
    classes=BUCKETS,
    example="""\
measure: {kind: wait, formula: longest}
target: {at_most: 10m}
""",
    source=Text(
        "Ours. Contracts are known that divide waits by all calls received, not only by the answered ones.",
        "Notre définition. Certains contrats divisent l'attente par tous les appels reçus, et non par les seuls "
        "appels pris en charge.",
    ),
)

_FLOW_OUT = Description(
    name=Text("Flow-outs", "Sorties de file"),
    counted=By(
        "reasons",
        {
            "all": Text(
                "{contacts} that left the queue neither answered nor abandoned, out of all that left it.",
                "part des {contacts} sortis de la file sans prise en charge ni abandon, parmi tous ceux qui en "
                "sont sortis.",
            ),
        },
        otherwise=Text(
            "{contacts} that left the queue {reasons:reasons}, out of all that left it in whatever way.",
            "part des {contacts} sortis de la file {reasons:reasons}, parmi tous ceux qui en sont sortis, de "
            "quelque façon que ce soit.",
        ),
    ),
    edges=(
        STILL_WAITING_IGNORED,
        Text(
            "An answer is a way to leave the queue, and so is giving up.",
            "Une prise en charge est une sortie de file, un abandon aussi.",
        ),
    ),
    belongs=_BELONGS,
    provisional=WHILE_THEY_WAIT,
    classes={
        "answered": Text("answered", "pris en charge"),
        "abandoned": Text("abandoned", "abandonné"),
        "flowed_out:REASON": Text("left the queue for that reason", "sorti de la file pour ce motif"),
    },
    example="""\
measure: {kind: flow_out, reasons: [voicemail, timeout]}
target: {at_most: 3%}
""",
    source=Text(
        "The reasons are those that Genesys Cloud, Asterisk and FreeSWITCH tell apart; the share is ours.",
        "Les motifs sont ceux que distinguent Genesys Cloud, Asterisk et FreeSWITCH ; le ratio est notre "
        "définition.",
    ),
)

_CALLBACK = Description(
    name=Text("Callbacks kept", "Rappels tenus"),
    counted=Text(
        "callbacks made within {within:duration} of being asked for, out of all that were made or are past that "
        "time.",
        "part des rappels effectués en {within:duration} au plus après la demande, parmi tous ceux qui ont été "
        "effectués ou dont le délai est dépassé.",
    ),
    edges=(
        Text(
            "A callback after exactly {within:duration} is in time.",
            "Un rappel après exactement {within:duration} est dans le délai.",
        ),
        CLOCK,
        By(
            "attribute_to",
            {
                "arrival": Text(
                    "A callback that is still due counts as missed as soon as its time is over.",
                    "Un rappel qui reste à faire compte comme manqué dès que son délai est dépassé.",
                ),
                "outcome": Text(
                    "A callback that is still due does not count yet, however late.",
                    "Un rappel qui reste à faire ne compte pas encore, quel que soit son retard.",
                ),
            },
        ),
        Text(
            "A customer who was tried for in vain, as agreed, counts as called back.",
            "Un client appelé en vain, selon les modalités convenues, compte comme rappelé.",
        ),
    ),
    belongs=By(
        "attribute_to",
        {
            "arrival": Text(
                "Each callback belongs to the window in which it was asked for.",
                "Chaque rappel compte dans la période où il a été demandé.",
            ),
            "outcome": Text(
                "Each callback belongs to the window in which it was made.",
                "Chaque rappel compte dans la période où il a été effectué.",
            ),
        },
    ),
    provisional=Text(
        "Provisional while callbacks asked for in the window are still due.",
        "Valeur provisoire tant que des rappels demandés pendant la période restent à faire dans leur délai.",
    ),
    classes={
        "in_time": Text("made within the time", "effectué dans le délai"),
        "late": Text("made after it", "effectué après le délai"),
        "missed": Text("not made, and past its time", "non effectué, délai dépassé"),
        "called_back_unasked": Text("called, though nobody had asked for it", "rappelé sans l'avoir demandé"),
        "called_back_again": Text("called once more", "rappelé une fois de plus"),
    },
    sampled=Text("callbacks", "rappels"),
    example="""\
measure: {kind: callback, within: 2h, clock: opening_hours}
target: {at_least: 95%}
""",
    source=Text(
        "Amazon Connect opens a contact for each callback and does not count its caller as abandoned; the share "
        "is ours.",
        "Amazon Connect ouvre un contact pour chaque rappel et ne compte pas l'appelant comme un abandon ; le "
        "ratio est notre définition.",
    ),
)

DESCRIPTIONS = {
    "abandonment": _ABANDONMENT,
    "speed_of_answer": _SPEED_OF_ANSWER,
    "time_to_abandon": _TIME_TO_ABANDON,
    "wait": _WAIT,
    "flow_out": _FLOW_OUT,
    "callback": _CALLBACK,
}
