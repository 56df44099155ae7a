"""`python -m agents.measure_pages` writes docs/measures.md and docs/mesures.md: every kind of measure, in words.

They are made of the same descriptions as what `sla-stream contract explain` says.
"""

from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from pathlib import Path
from string import Formatter
from textwrap import fill
from typing import Any

from pydantic import BaseModel, TypeAdapter
from ruamel.yaml import YAML

from agents.words import DESCRIPTIONS
from agents.words.frame import LEFT_OUT, OTHER, WRITTEN, Choices, Description, Said, Text, cases
from agents.words.languages import ENGLISH, FRENCH, Language
from schemas.measures import Measure

PAGES = {Path("docs/measures.md"): ENGLISH, Path("docs/mesures.md"): FRENCH}

_WIDTH = 115

_TITLE = Text("# Measures", "# Mesures")
_HEAD = (
    Text(
        "Everything that a contract can have measured, in the words with which `sla-stream contract explain` "
        "says it to whoever signs. Written by `python -m agents.measure_pages`; [en français](mesures.md).",
        "Tout ce qu'un contrat peut faire mesurer, dans les termes que `sla-stream contract explain --lang fr` "
        "emploie pour qui signe. Page produite par `python -m agents.measure_pages` ; [in English](measures.md).",
    ),
    Text(
        'What holds for all: a duration is whole milliseconds inside, and "within" includes the last of them. '
        "Contacts are counted by class, in whole numbers, minute by minute; a window adds them up and divides at "
        "the very end. Without contacts there is no value, and never 100%. A fact that comes late or is "
        "corrected changes the counts of the minute that it belongs to. Means are exact; percentiles and the "
        "longest are off by at most 2%.",
        "Ce qui vaut pour toutes : une durée est un nombre entier de millisecondes, et « au plus » comprend la "
        "dernière. Les contacts sont comptés par classe, en nombres entiers, minute par minute ; une période les "
        "additionne et ne divise qu'à la fin. Sans contact il n'y a pas de valeur, et jamais 100 %. Un fait "
        "tardif ou corrigé change les comptes de la minute dont il relève. Les moyennes sont exactes ; les "
        "centiles et les maximums le sont à 2 % près.",
    ),
)
_COUNTED, _EDGES, _BELONGS, _PROVISIONAL, _CLASSES, _SOURCE, _DEFAULTS = (
    Text("Counted", "Calcul"),
    Text("Edge cases", "Cas limites"),
    Text("Which window", "Période"),
    Text("Until when", "Jusqu'à quand"),
    Text("Classes", "Classes"),
    Text("Source", "Source"),
    Text("If left out", "Par défaut"),
)
_TITLE_OF_CLASSES = Text("class | contacts", "classe | contacts")
_LEFT_OUT, _WRITTEN, _OTHER = (
    Text("no `{field}`", "sans `{field}`"),
    Text("with `{field}`", "avec `{field}`"),
    Text("any other `{field}`", "autre `{field}`"),
)
_CHOICE = Text("`{field}: {value}`", "`{field}: {value}`")
_OR, _OTHERWISE = Text("or", "ou"), Text("otherwise", "sinon")
_CONDITION = Text("{choices}: {text}", "{choices} : {text}")
_NOUNS = {"contact": "contact", "contacts": "contacts"}


class _Blanks(Formatter):
    """Shows the name of what a contract says where a contract's sentence shows its value."""

    def get_field(self, field_name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:  # noqa: ARG002
        return kwargs.get(field_name, f"`{field_name}`"), field_name

    def format_field(self, value: Any, format_spec: str) -> str:  # noqa: ARG002 - typeshed's signature
        return str(value)


def page(language: Language) -> str:
    """Describe all of them."""
    head = (_filled(_text(paragraph, language)) for paragraph in _HEAD)
    parts = [_text(_TITLE, language), *head, _contents(language)]
    for kind, words in DESCRIPTIONS.items():
        parts += _measure(kind, words, language)
    return "\n\n".join(parts) + "\n"


def _contents(language: Language) -> str:
    lines = (f"- [{_text(words.name, language)}](#{kind}) `{kind}`" for kind, words in DESCRIPTIONS.items())
    return "\n".join(lines)


def _measure(kind: str, words: Description, language: Language) -> Iterator[str]:
    yield f'<a id="{kind}"></a>\n\n## {_text(words.name, language)}'
    yield f"```yaml\n{words.example.rstrip()}\n```"
    if defaults := _defaults(words):
        yield _filled(f"{_label(_DEFAULTS, language)} `{defaults}`")
    for label, said in (
        (_COUNTED, words.counted),
        (_EDGES, words.edges),
        (_BELONGS, words.belongs),
        (_PROVISIONAL, words.provisional),
    ):
        yield _said(label, said, language)
    yield f"{_label(_CLASSES, language)}\n\n{_classes(words, language)}"
    yield _filled(f"{_label(_SOURCE, language)} {_text(words.source, language)}")


def _label(label: Text, language: Language) -> str:
    return f"**{_text(label, language)}.**"


def _said(label: Text, said: Said, language: Language) -> str:
    """All that could be said, each text once with the choices that lead to it."""
    choices: dict[Text, list[Choices]] = {}
    for case in cases(said):
        choices.setdefault(case.text, []).append(case.given)
    points = [_point(text, given, language) for text, given in choices.items()]
    if len(points) == 1:
        return _filled(f"{_label(label, language)} {points[0]}")
    return "\n".join([_label(label, language), "", *(_filled(f"- {point}", "  ") for point in points)])


def _point(text: Text, given: list[Choices], language: Language) -> str:
    said = _text(text, language)
    if given == [()]:
        return said
    if any(all(value == OTHER for _, value in choices) for choices in given):
        return language.say(_CONDITION, {"choices": language.say(_OTHERWISE, {}), "text": said})
    ways = (" + ".join(_choice(field, value, language) for field, value in choices) for choices in given)
    choices = f" {language.say(_OR, {})} ".join(ways)
    return language.say(_CONDITION, {"choices": choices, "text": said})


def _choice(field: str, value: str, language: Language) -> str:
    said = {LEFT_OUT: _LEFT_OUT, WRITTEN: _WRITTEN, OTHER: _OTHER}.get(value, _CHOICE)
    return language.say(said, {"field": field, "value": value})


def _filled(text: str, below: str = "") -> str:
    return fill(text, _WIDTH, subsequent_indent=below, break_long_words=False, break_on_hyphens=False)


def _classes(words: Description, language: Language) -> str:
    rows = (f"| `{name}` | {_text(text, language)} |" for name, text in words.classes.items())
    first, second = _text(_TITLE_OF_CLASSES, language).split(" | ")
    return "\n".join([f"| {first} | {second} |", "|---|---|", *rows])


def _text(text: Text, language: Language) -> str:
    return _Blanks().vformat(language.typeset(getattr(text, language.code)), (), _NOUNS)


def _defaults(words: Description) -> str:
    """What the example leaves out, as a contract would say it."""
    example = TypeAdapter[BaseModel](Measure).validate_python(example_of(words)["measure"])
    written = example.model_dump(mode="json", exclude=example.model_fields_set, exclude_none=True)
    text = StringIO()
    yaml = YAML()
    yaml.default_flow_style, yaml.width = True, 1_000
    yaml.dump(written, text)
    return text.getvalue().strip().strip("{}")


def example_of(words: Description) -> dict[str, Any]:
    """An objective, as an author would begin it."""
    read = YAML(typ="safe").load(words.example)
    assert isinstance(read, dict)  # noqa: S101 - a test reads all of them
    return read


def main() -> None:
    """Write both."""
    for file, language in PAGES.items():
        file.write_text(page(language), encoding="utf-8")


if __name__ == "__main__":
    main()
