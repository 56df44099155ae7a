"""The words of what customers do and say afterwards: come back, give up again, answer a survey."""

from agents.words.frame import LEFT_OUT, By, Description, Said, Text

_BASE = {
    "answered": Text("answered {contacts}", "{contacts} pris en charge"),
    "offered": Text("{contacts}, answered or not,", "{contacts}, pris en charge ou non,"),
}
_NO_OTHER = Text(
    " after which their customer made no other contact for {within:duration}, out of all of them whose customer "
    "is known.",
    " dont le client ne s'est plus manifesté pendant {within:duration}, parmi tous ceux dont le client est connu.",
)


_FIRST_CONTACT_RESOLUTION = Description(
    name=Text("First-contact resolution", "Résolution au premier contact"),
    counted=By(
        "by",
        {
            "repeat_contact": By(
                "base", {base: Text("", "part des ") + words + _NO_OTHER for base, words in _BASE.items()}
            ),
            "agent": Text(
                "{contacts} that the agent noted as resolved, out of all that were noted as resolved or "
                "unresolved.",
                "part des {contacts} notés comme résolus par le conseiller, parmi tous ceux notés comme résolus "
                "ou non résolus.",
            ),
            "survey": Text(
                'customers who answered the question "{question}" with {yes} or more, out of all who answered it.',
                "part des clients ayant répondu {yes} ou plus à la question « {question} », parmi tous ceux qui "
                "y ont répondu.",
            ),
        },
    ),
    edges=(
        By(
            "by",
            {
                "repeat_contact": (
                    By(
                        "repeats_in",
                        {
                            "any_queue": Text(
                                "Coming back to any queue on any channel is another contact.",
                                "Tout nouveau contact compte, quels que soient la file et le canal.",
                            ),
                            "same_queue": Text(
                                "Only coming back to the same queue is another contact.",
                                "Seul un nouveau contact dans la même file compte.",
                            ),
                        },
                    ),
                    By(
                        "counted_from",
                        {
                            "offered": Text(
                                "The time of {within:duration} begins when the {contact} is offered.",
                                "Le délai de {within:duration} court depuis l'arrivée de chaque {contact}.",
                            ),
                            "ended": Text(
                                "The time of {within:duration} begins when the {contact} has ended.",
                                "Le délai de {within:duration} court depuis la fin de chaque {contact}.",
                            ),
                        },
                    ),
                    Text(
                        "Another contact after exactly {within:duration} still counts as a repeat; being passed "
                        "on does not.",
                        "Un nouveau contact après exactement {within:duration} compte encore ; un transfert n'en "
                        "est pas un.",
                    ),
                    Text(
                        "Where the customer is not known, the {contact} does not count.",
                        "Un {contact} dont le client n'est pas connu ne compte pas.",
                    ),
                ),
                "agent": Text(
                    "Where the agent noted nothing, the {contact} does not count.",
                    "Un {contact} sans note du conseiller ne compte pas.",
                ),
                "survey": (
                    Text("Who did not answer does not count.", "Qui n'a pas répondu ne compte pas."),
                    Text(
                        "A later answer of the same customer replaces the earlier.",
                        "Une nouvelle réponse du même client remplace la précédente.",
                    ),
                ),
            },
        ),
    ),
    belongs=By(
        "counted_from",
        {
            "offered": Text(
                "Each {contact} belongs to the window in which it was offered.",
                "Chaque {contact} compte dans la période où il s'est présenté.",
            ),
            "ended": Text(
                "Each {contact} belongs to the window in which it ended.",
                "Chaque {contact} compte dans la période où il s'est terminé.",
            ),
        },
    ),
    provisional=By(
        "by",
        {
            "repeat_contact": By(
                "value",
                {
                    "final": Text(
                        "Only {contacts} whose time of {within:duration} has passed are in the figure, so each "
                        "is final.",
                        "Seuls les {contacts} dont le délai de {within:duration} est écoulé entrent dans la "
                        "valeur ; chacun y est donc définitif.",
                    ),
                    "so_far": Text(
                        "Provisional until {within:duration} after the window: until then it can fall, as "
                        "customers come back.",
                        "Valeur provisoire jusqu'à {within:duration} après la période : d'ici là elle peut "
                        "baisser, quand des clients reviennent.",
                    ),
                },
            ),
            "agent": Text(
                "Provisional until the agents have noted it for the {contacts} of the window.",
                "Valeur provisoire jusqu'à ce que les conseillers aient renseigné les {contacts} de la période.",
            ),
            "survey": Text(
                "Provisional while answers about {contacts} of the window may come.",
                "Valeur provisoire tant que des réponses sur les {contacts} de la période peuvent venir.",
            ),
        },
    ),
    classes={
        "base": Text("by repeat contact: in the figure", "selon les nouveaux contacts : entre dans la valeur"),
        "repeated": Text("of these, the customer came back", "parmi eux, le client est revenu"),
        "resolved": Text("by agent or survey: yes", "selon le conseiller ou l'enquête : oui"),
        "unresolved": Text("by agent or survey: no", "selon le conseiller ou l'enquête : non"),
        "unflagged": Text("ended, the agent noted nothing", "terminé, sans note du conseiller"),
    },
    example="""\
measure:
  kind: first_contact_resolution
  by: repeat_contact
  within: 7d
target: {at_least: 75%}
""",
    source=Text(
        "By repeat contact: Call Centre Helper (seven days; between one and thirty are in use). By survey: SQM "
        'Group. By agent: ASQ, "Measuring First Contact Resolution", which advises to audit it each month. That '
        "a transfer does not count as a resolution is found in public tenders.",
        "Selon les nouveaux contacts : Call Centre Helper (sept jours ; de un à trente selon les contrats). "
        "Selon l'enquête : SQM Group. Selon le conseiller : ASQ, « Measuring First Contact Resolution », qui "
        "conseille un audit mensuel.",
    ),
)

_REPEAT_ABANDONMENT = Description(
    name=Text("Repeated abandons", "Abandons répétés"),
    counted=Text(
        "abandoned {contacts} whose customer had given up before, no longer than {within:duration} ago, out of "
        "all that were abandoned and whose customer is known.",
        "part des {contacts} abandonnés dont le client avait déjà abandonné au plus {within:duration} auparavant, "
        "parmi tous ceux abandonnés et dont le client est connu.",
    ),
    edges=(
        Text(
            "Exactly {within:duration} ago still counts.",
            "Un abandon il y a exactement {within:duration} compte encore.",
        ),
        Text(
            "The queue does not matter; that someone was answered in between does not either.",
            "La file n'importe pas, et avoir été pris en charge entre-temps non plus.",
        ),
    ),
    belongs=Text(
        "Each {contact} belongs to the window in which it was offered.",
        "Chaque {contact} compte dans la période où il s'est présenté.",
    ),
    provisional=Text(
        "Provisional while {contacts} of the window still wait.",
        "Valeur provisoire tant que des {contacts} de la période attendent encore.",
    ),
    classes={
        "base": Text("abandoned, the customer is known", "abandonné, client connu"),
        "repeated": Text("of these, not for the first time", "parmi eux, pas pour la première fois"),
    },
    example="""\
measure: {kind: repeat_abandonment, within: 1d}
target: {at_most: 2%}
""",
    source=Text("Ours.", "Définition propre."),
)

_ANSWERS_BELONG = By(
    "attribute_to",
    {
        "arrival": Text(
            "Each answer belongs to the window in which its {contact} was offered.",
            "Chaque réponse compte dans la période où son {contact} s'est présenté.",
        ),
        "answer": Text(
            "Each answer belongs to the window in which it was given.",
            "Chaque réponse compte dans la période où elle a été donnée.",
        ),
    },
)
_WHILE_ANSWERS_MAY_COME = By(
    "attribute_to",
    {
        "arrival": Text(
            "Provisional while answers about {contacts} of the window may come.",
            "Valeur provisoire tant que des réponses sur les {contacts} de la période peuvent venir.",
        ),
        "answer": Text(
            "Provisional while answers given in the window may be corrected.",
            "Valeur provisoire tant que des réponses de la période peuvent être corrigées.",
        ),
    },
)
_ANSWERS = Text("answers", "réponses")
_ANSWER_EDGES: Said = (
    Text("Who did not answer does not count.", "Qui n'a pas répondu ne compte pas."),
    Text(
        "A later answer of the same customer about the same {contact} replaces the earlier.",
        "Une nouvelle réponse du même client sur le même {contact} remplace la précédente.",
    ),
    Text(
        "An answer outside the scale is counted apart, and not in the figure.",
        "Une réponse hors de l'échelle est comptée à part, en dehors de la valeur.",
    ),
)
_ANSWER_CLASSES = {
    "score:N": Text("answered with this score", "réponse avec cette note"),
    "outside_scale": Text("a score that is not on the scale", "note hors de l'échelle"),
    "before_offered": Text("an answer before the contact", "réponse antérieure au contact"),
}


def _satisfaction(name: Text, example: str, source: Text) -> Description:
    return Description(
        name=name,
        counted=By(
            "formula",
            {
                "top_boxes": Text(
                    "answers with one of the {boxes} best scores from {scale[0]} to {scale[1]}, out of all "
                    "answers.",
                    "part des réponses parmi les {boxes} meilleures notes de {scale[0]} à {scale[1]}, sur "
                    "l'ensemble des réponses.",
                ),
                "mean": Text(
                    "the mean of all answers on the scale from {scale[0]} to {scale[1]}.",
                    "moyenne des réponses sur l'échelle de {scale[0]} à {scale[1]}.",
                ),
            },
        ),
        edges=(
            By(
                "question",
                {LEFT_OUT: ()},
                otherwise=Text(
                    'It is the question "{question}" of the survey.',
                    "Il s'agit de la question « {question} » de l'enquête.",
                ),
            ),
            _ANSWER_EDGES,
        ),
        belongs=_ANSWERS_BELONG,
        provisional=_WHILE_ANSWERS_MAY_COME,
        classes=_ANSWER_CLASSES,
        sampled=_ANSWERS,
        example=example,
        source=source,
    )


_CSAT = _satisfaction(
    Text("Customer satisfaction (CSAT)", "Satisfaction client (CSAT)"),
    """\
measure: {kind: csat, scale: [1, 5], formula: top_boxes, boxes: 2}
target: {at_least: 85%}
""",
    Text(
        "The share of 4 and 5 out of 5 is the usual definition; some tools show the mean, so the contract says "
        "which.",
        "La part des 4 et 5 sur 5 est la définition courante ; certains outils affichent la moyenne : le contrat "
        "doit donc choisir.",
    ),
)
_CES = _satisfaction(
    Text("Customer effort (CES)", "Effort client (CES)"),
    """\
measure: {kind: ces, scale: [1, 7], formula: mean}
target: {at_least: 5.5}
""",
    Text(
        "There is no standard: scales of five and of seven, means and shares of the best answers are in use.",
        "Il n'y a pas de norme : échelles de cinq ou de sept, moyenne ou part des meilleures notes sont en usage.",
    ),
)

_NPS = Description(
    name=Text("Net promoter score (NPS)", "Taux de recommandation net (NPS)"),
    counted=Text(
        "the percentage of 9 and 10 among all answers less that of 0 to 6: points from -100 to 100.",
        "pourcentage des notes 9 et 10 parmi toutes les réponses, moins celui des notes 0 à 6 : de -100 à 100 "
        "points.",
    ),
    edges=(
        Text(
            'It is the question "{question}" of the survey, on the scale from 0 to 10.',
            "Il s'agit de la question « {question} » de l'enquête, sur l'échelle de 0 à 10.",
        ),
        _ANSWER_EDGES,
    ),
    belongs=_ANSWERS_BELONG,
    provisional=_WHILE_ANSWERS_MAY_COME,
    classes=_ANSWER_CLASSES,
    sampled=_ANSWERS,
    example="""\
measure: {kind: nps}
target: {at_least: 30}
""",
    source=Text(
        "The usual definition: the share of 9 and 10 less that of 0 to 6, on a scale from 0 to 10.",
        "La définition courante : part des 9 et 10 moins celle des 0 à 6, sur une échelle de 0 à 10.",
    ),
)

_RESPONSE_RATE = Description(
    name=Text("Response rate of a survey", "Taux de réponse à l'enquête"),
    counted=Text(
        '{contacts} whose customer answered the question "{question}", out of all that are over.',
        "part des {contacts} dont le client a répondu à la question « {question} », parmi tous ceux qui sont "
        "terminés.",
    ),
    edges=(
        Text(
            "Whether the customer was asked is not known, so all are counted.",
            "Que la question ait été posée ou non n'est pas connu : tous comptent.",
        ),
        Text(
            "Those that were abandoned or left the queue otherwise are not among them, unless their customer "
            "answered.",
            "Ceux abandonnés ou sortis de la file autrement n'en font pas partie, sauf si le client a répondu.",
        ),
    ),
    belongs=Text(
        "Each {contact} belongs to the window in which it was offered.",
        "Chaque {contact} compte dans la période où il s'est présenté.",
    ),
    provisional=Text(
        "Provisional while answers about {contacts} of the window may come.",
        "Valeur provisoire tant que des réponses sur les {contacts} de la période peuvent venir.",
    ),
    classes={
        "answered": Text("the customer answered the question", "le client a répondu à la question"),
        "unanswered": Text("over, and no answer so far", "terminé, sans réponse à ce jour"),
    },
    example="""\
measure: {kind: response_rate, question: csat}
target: {at_least: 15%}
""",
    source=Text(
        "Ours. A satisfaction of few answers says little, so the rate belongs beside it.",
        "Définition propre. Une satisfaction tirée de peu de réponses dit peu : ce taux l'accompagne.",
    ),
)

DESCRIPTIONS = {
    "first_contact_resolution": _FIRST_CONTACT_RESOLUTION,
    "repeat_abandonment": _REPEAT_ABANDONMENT,
    "csat": _CSAT,
    "ces": _CES,
    "nps": _NPS,
    "response_rate": _RESPONSE_RATE,
}
