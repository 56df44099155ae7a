"""One window of one promise in one place: read, judged, and worded as a verdict."""

from dataclasses import dataclass
from fractions import Fraction

from schemas.policies import BurnRate
from schemas.verdicts import Reason, State, Verdict
from sla_stream.aim import Aim, aims_of
from sla_stream.burning import burn_rate
from sla_stream.certainty import bounds
from sla_stream.episode import Look
from sla_stream.finality import finality
from sla_stream.measures import Reading
from sla_stream.moment import Moment
from sla_stream.prospects import Ahead, going_on, in_the_end, rate_needed
from sla_stream.reading import Read, Reader
from sla_stream.scopes import Scope
from sla_stream.standing import Standing
from sla_stream.verdict import SILENT, Judgement, judge, meets, value_of

#: Integers of this size and less are numbers to everybody who reads JSON.
_MOST = 1 << 53


@dataclass(frozen=True, slots=True)
class Finding:
    """How it stands in one place, and how it will, if that is known.

    `burning`: so many times as fast as allowed. `alarm`: what people are told, if they are told of this window.
    """

    aim: Aim
    scope: Scope
    read: Read
    judgement: Judgement
    ahead: Ahead | None = None
    burning: Fraction | None = None
    alarm: Judgement = SILENT

    @property
    def is_clear(self) -> bool:
        """Whether the value is good enough for a breach to be over."""
        reading, alert = self.read.reading, self.aim.promise.objective.alert
        if alert and alert.burn_rate:
            return self.alarm.state is State.MET
        return bool(reading.denominator) and meets(reading, self.aim.target, alert.clear_at if alert else None)


def find(aim: Aim, scope: Scope, moment: Moment, reader: Reader) -> Finding:
    """Read and judge. Only shares have an outlook: nobody knows how long the next will wait."""
    objective = aim.promise.objective
    read = reader.read(aim, scope, moment.at_ms)
    reading, ahead = read.reading, None
    if moment.silent:
        return Finding(aim, scope, read, SILENT)
    judgement = judge(reading, objective, aim.target)
    # While older facts are worked off, what was to come has come; and to look for it anew at each step is dear.
    if not moment.catching_up and _has_outlook(aim, reading, judgement):
        if aim.zoned.window.rolls:
            judgement = _rolling_on(judgement, aim, scope, moment, reader)
        elif ahead := reader.ahead(aim, scope, moment.at_ms):
            # Of intervals there is no smallest sample.
            fewest = 1 if aim.interval else objective.minimum_sample
            judgement = in_the_end(judgement, reading, aim.target, ahead, fewest)
    policy = objective.alert
    if not (policy and policy.burn_rate and policy.window == aim.zoned.window.name):
        return Finding(aim, scope, read, judgement, ahead, None, judgement)
    burning = burn_rate(reading, aim.target)
    alarm = _burns(burning, policy.burn_rate, judgement, aim, scope, moment, reader)
    return Finding(aim, scope, read, judgement, ahead, burning, alarm)


def _has_outlook(aim: Aim, reading: Reading, judgement: Judgement) -> bool:
    window = aim.zoned.window
    is_share = aim.unit == "ratio" and (aim.interval or reading.denominator == reading.sample)
    is_judged = judgement.state not in (State.NO_DATA, State.TOO_FEW)
    return bool(is_share) and is_judged and (window.rolls or window.is_calendar)


def _rolling_on(judgement: Judgement, aim: Aim, scope: Scope, moment: Moment, reader: Reader) -> Judgement:
    thirds = reader.thirds(aim, scope, moment.at_ms) if judgement.state is State.MET else None
    return going_on(judgement, *thirds, aim.target, aim.promise.objective.minimum_sample) if thirds else judgement


def _burns(
    burning: Fraction | None,
    policy: BurnRate,
    judgement: Judgement,
    aim: Aim,
    scope: Scope,
    moment: Moment,
    reader: Reader,
) -> Judgement:
    """What is told of a window whose alert goes by the burn rate: too few are too few here, too."""
    if burning is None or judgement.state is State.TOO_FEW:
        return judgement
    promise = aim.promise
    (longer,) = aims_of(promise, (one for one in promise.windows if one.name == policy.over), moment.at_ms)
    over = burn_rate(reader.read(longer, scope, moment.at_ms).reading, longer.target)
    if over is not None and min(burning, over) > policy.factor:
        return Judgement(State.BREACHED, Reason.BURNING_FAST)
    return Judgement(State.MET, Reason.TARGET_MET)


def look_at(finding: Finding, moment: Moment) -> Look:
    """What it says to an episode. While all of it is left out by agreement, nobody is told of what was before."""
    exclusions, queues = finding.aim.promise.exclusions, finding.scope.queues
    is_news = moment.is_news and exclusions.reason_at(queues, moment.at_ms) is None
    return Look(finding.alarm.state, finding.is_clear, moment.at_ms, is_news, finding.aim.span.end_ms)


def verdict_of(finding: Finding, now: Standing, moment: Moment) -> Verdict:
    """The whole verdict, with what stands there now."""
    (promise, zoned, span), reading = finding.aim, finding.read.reading
    objective, target, ahead = promise.objective, finding.aim.target, finding.ahead
    shown = as_shown(reading)
    low, high = (objective.confidence and bounds(reading, objective.confidence)) or (None, None)
    needed = rate_needed(ahead.over or reading, target, ahead.expected) if ahead else None
    return Verdict(
        client=promise.client,
        contract=promise.contract,
        objective=objective.name,
        channel=promise.channel,
        queue=finding.scope.queue,
        window=zoned.window.name,
        start=span.start_ms,
        end=span.end_ms,
        at=moment.at_ms,
        numerator=shown.numerator,
        denominator=shown.denominator,
        value=value_of(reading),
        unit=finding.aim.unit,
        target=float(target.bound),
        at_most=target.at_least is None,
        state=finding.judgement.state,
        reason=finding.judgement.reason,
        sample=reading.sample,
        waiting=now.waiting,
        waiting_past_threshold=now.past_threshold,
        longest_wait_ms=now.longest_wait_ms,
        catching_up=moment.catching_up,
        finality=finality(span, promise.finalise_ms, moment.at_ms, is_restated=False),
        excluded=finding.read.excluded,
        maintenance=promise.exclusions.reason_at(finding.scope.queues, moment.at_ms),
        value_low=low,
        value_high=high,
        rate_needed=None if needed is None else float(needed),
        expected=ahead.expected if ahead else None,
        expected_are="intervals" if finding.aim.interval else "contacts",
        estimated=bool(ahead and ahead.estimated),
        crossing_soon=now.crossing_soon,
        crossing_within_ms=objective.alert.crossing_soon if objective.alert else None,
        open=now.open,
        past_due=now.past_due,
        due_soon=now.due_soon,
        due_within_ms=objective.alert.due_soon if objective.alert else None,
        parts=finding.read.parts,
        burn_rate=None if finding.burning is None else float(finding.burning),
    )


def as_shown(reading: Reading) -> Reading:
    """The fraction as it is; or the nearest if its numbers are too long for JSON, as of a mean of many may be."""
    if max(abs(reading.numerator), reading.denominator) < _MOST:
        return reading
    near = Fraction(reading.numerator, reading.denominator).limit_denominator(10**9)
    return Reading(near.numerator, near.denominator, reading.sample)
