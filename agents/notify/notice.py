"""What one receiver is told of an episode, or of several that began together: a beginning, news of it, one end.

A notice is its own outbox: what is still to be brought stands in it, so that a worker that takes over goes on
where another left off. Pure: each function returns the notice as it is then.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

from pydantic import TypeAdapter

from schemas.alerts import Alert, AlertEvent


class Key(NamedTuple):
    """Which notice it is: the alert that began it, and for whom."""

    alert: str
    receiver: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """`began` are its openings, `ended` the ends of some or all of them.

    The beginning is told at `due_ms` (wall clock); until then others may join one that `gathers`. `told_ms` is
    when it was put into `outbox`, the messages that nobody has taken yet, each of one alert or of several.
    `over_ms` is when there was nothing more to tell. `heard` are the ids of news that came in between.
    `language` and `zone` are how people read.
    """

    receiver: str
    language: str
    zone: str
    began: tuple[Alert, ...]
    due_ms: int
    ended: tuple[Alert, ...] = ()
    gathers: bool = False
    unless_acknowledged: bool = False
    is_acknowledged: bool = False
    is_given_up: bool = False
    told_ms: int | None = None
    over_ms: int | None = None
    outbox: tuple[tuple[Alert, ...], ...] = ()
    heard: tuple[str, ...] = ()

    @property
    def is_waiting(self) -> bool:
        """Whether its beginning is still to be told, and may never be."""
        return self.told_ms is None and self.over_ms is None

    @property
    def open(self) -> tuple[Alert, ...]:
        """The openings whose episodes are not over."""
        over = {alert.episode for alert in self.ended}
        return tuple(alert for alert in self.began if alert.episode not in over)

    def knows(self, episode: str) -> bool:
        """Whether it is about this episode."""
        return any(alert.episode == episode for alert in self.began)


NOTICE: TypeAdapter[Notice] = TypeAdapter(Notice)


def joined(notice: Notice, alert: Alert) -> Notice:
    """Another that began in time to be told with it."""
    return replace(notice, began=(*notice.began, alert))


def worsened(notice: Notice, alert: Alert) -> Notice:
    """An episode of it can no longer be saved. Before it was told that is its beginning, after it is news."""
    notice = replace(notice, heard=(*notice.heard, alert.id))
    if notice.is_waiting:
        began = tuple(alert if one.episode == alert.episode else one for one in notice.began)
        return replace(notice, began=began)
    return replace(notice, outbox=(*notice.outbox, (alert,)))


def ended(notice: Notice, alert: Alert, now_ms: int) -> Notice:
    """One of its episodes is over. Once all are, it is told, unless their beginning never was."""
    notice = replace(notice, ended=(*notice.ended, alert))
    if notice.open:
        return notice
    if notice.is_waiting:
        return replace(notice, over_ms=now_ms)
    told = {one.episode for one in notice.began}
    end = tuple(one for one in notice.ended if one.episode in told)
    return replace(notice, outbox=(*notice.outbox, end), over_ms=now_ms)


def told(notice: Notice, now_ms: int) -> Notice:
    """Its time has come: tell what is still open, if nobody has said yet that they see to it."""
    if notice.unless_acknowledged and notice.is_acknowledged:
        return replace(notice, over_ms=now_ms)
    return replace(notice, began=notice.open, ended=(), told_ms=now_ms, outbox=(notice.open,))


def repeated(notice: Notice, now_ms: int) -> Notice:
    """Say again that it is open, to one who forgets."""
    return replace(notice, told_ms=now_ms, outbox=(notice.open,))


def acknowledged(notice: Notice) -> Notice:
    """Somebody sees to it."""
    return replace(notice, is_acknowledged=True)


def taken(notice: Notice) -> Notice:
    """The receiver has the first message of the outbox."""
    return replace(notice, outbox=notice.outbox[1:])


def narrowed(notice: Notice, takes: Callable[[AlertEvent], bool]) -> Notice:
    """Without the messages that the receiver does not want."""
    return replace(notice, outbox=tuple(message for message in notice.outbox if takes(message[0].event)))


def given_up(notice: Notice) -> Notice:
    """The receiver has not taken the first of the outbox, and so gets none that would follow it."""
    return replace(notice, outbox=(), is_given_up=True)
