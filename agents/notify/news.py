"""What a receiver is told in one message, worded once for every kind of receiver.

Pure: alerts in, words out. Each route chooses its language and the time zone of its people.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from agents.words import alerts as words
from agents.words.contract import SEVERITIES
from agents.words.frame import Text
from agents.words.languages import Language
from schemas.alerts import Alert, AlertEvent, Severity
from schemas.verdicts import Reason
from schemas.words import Unit
from schemas.written import duration_ms
from sla_stream.recovering import good_in_a_row
from sla_stream.wording import rounded

_WORST_FIRST: tuple[Severity, ...] = ("critical", "error", "warning", "info")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """How somebody reads: in which language, by which clock, and where the board is (a URL, or none)."""

    language: Language
    zone: str = "UTC"
    board: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A message for people: one line that must be enough, facts with their labels, or a list of many alerts."""

    title: str
    facts: tuple[tuple[str, str], ...] = ()
    listed: tuple[str, ...] = ()
    link: str | None = None
    link_text: str = ""

    @property
    def lines(self) -> list[str]:
        """All but title and link, as plain text."""
        return [*(f"{label}: {value}" for label, value in self.facts), *(f"- {line}" for line in self.listed)]


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """One message: of one alert, or of several that came together.

    `id` is the same at every try. `episode` joins a beginning and its end.
    """

    id: str
    episode: str
    alerts: tuple[Alert, ...]
    words: Words

    @property
    def alert(self) -> Alert:
        """The first, which for most is the only one."""
        return self.alerts[0]

    @property
    def closes(self) -> bool:
        """Whether it is over with this."""
        return self.alert.event.closes

    @property
    def severity(self) -> Severity:
        """Of several the worst."""
        return min((alert.severity for alert in self.alerts), key=_WORST_FIRST.index)


def news_of(alerts: Sequence[Alert], reader: Reader, *, episode: str | None = None, is_test: bool = False) -> News:
    """What to tell of alerts, which all begin something or all end it; by itself the first names the episode."""
    first = alerts[0]
    written = _words_of_one(first, reader) if len(alerts) == 1 else _words_of_many(alerts, reader)
    if is_test:
        written = replace(written, title=reader.language.say(words.TEST, {"title": written.title}))
    return News(id=id_of(alerts), episode=episode or first.episode, alerts=tuple(alerts), words=written)


def id_of(alerts: Sequence[Alert]) -> str:
    """Of the message that tells of them: the same whenever it is worked out."""
    return alerts[0].id if len(alerts) == 1 else f"{alerts[0].id}-with-others"


def _words_of_one(alert: Alert, reader: Reader) -> Words:
    return Words(
        title=_title(alert, reader.language),
        facts=tuple(_facts(alert, reader)),
        link=_link(alert, reader, alert.objective),
        link_text=reader.language.say(words.BOARD, {}),
    )


def _words_of_many(alerts: Sequence[Alert], reader: Reader) -> Words:
    first, language = alerts[0], reader.language
    text = words.MANY_END if first.event.closes else words.MANY_BEGIN
    return Words(
        title=language.say(text, {"client": first.client, "count": len(alerts)}),
        listed=tuple(_title(alert, language) for alert in alerts),
        link=_link(first, reader, None),
        link_text=language.say(words.BOARD, {}),
    )


def _title(alert: Alert, language: Language) -> str:
    values = {
        "client": alert.client,
        "channel": alert.channel,
        "objective": alert.objective,
        "place": language.say(words.IN_QUEUE if alert.queue else words.IN_ALL, {"queue": alert.queue}),
        "value": _value(alert, language),
        "target": _target(alert, language),
        "window": _window(alert.window, language),
    }
    return language.say(_said(alert), values)


def _said(alert: Alert) -> Text:
    """An end has its reason: most are good news."""
    is_of_risk = alert.event is AlertEvent.RISK_RESOLVED
    if alert.objective and alert.reason is Reason.NOT_PROMISED:
        return words.UNWATCHED if is_of_risk else words.WITHDRAWN
    if is_of_risk and alert.reason in (Reason.TARGET_MISSED, Reason.OUT_OF_REACH):
        return words.CAME_TO_IT
    return words.TITLES[alert.event]


def _facts(alert: Alert, reader: Reader) -> Iterator[tuple[str, str]]:
    """Each with its label; what is not known is left out."""
    language = reader.language

    def fact(label: Text, text: Text, **values: object) -> tuple[str, str]:
        return language.say(label, {}), language.say(text, values)

    if alert.target is not None:
        target, window = _target(alert, language), _window(alert.window, language)
        yield fact(words.PROMISED, words.PROMISED_IS, target=target, window=window)
    if alert.value is not None:
        yield language.say(words.NOW, {}), _value(alert, language)
    since = datetime.fromtimestamp(alert.since / 1000, ZoneInfo(reader.zone))
    yield fact(words.SINCE, words.SINCE_IS, at=since, zone=reader.zone)
    if contacts := _contacts(alert, language):
        yield language.say(words.CONTACTS, {}), contacts
    if recovery := _recovery(alert, language):
        label = words.KEEPING if alert.event is AlertEvent.RISK_OPENED else words.RECOVERY
        yield language.say(label, {}), recovery
    yield fact(words.SEVERITY, SEVERITIES[alert.severity])


def _contacts(alert: Alert, language: Language) -> str:
    sample = alert.denominator if alert.sample is None else alert.sample
    known = ((words.CONTACTS_ARE, {"sample": sample}), (words.WAITING, {"waiting": alert.waiting}))
    return ", ".join(language.say(text, values) for text, values in known if None not in values.values())


def _recovery(alert: Alert, language: Language) -> str | None:
    """What must come for the target to be met again; None where that cannot be said in contacts."""
    if alert.event.closes or alert.target is None or alert.unit is None:
        return None
    if alert.reason is Reason.OUT_OF_REACH:
        return language.say(words.OUT_OF_REACH, {})
    if alert.rate_needed is not None and alert.expected:
        rate = _bound(alert.rate_needed, alert.unit, language, is_most=bool(alert.at_most), rounds_up=True)
        return language.say(words.RATE_NEEDED, {"rate": rate, "expected": alert.expected})
    if not _is_share_of_contacts(alert):
        return None
    count = good_in_a_row(alert.numerator or 0, alert.denominator or 0, alert.target, at_most=bool(alert.at_most))
    return language.say(words.IN_A_ROW, {"count": count}) if count else None


def _is_share_of_contacts(alert: Alert) -> bool:
    """Whether the value is numerator by denominator, and not a mean of intervals or a share of them."""
    if alert.unit != "ratio" or alert.value is None or not alert.denominator or alert.numerator is None:
        return False
    return abs(alert.numerator / alert.denominator - alert.value) < 1e-9  # noqa: PLR2004 - what a float loses


def _value(alert: Alert, language: Language) -> str:
    if alert.value is None or alert.unit is None:
        return "-"
    shown = rounded(alert.value, alert.unit, at_most=bool(alert.at_most))
    return _figure(shown.number, alert.unit, language)


def _target(alert: Alert, language: Language) -> str:
    if alert.target is None or alert.unit is None:
        return "-"
    return _bound(alert.target, alert.unit, language, is_most=bool(alert.at_most))


def _bound(value: float, unit: Unit, language: Language, *, is_most: bool, rounds_up: bool = False) -> str:
    """At least so much, or at most. What is needed is rounded so that it is enough."""
    figure = _figure(rounded(value, unit, at_most=rounds_up and not is_most).number, unit, language)
    return language.say(words.AT_MOST if is_most else words.AT_LEAST, {"bound": figure})


def _figure(shown: float, unit: Unit, language: Language) -> str:
    match unit:
        case "ratio":
            return language.share(Fraction(str(shown)) / 100)
        case "ms":
            return language.say(words.SECONDS, {"count": Fraction(str(shown))})
        case "points":
            return language.say(words.POINTS, {"count": Fraction(str(shown))})
        case "score":
            return language.number(Fraction(str(shown)))


def _window(name: str | None, language: Language) -> str:
    if name is None:
        return ""
    kind, _, length = name.partition(" ")
    if kind == "rolling":
        return language.say(words.ROLLING, {"length": duration_ms(length)})
    return language.say(words.WINDOWS[name], {})


def _link(alert: Alert, reader: Reader, objective: str | None) -> str | None:
    """To the board, at what the alert is about."""
    if reader.board is None:
        return None
    asked = {"client": alert.client, "contract": alert.contract, "objective": objective, "queue": alert.queue}
    query = {name: value for name, value in asked.items() if value and (objective or name == "client")}
    return f"{reader.board.rstrip('/')}/?{urlencode(query | {'lang': reader.language.code})}"
