"""The words of what is written to and fro: how soon somebody replied."""

from agents.words.frame import LEFT_OUT, By, Description, Said, Text
from agents.words.shared import BUCKETS, CLOCK, within

_WAITS_FOR_REPLY = Text(
    "Who has no reply yet does not count yet.",
    "Qui est encore sans réponse ne compte pas encore.",
)

_REPLY_EDGES: Said = (
    By(
        "formula",
        {
            "within": (
                Text(
                    "A reply after exactly {within:duration} is in time.",
                    "Une réponse après exactement {within:duration} est dans le délai.",
                ),
                By(
                    "attribute_to",
                    {
                        "arrival": Text(
                            "Who has no reply by then counts as missed from then on.",
                            "Qui reste sans réponse au-delà compte dès lors contre le résultat.",
                        ),
                        "outcome": _WAITS_FOR_REPLY,
                    },
                ),
            )
        },
        otherwise=_WAITS_FOR_REPLY,
    ),
    Text(
        "Where the {contact} is over before a reply is due, none is needed any more: it is counted apart.",
        "Si un {contact} se termine avant l'échéance de la réponse, elle n'est plus due : il est compté à part.",
    ),
    CLOCK,
    By(
        "by",
        {
            "agent": Text(
                "Only what a person wrote to the customer is a reply: not what a bot wrote, nor an automatic "
                "receipt, nor a note among agents.",
                "Seul un message écrit au client par un conseiller est une réponse : ni celui d'un robot, ni un "
                "accusé de réception automatique, ni une note interne.",
            ),
            "agent_or_bot": Text(
                "What a person or a bot wrote to the customer is a reply; an automatic receipt is none, nor is a "
                "note among agents.",
                "Un message écrit au client par un conseiller ou par un robot est une réponse ; un accusé de "
                "réception automatique ou une note interne n'en sont pas.",
            ),
        },
    ),
)

_REPLIES_BELONG = By(
    "attribute_to",
    {
        "arrival": Text(
            "Each counts in the window in which the customer wrote.",
            "Chacun compte dans la période où le client a écrit.",
        ),
        "outcome": Text(
            "Each counts in the window in which the reply came.",
            "Chacun compte dans la période où la réponse est venue.",
        ),
    },
)

_UNTIL_REPLIED = Text(
    "Provisional while customers who wrote in the window have no reply and time is left for it.",
    "Valeur provisoire tant que des clients ayant écrit pendant la période sont sans réponse et que le délai "
    "court.",
)

_REPLY_CLASSES = {
    "in_time": Text("replied to within the time", "répondu dans le délai"),
    "late": Text("replied to after it", "répondu après le délai"),
    "missed": Text("no reply, and past the time", "sans réponse, délai dépassé"),
    "unanswered": Text("over before a reply was due", "terminé avant l'échéance de la réponse"),
    "before_offered": Text("written before the contact was offered", "écrit avant l'arrivée du contact"),
    **BUCKETS,
}

_FIRST_RESPONSE = Description(
    name=Text("First response", "Délai de première réponse"),
    counted=within(
        Text(
            "{contacts} whose first message had a reply within {within:duration}, out of all that had one or are "
            "past that time.",
            "part des {contacts} dont le premier message a reçu une réponse en {within:duration} au plus, parmi "
            "tous ceux qui en ont reçu une ou dont le délai est dépassé.",
        ),
        Text("time from the customer's first message to the first reply", "délai de première réponse"),
        Text("the {contacts} that had one", "{contacts} ayant reçu une réponse"),
    ),
    edges=(
        Text(
            "If no message is told before the reply, the time runs from the offer.",
            "Si aucun message n'est transmis avant la réponse, le délai court depuis l'arrivée.",
        ),
        _REPLY_EDGES,
        By(
            "begins_anew_after",
            {
                LEFT_OUT: Text(
                    "Each {contact} has one first message, however long it goes on.",
                    "Un {contact} n'a qu'un premier message, quelle que soit sa durée.",
                )
            },
            otherwise=Text(
                "What the customer writes after {begins_anew_after:duration} of silence begins another "
                "conversation, with a first message of its own - unless an older message still waits for its "
                "reply.",
                "Un message du client après {begins_anew_after:duration} de silence ouvre un nouvel échange, qui "
                "a son propre premier message, sauf si un message plus ancien attend encore sa réponse.",
            ),
        ),
    ),
    belongs=_REPLIES_BELONG,
    provisional=_UNTIL_REPLIED,
    classes=_REPLY_CLASSES,
    example="""\
channel: chat
measure:
  kind: first_response
  within: 60s
  begins_anew_after: 1d
target: {at_least: 80%}
""",
    source=Text(
        "Rasayel: to the first human reply, bots and automatic replies left out, another conversation after a day "
        "without activity. Alcmeon and Intercom: by the calendar or in opening hours.",
        "Rasayel : jusqu'à la première réponse humaine, robots et réponses automatiques exclus, nouvel échange "
        "après un jour d'inactivité. Alcmeon et Intercom : à toute heure ou en heures ouvrées.",
    ),
)

_NEXT_RESPONSE = Description(
    name=Text("Next response", "Délai de réponse"),
    counted=within(
        Text(
            "customers' further messages replied to within {within:duration}, out of all that had a reply or are "
            "past that time.",
            "part des nouveaux messages de clients ayant reçu une réponse en {within:duration} au plus, parmi "
            "tous ceux qui en ont reçu une ou dont le délai est dépassé.",
        ),
        Text("time from a customer's further message to the reply", "délai de réponse"),
        Text("all that had one", "nouveaux messages de clients ayant reçu une réponse"),
    ),
    edges=(
        Text(
            "First messages are not among them: they have a promise of their own.",
            "Les premiers messages n'en font pas partie : ils relèvent d'un engagement distinct.",
        ),
        Text(
            "Several messages before a reply are one, and the time runs from the oldest.",
            "Plusieurs messages avant une réponse n'en font qu'un, et le délai court depuis le plus ancien.",
        ),
        _REPLY_EDGES,
        By(
            "begins_anew_after",
            {LEFT_OUT: ()},
            otherwise=Text(
                "What the customer writes after {begins_anew_after:duration} of silence begins another "
                "conversation.",
                "Un message du client après {begins_anew_after:duration} de silence ouvre un nouvel échange.",
            ),
        ),
    ),
    belongs=_REPLIES_BELONG,
    provisional=_UNTIL_REPLIED,
    classes=_REPLY_CLASSES,
    sampled=Text("messages", "messages"),
    example="""\
channel: email
measure: {kind: next_response, within: 4h, clock: opening_hours}
target: {at_least: 90%}
""",
    source=Text(
        'Zendesk, "next reply time": the oldest comment of the customer that has no reply starts the clock.',
        "Zendesk, « next reply time » : le plus ancien message du client resté sans réponse déclenche le délai.",
    ),
)

DESCRIPTIONS = {
    "first_response": _FIRST_RESPONSE,
    "next_response": _NEXT_RESPONSE,
}
