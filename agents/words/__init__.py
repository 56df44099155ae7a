"""What there is to say about every kind of measure, in English and in French.

A new kind is one entry in one of these modules: a contract's sentences and docs/measures.md follow from it.
"""

from agents.words import (
    bots,
    handling,
    planning,
    replies,
    returns,
    service_level,
    surveys,
    tickets,
    waiting,
)
from agents.words.frame import Description

#: Kind, as in schemas/measures.py -> its description; in the order of the documentation.
DESCRIPTIONS: dict[str, Description] = {
    **service_level.DESCRIPTIONS,
    **waiting.DESCRIPTIONS,
    **handling.DESCRIPTIONS,
    **replies.DESCRIPTIONS,
    **tickets.DESCRIPTIONS,
    **bots.DESCRIPTIONS,
    **returns.DESCRIPTIONS,
    **surveys.DESCRIPTIONS,
    **planning.DESCRIPTIONS,
}
