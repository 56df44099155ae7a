"""From tallies to verdicts, episodes and alerts: the second of the two halves of the meaning.

`observe(messages)` takes what the source partitions tell. `tick(now)` judges every objective in force afresh
and returns the verdicts that changed and the episodes that moved. An episode carries its alert until the
alert is announced: stored first, sent after, so that none is lost and all have stable ids.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import NamedTuple

from schemas.alerts import Alert
from schemas.contract import AlertPolicy, Objective
from schemas.tallies import BenchMessage
from schemas.verdicts import State, Verdict
from schemas.words import Channel
from sla_stream.alerting import FEED_POLICY, breach_alert, feed_alert, withdrawn_alert
from sla_stream.boards import Boards, Heard
from sla_stream.changes import FeedKey
from sla_stream.episode import Episode, Look, Phase, step
from sla_stream.measures import Reading
from sla_stream.promises import Agreement, Promise, Promises
from sla_stream.scopes import Scope, counts_in, scopes_of, waiting_in, with_overdue
from sla_stream.standing import standing
from sla_stream.verdict import SILENT, judge, meets, value_of
from sla_stream.windows import Window

_HOUR_MS = 3_600_000


class EpisodeKey(NamedTuple):
    """Whose episode it is. A silent feed has no objective and no queue."""

    client: str
    contract: str
    channel: Channel
    objective: str | None
    queue: str | None


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
    """What a tick changed: verdicts, and episodes as they are now."""

    verdicts: dict[VerdictKey, Verdict] = field(default_factory=dict)
    episodes: dict[EpisodeKey, EpisodeRecord | None] = field(default_factory=dict)


class Moment(NamedTuple):
    """When a client is judged (event time, epoch ms), and whether its feed says nothing: `silent` in its hours."""

    at_ms: int
    quiet: bool
    silent: bool


class Judging:
    """The boards and episodes of the clients of one judge partition."""

    def __init__(self, promises: Promises) -> None:
        self.promises = promises
        self.boards = Boards(promises)
        self.verdicts: dict[VerdictKey, Verdict] = {}
        self.episodes: dict[EpisodeKey, EpisodeRecord] = {}
        self._pruned: dict[str, int] = {}
        #: Episodes that this tick's verdicts speak of.
        self._looked_at: set[EpisodeKey] = set()

    def observe(self, messages: Iterable[BenchMessage]) -> None:
        """Take what the source partitions tell."""
        for message in messages:
            self.boards.observe(message)

    def tick(self, now_ms: int) -> Judged:
        """Judge what is in force. `now_ms` is the wall clock, which serves to notice silence only.

        Event time goes on from a feed's watermark by as much as has passed since it was heard: so it runs with
        the clock in live operation, and stands at the watermark in replay.
        """
        judged = Judged()
        self._looked_at.clear()
        for agreement in self.promises.agreements:
            for channel in sorted({promise.objective.channel for promise in agreement.every_promise()}):
                heard = self.boards.feed(FeedKey(agreement.client, channel))
                if heard:
                    moment = moment_of(agreement, heard, now_ms)
                    self._prune(agreement, heard.watermark_ms)
                    self._judge_feed(agreement, channel, moment, judged)
                    self._judge_promises(agreement, channel, moment, judged)
        self._withdraw(judged, now_ms)
        return judged

    def adopt(self, promises: Promises) -> None:
        """Judge by other contracts from here on."""
        self.promises = promises
        self.boards.adopt(promises)
        self.verdicts = {}

    def announced(self, key: EpisodeKey) -> EpisodeRecord | None:
        """The episode's alert is out: what is stored now, None when it is over."""
        record = self.episodes[key]
        if record.episode.phase is Phase.CLOSED:
            del self.episodes[key]
            return None
        self.episodes[key] = replace(record, alert=None)
        return self.episodes[key]

    def unannounced(self) -> Iterator[tuple[EpisodeKey, Alert]]:
        """Alerts that are stored but perhaps not sent: after a crash they are sent again."""
        for key, record in self.episodes.items():
            if record.alert:
                yield key, record.alert

    def restore_episode(self, key: EpisodeKey, record: EpisodeRecord | None) -> None:
        """Take back a stored episode."""
        if record is None:
            self.episodes.pop(key, None)
        else:
            self.episodes[key] = record

    def _prune(self, agreement: Agreement, watermark_ms: int) -> None:
        """Once in an hour of event time."""
        hour = watermark_ms // _HOUR_MS
        if self._pruned.get(agreement.name) != hour:
            self._pruned[agreement.name] = hour
            self.boards.prune(agreement.client, watermark_ms)

    def _withdraw(self, judged: Judged, now_ms: int) -> None:
        """End the episodes of what is no longer promised; a feed not yet heard of is merely waited for."""
        for key, record in list(self.episodes.items()):
            is_awaited = key.client in self.promises.clients and not self.boards.feed(
                FeedKey(key.client, key.channel)
            )
            if key in self._looked_at or record.alert or is_awaited:
                continue
            if record.episode.phase is Phase.PENDING:
                del self.episodes[key]
                judged.episodes[key] = None
                continue
            closed = replace(record.episode, phase=Phase.CLOSED)
            alert = withdrawn_alert(closed, **key._asdict(), at_ms=max(now_ms, closed.since_ms))
            self.episodes[key] = judged.episodes[key] = EpisodeRecord(closed, alert)

    def _judge_promises(self, agreement: Agreement, channel: Channel, moment: Moment, judged: Judged) -> None:
        in_force = agreement.promises_at(moment.at_ms)
        for promise in (promise for promise in in_force if promise.objective.channel == channel):
            for scope in scopes_of(promise, self.boards):
                offered_at = waiting_in(promise, scope, self.boards)
                for window in promise.windows:
                    verdict, reading = self._verdict(promise, scope, window, offered_at, moment)
                    self._keep_verdict(verdict, judged)
                    policy = promise.objective.alert
                    if policy and policy.window == window.name:
                        self._follow(promise.objective, policy, verdict, reading, judged)

    def _verdict(
        self, promise: Promise, scope: Scope, window: Window, offered_at: list[int], moment: Moment
    ) -> tuple[Verdict, Reading]:
        span = window.span(moment.at_ms, promise.zone)
        counts = counts_in(promise, scope, window, span, self.boards)
        counts = with_overdue(counts, promise, offered_at, span, moment.at_ms)
        objective = promise.objective
        reading = promise.measure.read(counts, objective.measure)
        state, reason = SILENT if moment.silent else judge(reading, objective)
        now = standing(offered_at, moment.at_ms, objective)
        verdict = Verdict(
            client=promise.client,
            contract=promise.contract,
            objective=objective.name,
            channel=objective.channel,
            queue=scope.queue,
            window=window.name,
            start=span.start_ms,
            end=span.end_ms,
            at=moment.at_ms,
            numerator=reading.numerator,
            denominator=reading.denominator,
            value=value_of(reading),
            unit=promise.measure.unit,
            target=float(objective.target.bound),
            at_most=objective.target.at_least is None,
            state=state,
            reason=reason,
            sample=reading.sample,
            waiting=now.waiting,
            waiting_past_threshold=now.past_threshold,
            longest_wait_ms=now.longest_wait_ms,
        )
        return verdict, reading

    def _keep_verdict(self, verdict: Verdict, judged: Judged) -> None:
        key = VerdictKey(verdict.client, verdict.contract, verdict.objective, verdict.queue, verdict.window)
        if self.verdicts.get(key) != verdict:
            self.verdicts[key] = judged.verdicts[key] = verdict

    def _follow(
        self, objective: Objective, policy: AlertPolicy, verdict: Verdict, reading: Reading, judged: Judged
    ) -> None:
        key = EpisodeKey(verdict.client, verdict.contract, verdict.channel, objective.name, verdict.queue)
        is_clear = bool(reading.denominator) and meets(reading, objective.target, policy.clear_at)
        look = Look(verdict.state, is_clear, verdict.at)
        self._look(key, look, policy, lambda episode: breach_alert(episode, verdict), judged)

    def _judge_feed(self, agreement: Agreement, channel: Channel, moment: Moment, judged: Judged) -> None:
        key = EpisodeKey(agreement.client, agreement.name, channel, None, None)
        # A feed that says nothing when the centre is closed is no worse for it, but is not heard again either.
        state = State.BREACHED if moment.silent else State.NO_DATA if moment.quiet else State.MET
        look = Look(state, is_clear=True, at_ms=moment.at_ms)
        told = partial(feed_alert, client=key.client, contract=key.contract, channel=channel, at_ms=moment.at_ms)
        self._look(key, look, FEED_POLICY, told, judged)

    def _look(
        self,
        key: EpisodeKey,
        look: Look,
        policy: AlertPolicy,
        alert_of: Callable[[Episode], Alert],
        judged: Judged,
    ) -> None:
        """Move the episode on, and store it if that changed it. Only opening and closing are told.

        While its alert is still to be announced it stays as it is: or the alert would be lost.
        """
        self._looked_at.add(key)
        record = self.episodes.get(key)
        if record and record.alert:
            return
        before = record.episode if record else None
        after = step(before, look, policy, repr(tuple(key)))
        if after == before:
            return
        if after is None:
            del self.episodes[key]
            judged.episodes[key] = None
            return
        tells = after.phase is not Phase.PENDING and (before is None or before.phase is not after.phase)
        alert = alert_of(after) if tells else None
        self.episodes[key] = judged.episodes[key] = EpisodeRecord(after, alert)


def moment_of(agreement: Agreement, heard: Heard, now_ms: int) -> Moment:
    """The instant at which a client is judged. A feed is silent only if it was open for that long, too."""
    silence_ms = max(0, now_ms - heard.heard_ms)
    at_ms = heard.watermark_ms + silence_ms
    is_open = agreement.hours.is_open
    quiet = silence_ms > agreement.silence_ms
    return Moment(at_ms, quiet, quiet and is_open(at_ms) and is_open(at_ms - agreement.silence_ms))
