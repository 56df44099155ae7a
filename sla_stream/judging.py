"""From tallies to verdicts, episodes and alerts: the second of the two halves of the meaning.

`observe(messages)` takes what the source partitions tell. `tick(now)` judges every objective in force afresh
and returns the verdicts that changed and the episodes that moved; `judge_moved(now)` does so at once where what
was told may have moved an episode. An episode carries its alert until the alert is announced: stored first, sent
after, so that none is lost and all have stable ids.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial

from schemas.alerts import Alert
from schemas.policies import AlertPolicy
from schemas.tallies import BenchMessage
from schemas.verdicts import State, Verdict
from schemas.words import Channel
from sla_stream.aim import aims_of
from sla_stream.alerting import FEED_POLICY, breach_alert, feed_alert, risk_alert, withdrawn_alert
from sla_stream.boards import Boards
from sla_stream.changes import FeedKey
from sla_stream.episode import Episode, Look, Phase, is_told, step, step_of_risk
from sla_stream.finding import Finding, find, look_at, verdict_of
from sla_stream.judged import EpisodeKey, EpisodeRecord, Judged, VerdictKey, episode_key, feeds_of, verdict_key
from sla_stream.moment import Moment, moment_of, together
from sla_stream.promises import Agreement, Channels, Promise, Promises
from sla_stream.reading import Reader
from sla_stream.rest import Rest
from sla_stream.scopes import Scope, scopes_of, waiting_in
from sla_stream.standing import Standing, standing

_HOUR_MS = 3_600_000


class Judging:
    """The boards and episodes of the clients of one judge partition."""

    def __init__(self, promises: Promises) -> None:
        self.promises = promises
        self.boards = Boards(promises)
        self._reader = Reader(self.boards)
        self.verdicts: dict[VerdictKey, Verdict] = {}
        self.episodes: dict[EpisodeKey, EpisodeRecord] = {}
        self._pruned: dict[FeedKey, int] = {}
        #: Episodes that this tick's verdicts speak of.
        self._looked_at: set[EpisodeKey] = set()
        self._rest = Rest()

    def observe(self, messages: Iterable[BenchMessage]) -> None:
        """Take what the source partitions tell."""
        for message in messages:
            self.boards.observe(message)

    def tick(self, now_ms: int) -> Judged:
        """Judge what is in force, where anything can have changed. `now_ms`: the wall clock, to notice silence.

        Event time goes on from a feed's watermark by as much as has passed since it was heard: so it runs with
        the clock in live operation, and stands at the watermark in replay.
        """
        judged = Judged()
        self._looked_at.clear()
        self._rest.hear(self.boards.take_moved())
        for agreement in self.promises.agreements:
            for channel, moment in self._moments(agreement, agreement.channels, now_ms).items():
                self._prune(FeedKey(agreement.client, channel))
                self._judge_feed(agreement, channel, moment, judged)
                clock_ms = judged.clocks.get(agreement.client, moment.at_ms)
                judged.clocks[agreement.client] = max(clock_ms, moment.at_ms)
            for channels in agreement.together:
                if together_at := self._moment(agreement, channels, now_ms):
                    self._judge_promises(agreement, channels, together_at, judged)
        self._rest.end()
        self._withdraw(judged, now_ms)
        return judged

    def judge_moved(self, now_ms: int) -> Judged:
        """Judge the windows that alert in the queues of which anything was told since they were last judged.

        As a tick would, but for what goes on without any message: that is left to the tick, and so are figures
        that change no state, and the begin of a breach of which nobody is told before it has lasted.
        """
        judged, moved = Judged(), self.boards.take_moved()
        self._rest.hear(moved)
        for client in {feed.client for feed in moved}:
            for agreement in self.promises.of_client(client):
                for channels in agreement.together:
                    queues = set().union(*(moved.get(FeedKey(client, channel), ()) for channel in channels))
                    moment = self._moment(agreement, channels, now_ms) if queues else None
                    if moment:
                        self._judge_at_once(agreement, channels, queues, moment, judged)
        return judged

    def _moment(self, agreement: Agreement, channels: Channels, now_ms: int) -> Moment | None:
        """Of those channels together that were ever heard of, if any was."""
        moments = self._moments(agreement, channels, now_ms)
        return together([*moments.values()]) if moments else None

    def _moments(self, agreement: Agreement, channels: Iterable[Channel], now_ms: int) -> dict[Channel, Moment]:
        """Of the channels that were ever heard of."""
        heard = ((channel, self.boards.feed(FeedKey(agreement.client, channel))) for channel in channels)
        return {channel: moment_of(agreement, feed, now_ms) for channel, feed in heard if feed}

    def adopt(self, promises: Promises) -> None:
        """Judge by other contracts from here on."""
        self.promises = promises
        self.boards.adopt(promises)
        self._reader, self._rest = Reader(self.boards), Rest()
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

    def _prune(self, feed: FeedKey) -> None:
        """Once in an hour of event time."""
        heard = self.boards.feed(feed)
        if heard and self._pruned.get(feed) != heard.watermark_ms // _HOUR_MS:
            self._pruned[feed] = heard.watermark_ms // _HOUR_MS
            self.boards.prune(feed, heard.watermark_ms)

    def _withdraw(self, judged: Judged, now_ms: int) -> None:
        """End the episodes of what is no longer promised; a feed not yet heard of is merely waited for."""
        for key, record in list(self.episodes.items()):
            is_heard = any(self.boards.feed(feed) for feed in feeds_of(key))
            is_awaited = key.client in self.promises.clients and not is_heard
            if key in self._looked_at or record.alert or is_awaited:
                continue
            if record.episode.phase is Phase.PENDING:
                del self.episodes[key]
                judged.episodes[key] = None
                continue
            closed = replace(record.episode, phase=Phase.CLOSED)
            alert = withdrawn_alert(closed, **key._asdict(), at_ms=max(now_ms, closed.since_ms))
            self.episodes[key] = judged.episodes[key] = EpisodeRecord(closed, alert)

    def _judge_promises(self, agreement: Agreement, channels: Channels, moment: Moment, judged: Judged) -> None:
        """Every promise of channels that are judged together, in every place where anything may have changed."""
        stirred = self._rest.stirred(agreement, channels, moment)
        for promise in agreement.promises_at(moment.at_ms, channels):
            aims = aims_of(promise, promise.windows, moment.at_ms)
            for scope in scopes_of(promise, self.boards):
                place = episode_key(promise, scope)
                is_still = stirred is not None and stirred.isdisjoint(scope.queues)
                if is_still and self._rest.is_at_rest(place) and not self._is_followed(place):
                    continue
                now = self._standing(promise, scope, moment)
                self._rest.note(place, goes_on=now.goes_on)
                for aim in aims:
                    self._conclude(find(aim, scope, moment, self._reader), now, moment, judged)

    def _judge_at_once(
        self, agreement: Agreement, channels: Channels, moved: set[str], moment: Moment, judged: Judged
    ) -> None:
        for promise in agreement.promises_at(moment.at_ms, channels):
            for aim in aims_of(promise, promise.alerting, moment.at_ms):
                for scope in scopes_of(promise, self.boards):
                    if moved.isdisjoint(scope.queues) or not self._may_be_told(promise, scope):
                        continue
                    finding = find(aim, scope, moment, self._reader)
                    if self._moves(finding, moment):
                        now = self._standing(promise, scope, moment)
                        self._conclude(finding, now, moment, judged)

    def _standing(self, promise: Promise, scope: Scope, moment: Moment) -> Standing:
        todo = self.boards.deadlines(promise, scope.queues) if promise.measure.by == "facts" else None
        return standing(waiting_in(promise, scope, self.boards), moment.at_ms, promise.objective, todo)

    def _may_be_told(self, promise: Promise, scope: Scope) -> bool:
        """Whether one look can be enough to tell anybody: a tick sees the begin of what must last first."""
        policy = promise.objective.alert
        return policy is not None and (not policy.breach_after or self._is_followed(episode_key(promise, scope)))

    def _is_followed(self, place: EpisodeKey) -> bool:
        """Whether an episode is under way there."""
        return place in self.episodes or place.of_risk in self.episodes

    def _moves(self, finding: Finding, moment: Moment) -> bool:
        """Whether it is another state than before, or moves the episode: most figures that change do neither."""
        known = self.verdicts.get(verdict_key(finding))
        if known is None or known.state is not finding.judgement.state:
            return True
        key, policy = episode_key(finding.aim.promise, finding.scope), finding.aim.promise.objective.alert
        return policy is not None and self._stepped(key, look_at(finding, moment), policy) is not None

    def _conclude(self, finding: Finding, now: Standing, moment: Moment, judged: Judged) -> None:
        """Keep the verdict, and follow the episode if people are told of this window."""
        verdict, key = verdict_of(finding, now, moment), verdict_key(finding)
        if self.verdicts.get(key) != verdict:
            self.verdicts[key] = judged.verdicts[key] = verdict
        policy = finding.aim.promise.objective.alert
        if policy and policy.window == key.window:
            episode, look = episode_key(finding.aim.promise, finding.scope), look_at(finding, moment)
            reason = finding.alarm.reason
            said = verdict if verdict.reason is reason else replace(verdict, reason=reason)
            self._look(episode, look, policy, partial(breach_alert, verdict=said), judged)
            if policy.at_risk_after is not None:
                self._look(episode.of_risk, look, policy, partial(risk_alert, verdict=said), judged)

    def _judge_feed(self, agreement: Agreement, channel: Channel, moment: Moment, judged: Judged) -> None:
        key = EpisodeKey(agreement.client, agreement.name, channel, None, None)
        # A feed that says nothing when the centre is closed is no worse for it, but is not heard again either.
        state = State.BREACHED if moment.silent else State.NO_DATA if moment.quiet else State.MET
        is_news = moment.is_news and agreement.exclusions.reason_everywhere(moment.at_ms) is None
        look = Look(state, is_clear=True, at_ms=moment.at_ms, is_news=is_news)
        told = partial(feed_alert, client=key.client, contract=key.contract, channel=channel, at_ms=moment.at_ms)
        self._look(key, look, FEED_POLICY, told, judged)

    def _look(
        self,
        key: EpisodeKey,
        look: Look,
        policy: AlertPolicy,
        alert_of: Callable[[Episode, Episode | None], Alert],
        judged: Judged,
    ) -> None:
        """Move the episode on, and store it if that changed it. Only opening, losing and closing are told."""
        self._looked_at.add(key)
        stepped = self._stepped(key, look, policy)
        if stepped is None:
            return
        before, after = stepped
        if after is None:
            del self.episodes[key]
            judged.episodes[key] = None
            return
        alert = alert_of(after, before) if is_told(after, before) else None
        self.episodes[key] = judged.episodes[key] = EpisodeRecord(after, alert)

    def _stepped(
        self, key: EpisodeKey, look: Look, policy: AlertPolicy
    ) -> tuple[Episode | None, Episode | None] | None:
        """The episode before and after a look; None where that changes nothing.

        While its alert is still to be announced it stays as it is: or the alert would be lost.
        """
        record = self.episodes.get(key)
        if record and record.alert:
            return None
        before, subject = record.episode if record else None, repr(tuple(key.written))
        if key.risk:
            breach = self.episodes.get(key._replace(risk=False))
            is_told = breach is not None and breach.episode.phase is Phase.OPEN
            after = step_of_risk(before, look, policy, subject, breach_told=is_told)
        else:
            after = step(before, look, policy, subject)
        return None if after == before else (before, after)
