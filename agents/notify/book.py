"""All notices of one partition: what alerts, acknowledgements, the clock and receivers change in them.

Each method returns what it changed, by key, to be stored; None is to be forgotten. Whatever comes a second time
changes nothing.
"""

from collections.abc import Callable, Iterator, Mapping

from agents.notify import notice as notices
from agents.notify.notice import Key, Notice
from agents.notify.planning import Step, plan
from agents.notify.routes import Routes
from schemas.alerts import Alert, AlertEvent
from schemas.notify import Route

Changes = dict[Key, Notice | None]
_Like = tuple[str, str, AlertEvent, bool]

#: What a message can hold, and a person read.
_MOST_TOGETHER = 100

#: So long after its end an alert that comes again is known not to be new.
_REMEMBERED_MS = 3_600_000


class Book:
    """The notices, and the alerts that they were made of."""

    def __init__(self) -> None:
        self.notices: dict[Key, Notice] = {}
        #: Found quickly, since in a storm each alert asks: by episode, and what still waits for more of its like.
        self._about: dict[str, dict[Key, None]] = {}
        self._gathering: dict[_Like, Key] = {}

    def restore(self, key: Key, notice: Notice | None) -> None:
        """Take back a stored notice. One that changes keeps its place: the oldest is brought first."""
        self._leave_out(key)
        if notice is None:
            self.notices.pop(key, None)
            return
        self.notices[key] = notice
        for alert in notice.began:
            self._about.setdefault(alert.episode, {})[key] = None
        if notice.gathers and notice.is_waiting:
            self._gathering[_like(notice)] = key

    def hear(self, alert: Alert, routes: Routes, now_ms: int) -> Changes:
        """What becomes of an alert that was announced."""
        if alert.event.closes:
            return self._each(alert.episode, lambda one: _ended(one, alert, now_ms))
        changes = Changes()
        for step in plan(routes, alert, now_ms):
            self._begin_or_go_on(step, alert, routes, now_ms, changes)
        return self._keep(changes)

    def acknowledge(self, episode: str) -> Changes:
        """Somebody sees to the episode: who would be told because nobody does, need not be."""
        return self._each(episode, notices.acknowledged)

    def tick(self, routes: Routes, now_ms: int) -> Changes:
        """Tell what is due, say again what must be said again, and forget what has long been over."""
        repeat_ms = {receiver.name: receiver.repeat_ms for receiver in routes.receivers}
        changes = Changes()
        for key, notice in self.notices.items():
            if notice.is_waiting and notice.due_ms <= now_ms:
                changes[key] = notices.told(notice, now_ms)
            elif _must_be_repeated(notice, repeat_ms.get(key.receiver), now_ms):
                changes[key] = notices.repeated(notice, now_ms)
            elif notice.over_ms is not None and not notice.outbox and notice.over_ms + _REMEMBERED_MS <= now_ms:
                changes[key] = None
        return self._keep(changes)

    def taken(self, key: Key) -> Changes:
        """The receiver has the first message of the notice's outbox."""
        notice = self.notices.get(key)
        return self._keep({key: notices.taken(notice)} if notice and notice.outbox else {})

    def narrow(self, key: Key, takes: Callable[[AlertEvent], bool]) -> Changes:
        """The receiver does not want all of it."""
        notice = notices.narrowed(self.notices[key], takes)
        return self._keep({key: notice} if notice != self.notices[key] else {})

    def given_up(self, key: Key) -> Changes:
        """The receiver never will have it."""
        return self._keep({key: notices.given_up(self.notices[key])})

    def outboxes(self) -> Iterator[tuple[Key, Notice]]:
        """Notices of which something is still to be brought, oldest first."""
        return ((key, notice) for key, notice in self.notices.items() if notice.outbox)

    def _begin_or_go_on(self, step: Step, alert: Alert, routes: Routes, now_ms: int, changes: Changes) -> None:
        known = self._of(step.receiver, alert.episode)
        if known is not None:
            key, notice = known
            is_news = alert.event is AlertEvent.TARGET_LOST and alert.id not in (key.alert, *notice.heard)
            if is_news and notice.over_ms is None:
                changes[key] = notices.worsened(notice, alert)
            return
        begun = _begun(step, alert, routes.routes[step.route], now_ms)
        gathering = self._gathering.get(_like(begun)) if step.gathers else None
        others = self.notices.get(gathering) if gathering else None
        if gathering and others and others.is_waiting and len(others.began) < _MOST_TOGETHER:
            changes[gathering] = notices.joined(others, alert)
        else:
            changes[Key(alert.id, step.receiver)] = begun

    def _of(self, receiver: str, episode: str) -> tuple[Key, Notice] | None:
        return next(((key, one) for key, one in self._knowing(episode) if key.receiver == receiver), None)

    def _knowing(self, episode: str) -> list[tuple[Key, Notice]]:
        """The notices of an episode, but for those that it had left before they were told."""
        about = ((key, self.notices[key]) for key in self._about.get(episode, ()))
        return [(key, one) for key, one in about if one.knows(episode)]

    def _each(self, episode: str, change: Callable[[Notice], Notice]) -> Changes:
        about = self._knowing(episode)
        return self._keep({key: after for key, one in about if (after := change(one)) != one})

    def _leave_out(self, key: Key) -> None:
        """What it was about it may be about no longer."""
        known = self.notices.get(key)
        for alert in known.began if known else ():
            keys = self._about[alert.episode]
            del keys[key]
            if not keys:
                del self._about[alert.episode]

    def _keep(self, changes: Mapping[Key, Notice | None]) -> Changes:
        for key, notice in changes.items():
            self.restore(key, notice)
        return dict(changes)


def _like(notice: Notice) -> _Like:
    """The same thing at the same client for the same receiver has one cause."""
    first = notice.began[0]
    return notice.receiver, first.client, first.event, notice.unless_acknowledged


def _begun(step: Step, alert: Alert, route: Route, now_ms: int) -> Notice:
    """Told at once where nothing holds it: even if it is over by the next look, machines want to know."""
    notice = Notice(
        receiver=step.receiver,
        language=route.language,
        zone=route.time_zone,
        began=(alert,),
        due_ms=step.due_ms,
        gathers=step.gathers,
        unless_acknowledged=step.unless_acknowledged,
    )
    return notices.told(notice, now_ms) if step.due_ms <= now_ms else notice


def _ended(notice: Notice, alert: Alert, now_ms: int) -> Notice:
    is_open = any(one.episode == alert.episode for one in notice.open)
    return notices.ended(notice, alert, now_ms) if is_open and notice.over_ms is None else notice


def _must_be_repeated(notice: Notice, repeat_ms: int | None, now_ms: int) -> bool:
    if repeat_ms is None or notice.told_ms is None or notice.over_ms is not None:
        return False
    return not notice.outbox and not notice.is_given_up and notice.told_ms + repeat_ms <= now_ms
