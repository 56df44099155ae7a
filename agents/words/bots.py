"""The words of machines that answer: whether a person had to take over."""

from agents.words.frame import By, Description, Said, Text
from agents.words.shared import OFFERED_IN_IT, WHILE_THEY_GO_ON

_BOTS_BELONG = By(
    "attribute_to",
    {
        "arrival": OFFERED_IN_IT,
        "outcome": Text(
            "Each {contact} belongs to the window in which it was over, or a person took it.",
            "Chaque {contact} compte dans la période où il s'est terminé, ou a été repris par un conseiller.",
        ),
    },
)
_BOTS_EDGES: Said = (
    Text(
        "A bot took one up if it wrote in it before any person did; an automatic receipt is not written by a bot.",
        "Un robot a pris en charge un {contact} s'il y a écrit avant tout conseiller ; un accusé de réception "
        "automatique n'est pas le message d'un robot.",
    ),
    Text(
        "One that is passed on or leaves the queue otherwise is taken over, though nobody may have answered it.",
        "Un {contact} transféré ou sorti de la file autrement est repris, même si personne n'y a encore répondu.",
    ),
    Text(
        "Who gives up was neither served by the bot nor taken over.",
        "Qui abandonne n'a été ni servi par le robot, ni repris.",
    ),
    Text(
        "One that a person takes even after its end was taken over.",
        "Un {contact} qu'un conseiller reprend même après sa fin est repris.",
    ),
)
_BOT_CLASSES = {
    "contained": Text("over without a person", "terminé sans conseiller"),
    "escalated": Text("taken over by a person", "repris par un conseiller"),
    "given_up": Text("the customer gave up", "abandonné par le client"),
}

_CONTAINMENT = Description(
    name=Text("Containment", "Taux d'automatisation"),
    counted=Text(
        "{contacts} that were over without a person, out of all that a bot took up and of which it is known what "
        "became of them.",
        "part des {contacts} terminés sans l'intervention d'un conseiller, parmi tous ceux qu'un robot a pris en "
        "charge et dont l'issue est connue.",
    ),
    edges=_BOTS_EDGES,
    belongs=_BOTS_BELONG,
    provisional=WHILE_THEY_GO_ON,
    classes=_BOT_CLASSES,
    example="""\
channel: chat
measure: {kind: containment}
target: {at_least: 40%}
""",
    source=Text(
        "Ours. That a contact is over without a person does not say that its customer was helped.",
        "Notre définition. Qu'un contact se termine sans conseiller ne dit pas que le client a été aidé.",
    ),
)

_ESCALATION = Description(
    name=Text("Escalations", "Taux d'escalade"),
    counted=Text(
        "{contacts} that a person took over from a bot, out of all that a bot took up and of which it is known "
        "what became of them.",
        "part des {contacts} repris par un conseiller après un robot, parmi tous ceux qu'un robot a pris en "
        "charge et dont l'issue est connue.",
    ),
    edges=_BOTS_EDGES,
    belongs=_BOTS_BELONG,
    provisional=WHILE_THEY_GO_ON,
    classes=_BOT_CLASSES,
    example="""\
channel: chat
measure: {kind: escalation}
target: {at_most: 60%}
""",
    source=Text(
        "Ours: what containment leaves, less those who gave up.",
        "Notre définition : ce que laisse le taux d'automatisation, moins les abandons.",
    ),
)

DESCRIPTIONS = {
    "containment": _CONTAINMENT,
    "escalation": _ESCALATION,
}
