"""A contract in sentences: what is counted, by which formula, and when somebody is told.

Written for the person who signs it, in English or French. What becomes of the edge cases is said each time. All
words are in `agents/words`; here they are only put on the page.
"""

from collections.abc import Iterator, Mapping
from textwrap import fill
from typing import Any

from pydantic import TypeAdapter

from agents.words import DESCRIPTIONS, contract
from agents.words.frame import Said, Text, chosen
from agents.words.languages import ENGLISH, Language
from agents.words.opening import opening
from schemas.contract import AlertPolicy, Contract, Objective, Target, Version
from schemas.written import Duration

#: As wide as the narrowest terminal, and a printed page.
_WIDTH = 80
_INDENT = 3 * " "
_BULLET = "- "

_DURATION: TypeAdapter[int] = TypeAdapter(Duration)

#: A label, what stands beside it, and the points below that.
Block = tuple[str, str, list[str]]


def explain(contract_: Contract, language: Language = ENGLISH) -> str:
    """Say the contract in sentences."""
    pages = [_head(contract_, language)]
    for version in contract_.versions:
        pages += _version(version, language)
    return "\n\n".join(pages) + "\n"


def _head(promised: Contract, language: Language) -> str:
    values = dict(promised) | {"hours": opening(promised.hours, promised.holidays, language)}
    blocks = [
        (language.say(label, {}), _sentences(said, values, language), list[str]()) for label, said in contract.HEAD
    ]
    title = [promised.title or promised.name, language.say(contract.PROMISED_TO, values)]
    return "\n".join([*title, "", *_laid_out(blocks)])


def _version(version: Version, language: Language) -> Iterator[str]:
    yield language.say(contract.EFFECTIVE, {"day": version.effective})
    for number, objective in enumerate(version.objectives, start=1):
        first = next(
            n for n, earlier in enumerate(version.objectives, start=1) if _count_alike(earlier, objective)
        )
        yield "\n".join(_objective(number, objective, first, language))


def _count_alike(one: Objective, other: Objective) -> bool:
    return (one.measure, one.channel) == (other.measure, other.channel)


def _objective(number: int, objective: Objective, first: int, language: Language) -> Iterator[str]:
    name = language.say(DESCRIPTIONS[objective.measure.kind].name, {})
    yield language.say(contract.HEADING, {"number": number, "measure": name, "name": objective.name})
    if objective.description:
        yield _filled(language.quoted(objective.description), _INDENT)
    yield ""
    yield from _laid_out(list(_blocks(objective, None if first == number else first, language)), _INDENT)


def _blocks(objective: Objective, counted_as: int | None, language: Language) -> Iterator[Block]:
    words, values = DESCRIPTIONS[objective.measure.kind], _values(objective, language)
    yield _block(contract.PROMISED, contract.WHERE, (), values, language)
    if counted_as is None:
        yield _block(contract.COUNTED, words.counted, words.edges, values, language)
    else:
        yield _block(contract.COUNTED, contract.COUNTED_AS, (), {"number": counted_as}, language)
    yield _block(contract.JUDGED, contract.JUDGED_OVER, (words.belongs, words.provisional), values, language)
    if objective.alert is None:
        yield _block(contract.ALERT, contract.NO_ALERT, (), {}, language)
    else:
        alert = _alert_values(objective, objective.alert, language)
        yield _block(contract.ALERT, contract.ALERTED, (), alert, language)


def _block(label: Text, said: Said, points: Said, values: Mapping[str, Any], language: Language) -> Block:
    listed = [language.say(text, values) for text in chosen(points, values)]
    return language.say(label, {}), _sentences(said, values, language), listed


def _values(objective: Objective, language: Language) -> dict[str, Any]:
    """What fills the blanks: what the objective and its measure say, and the words for what is counted."""
    queues = objective.queues
    nouns = {
        "contact": language.say(contract.ONE[objective.channel], {}),
        "contacts": language.say(contract.MANY[objective.channel], {}),
    }
    return {
        **dict(objective.measure),
        **nouns,
        "target": _target(objective, objective.target, language),
        "queues": queues if queues == "all" else "one" if len(queues) == 1 else queues,
        "queue_names": language.listed(queues) if queues != "all" else "",
        "judge": objective.judge,
        "window_names": language.listed([_window(window, language) for window in objective.windows]),
        "minimum_sample": str(objective.minimum_sample),
        "sampled": language.say(DESCRIPTIONS[objective.measure.kind].sampled, nouns),
    }


def _alert_values(objective: Objective, alert: AlertPolicy, language: Language) -> dict[str, Any]:
    stricter = objective.target.model_copy(
        update={"at_least" if objective.target.at_most is None else "at_most": alert.clear_at}
    )
    return dict(alert) | {
        "severity_name": language.say(contract.SEVERITIES[alert.severity], {}),
        "window_name": _window(alert.window, language),
        "clear_target": "" if alert.clear_at is None else _target(objective, stricter, language),
    }


def _target(objective: Objective, target: Target, language: Language) -> str:
    bound = language.say(contract.BOUNDS[objective.measure.unit], {"bound": target.bound})
    return language.say(contract.AT_LEAST if target.at_most is None else contract.AT_MOST, {"bound": bound})


def _window(name: str, language: Language) -> str:
    if name in contract.WINDOWS:
        return language.say(contract.WINDOWS[name], {})
    return language.say(contract.ROLLING, {"length": _DURATION.validate_python(name.removeprefix("rolling "))})


def _sentences(said: Said, values: Mapping[str, Any], language: Language) -> str:
    return " ".join(language.say(text, values) for text in chosen(said, values))


def _laid_out(blocks: list[Block], indent: str = "") -> Iterator[str]:
    """Labels in a column of their own, what they stand for in another."""
    margin = max(len(label) for label, _, _ in blocks) + 2
    below = indent + margin * " "
    for label, sentences, points in blocks:
        yield _filled(sentences, indent + label.ljust(margin), below)
        for point in points:
            yield _filled(point, below + _BULLET, below + len(_BULLET) * " ")


def _filled(text: str, first: str, below: str | None = None) -> str:
    following = first if below is None else below
    return fill(text, _WIDTH, initial_indent=first, subsequent_indent=following, break_on_hyphens=False)
