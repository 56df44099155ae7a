"""The words of what comes after the answer: talk, hold, wrap-up, being passed on, being cut off."""

from agents.words.frame import By, Description, Text
from agents.words.shared import ANSWERED_IN_IT, BUCKETS, OFFERED_IN_IT, WHILE_THEY_GO_ON, duration

_BELONGS = By(
    "attribute_to",
    {
        "arrival": OFFERED_IN_IT,
        "outcome": ANSWERED_IN_IT,
    },
)

_BELONGS_AT_END = By(
    "attribute_to",
    {
        "arrival": OFFERED_IN_IT,
        "outcome": Text(
            "Each {contact} belongs to the window in which it ended or was passed on.",
            "Chaque {contact} compte dans la période où il s'est terminé ou a été transféré.",
        ),
    },
)
_UNTIL_WRAPPED = Text(
    "Provisional until the work after the {contacts} of the window is done.",
    "Valeur provisoire jusqu'à la fin du travail qui suit les {contacts} de la période.",
)

_ENDED = Text("the {contacts} that were answered and have ended", "{contacts} pris en charge et terminés")

_WRAPPED = Text(
    "the {contacts} that were answered and wrapped up", "{contacts} pris en charge et entièrement traités"
)

_HOLD_CLASSES = {
    **BUCKETS,
    "held_untalking": Text("put on hold when there was no talk", "mis en attente sans conversation en cours"),
    "retrieved_unheld": Text("taken back when it was not on hold", "repris sans avoir été mis en attente"),
}

_NEVER_WRAPPED = Text(
    "One that ended and was never wrapped up is not in the figure.",
    "Un {contact} dont le post-traitement n'est jamais déclaré terminé n'entre pas dans la valeur.",
)

_EACH_PART = Text(
    "One that was passed on has a time of its own with each agent who took it.",
    "Un {contact} transféré a une durée distincte auprès de chaque conseiller qui l'a pris.",
)

_TALK = Description(
    name=Text("Talk time", "Temps de conversation"),
    counted=duration(Text("time from answer to end", "temps entre prise en charge et fin"), _ENDED),
    edges=(
        Text("Time on hold is within it.", "Les mises en attente en font partie."),
        _EACH_PART,
    ),
    belongs=_BELONGS,
    provisional=WHILE_THEY_GO_ON,
    classes=BUCKETS,
    example="""\
measure: {kind: talk_time, formula: mean}
target: {at_most: 6m}
""",
    source=Text(
        "Amazon Connect tells talk and hold apart (agent interaction time, customer hold time); this is their "
        "sum.",
        "Amazon Connect distingue conversation et mise en attente (agent interaction time, customer hold time) ; "
        "il s'agit ici de leur somme.",
    ),
)

_HOLD = Description(
    name=Text("Hold time", "Temps de mise en attente"),
    counted=duration(Text("time on hold", "temps de mise en attente"), _ENDED),
    edges=(
        Text(
            "Several holds of one {contact} are added up; without any it is zero, and counts.",
            "Les mises en attente d'un même {contact} s'additionnent ; s'il n'y en a pas, la durée est nulle et "
            "compte.",
        ),
        Text(
            "A hold that nothing ended lasts until the {contact} does.",
            "Une mise en attente que rien n'a levée dure jusqu'à la fin.",
        ),
        _EACH_PART,
    ),
    belongs=_BELONGS,
    provisional=WHILE_THEY_GO_ON,
    classes=_HOLD_CLASSES,
    example="""\
measure: {kind: hold_time, formula: p95}
target: {at_most: 90s}
""",
    source=Text('Amazon Connect, "customer hold time".', "Amazon Connect, « customer hold time »."),
)

_WRAP_UP = Description(
    name=Text("Wrap-up time", "Temps de post-traitement"),
    counted=duration(Text("time from end to wrapped up", "temps de post-traitement"), _WRAPPED),
    edges=(
        _NEVER_WRAPPED,
        _EACH_PART,
    ),
    belongs=_BELONGS,
    provisional=_UNTIL_WRAPPED,
    classes=BUCKETS,
    example="""\
measure: {kind: wrap_up_time, formula: mean}
target: {at_most: 1m}
""",
    source=Text(
        'Amazon Connect, "after contact work time".',
        "Amazon Connect, « after contact work time ».",
    ),
)

_HANDLE = Description(
    name=Text("Handle time", "Durée de traitement"),
    counted=duration(
        Text("time from answer to wrapped up", "temps entre prise en charge et fin du post-traitement"), _WRAPPED
    ),
    edges=(
        Text(
            "Talk, hold and the work afterwards are all within it.",
            "Conversation, mises en attente et post-traitement en font partie.",
        ),
        _NEVER_WRAPPED,
        _EACH_PART,
    ),
    belongs=_BELONGS,
    provisional=_UNTIL_WRAPPED,
    classes=BUCKETS,
    example="""\
measure: {kind: handle_time, formula: mean}
target: {at_most: 8m}
""",
    source=Text(
        'Amazon Connect, "average handle time": talk, hold and after contact work.',
        "Amazon Connect, « average handle time » : conversation, mise en attente et post-traitement (la DMT).",
    ),
)

_TRANSFER = Description(
    name=Text("Transfers", "Taux de transfert"),
    counted=Text(
        "{contacts} that their agent passed on, out of all that were answered and have ended or were passed on.",
        "part des {contacts} transférés par leur conseiller, parmi tous ceux pris en charge et terminés ou "
        "transférés.",
    ),
    edges=Text(
        "Each agent who takes one and passes it on counts once.",
        "Chaque conseiller qui prend un {contact} puis le transfère compte une fois.",
    ),
    belongs=_BELONGS_AT_END,
    provisional=WHILE_THEY_GO_ON,
    classes={
        "transferred": Text("answered and passed on", "pris en charge puis transféré"),
        "kept": Text("answered and ended", "pris en charge et terminé sur place"),
    },
    example="""\
measure: {kind: transfer}
target: {at_most: 8%}
""",
    source=Text(
        "What is a transfer by an agent: Amazon Connect. No standard was found for the share; this one is ours.",
        "Ce qu'est un transfert par un conseiller : Amazon Connect. Aucune norme n'a été trouvée pour le ratio ; "
        "celui-ci est notre définition.",
    ),
)

_DROPPED = Description(
    name=Text("Answered and dropped", "Coupures après prise en charge"),
    counted=Text(
        "{contacts} that were over within {within:duration} of being answered, out of all that were answered and "
        "have ended.",
        "part des {contacts} terminés en {within:duration} au plus après leur prise en charge, parmi tous ceux "
        "pris en charge et terminés.",
    ),
    edges=Text(
        "One that is passed on so soon is over, too.",
        "Un {contact} transféré aussi vite est terminé lui aussi.",
    ),
    belongs=_BELONGS_AT_END,
    provisional=WHILE_THEY_GO_ON,
    classes={
        "dropped": Text("over within the time", "terminé dans ce délai"),
        "served": Text("longer than that", "plus long"),
    },
    example="""\
measure: {kind: dropped, within: 5s}
target: {at_most: 1%}
""",
    source=Text(
        "Asterisk tells such calls apart in its queue log; the share is ours.",
        "Asterisk distingue ces appels dans son journal de files ; le ratio est notre définition.",
    ),
)

DESCRIPTIONS = {
    "talk_time": _TALK,
    "hold_time": _HOLD,
    "wrap_up_time": _WRAP_UP,
    "handle_time": _HANDLE,
    "transfer": _TRANSFER,
    "dropped": _DROPPED,
}
