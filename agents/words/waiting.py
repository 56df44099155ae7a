"""The words of what happens in a queue: answered, abandoned, flowed out, called back."""

from agents.words.durations import BUCKETS, duration
from agents.words.frame import By, Description, Text

_BELONGS = {
    "arrival": Text(
        "Each {contact} belongs to the window in which it was offered.",
        "Chaque {contact} compte dans la période où il s'est présenté.",
    ),
    "outcome": Text(
        "Each {contact} belongs to the window in which it left the queue.",
        "Chaque {contact} compte dans la période où il a quitté la file.",
    ),
}
_BELONGS_BY_QUEUE = By("attribute_to", _BELONGS)
_WHILE_THEY_WAIT = Text(
    "Provisional while {contacts} of the window still wait.",
    "Valeur provisoire tant que des {contacts} de la période attendent encore.",
)
_FLOWED_OUT_IGNORED = Text(
    "Those that left the queue otherwise (callback, voicemail, overflow) do not count.",
    "Ceux qui ont quitté la file autrement (rappel, messagerie, débordement) ne comptent pas.",
)
_AGAIN_AFTER_TRANSFER = Text(
    "One that is passed on to another queue counts there again.",
    "Un {contact} transféré vers une autre file y compte de nouveau.",
)
_STILL_WAITING_IGNORED = Text(
    "Who still waits does not count yet.",
    "Qui attend encore ne compte pas encore.",
)

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
            otherwise=_FLOWED_OUT_IGNORED,
        ),
        _AGAIN_AFTER_TRANSFER,
    ),
    belongs=By(
        "attribute_to",
        {
            **_BELONGS,
            "settled": Text(
                "Each {contact} belongs to the window in which it left the queue, or in which "
                "{threshold:duration} had passed, if that was earlier.",
                "Chaque {contact} compte dans la période où il a quitté la file, ou dans celle où le délai de "
                "{threshold:duration} s'est écoulé, si c'était plus tôt.",
            ),
        },
    ),
    provisional=_WHILE_THEY_WAIT,
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
        _STILL_WAITING_IGNORED,
        _FLOWED_OUT_IGNORED,
        _AGAIN_AFTER_TRANSFER,
    ),
    belongs=_BELONGS_BY_QUEUE,
    provisional=_WHILE_THEY_WAIT,
    classes={
        "answered": Text("answered", "pris en charge"),
        "abandoned": Text("abandoned, not short", "abandonné, pas de façon précoce"),
        "abandoned_short": Text("abandoned within `short_abandons`", "abandonné en `short_abandons` au plus"),
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
            "Only {contacts} that were answered have one.",
            "Seuls les {contacts} pris en charge en ont un.",
        ),
        _AGAIN_AFTER_TRANSFER,
    ),
    belongs=_BELONGS_BY_QUEUE,
    provisional=_WHILE_THEY_WAIT,
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
    edges=(Text("Short abandons are among them.", "Les abandons précoces en font partie."), _AGAIN_AFTER_TRANSFER),
    belongs=_BELONGS_BY_QUEUE,
    provisional=_WHILE_THEY_WAIT,
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
    edges=(_STILL_WAITING_IGNORED, _AGAIN_AFTER_TRANSFER),
    belongs=_BELONGS_BY_QUEUE,
    provisional=_WHILE_THEY_WAIT,
    classes=BUCKETS,
    example="""\
measure: {kind: wait, formula: longest}
target: {at_most: 10m}
""",
    source=Text(
        "Ours. Contracts are known that divide waits by all calls received, not only by the answered ones.",
        "Définition propre. Certains contrats divisent l'attente par tous les appels reçus, et non par les seuls "
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
        _STILL_WAITING_IGNORED,
        Text(
            "An answer is a way to leave the queue, and so is giving up.",
            "Une prise en charge est une sortie de file, un abandon aussi.",
        ),
    ),
    belongs=_BELONGS_BY_QUEUE,
    provisional=_WHILE_THEY_WAIT,
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
        By(
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
        ),
        Text(
            "A callback that is still due counts as missed as soon as its time is over.",
            "Un rappel qui reste à faire compte comme manqué dès que son délai est dépassé.",
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

_DROPPED = Description(
    name=Text("Answered and dropped", "Coupures après prise en charge"),
    counted=Text(
        "{contacts} that were over within {within:duration} of being answered, out of all that were answered and "
        "have ended.",
        "part des {contacts} terminés en {within:duration} au plus après leur prise en charge, parmi tous ceux "
        "pris en charge et terminés.",
    ),
    edges=Text(
        "One that was passed on is not over.",
        "Un {contact} transféré n'est pas terminé.",
    ),
    belongs=By(
        "attribute_to",
        {
            "arrival": _BELONGS["arrival"],
            "outcome": Text(
                "Each {contact} belongs to the window in which it was answered.",
                "Chaque {contact} compte dans la période où il a été pris en charge.",
            ),
        },
    ),
    provisional=Text(
        "Provisional while {contacts} of the window go on.",
        "Valeur provisoire tant que des {contacts} de la période sont en cours.",
    ),
    classes={
        "dropped": Text("over within the time", "terminé dans ce délai"),
        "held": Text("longer than that", "plus long"),
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
    "service_level": _SERVICE_LEVEL,
    "abandonment": _ABANDONMENT,
    "speed_of_answer": _SPEED_OF_ANSWER,
    "time_to_abandon": _TIME_TO_ABANDON,
    "wait": _WAIT,
    "flow_out": _FLOW_OUT,
    "callback": _CALLBACK,
    "dropped": _DROPPED,
}
