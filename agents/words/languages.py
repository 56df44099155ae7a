"""English and French: how each fills a text's blanks, and how each writes numbers, durations, dates and lists.

A blank says how its value is said, as `{threshold:duration}` does: the name after the colon is a method here.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from string import Formatter
from typing import Any

from agents.words.frame import Text

#: What must stay on one line: a number and its unit, a sign and what it belongs to.
_TIED = "\N{NO-BREAK SPACE}"
_THIN = "\N{NARROW NO-BREAK SPACE}"

_UNITS_MS = (86_400_000, 3_600_000, 60_000, 1_000, 1)
_SECOND_MS = 1_000

REASONS = {
    "callback": Text("with a promise to call back", "avec promesse de rappel"),
    "voicemail": Text("to voicemail", "vers la messagerie"),
    "timeout": Text("after the longest wait that the queue allows", "après l'attente maximale prévue par la file"),
    "overflow": Text("because the queue was full", "par débordement"),
    "key": Text("by a key that the customer pressed", "par une touche choisie par le client"),
}
_TERM = {
    "always": Text("{name} {within}, at any hour", "{name} {within}, à toute heure"),
    "opening_hours": Text("{name} {within}, in opening hours", "{name} {within}, en heures d'ouverture"),
}


@dataclass(frozen=True, slots=True)
class Language(Formatter):
    """Says texts. Values are ratios and milliseconds, as contracts hold them."""

    code: str
    #: From days down to milliseconds, each as one and as many.
    units: tuple[tuple[str, str], ...]
    is_one: Callable[[Fraction], bool]
    #: How it writes what Python writes as "," and "." in a number.
    marks: str
    percent: str
    and_: str
    or_: str
    #: What stands between the parts of a list that have commas of their own.
    between: str
    months: tuple[str, ...]
    first_of_month: str
    quotes: tuple[str, str]
    typeset: Callable[[str], str]

    def say(self, text: Text, values: Mapping[str, Any]) -> str:
        """Fill in the blanks."""
        return self.vformat(self.typeset(getattr(text, self.code)), (), values)

    def format_field(self, value: Any, format_spec: str) -> str:
        """By the method that the blank names."""
        return str(getattr(self, format_spec)(value)) if format_spec else str(value)

    def duration(self, ms: int | Fraction) -> str:
        """As the author would write it: 90 seconds, not 1 minute and a half."""
        size = next((size for size in _UNITS_MS if ms >= size and ms % size == 0), _SECOND_MS)
        if size == 1 and ms >= _SECOND_MS:
            size = _SECOND_MS
        one, many = self.units[_UNITS_MS.index(size)]
        count = Fraction(ms) / size
        return f"{self.number(count)}{_TIED}{one if self.is_one(count) else many}"

    def number(self, number: int | Fraction) -> str:
        """In decimals, without noughts at the end."""
        return f"{float(number):,.12g}".translate(str.maketrans(",.", self.marks))

    def share(self, ratio: Fraction) -> str:
        """A ratio as a percentage."""
        return f"{self.number(ratio * 100)}{self.percent}"

    def percentile(self, formula: str) -> str:
        """p95 as the share of those that are no longer."""
        return f"{formula.removeprefix('p')}{self.percent}"

    def day(self, day: date) -> str:
        """A date in words."""
        number = self.first_of_month if day.day == 1 else str(day.day)
        return f"{number}{_TIED}{self.months[day.month - 1]} {day.year}"

    def moment(self, at: datetime) -> str:
        """A date with its time, as the clock on the wall shows it."""
        return f"{self.day(at)}, {at:%H:%M}"

    def listed(self, words: Iterable[str]) -> str:
        """One, another and a third."""
        return self._joined(words, self.and_)

    def either(self, names: Iterable[str]) -> str:
        """Names of which one will do."""
        return self._joined(map(self.quoted, names), self.or_)

    def quoted(self, words: str) -> str:
        """In the language's quotation marks."""
        return f"{self.quotes[0]}{words}{self.quotes[1]}"

    def reasons(self, names: Iterable[str]) -> str:
        """Why contacts left their queue."""
        return self.listed([self.say(REASONS[name], {}) for name in names])

    def terms(self, terms: Mapping[str, Any]) -> str:
        """What is promised to each priority."""
        said = (
            self.say(_TERM[term.clock], {"name": self.quoted(name), "within": self.duration(term.within)})
            for name, term in terms.items()
        )
        return self.between.join(said)

    @staticmethod
    def _joined(words: Iterable[str], conjunction: str) -> str:
        *first, last = words
        return f"{', '.join(first)} {conjunction} {last}" if first else last


def _typeset_french(text: str) -> str:
    """The spaces that French puts before its signs must not break, and its apostrophe is curved."""
    text = re.sub(r" (?=[:»%])|(?<=«) |(?<=\d) (?=h\b)|(?<=\}) (?=h\b)|(?<=\bh) (?=\{)", _TIED, text)
    return re.sub(r" (?=[;!?])", _THIN, text).replace("'", "\N{RIGHT SINGLE QUOTATION MARK}")


ENGLISH = Language(
    code="en",
    units=(
        ("day", "days"),
        ("hour", "hours"),
        ("minute", "minutes"),
        ("second", "seconds"),
        ("millisecond", "milliseconds"),
    ),
    is_one=lambda count: count == 1,
    marks=",.",
    percent="%",
    and_="and",
    or_="or",
    between="; ",
    months=(
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    first_of_month="1",
    quotes=('"', '"'),
    typeset=str,
)
FRENCH = Language(
    code="fr",
    units=(
        ("jour", "jours"),
        ("heure", "heures"),
        ("minute", "minutes"),
        ("seconde", "secondes"),
        ("milliseconde", "millisecondes"),
    ),
    # Whatever is less than two is one: 1,5 seconde.
    is_one=lambda count: count < 2,  # noqa: PLR2004 - as the sentence above says
    marks=f"{_THIN},",
    percent=f"{_TIED}%",
    and_="et",
    or_="ou",
    between=f"{_THIN}; ",
    months=(
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ),
    first_of_month="1er",
    quotes=(f"«{_TIED}", f"{_TIED}»"),
    typeset=_typeset_french,
)
LANGUAGES = {language.code: language for language in (ENGLISH, FRENCH)}


def language_of(environment: Mapping[str, str]) -> Language:
    """That of the locale, looked up as POSIX does: the first of these that is set. English if it is not ours."""
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    locale = next((found for name in names if (found := environment.get(name))), "")
    return LANGUAGES.get(locale[:2], ENGLISH)
