"""The instant at which a client is judged: event time, which the wall clock only helps along."""

from collections.abc import Sequence
from typing import NamedTuple

from sla_stream.boards import Heard
from sla_stream.promises import Agreement

#: A source that keeps up tells of a fact within seconds.
_KEEPS_UP_MS = 60_000


class Moment(NamedTuple):
    """When (event time, epoch ms), and whether the feed says nothing: `silent` in the client's hours.

    While a backlog or history is worked off it lies behind the wall clock: `catching_up`. `is_news`: not so far
    that nobody should be told.
    """

    at_ms: int
    quiet: bool
    silent: bool
    catching_up: bool
    is_news: bool


def together(moments: Sequence[Moment]) -> Moment:
    """Of several feeds: the latest instant. If one of them is silent, nothing can be said of them together."""
    return Moment(
        max(moment.at_ms for moment in moments),
        all(moment.quiet for moment in moments),
        any(moment.silent for moment in moments),
        any(moment.catching_up for moment in moments),
        all(moment.is_news for moment in moments),
    )


def moment_of(agreement: Agreement, heard: Heard, now_ms: int) -> Moment:
    """The instant at which a client is judged. A feed is silent only if it was open for that long, too."""
    silence_ms = max(0, now_ms - heard.heard_ms)
    at_ms = heard.watermark_ms + silence_ms
    is_open = agreement.hours.is_open
    quiet = silence_ms > agreement.silence_ms
    silent = quiet and is_open(at_ms) and is_open(at_ms - agreement.silence_ms)
    behind_ms = now_ms - at_ms
    return Moment(at_ms, quiet, silent, behind_ms > _KEEPS_UP_MS, behind_ms <= agreement.alert_horizon_ms)
