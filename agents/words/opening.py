"""Opening hours in words: `Mo-Sa 08:00-20:00; PH off` for somebody who does not know the syntax.

Days, times and public holidays are put into words. Hours that say more than that are shown as they are written:
a contract must not promise less in words than it does in its file.
"""

import re

from agents.words.frame import Text
from agents.words.languages import Language

_DAYS = {
    "Mo": Text("Monday", "lundi"),
    "Tu": Text("Tuesday", "mardi"),
    "We": Text("Wednesday", "mercredi"),
    "Th": Text("Thursday", "jeudi"),
    "Fr": Text("Friday", "vendredi"),
    "Sa": Text("Saturday", "samedi"),
    "Su": Text("Sunday", "dimanche"),
}
_DAY = Text("{day}", "le {day}")
_FROM_DAY_TO_DAY = Text("{first} to {last}", "du {first} au {last}")
_EVERY_DAY = Text("every day", "tous les jours")
_HOLIDAYS = Text("public holidays ({country})", "les jours fériés ({country})")
_OPEN, _CLOSED = Text("{days} {spans}", "{days} {spans}"), Text("closed on {days}", "fermé {days}")
_SPAN = Text("{opens} to {closes}", "de {opens} à {closes}")
_WHOLE_HOUR, _TIME = Text("{hour}:00", "{short_hour} h"), Text("{hour}:{minute}", "{short_hour} h {minute}")
_ALWAYS = Text("at every hour of every day", "24 heures sur 24, 7 jours sur 7")
_AS_WRITTEN = Text(
    "{hours} (as OpenStreetMap writes opening hours)",
    "{hours} (selon la notation des horaires d'OpenStreetMap)",
)

_NAME = f"(?:{'|'.join(_DAYS)})"
_NAMES = f"(?:PH|{_NAME}(?:-{_NAME})?)"
_TIMES = r"\d\d:\d\d-\d\d:\d\d"
_RULE = f"(?:{_NAMES}(?:,{_NAMES})* )?(?:{_TIMES}(?:,{_TIMES})*|off)"
_UNDERSTOOD = re.compile(f"{_RULE}(?:; {_RULE})*")


def opening(hours: str, country: str | None, language: Language) -> str:
    """Say when a centre is open."""
    if hours == "24/7":
        return language.say(_ALWAYS, {})
    if not _UNDERSTOOD.fullmatch(hours):
        return language.say(_AS_WRITTEN, {"hours": hours})
    return language.between.join(_rule(rule, country, language) for rule in hours.split("; "))


def _rule(rule: str, country: str | None, language: Language) -> str:
    names, _, times = rule.rpartition(" ")
    days = language.listed([_days(name, country, language) for name in names.split(",")])
    if times == "off":
        return language.say(_CLOSED, {"days": days})
    spans = language.listed([_span(span, language) for span in times.split(",")])
    return language.say(_OPEN, {"days": days, "spans": spans})


def _days(name: str, country: str | None, language: Language) -> str:
    if not name:
        return language.say(_EVERY_DAY, {})
    if name == "PH":
        return language.say(_HOLIDAYS, {"country": country})
    first, *last = (language.say(_DAYS[day], {}) for day in name.split("-"))
    if not last:
        return language.say(_DAY, {"day": first})
    return language.say(_FROM_DAY_TO_DAY, {"first": first, "last": last[0]})


def _span(span: str, language: Language) -> str:
    opens, closes = (_time(time, language) for time in span.split("-"))
    return language.say(_SPAN, {"opens": opens, "closes": closes})


def _time(time: str, language: Language) -> str:
    hour, minute = time.split(":")
    values = {"hour": hour, "short_hour": str(int(hour)), "minute": minute}
    return language.say(_WHOLE_HOUR if minute == "00" else _TIME, values)
