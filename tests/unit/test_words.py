"""Every measure is described, whole, in both languages; and each language is written as it is written."""

import re
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from itertools import product
from pathlib import Path
from string import Formatter
from typing import Any, Literal, get_args, get_origin

import pytest
from pydantic import BaseModel

from agents.explain import explain
from agents.measure_pages import PAGES, example_of, page
from agents.words import DESCRIPTIONS, contract
from agents.words.frame import LEFT_OUT, By, Description, Said, Text, cases
from agents.words.languages import ENGLISH, FRENCH, LANGUAGES, REASONS, Language
from agents.words.opening import opening
from schemas.alerts import Severity
from schemas.contract import Contract, Objective
from schemas.facts import FlowOutReason
from schemas.measures import Measure
from schemas.words import Channel
from sla_stream.business_time import ALWAYS
from sla_stream.life import FORGOTTEN, RANK, UNBORN, Facts, Known, lived
from sla_stream.measures import KINDS, measure_of

NBSP, THIN = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"

SPECS: tuple[type[BaseModel], ...] = get_args(get_args(Measure)[0])
SPEC_BY_KIND = {kind: spec for spec in SPECS for kind in get_args(spec.model_fields["kind"].annotation)}


def parts(words: Description) -> Iterator[Said]:
    yield from (words.counted, words.edges, words.belongs, words.provisional)


def texts(words: Description) -> Iterator[Text]:
    for part in parts(words):
        yield from (case.text for case in cases(part))
    yield from (words.name, words.sampled, words.source, *words.classes.values())


def choices(said: Said) -> Iterator[By]:
    if isinstance(said, By):
        yield said
        said = (*said.words.values(), said.otherwise)
    if isinstance(said, tuple):
        for part in said:
            yield from choices(part)


def blanks(text: str) -> set[str]:
    """The names in braces, each with how it is said. Nouns may be said with a pronoun."""
    found = {f"{name}:{how}" for _, name, how, _ in Formatter().parse(text) if name is not None}
    return found - {"contact:", "contacts:"}


def literals(kind: str, field: str) -> set[str]:
    annotation = {**Objective.model_fields, **SPEC_BY_KIND[kind].model_fields}[field].annotation
    found = [annotation, *get_args(annotation)]
    return {str(value) for part in found if get_origin(part) is Literal for value in get_args(part)}


def written(words: Description, **measure: object) -> Contract:
    objective = {"name": "example", "windows": ["month"], **example_of(words)}
    objective["measure"] = {**objective["measure"], **measure}
    versions = [{"effective": date(2025, 1, 1), "objectives": [objective]}]
    return Contract.model_validate(
        {"name": "example", "client": "acme", "time_zone": "Europe/Paris", "versions": versions}
    )


def test_every_kind_of_measure_is_described_and_nothing_else() -> None:
    assert set(DESCRIPTIONS) == set(SPEC_BY_KIND)


@pytest.mark.parametrize("kind", DESCRIPTIONS)
def test_the_example_is_one_of_its_kind_that_a_contract_can_hold(kind: str) -> None:
    objective = written(DESCRIPTIONS[kind]).versions[0].objectives[0]
    assert objective.measure.kind == kind


@pytest.mark.parametrize("kind", DESCRIPTIONS)
def test_both_languages_say_everything_with_the_same_values(kind: str) -> None:
    for text in texts(DESCRIPTIONS[kind]):
        assert text.en
        assert text.fr
        assert blanks(text.en) == blanks(text.fr), text


@pytest.mark.parametrize("kind", DESCRIPTIONS)
def test_every_choice_that_a_contract_makes_is_said(kind: str) -> None:
    words = DESCRIPTIONS[kind]
    decide = {by.field for part in parts(words) for by in choices(part)}
    shown = {re.split(r"[:\[]", blank)[0] for text in texts(words) for blank in blanks(text.en)}
    assert set(SPEC_BY_KIND[kind].model_fields) - decide - shown == {"kind"}


@pytest.mark.parametrize("kind", DESCRIPTIONS)
def test_words_are_kept_for_choices_that_exist_and_for_each_of_them(kind: str) -> None:
    decided = [by for part in parts(DESCRIPTIONS[kind]) for by in choices(part)]
    for field in {by.field for by in decided}:
        possible = literals(kind, field)
        of_field = [by for by in decided if by.field == field]
        kept = {value for by in of_field for value in by.words} - {LEFT_OUT}
        assert kept <= possible or not possible, field
        assert kept == possible or any(by.otherwise for by in of_field), field


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
@pytest.mark.parametrize("kind", DESCRIPTIONS)
def test_everything_that_could_be_said_can_be(kind: str, language: Language) -> None:
    words = DESCRIPTIONS[kind]
    measure = dict(written(words).versions[0].objectives[0].measure)
    values = {field: 86_400_000 if value is None else value for field, value in measure.items()}
    for text in texts(words):
        assert language.say(text, {**values, "contact": "call", "contacts": "calls"})


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
@pytest.mark.parametrize("kind", DESCRIPTIONS)
def test_every_kind_is_explained_by_its_name(kind: str, language: Language) -> None:
    words = DESCRIPTIONS[kind]
    assert f"1. {language.say(words.name, {})}" in explain(written(words), language)


def test_french_has_no_sign_that_could_come_to_stand_at_the_beginning_of_a_line() -> None:
    for words in DESCRIPTIONS.values():
        told = explain(written(words), FRENCH)
        assert not re.search(r"[ \n][:;!?»%]", told)
        assert not re.search(r"«\s*\n|'", told)


def test_every_channel_has_a_noun_for_one_and_for_many() -> None:
    assert set(contract.ONE) == set(contract.MANY) == set(get_args(Channel))


def test_every_severity_has_its_word() -> None:
    assert set(contract.SEVERITIES) == set(get_args(Severity))


def test_every_reason_to_leave_a_queue_has_its_words() -> None:
    assert set(REASONS) == set(get_args(FlowOutReason))


@pytest.mark.parametrize("file", PAGES, ids=str)
def test_the_page_of_measures_is_current(file: Path) -> None:
    assert file.read_text(encoding="utf-8") == page(PAGES[file]), "run python -m agents.measure_pages"


@pytest.mark.parametrize(
    ("ms", "english", "french"),
    [
        (0, "0 seconds", "0 seconde"),
        (1, "1 millisecond", "1 milliseconde"),
        (999, "999 milliseconds", "999 millisecondes"),
        (1_000, "1 second", "1 seconde"),
        (1_001, "1.001 seconds", "1,001 seconde"),
        (1_999, "1.999 seconds", "1,999 seconde"),
        (2_000, "2 seconds", "2 secondes"),
        (90_000, "90 seconds", "90 secondes"),
        (3_600_000, "1 hour", "1 heure"),
        (1_234_567_000, "1,234,567 seconds", f"1{THIN}234{THIN}567 secondes"),
        (604_800_000, "7 days", "7 jours"),
    ],
)
def test_a_duration_in_words(ms: int, english: str, french: str) -> None:
    assert ENGLISH.duration(ms).replace(NBSP, " ") == english
    assert FRENCH.duration(ms).replace(NBSP, " ") == french
    assert " " not in ENGLISH.duration(ms) + FRENCH.duration(ms)


@pytest.mark.parametrize(
    ("ratio", "english", "french"),
    [
        ("9/10", "90%", f"90{NBSP}%"),
        ("0.955", "95.5%", f"95,5{NBSP}%"),
        ("1/3", "33.3333333333%", "33,3333333333"),
    ],
)
def test_a_share_as_a_percentage(ratio: str, english: str, french: str) -> None:
    assert ENGLISH.share(Fraction(ratio)) == english
    assert FRENCH.share(Fraction(ratio)).startswith(french)


@pytest.mark.parametrize(
    ("day", "english", "french"),
    [
        (date(2025, 1, 1), "1 January 2025", "1er janvier 2025"),
        (date(2025, 2, 2), "2 February 2025", "2 février 2025"),
        (date(2025, 12, 31), "31 December 2025", "31 décembre 2025"),
    ],
)
def test_a_day_in_words(day: date, english: str, french: str) -> None:
    assert ENGLISH.day(day).replace(NBSP, " ") == english
    assert FRENCH.day(day).replace(NBSP, " ") == french


@pytest.mark.parametrize(
    ("words", "english", "french"),
    [(["a"], "a", "a"), (["a", "b"], "a and b", "a et b"), (["a", "b", "c"], "a, b and c", "a, b et c")],
)
def test_a_list_in_words(words: list[str], english: str, french: str) -> None:
    assert ENGLISH.listed(words) == english
    assert FRENCH.listed(words) == french


@pytest.mark.parametrize(
    ("hours", "english", "french"),
    [
        ("24/7", "at every hour of every day", "24 heures sur 24, 7 jours sur 7"),
        (
            "Mo-Sa 08:00-20:00; PH off",
            "Monday to Saturday 08:00 to 20:00; closed on public holidays (FR)",
            "du lundi au samedi de 8 h à 20 h ; fermé les jours fériés (FR)",
        ),
        (
            "Mo,We 08:30-12:00,14:00-18:15",
            "Monday and Wednesday 08:30 to 12:00 and 14:00 to 18:15",
            "le lundi et le mercredi de 8 h 30 à 12 h et de 14 h à 18 h 15",
        ),
        (
            "Su,PH 10:00-12:00",
            "Sunday and public holidays (FR) 10:00 to 12:00",
            "le dimanche et les jours fériés (FR) de 10 h à 12 h",
        ),
        ("08:00-24:00", "every day 08:00 to 24:00", "tous les jours de 8 h à 24 h"),
        (
            "Dec Mo-Fr 08:00-20:00",
            "Dec Mo-Fr 08:00-20:00 (as OpenStreetMap writes opening hours)",
            "Dec Mo-Fr 08:00-20:00 (selon la notation des horaires d\N{RIGHT SINGLE QUOTATION MARK}OpenStreetMap)",
        ),
    ],
)
def test_opening_hours_in_words_or_as_they_are_written(hours: str, english: str, french: str) -> None:
    assert opening(hours, "FR", ENGLISH) == english
    assert re.sub(f"[{NBSP}{THIN}]", " ", opening(hours, "FR", FRENCH)) == french


#: What may be said in a fact, of those in which it matters.
SAID = {
    "flowed_out": get_args(FlowOutReason),
    "replied": ("agent", "bot", "auto", "note"),
    "ended": ("", "resolved", "unresolved"),
    "surveyed": ("0 csat", "5 csat", "9 nps", "11 nps", "1 ces", "1 resolution", "0 resolution"),
    "worked": ("on_contact 0 sales", "idle 9000000000000 sales", "away 0 sales"),
}
TOLD = [(kind, detail) for kind in sorted(set(RANK) - {FORGOTTEN}) for detail in SAID.get(kind, ("sales",))]


def stories() -> Iterator[Facts]:
    """Whatever happens to a contact, then anything else, twice; and whatever happens before it is offered."""
    for (first, said), (then, also_said) in product(TOLD, repeat=2):
        offered, second = Known(0, "offered", 10_000, "sales"), Known(0, then, 50_000, also_said)
        yield offered, Known(0, first, 14_000, said), second, Known(0, then, 90_000_000, also_said)
        yield Known(0, first, 5_000, said), offered, second


def examples(kind: str) -> Iterator[Any]:
    """The example, by each clock."""
    clocks = literals(kind, "attribute_to") if "attribute_to" in SPEC_BY_KIND[kind].model_fields else ("",)
    for clock in clocks:
        attributed = {"attribute_to": clock} if clock else {}
        yield written(DESCRIPTIONS[kind], **attributed).versions[0].objectives[0].measure


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_a_contact_counts_as_is_described(kind: str) -> None:
    measures = [measure_of(spec, ALWAYS) for spec in examples(kind)]
    counted = {name.partition(":")[0] for facts in stories() for one in measures for name in counts(one, facts)}
    assert counted <= {name.partition(":")[0] for name in DESCRIPTIONS[kind].classes}


def counts(measure: Any, facts: Facts) -> Iterator[str]:
    """The classes of a contact with these facts, and those it would be in if what is due were not done."""
    settled, missed = [], ()
    if measure.by == "life":
        settled = [settlement] if (settlement := measure.settle(lived(UNBORN, facts))) else []
        missed = measure.overdue.counts if measure.overdue else ()
    elif measure.by == "facts":
        settled, missed = measure.settle(facts), measure.missed
    yield from (name for counted in (missed, *(one.counts for one in settled)) for name, _ in counted)
