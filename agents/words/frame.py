"""How words are written: once, in both languages side by side, as texts and not as code.

What is said depends on what a contract chose. `By` is such a choice as a table, so a text is found without an
`if`, and a page can list all that could be said. Texts have blanks for what the contract wrote, in braces, each
with how it is said: `{threshold:duration}`, `{reasons:reasons}` (see `languages.py`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

#: Stands in a `By` for what the contract left out: nothing, none, zero.
LEFT_OUT = ""
#: Stand in a `Case` for what has no words of its own: whatever is written, any other choice.
WRITTEN, OTHER = "*", "?"


@dataclass(frozen=True, slots=True)
class Text:
    """The same in English and in French."""

    en: str
    fr: str

    def __add__(self, more: "Text") -> "Text":
        """Both, one after the other."""
        return Text(self.en + more.en, self.fr + more.fr)


@dataclass(frozen=True, slots=True)
class By:
    """What is said by the value of a field: a word, left out, or anything else that was written."""

    field: str
    words: Mapping[str, "Said"]
    otherwise: "Said" = ()


#: Texts, of which choices leave some out.
Said = Text | By | tuple["Said", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """All there is to say about one kind of measure. `contract explain` and docs/measures.md are made of it."""

    name: Text
    #: What is divided by what. Goes on after "Counted:".
    counted: Said
    #: What becomes of those of whom the two people who sign might think differently.
    edges: Said
    #: The window in which each one counts.
    belongs: Said
    #: For how long a window's value can still change, though nothing comes late.
    provisional: Said
    #: Outcome class -> what is in it.
    classes: Mapping[str, Text]
    #: What a window may have too few of.
    sampled: Text = Text("{contacts}", "{contacts}")
    #: As a contract says it, in YAML: `measure`, `target`, and `channel` unless it is voice.
    example: str
    #: Whose definition it is.
    source: Text


def chosen(said: Said, choices: Mapping[str, Any]) -> Iterator[Text]:
    """The texts that remain once the choices are known, in their order."""
    if isinstance(said, Text):
        yield said
    elif isinstance(said, By):
        yield from chosen(_looked_up(said, choices[said.field]), choices)
    else:
        for part in said:
            yield from chosen(part, choices)


def _looked_up(by: By, value: object) -> Said:
    if not value:
        return by.words.get(LEFT_OUT, by.otherwise)
    return by.words.get(value, by.otherwise) if isinstance(value, str) else by.otherwise


#: Fields, each with the value it was given.
Choices = tuple[tuple[str, str], ...]


class Case(NamedTuple):
    """A text, and the choices with which it is said."""

    given: Choices
    text: Text


def cases(said: Said, given: Choices = ()) -> Iterator[Case]:
    """Everything that could be said, in its order."""
    if isinstance(said, Text):
        yield Case(given, said)
    elif isinstance(said, By):
        for value, words in said.words.items():
            yield from cases(words, (*given, (said.field, value)))
        rest = WRITTEN if LEFT_OUT in said.words else OTHER
        yield from cases(said.otherwise, (*given, (said.field, rest)))
    else:
        for part in said:
            yield from cases(part, given)
