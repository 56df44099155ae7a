"""Every measure is described, whole, in both languages; and each language is written as it is written."""

import re
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from string import Formatter
from typing import Any, Literal, get_args, get_origin

import pytest
from pydantic import BaseModel

from agents.explain import explain
from agents.measure_pages import PAGES, example_of, page
from agents.words import DESCRIPTIONS, contract
from agents.words.frame import LEFT_OUT, By, Description, Said, Text, cases
from agents.words.languages import ENGLISH, FRENCH, LANGUAGES
from agents.words.opening import opening
from schemas.contract import Contract
from schemas.measures import Measure

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
    annotation = SPEC_BY_KIND[kind].model_fields[field].annotation
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
    for part in parts(DESCRIPTIONS[kind]):
        for by in choices(part):
            possible = literals(kind, by.field)
            if possible and LEFT_OUT not in by.words:
                assert set(by.words) <= possible, by.field


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
@pytest.mark.parametrize("kind", DESCRIPTIONS)
def test_a_contract_is_explained_whatever_it_chooses(kind: str, language: Any) -> None:
    words = DESCRIPTIONS[kind]
    plain = explain(written(words), language)
    assert language.say(words.name, {}) in plain
    for field in SPEC_BY_KIND[kind].model_fields:
        for value in literals(kind, field) - {"kind"} if field not in ("kind", "formula") else ():
            told = explain(written(words, **{field: value}), language)
            assert "{" not in told
            assert "  counted" not in told.lower().replace("counted  ", "")


@pytest.mark.parametrize("file", PAGES, ids=str)
def test_the_page_of_measures_is_current(file: Any) -> None:
    assert file.read_text(encoding="utf-8") == page(PAGES[file]), "run python -m agents.measure_pages"
