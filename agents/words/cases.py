"""The words of what is written to and fro and worked on: replies, tickets, and machines that answer."""

from agents.words.durations import BUCKETS, duration
from agents.words.frame import LEFT_OUT, By, Description, Said, Text

_CLOCK = By(
    "clock",
    {
        "always": Text(
            "The time runs at every hour, on nights and holidays too.",
            "Le délai court à toute heure, y compris la nuit et les jours fériés.",
        ),
        "opening_hours": Text(
            "The time runs in opening hours only, of which 24 make a day.",
            "Le délai ne court que pendant les heures d'ouverture, dont 24 font un jour.",
        ),
    },
)


def _within(share: Text, what: Text, whose: Text) -> By:
    """A share that was in time, or a duration."""
    return By("formula", {"within": share, **(durations := duration(what, whose)).words}, durations.otherwise)


def _if_within(words: Said, otherwise: Said = ()) -> By:
    return By("formula", {"within": words}, otherwise)


_WAITS_FOR_REPLY = Text(
    "Who has no reply yet does not count yet.",
    "Qui est encore sans réponse ne compte pas encore.",
)
_REPLY_EDGES: Said = (
    _if_within(
        (
            Text(
                "A reply after exactly {within:duration} is in time.",
                "Une réponse après exactement {within:duration} est dans le délai.",
            ),
            By(
                "attribute_to",
                {
                    "arrival": Text(
                        "Who has no reply by then counts as missed from then on.",
                        "Qui est encore sans réponse ensuite compte dès lors contre le résultat.",
                    ),
                    "outcome": _WAITS_FOR_REPLY,
                },
            ),
        ),
        otherwise=_WAITS_FOR_REPLY,
    ),
    Text(
        "Where the {contact} is over before a reply is due, none is needed any more: it is counted apart.",
        "Si un {contact} se termine avant l'échéance de la réponse, elle n'est plus due : il est compté à part.",
    ),
    _CLOCK,
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
    **BUCKETS,
}

_FIRST_RESPONSE = Description(
    name=Text("First response", "Délai de première réponse"),
    counted=_within(
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
    counted=_within(
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

_STILL_OPEN = Text("Who is still open does not count yet.", "Un {contact} encore ouvert ne compte pas encore.")
_PAST_DUE = Text(
    "Open and past due counts as missed from the moment it was due, not from its closing.",
    "Ouvert au-delà de l'échéance, il compte comme manqué dès celle-ci, et non à sa clôture.",
)

_RESOLUTION = Description(
    name=Text("Resolution", "Délai de résolution"),
    counted=_within(
        Text(
            "{contacts} resolved within {within:duration}, out of all that were resolved or are past their time.",
            "part des {contacts} résolus en {within:duration} au plus, parmi tous ceux qui ont été résolus ou "
            "dont le délai est dépassé.",
        ),
        Text("time from opening to resolution", "délai de résolution"),
        Text("the {contacts} that were resolved", "{contacts} résolus"),
    ),
    edges=(
        _CLOCK,
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
        _if_within(
            (
                Text("Resolved when exactly due is in time.", "Résolu à l'échéance exacte, il est dans le délai."),
                By("attribute_to", {"arrival": _PAST_DUE, "settled": _PAST_DUE, "outcome": _STILL_OPEN}),
            ),
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
        **BUCKETS,
        "resumed_unpaused": Text("resumed, though it was not paused", "repris sans avoir été suspendu"),
        "resolved_again": Text("resolved, though it was already", "résolu alors qu'il l'était déjà"),
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
    edges=Text(
        "One that is opened again several times counts once.",
        "Un {contact} rouvert plusieurs fois compte une fois.",
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
    },
    example="""\
channel: ticket
measure: {kind: reopening}
target: {at_most: 5%}
""",
    source=Text(
        "Ours. Ticket systems report reopenings as a number, which says little without the resolutions.",
        "Définition propre. Les outils de tickets donnent le nombre de réouvertures, qui dit peu sans celui des "
        "résolutions.",
    ),
)

_BOTS_BELONG = By(
    "attribute_to",
    {
        "arrival": Text(
            "Each {contact} belongs to the window in which it was offered.",
            "Chaque {contact} compte dans la période où il s'est présenté.",
        ),
        "outcome": Text(
            "Each {contact} belongs to the window in which it was over, or a person took it.",
            "Chaque {contact} compte dans la période où il s'est terminé, ou a été repris par un conseiller.",
        ),
    },
)
_BOTS_PROVISIONAL = Text(
    "Provisional while {contacts} of the window go on.",
    "Valeur provisoire tant que des {contacts} de la période sont en cours.",
)
_BOTS_EDGES: Said = (
    Text(
        "Those that no bot replied to do not count.",
        "Ceux auxquels aucun robot n'a répondu ne comptent pas.",
    ),
    Text(
        "An automatic receipt is no reply of a bot.",
        "Un accusé de réception automatique n'est pas une réponse de robot.",
    ),
)
_BOT_CLASSES = {
    "contained": Text("over without a person", "terminé sans conseiller"),
    "escalated": Text("taken over by a person", "repris par un conseiller"),
}

_CONTAINMENT = Description(
    name=Text("Containment", "Taux d'automatisation"),
    counted=Text(
        "{contacts} that were over without a person, out of all that a bot replied to and that are over or were "
        "taken over.",
        "part des {contacts} terminés sans l'intervention d'un conseiller, parmi tous ceux auxquels un robot a "
        "répondu et qui sont terminés ou ont été repris.",
    ),
    edges=_BOTS_EDGES,
    belongs=_BOTS_BELONG,
    provisional=_BOTS_PROVISIONAL,
    classes=_BOT_CLASSES,
    example="""\
channel: chat
measure: {kind: containment}
target: {at_least: 40%}
""",
    source=Text(
        "Ours. That a contact is over without a person does not say that its customer was helped.",
        "Définition propre. Qu'un contact se termine sans conseiller ne dit pas que le client a été aidé.",
    ),
)

_ESCALATION = Description(
    name=Text("Escalations", "Taux d'escalade"),
    counted=Text(
        "{contacts} that a person took over from a bot, out of all that a bot replied to and that are over or "
        "were taken over.",
        "part des {contacts} repris par un conseiller après un robot, parmi tous ceux auxquels un robot a "
        "répondu et qui sont terminés ou ont été repris.",
    ),
    edges=_BOTS_EDGES,
    belongs=_BOTS_BELONG,
    provisional=_BOTS_PROVISIONAL,
    classes=_BOT_CLASSES,
    example="""\
channel: chat
measure: {kind: escalation}
target: {at_most: 60%}
""",
    source=Text(
        "Ours: what containment leaves.",
        "Définition propre : le complément du taux d'automatisation.",
    ),
)

DESCRIPTIONS = {
    "first_response": _FIRST_RESPONSE,
    "next_response": _NEXT_RESPONSE,
    "resolution": _RESOLUTION,
    "reopening": _REOPENING,
    "containment": _CONTAINMENT,
    "escalation": _ESCALATION,
}
