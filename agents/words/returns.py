"""The words of customers who come back, or give up again."""

from agents.words.frame import LEFT_OUT, By, Description, Text
from agents.words.shared import OFFERED_IN_IT

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
                    By(
                        "only",
                        {LEFT_OUT: ()},
                        otherwise=Text(
                            "Coming back counts whatever the priority, language or tags of the other contact.",
                            "Un nouveau contact compte quels que soient sa priorité, sa langue et ses étiquettes.",
                        ),
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
            "offered": OFFERED_IN_IT,
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
        "conseille un audit mensuel. Qu'un transfert ne vaille pas résolution se lit dans des marchés publics.",
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
        By(
            "only",
            {LEFT_OUT: ()},
            otherwise=Text(
                "Having given up before counts whatever the priority, language or tags of that {contact}.",
                "L'abandon précédent compte quels que soient la priorité, la langue et les étiquettes de cet "
                "{contact}.",
            ),
        ),
    ),
    belongs=OFFERED_IN_IT,
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
    source=Text("Ours.", "Notre définition."),
)

DESCRIPTIONS = {
    "first_contact_resolution": _FIRST_CONTACT_RESOLUTION,
    "repeat_abandonment": _REPEAT_ABANDONMENT,
}
