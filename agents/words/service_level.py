"""The words of the service level: eight formulas, and what becomes of those who give up."""

from agents.words.frame import By, Description, Text
from agents.words.shared import AGAIN_AFTER_TRANSFER, FLOWED_OUT_IGNORED, OFFERED_IN_IT, WHILE_THEY_WAIT

_FLOWOUTS_TOO = Text(
    "To all of these are added those that left the queue otherwise.",
    "À ce total s'ajoutent ceux qui ont quitté la file autrement.",
)

_ANSWERED_OR_ABANDONED = Text(
    ", out of all that were answered or abandoned.",
    ", parmi tous ceux pris en charge ou abandonnés.",
)

_ANSWERED_IN_TIME = Text(
    "{contacts} answered within {threshold:duration}",
    "part des {contacts} pris en charge en {threshold:duration} au plus",
)

_SHARES = {
    "abandons_met": Text(
        "{contacts} answered or abandoned within {threshold:duration}",
        "part des {contacts} pris en charge ou abandonnés en {threshold:duration} au plus",
    )
    + _ANSWERED_OR_ABANDONED,
    "answered_only": _ANSWERED_IN_TIME
    + Text(
        ", out of all that were answered.",
        ", parmi tous ceux pris en charge.",
    ),
    "abandons_missed": _ANSWERED_IN_TIME + _ANSWERED_OR_ABANDONED,
    "abandons_in_time_ignored": _ANSWERED_IN_TIME
    + Text(
        ", out of all that were answered, or abandoned after more than {threshold:duration}.",
        ", parmi tous ceux pris en charge, ou abandonnés après plus de {threshold:duration}.",
    ),
    "short_abandons_met": Text(
        "{contacts} answered within {threshold:duration} or abandoned within {short_abandons:duration}",
        "part des {contacts} pris en charge en {threshold:duration} au plus, ou abandonnés en "
        "{short_abandons:duration} au plus",
    )
    + _ANSWERED_OR_ABANDONED,
    "short_abandons_ignored": _ANSWERED_IN_TIME
    + Text(
        ", out of all that were answered, or abandoned after more than {short_abandons:duration}.",
        ", parmi tous ceux pris en charge, ou abandonnés après plus de {short_abandons:duration}.",
    ),
}

_ABANDONS = {
    "abandons_met": Text(
        "Who gives up within that time counts as served.",
        "Qui raccroche dans ce délai compte comme servi.",
    ),
    "answered_only": Text(
        "Those that were abandoned do not count, however long they waited, nor do those that still wait.",
        "Les abandons ne comptent pas, quelle que soit l'attente, ni ceux qui attendent encore.",
    ),
    "abandons_missed": Text(
        "Who gives up counts as missed, however soon.",
        "Tout abandon compte contre le résultat, même immédiat.",
    ),
    "abandons_in_time_ignored": Text(
        "Who gives up within that time does not count; who gives up later counts as missed.",
        "Un abandon dans ce délai ne compte pas ; un abandon plus tardif compte contre le résultat.",
    ),
    "short_abandons_met": Text(
        "Who gives up later than that counts as missed.",
        "Un abandon plus tardif compte contre le résultat.",
    ),
    "short_abandons_ignored": Text(
        "Who gives up sooner does not count; who gives up later counts as missed.",
        "Un abandon plus rapide ne compte pas ; un abandon plus tardif compte contre le résultat.",
    ),
}

_STILL_WAITING = By(
    "attribute_to",
    {
        "outcome": Text(
            "Who still waits counts only once the wait is over.",
            "Qui attend encore ne compte qu'à la fin de son attente.",
        )
    },
    otherwise=Text(
        "Who still waits after {threshold:duration} counts as missed from then on.",
        "Qui attend encore après {threshold:duration} compte dès lors contre le résultat.",
    ),
)

_SERVICE_LEVEL = Description(
    name=Text("Service level", "Niveau de service"),
    counted=By(
        "formula",
        {
            **_SHARES,
            "flowouts_missed": (By("flowouts_over", _SHARES), _FLOWOUTS_TOO),
            "removed_in_time": Text(
                "{contacts} that were answered, were abandoned or left the queue otherwise (callback, voicemail, "
                "overflow) within {threshold:duration}, out of all that did.",
                "part des {contacts} qui, en {threshold:duration} au plus, ont été pris en charge, ont été "
                "abandonnés ou ont quitté la file autrement (rappel, messagerie, débordement), parmi tous ceux "
                "qui en sont sortis.",
            ),
        },
    ),
    edges=(
        Text(
            "A wait of exactly {threshold:duration} is in time.",
            "Une attente d'exactement {threshold:duration} est dans le délai.",
        ),
        By(
            "formula",
            {
                **_ABANDONS,
                "flowouts_missed": By("flowouts_over", _ABANDONS),
                "removed_in_time": _ABANDONS["abandons_met"],
            },
        ),
        By(
            "formula",
            {
                "answered_only": (),
                "flowouts_missed": By("flowouts_over", {"answered_only": ()}, otherwise=_STILL_WAITING),
            },
            otherwise=_STILL_WAITING,
        ),
        By(
            "formula",
            {
                "flowouts_missed": Text(
                    "Those that left the queue otherwise (callback, voicemail, overflow) count as missed.",
                    "Ceux qui ont quitté la file autrement (rappel, messagerie, débordement) comptent contre le "
                    "résultat.",
                ),
                "removed_in_time": Text(
                    "Those that left the queue otherwise within that time count as served.",
                    "Ceux qui ont quitté la file autrement dans ce délai comptent comme servis.",
                ),
            },
            otherwise=FLOWED_OUT_IGNORED,
        ),
        AGAIN_AFTER_TRANSFER,
    ),
    belongs=By(
        "attribute_to",
        {
            "arrival": OFFERED_IN_IT,
            "outcome": Text(
                "Each {contact} belongs to the window in which it left the queue.",
                "Chaque {contact} compte dans la période où il a quitté la file.",
            ),
            "settled": Text(
                "Each {contact} belongs to the window in which it left the queue, or in which "
                "{threshold:duration} had passed, if that was earlier.",
                "Chaque {contact} compte dans la période où il a quitté la file, ou dans celle où le délai de "
                "{threshold:duration} s'est écoulé, si c'était plus tôt.",
            ),
        },
    ),
    provisional=WHILE_THEY_WAIT,
    classes={
        "answered_in_time": Text("answered within the threshold", "pris en charge dans le délai"),
        "answered_late": Text("answered after it", "pris en charge après le délai"),
        "abandoned_short": Text("abandoned within `short_abandons`", "abandonné en `short_abandons` au plus"),
        "abandoned_in_time": Text("abandoned later, within the threshold", "abandonné plus tard, dans le délai"),
        "abandoned_late": Text("abandoned after it", "abandonné après le délai"),
        "flowed_out_in_time": Text(
            "left the queue otherwise, within the threshold", "sorti de la file autrement, dans le délai"
        ),
        "flowed_out_late": Text("left it otherwise, after it", "sorti de la file autrement, après le délai"),
        "waiting_late": Text(
            "still waiting after the threshold; becomes one of the others",
            "attend encore après le délai ; passe ensuite dans une autre classe",
        ),
    },
    example="""\
measure:
  kind: service_level
  formula: short_abandons_ignored
  threshold: 30s
  short_abandons: 5s
target: {at_least: 90%}
""",
    source=Text(
        'The first five formulas over abandons: Call Centre Helper, "Service Level Threshold Calculations", and '
        'ICMI, "Service Level Calculations". `short_abandons_ignored`: Talkdesk, RingCentral and others. '
        "`flowouts_missed`: an option of Genesys Cloud. `removed_in_time`: Amazon Connect. That who still waits "
        'is missed when the threshold passes is Cisco\'s "service level event". The same day of traffic comes to '
        "between 81.1% and 86.0% by these formulas: a contract that does not name one promises nothing.",
        "Les cinq premières formules : Call Centre Helper, « Service Level Threshold Calculations », et ICMI, « "
        "Service Level Calculations ». `short_abandons_ignored` : Talkdesk, RingCentral et d'autres. "
        "`flowouts_missed` : une option de Genesys Cloud. `removed_in_time` : Amazon Connect. Compter comme "
        "manqué celui qui attend encore quand le délai s'écoule vient du « service level event » de Cisco. La "
        "même journée de trafic donne entre 81,1 % et 86,0 % selon la formule : un contrat qui n'en nomme aucune "
        "ne promet rien.",
    ),
)

DESCRIPTIONS = {
    "service_level": _SERVICE_LEVEL,
}
