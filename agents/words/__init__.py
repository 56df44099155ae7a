"""What there is to say about every kind of measure, in English and in French.

A new kind is one entry in one of the tables below: a contract's sentences and docs/measures.md follow from it.
"""

from agents.words import cases, customers, handling, planning, waiting
from agents.words.frame import Description

#: Kind, as in schemas/measures.py -> its description; in the order of the documentation.
DESCRIPTIONS: dict[str, Description] = {
    **waiting.DESCRIPTIONS,
    **handling.DESCRIPTIONS,
    **cases.DESCRIPTIONS,
    **customers.DESCRIPTIONS,
    **planning.DESCRIPTIONS,
}
