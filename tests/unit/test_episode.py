"""From breach to recovery: how long it must last, and what a verdict that says nothing does to it."""

from itertools import pairwise

import pytest

from schemas.policies import AlertPolicy
from schemas.verdicts import State
from sla_stream.episode import Episode, Look, Phase, step
from tests.builders import MINUTE, instant

POLICY = AlertPolicy.model_validate({"window": "day", "breach_after": "2m", "clear_after": "3m"})
AT_ONCE = AlertPolicy(window="day")
START = instant("09:00:00")


def breached(after_ms: int = 0) -> Look:
    return Look(State.BREACHED, is_clear=False, at_ms=START + after_ms)


def met(after_ms: int, is_clear: bool = True) -> Look:
    return Look(State.MET, is_clear, START + after_ms)


def unknown(after_ms: int, state: State = State.UNMEASURABLE) -> Look:
    return Look(state, is_clear=False, at_ms=START + after_ms)


def followed(*looks: Look, policy: AlertPolicy = POLICY) -> Episode | None:
    assert all(earlier.at_ms <= later.at_ms for earlier, later in pairwise(looks))
    episode = None
    for look in looks:
        episode = step(episode, look, policy, "acme hotline")
    return episode


def phase(*looks: Look, policy: AlertPolicy = POLICY) -> Phase | None:
    episode = followed(*looks, policy=policy)
    return None if episode is None else episode.phase


def test_what_is_no_news_opens_once_it_is() -> None:
    old = breached(9 * MINUTE)._replace(is_news=False)
    assert phase(breached(), old) is Phase.PENDING
    assert phase(breached(), old, breached(10 * MINUTE)) is Phase.OPEN


def test_a_breach_that_was_told_stays_open_when_it_is_no_news_any_more() -> None:
    assert phase(breached(), breached(2 * MINUTE), breached(9 * MINUTE)._replace(is_news=False)) is Phase.OPEN


@pytest.mark.parametrize(
    ("after_ms", "expected"),
    [(2 * MINUTE - 1, Phase.PENDING), (2 * MINUTE, Phase.OPEN), (2 * MINUTE + 1, Phase.OPEN)],
)
def test_a_breach_is_told_once_it_has_lasted(after_ms: int, expected: Phase) -> None:
    assert phase(breached(), breached(after_ms)) is expected


@pytest.mark.parametrize(
    ("after_ms", "expected"),
    [(3 * MINUTE - 1, Phase.OPEN), (3 * MINUTE, Phase.CLOSED), (3 * MINUTE + 1, Phase.CLOSED)],
)
def test_a_recovery_is_told_once_it_has_lasted(after_ms: int, expected: Phase) -> None:
    open_ms = 2 * MINUTE
    good = open_ms + MINUTE
    assert phase(breached(), breached(open_ms), met(good), met(good + after_ms)) is expected


def test_without_delays_both_are_told_at_once() -> None:
    assert phase(breached(), policy=AT_ONCE) is Phase.OPEN
    assert phase(breached(), met(1), policy=AT_ONCE) is Phase.CLOSED


def test_a_breach_that_passes_before_anybody_is_told_never_was() -> None:
    assert followed(breached(), met(MINUTE)) is None


def test_a_new_dip_begins_to_last_anew() -> None:
    assert phase(breached(), met(MINUTE), breached(90_000), breached(3 * MINUTE)) is Phase.PENDING


def test_a_setback_begins_the_recovery_anew() -> None:
    looks = (breached(), breached(2 * MINUTE), met(3 * MINUTE), breached(5 * MINUTE), met(6 * MINUTE))
    assert phase(*looks, met(8 * MINUTE)) is Phase.OPEN
    assert phase(*looks, met(9 * MINUTE)) is Phase.CLOSED


def test_just_above_the_target_is_not_clear_enough() -> None:
    looks = (breached(), breached(2 * MINUTE), met(3 * MINUTE))
    assert phase(*looks, met(5 * MINUTE, is_clear=False), met(7 * MINUTE)) is Phase.OPEN
    assert phase(*looks, met(10 * MINUTE, is_clear=False)) is Phase.OPEN


@pytest.mark.parametrize("state", [State.UNMEASURABLE, State.NO_DATA, State.TOO_FEW])
def test_a_verdict_that_says_nothing_moves_nothing(state: State) -> None:
    pending = (breached(),)
    opened = (*pending, breached(2 * MINUTE))
    for looks in (pending, opened, (*opened, met(3 * MINUTE))):
        assert followed(*looks, unknown(10 * MINUTE, state)) == followed(*looks)
    assert followed(unknown(0, state)) is None


def test_nobody_hears_of_what_was_always_good() -> None:
    assert followed(met(0), met(MINUTE)) is None


def test_an_episode_keeps_its_id_and_its_beginning() -> None:
    first, last = (
        followed(breached()),
        followed(breached(), breached(2 * MINUTE), met(3 * MINUTE), met(6 * MINUTE)),
    )
    assert first is not None
    assert last is not None
    assert (last.id, last.since_ms) == (first.id, START)


def test_episodes_of_two_subjects_or_two_instants_differ() -> None:
    one = step(None, breached(), POLICY, "acme hotline")
    other = step(None, breached(), POLICY, "acme chat")
    later = step(None, breached(1), POLICY, "acme hotline")
    assert len({episode.id for episode in (one, other, later) if episode}) == 3
