"""Which places a tick can pass over: those of which nothing was told, and in which nothing goes on by itself.

To judge everything each second would cost by the objective, however little happens. So a place is looked at again
when something was told of one of its queues, while somebody waits there or something is to be done, and once in a
minute, by which windows move, and by which all is rounded that time alone changes. Episodes are followed anyway.
"""

from collections.abc import Mapping

from sla_stream.changes import FeedKey
from sla_stream.judged import EpisodeKey
from sla_stream.moment import Moment
from sla_stream.panes import minute_of
from sla_stream.promises import Agreement, Channels


class Rest:
    """What the ticks before have seen, and what was told since the last."""

    def __init__(self) -> None:
        self._at_rest: set[EpisodeKey] = set()
        self._told: dict[FeedKey, set[str]] = {}
        self._seen: dict[tuple[str, Channels], Moment] = {}

    def hear(self, moved: Mapping[FeedKey, set[str]]) -> None:
        """Something was told of these queues."""
        for feed, queues in moved.items():
            self._told.setdefault(feed, set()).update(queues)

    def stirred(self, agreement: Agreement, channels: Channels, moment: Moment) -> set[str] | None:
        """The queues of which anything was told since the last tick; None: look at every place anew."""
        seen = moment._replace(at_ms=minute_of(moment.at_ms))
        before, self._seen[agreement.name, channels] = self._seen.get((agreement.name, channels)), seen
        if before != seen:
            return None
        return set().union(*(self._told.get(FeedKey(agreement.client, channel), ()) for channel in channels))

    def is_at_rest(self, place: EpisodeKey) -> bool:
        """Whether nothing went on there when it was last judged."""
        return place in self._at_rest

    def note(self, place: EpisodeKey, *, goes_on: bool) -> None:
        """It was judged."""
        if goes_on:
            self._at_rest.discard(place)
        else:
            self._at_rest.add(place)

    def end(self) -> None:
        """The tick is over: what was told was looked at."""
        self._told.clear()
