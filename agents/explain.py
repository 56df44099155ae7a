"""A contract in sentences: what is counted, by which formula, and when somebody is told.

Written for the person who signs it, in English or French. What becomes of the edge cases is said each time. All
words are in `agents/words`; here they are only put on the page.
"""

from collections.abc import Iterator, Mapping, Sequence
from textwrap import fill
from typing import Any

from pydantic import TypeAdapter

from agents.words import DESCRIPTIONS, contract
from agents.words.frame import Said, Text, chosen
from agents.words.languages import ENGLISH, Language
from agents.words.opening import opening
from schemas.calendar import Exclusion
from schemas.contract import Contract, Objective, Version
from schemas.measures import by_customer
from schemas.policies import AlertPolicy, Target
from schemas.words import Unit
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
    if promised.exclusions:
        blocks.append(_excluded(promised.exclusions, language))
    title = [promised.title or promised.name, language.say(contract.PROMISED_TO, values)]
    return "\n".join([*title, "", *_laid_out(blocks)])


def _excluded(exclusions: Sequence[Exclusion], language: Language) -> Block:
    told = [_sentences(contract.EXCLUSION, dict(exclusion), language) for exclusion in exclusions]
    return language.say(contract.EXCLUDED, {}), language.say(contract.EXCLUDED_ARE, {}), told


def _version(version: Version, language: Language) -> Iterator[str]:
    yield language.say(contract.EFFECTIVE, {"day": version.effective})
    for number, objective in enumerate(version.objectives, start=1):
        first = next(
            n for n, earlier in enumerate(version.objectives, start=1) if _count_alike(earlier, objective)
        )
        yield "\n".join(_objective(number, objective, first, language))


def _count_alike(one: Objective, other: Objective) -> bool:
    return _how_counted(one) == _how_counted(other)


def _how_counted(objective: Objective) -> tuple[Any, ...]:
    """Where it is of some contacts only, what the others of their customers matter is said, too."""
    says_others = bool(objective.only) and by_customer(objective.measure)
    return objective.measure, objective.channel, says_others


def _objective(number: int, objective: Objective, first: int, language: Language) -> Iterator[str]:
    name = language.say(DESCRIPTIONS[objective.measure.kind].name, {})
    yield language.say(contract.HEADING, {"number": number, "measure": name, "name": objective.name})
    if objective.description:
        yield _filled(language.quoted(objective.description), _INDENT)
    yield ""
    yield from _laid_out(list(_blocks(objective, None if first == number else first, language)), _INDENT)


def _blocks(objective: Objective, counted_as: int | None, language: Language) -> Iterator[Block]:
    words, values = DESCRIPTIONS[objective.measure.kind], _values(objective, language)
    yield (
        language.say(contract.PROMISED, {}),
        _sentences(contract.WHERE, values, language),
        _only(objective, language),
    )
    if counted_as is None:
        yield _block(contract.COUNTED, words.counted, words.edges, values, language)
    else:
        yield _block(contract.COUNTED, contract.COUNTED_AS, (), {"number": counted_as}, language)
    points = (contract.AGGREGATED, contract.CERTAIN, words.belongs, words.provisional, contract.FINAL)
    yield _block(contract.JUDGED, contract.JUDGED_OVER, points, values, language)
    if objective.alert is None:
        yield _block(contract.ALERT, contract.NO_ALERT, (), {}, language)
    else:
        alert = _alert_values(objective, objective.alert, language)
        yield _block(contract.ALERT, contract.ALERTED, (), alert, language)


def _only(objective: Objective, language: Language) -> list[str]:
    if objective.only is None:
        return []
    return [language.say(text, dict(objective.only)) for text in chosen(contract.ONLY, dict(objective.only))]


def _block(label: Text, said: Said, points: Said, values: Mapping[str, Any], language: Language) -> Block:
    listed = [language.say(text, values) for text in chosen(points, values)]
    return language.say(label, {}), _sentences(said, values, language), listed


def _values(objective: Objective, language: Language) -> dict[str, Any]:
    """What fills the blanks: what the objective and its measure say, and the words for what is counted."""
    queues, intervals_met = objective.queues, objective.intervals_met
    nouns = _nouns(objective, language)
    return {
        **dict(objective),
        **dict(objective.measure),
        **nouns,
        "target": _target(objective.target, objective.measure.unit, language),
        "channel_names": language.listed([language.say(contract.MANY[name], {}) for name in objective.channels]),
        "queues": queues if queues == "all" else "one" if len(queues) == 1 else queues,
        "queue_names": language.listed(queues) if queues != "all" else "",
        "interval_name": _interval(objective.interval, language) if objective.interval else "",
        "intervals_promised": _target(intervals_met, "ratio", language) if intervals_met else "",
        "window_names": language.listed([_window(window, language) for window in objective.windows]),
        "minimum_sample": str(objective.minimum_sample),
        "sampled": language.say(DESCRIPTIONS[objective.measure.kind].sampled, nouns),
    }


def _nouns(objective: Objective, language: Language) -> dict[str, str]:
    channel, *others = objective.channels
    one = contract.CONTACT if others else contract.ONE[channel]
    many = contract.CONTACTS if others else contract.MANY[channel]
    return {"contact": language.say(one, {}), "contacts": language.say(many, {})}


def _alert_values(objective: Objective, alert: AlertPolicy, language: Language) -> dict[str, Any]:
    target = objective.target_over(alert.window)
    unit: Unit = objective.measure.unit if target is objective.target else "ratio"
    stricter = target.model_copy(update={"at_least" if target.at_most is None else "at_most": alert.clear_at})
    return dict(alert) | {
        "severity_name": language.say(contract.SEVERITIES[alert.severity], {}),
        "window_name": _window(alert.window, language),
        "clear_target": "" if alert.clear_at is None else _target(stricter, unit, language),
        "burn_over": _window(alert.burn_rate.over, language) if alert.burn_rate else "",
    }


def _target(target: Target, unit: Unit, language: Language) -> str:
    bound = language.say(contract.BOUNDS[unit], {"bound": target.bound})
    return language.say(contract.AT_LEAST if target.at_most is None else contract.AT_MOST, {"bound": bound})


def _window(name: str, language: Language) -> str:
    if name in contract.WINDOWS:
        return language.say(contract.WINDOWS[name], {})
    return language.say(contract.ROLLING, {"length": _DURATION.validate_python(name.removeprefix("rolling "))})


def _interval(length: str, language: Language) -> str:
    return _window(length if length in contract.WINDOWS else f"interval {length}", language)


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
