"""The words of what is worked on for days: how soon it was resolved, and whether it stayed so."""

from agents.words.frame import LEFT_OUT, By, Description, Text
from agents.words.shared import BUCKETS, CLOCK, within

#: Told of a ticket where it has no place: counted apart, and otherwise without effect.
_OUT_OF_PLACE = {
    "offered_again": Text("opened, though it was already", "ouvert alors qu'il l'était déjà"),
    "paused_again": Text("paused, though it was already", "suspendu alors qu'il l'était déjà"),
    "resumed_unpaused": Text("resumed, though it was not paused", "repris sans avoir été suspendu"),
    "resolved_again": Text("resolved, though it was already", "résolu alors qu'il l'était déjà"),
    "reopened_unresolved": Text("opened again, though it was not resolved", "rouvert sans avoir été résolu"),
    "closed_again": Text("closed, though it was already", "clos alors qu'il l'était déjà"),
    "before_offered": Text("something that came before its opening", "fait antérieur à son ouverture"),
    "after_transferred": Text(
        "something that came after it went to another queue", "fait postérieur à son départ vers une autre file"
    ),
}
_STILL_OPEN = Text("Who is still open does not count yet.", "Un {contact} encore ouvert ne compte pas encore.")

_CLOSED_IS_RESOLVED = Text(
    "Closing one that was not resolved counts as resolving it.",
    "Clore un {contact} non résolu vaut résolution.",
)
_PAST_DUE = Text(
    "Open and past due counts as missed from the moment it was due, not from its closing.",
    "Ouvert au-delà de l'échéance, il compte comme manqué dès celle-ci, et non à sa clôture.",
)

_RESOLUTION = Description(
    name=Text("Resolution", "Délai de résolution"),
    counted=within(
        Text(
            "{contacts} resolved within {within:duration}, out of all that were resolved or are past their time.",
            "part des {contacts} résolus en {within:duration} au plus, parmi tous ceux qui ont été résolus ou "
            "dont le délai est dépassé.",
        ),
        Text("time from opening to resolution", "délai de résolution"),
        Text("the {contacts} that were resolved", "{contacts} résolus"),
    ),
    edges=(
        CLOCK,
        By(
            "priorities",
            {LEFT_OUT: ()},
            otherwise=Text(
                "Instead of this, by priority: {priorities:terms}.",
                "Par exception, selon la priorité : {priorities:terms}.",
            ),
        ),
        Text(
            "While one is paused, waiting for the customer or a third party, its time stands still.",
            "Tant qu'un {contact} est suspendu, dans l'attente du client ou d'un tiers, son délai est arrêté.",
        ),
        _CLOSED_IS_RESOLVED,
        Text(
            "When it is opened again, its time goes on from where it stood, and the earlier resolution is taken "
            "back.",
            "S'il est rouvert, son délai reprend là où il s'était arrêté, et la première résolution est annulée.",
        ),
        By(
            "priorities",
            {LEFT_OUT: ()},
            otherwise=Text(
                "When its priority changes, the time used stays used; the rest runs by the new one.",
                "Si sa priorité change, le temps déjà écoulé reste décompté ; la suite obéit à la nouvelle.",
            ),
        ),
        By(
            "formula",
            {
                "within": (
                    Text(
                        "Resolved when exactly due is in time.",
                        "Résolu à l'échéance exacte, il est dans le délai.",
                    ),
                    By("attribute_to", {"arrival": _PAST_DUE, "settled": _PAST_DUE, "outcome": _STILL_OPEN}),
                )
            },
            otherwise=_STILL_OPEN,
        ),
    ),
    belongs=By(
        "attribute_to",
        {
            "arrival": Text(
                "Each {contact} belongs to the window in which it was opened.",
                "Chaque {contact} compte dans la période où il a été ouvert.",
            ),
            "outcome": Text(
                "Each {contact} belongs to the window in which it was resolved.",
                "Chaque {contact} compte dans la période où il a été résolu.",
            ),
            "settled": Text(
                "Each {contact} belongs to the window in which it was resolved, or fell due if that was earlier.",
                "Chaque {contact} compte dans la période où il a été résolu, ou dans celle de son échéance si "
                "elle était plus tôt.",
            ),
        },
    ),
    provisional=Text(
        "Provisional while {contacts} of the window are open or may be opened again.",
        "Valeur provisoire tant que des {contacts} de la période sont ouverts ou peuvent être rouverts.",
    ),
    classes={
        "in_time": Text("resolved within its time", "résolu dans le délai"),
        "late": Text("resolved after it", "résolu après le délai"),
        "missed": Text("open, and past its time", "ouvert, délai dépassé"),
        "passed_on": Text(
            "passed on to another queue within its time: it begins anew there, and counts for nothing here",
            "transmis à une autre file dans le délai : il y repart de zéro, et ne compte pas ici",
        ),
        **BUCKETS,
        **_OUT_OF_PLACE,
    },
    example="""\
channel: ticket
measure:
  kind: resolution
  within: 24h
  priorities:
    urgent: {within: 4h, clock: always}
    high: {within: 8h}
target: {at_least: 95%}
""",
    source=Text(
        "Zendesk, Jira Service Management and Zammad: targets by priority, in business hours, paused while "
        "pending. That what is open and past due is missed at once, and that time used stays used when the "
        "priority changes, is ours, since each is a known defect of such engines.",
        "Zendesk, Jira Service Management et Zammad : délais par priorité, en heures ouvrées, suspendus pendant "
        "l'attente. Compter comme manqué dès l'échéance ce qui reste ouvert, et conserver le temps écoulé quand "
        "la priorité change, sont nos choix : ce sont des défauts connus de ces outils.",
    ),
)

_REOPENING = Description(
    name=Text("Reopenings", "Taux de réouverture"),
    counted=Text(
        "{contacts} opened again after they were resolved, out of all that were resolved.",
        "part des {contacts} rouverts après leur résolution, parmi tous ceux qui ont été résolus.",
    ),
    edges=(
        _CLOSED_IS_RESOLVED,
        Text(
            "One that is opened again several times counts once.",
            "Un {contact} rouvert plusieurs fois compte une fois.",
        ),
    ),
    belongs=By(
        "attribute_to",
        {
            "arrival": Text(
                "Each {contact} belongs to the window in which it was opened.",
                "Chaque {contact} compte dans la période où il a été ouvert.",
            ),
            "outcome": Text(
                "Each {contact} belongs to the window in which it was first resolved.",
                "Chaque {contact} compte dans la période de sa première résolution.",
            ),
        },
    ),
    provisional=Text(
        "Provisional while {contacts} of the window can be opened again.",
        "Valeur provisoire tant que des {contacts} de la période peuvent être rouverts.",
    ),
    classes={
        "reopened": Text("resolved, and opened again", "résolu, puis rouvert"),
        "resolved": Text("resolved, and not opened again so far", "résolu, et non rouvert à ce jour"),
        **_OUT_OF_PLACE,
    },
    example="""\
channel: ticket
measure: {kind: reopening}
target: {at_most: 5%}
""",
    source=Text(
        "Ours. Ticket systems report reopenings as a number, which says little without the resolutions.",
        "Notre définition. Les outils de tickets donnent le nombre de réouvertures, qui dit peu sans celui des "
        "résolutions.",
    ),
)

DESCRIPTIONS = {
    "resolution": _RESOLUTION,
    "reopening": _REOPENING,
}
