"""The play: Northwind's four teams on a busy morning, and what befalls them every other hour.

Played at the default speed, two minutes a second, the breach is raised and over within half a minute.
"""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from agents.demo.centre import Centre, Incident
from agents.demo.desk import Team

CLIENT = "northwind"
CONTRACT = Path(__file__).parent / "contracts" / "northwind.yaml"
ZONE = ZoneInfo("Europe/Amsterdam")
SPEED = 120.0
SEED = 5

_MINUTE_MS = 60_000

TEAMS = (
    Team(queue="sales", agents=38, per_minute=8, patience_s=110, serve_s=150, wrap_s=30),
    Team(queue="support", agents=36, per_minute=6, patience_s=180, serve_s=200, wrap_s=40),
    Team(queue="chat", channel="chat", agents=14, at_once=3, per_minute=8, patience_s=300, serve_s=80),
    Team(
        queue="tickets",
        channel="ticket",
        agents=24,
        per_minute=6,
        serve_s=160,
        priorities=("urgent", "normal", "normal"),
    ),
)

CHANNELS = sorted({team.channel for team in TEAMS})

_START = timedelta(hours=9, minutes=30)
#: Facts of this long before the start are told at once, so that every window is full by then.
_EARLIER_MS = 20 * _MINUTE_MS
_INCIDENT_AFTER_MS, _INCIDENT_LASTS_MS, _INCIDENT_EVERY_MS = 14 * _MINUTE_MS, 12 * _MINUTE_MS, 120 * _MINUTE_MS
_INCIDENTS = 1_000

#: Kafka refuses records from the future: at the default speed the play reaches today only after 84 minutes.
_DAYS_AGO = timedelta(days=7)


def begins_ms(now: datetime) -> int:
    """When the play begins, in event time."""
    return _midnight_ms(now) + _START // timedelta(milliseconds=1)


def _midnight_ms(now: datetime) -> int:
    midnight = (now - _DAYS_AGO).astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    return int(midnight.timestamp()) * 1000


def northwind(client: str, now: datetime, seed: int = SEED) -> Centre:
    """The centre of the play, under the name that its facts shall carry."""
    return _centre(client, begins_ms(now), _midnight_ms(now), seed)


def live(client: str, now_ms: int, seed: int = SEED) -> Centre:
    """The centre as it would be now, whose working day has just begun wherever it is."""
    return _centre(client, now_ms, now_ms - _START // timedelta(milliseconds=1), seed)


def _centre(client: str, begin_ms: int, midnight_ms: int, seed: int) -> Centre:
    starts_ms = (begin_ms + _INCIDENT_AFTER_MS + n * _INCIDENT_EVERY_MS for n in range(_INCIDENTS))
    return Centre(
        client,
        TEAMS,
        [Incident(start_ms, start_ms + _INCIDENT_LASTS_MS) for start_ms in starts_ms],
        open_ms=begin_ms - _EARLIER_MS,
        midnight_ms=midnight_ms,
        seed=seed,
    )
