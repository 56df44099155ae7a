"""An alert and its end, at the instants of the story that the notifier's tests tell."""

from dataclasses import replace

from agents.notify.news import News, Reader, news_of
from agents.words.languages import ENGLISH, FRENCH
from schemas.alerts import Alert, AlertEvent
from schemas.verdicts import Reason

#: 2026-11-02T09:00:00Z, when the target was first missed, and half a minute later, when that was told.
SINCE_MS = 1_793_610_000_000
AT_MS = SINCE_MS + 30_000
#: The wall clock of whoever tells it.
NOW_MS = AT_MS + 3_600_000

OPENED = Alert(
    id="9f2c41d07be85a6310cc7de4-opened",
    event=AlertEvent.BREACH_OPENED,
    episode="9f2c41d07be85a6310cc7de4",
    severity="critical",
    client="acme",
    channel="voice",
    contract="acme-voice",
    objective="voice-80-20",
    queue="billing",
    window="rolling 15m",
    since=SINCE_MS,
    at=AT_MS,
    reason=Reason.TARGET_MISSED,
    numerator=71,
    denominator=100,
    value=0.71,
    unit="ratio",
    target=0.8,
    at_most=False,
    waiting=7,
    summary="acme: voice-80-20 in billing at 71.0 %, promised 80.0 %",
)
RESOLVED = replace(
    OPENED,
    id="9f2c41d07be85a6310cc7de4-resolved",
    event=AlertEvent.BREACH_RESOLVED,
    at=AT_MS + 600_000,
    reason=Reason.TARGET_MET,
    numerator=85,
    value=0.85,
    waiting=0,
)
SILENT = replace(
    OPENED,
    id="03d1b7aa58e94cf26d10e3f7-opened",
    event=AlertEvent.FEED_SILENT,
    episode="03d1b7aa58e94cf26d10e3f7",
    objective=None,
    queue=None,
    window=None,
    reason=Reason.FEED_SILENT,
    numerator=None,
    denominator=None,
    value=None,
    unit=None,
    target=None,
    at_most=None,
    waiting=None,
    summary="acme: no facts on voice since 09:00",
)
LOST = replace(
    OPENED,
    id="9f2c41d07be85a6310cc7de4-lost-1796083200000",
    event=AlertEvent.TARGET_LOST,
    window="month",
    at=AT_MS + 60_000,
    reason=Reason.OUT_OF_REACH,
)

AT_RISK = replace(
    OPENED,
    id="c7de49f2c41d07be85a6310c-opened",
    event=AlertEvent.RISK_OPENED,
    episode="c7de49f2c41d07be85a6310c",
    severity="warning",
    window="month",
    reason=Reason.NEEDS_MORE_THAN_TREND,
    numerator=81,
    value=0.81,
    rate_needed=0.78,
    expected=200,
)

BOARD = "https://board.example.com"
IN_ENGLISH = Reader(language=ENGLISH, board=BOARD)
IN_FRENCH = Reader(language=FRENCH, zone="Europe/Paris", board=BOARD)
#: What a person reads of the opening.
TITLE = "acme: voice-80-20 in billing is at 71%, at least 80% was promised"


def told(*alerts: Alert) -> News:
    """What a receiver is told of them in English."""
    return news_of(alerts, IN_ENGLISH)


def storm(count: int) -> list[Alert]:
    """So many alerts of one client that begin together."""
    return [
        replace(OPENED, id=f"{number:024}-opened", episode=f"{number:024}", queue=f"queue-{number}")
        for number in range(count)
    ]
