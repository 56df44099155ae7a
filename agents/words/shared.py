"""The words that several measures share."""

from agents.words.frame import By, Text

OFFERED_IN_IT = Text(
    "Each {contact} belongs to the window in which it was offered.",
    "Chaque {contact} compte dans la période où il s'est présenté.",
)
ANSWERED_IN_IT = Text(
    "Each {contact} belongs to the window in which it was answered.",
    "Chaque {contact} compte dans la période où il a été pris en charge.",
)
WHILE_THEY_WAIT = Text(
    "Provisional while {contacts} of the window still wait.",
    "Valeur provisoire tant que des {contacts} de la période attendent encore.",
)
WHILE_THEY_GO_ON = Text(
    "Provisional while {contacts} of the window go on.",
    "Valeur provisoire tant que des {contacts} de la période sont en cours.",
)
AGAIN_AFTER_TRANSFER = Text(
    "One that is passed on to another queue counts there again.",
    "Un {contact} transféré vers une autre file y compte de nouveau.",
)
STILL_WAITING_IGNORED = Text(
    "Who still waits does not count yet.",
    "Qui attend encore ne compte pas encore.",
)
FLOWED_OUT_IGNORED = Text(
    "Those that left the queue otherwise (callback, voicemail, overflow) do not count.",
    "Ceux qui ont quitté la file autrement (rappel, messagerie, débordement) ne comptent pas.",
)
CLOCK = By(
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

BUCKETS = {
    "sum_ms": Text("milliseconds, added up", "millisecondes, additionnées"),
    "bucket:MS": Text(
        "of this duration, up to 2% longer; exact to the second up to an hour",
        "de cette durée, à 2 % près ; exact à la seconde jusqu'à une heure",
    ),
}


def duration(what: Text, whose: Text) -> By:
    """The mean, the longest or a percentile. In French, whose duration it is begins without its article."""
    return By(
        "formula",
        {
            "mean": Text(f"the mean {what.en} of {whose.en}.", f"{what.fr} des {whose.fr} : valeur moyenne."),
            "longest": Text(
                f"the longest {what.en} of {whose.en}, to within 2%.",
                f"{what.fr} des {whose.fr} : valeur maximale, à 2 % près.",
            ),
        },
        otherwise=Text(
            f"the {what.en} that {{formula:percentile}} of {whose.en} did not exceed, to within 2%.",
            f"{what.fr} que {{formula:percentile}} des {whose.fr} n'ont pas dépassé, à 2 % près.",
        ),
    )


def within(share: Text, what: Text, whose: Text) -> By:
    """A share that was in time, or a duration."""
    lengths = duration(what, whose)
    return By("formula", {"within": share, **lengths.words}, lengths.otherwise)
