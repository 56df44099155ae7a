"""What judging keeps and tells: verdicts and episodes, and whose they are."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, get_args

from schemas.alerts import Alert
from schemas.verdicts import Verdict
from schemas.words import Channel
from sla_stream.changes import FeedKey
from sla_stream.episode import Episode
from sla_stream.finding import Finding
from sla_stream.promises import Promise
from sla_stream.scopes import Scope


class EpisodeKey(NamedTuple):
    """Whose episode it is. A silent feed has no objective and no queue; several channels are one name.

    That a target is at `risk` is an episode beside that of its breach.
    """

    client: str
    contract: str
    channel: str
    objective: str | None
    queue: str | None
    risk: bool = False

    @property
    def of_risk(self) -> "EpisodeKey":
        """The same promise's, of its risk."""
        return self._replace(risk=True)

    @property
    def written(self) -> tuple[str | bool | None, ...]:
        """What it is stored under and its episodes are named by: of all but risks the five names, as ever."""
        return self if self.risk else self[:-1]


class VerdictKey(NamedTuple):
    """What is judged."""

    client: str
    contract: str
    objective: str
    queue: str | None
    window: str


@dataclass(frozen=True, slots=True)
class EpisodeRecord:
    """An episode as it is stored, with the alert that is still to be announced."""

    episode: Episode
    alert: Alert | None = None


@dataclass(slots=True)
class Judged:
    """What judging changed: verdicts, and episodes as they are now. A tick tells each client's clock, too.

    `clocks`: client -> the event time at which it was judged, of its channels the latest (epoch ms).
    """

    verdicts: dict[VerdictKey, Verdict] = field(default_factory=dict)
    episodes: dict[EpisodeKey, EpisodeRecord | None] = field(default_factory=dict)
    clocks: dict[str, int] = field(default_factory=dict, compare=False)  # that time goes on is no change


def verdict_key(finding: Finding) -> VerdictKey:
    """Of what was found."""
    (promise, zoned, _), queue = finding.aim, finding.scope.queue
    return VerdictKey(promise.client, promise.contract, promise.objective.name, queue, zoned.window.name)


def episode_key(promise: Promise, scope: Scope) -> EpisodeKey:
    """Of a promise in one place."""
    name = promise.objective.name
    return EpisodeKey(promise.client, promise.contract, promise.channel, name, scope.queue)


def feeds_of(key: EpisodeKey) -> Iterator[FeedKey]:
    """The feeds that it is about, be it one or several together."""
    named = key.channel.split("+")
    return (FeedKey(key.client, channel) for channel in get_args(Channel) if channel in named)
