"""The words of what customers answer when they are asked."""

from agents.words.frame import LEFT_OUT, By, Description, Said, Text
from agents.words.shared import OFFERED_IN_IT

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
    belongs=OFFERED_IN_IT,
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
        "Notre définition. Une satisfaction tirée de peu de réponses dit peu : ce taux l'accompagne.",
    ),
)

DESCRIPTIONS = {
    "csat": _CSAT,
    "ces": _CES,
    "nps": _NPS,
    "response_rate": _RESPONSE_RATE,
}
