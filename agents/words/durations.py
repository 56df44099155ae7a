"""The words that all durations share: the mean, the longest, a percentile, and the classes they are counted in."""

from agents.words.frame import By, Text

BUCKETS = {
    "sum_ms": Text("milliseconds, added up", "millisecondes, additionnées"),
    "bucket:MS": Text(
        "of this duration, up to 2% longer; exact to the second up to an hour",
        "de cette durée, à 2 % près ; exact à la seconde jusqu'à une heure",
    ),
}


def duration(what: Text, whose: Text) -> By:
    """By the formula. In French, what is a masculine noun, and whose begins without its article."""
    return By(
        "formula",
        {
            "mean": Text(f"the mean {what.en} of {whose.en}.", f"{what.fr} moyen des {whose.fr}."),
            "longest": Text(
                f"the longest {what.en} of {whose.en}, to within 2%.",
                f"{what.fr} le plus long des {whose.fr}, à 2 % près.",
            ),
        },
        otherwise=Text(
            f"the {what.en} that {{formula:percentile}} of {whose.en} did not exceed, to within 2%.",
            f"{what.fr} que {{formula:percentile}} des {whose.fr} n'ont pas dépassé, à 2 % près.",
        ),
    )
