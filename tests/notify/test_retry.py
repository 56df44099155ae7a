"""Whether to try again, and when."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.notify.retry import (
    Answer,
    Breaker,
    Policy,
    after,
    http_answer,
    next_try,
    no_answer,
    retry_after,
    smtp_answer,
)
from schemas.alerts import Undelivered

POLICY = Policy()
UNREACHABLE = no_answer("ClientConnectorError")
#: 2026-11-02T09:00:00Z
NOW_MS = 1_793_610_000_000


def _least() -> float:
    return 0.0


def _most() -> float:
    return 1.0


@pytest.mark.parametrize(
    ("status", "refusal"),
    [
        (199, Undelivered.REFUSED),
        (200, None),
        (299, None),
        (300, Undelivered.REFUSED),
        (399, Undelivered.REFUSED),
        (400, Undelivered.REFUSED),
        (428, Undelivered.REFUSED),
        (429, Undelivered.EXHAUSTED),
        (430, Undelivered.REFUSED),
        (499, Undelivered.REFUSED),
        (500, Undelivered.EXHAUSTED),
        (599, Undelivered.EXHAUSTED),
    ],
)
def test_a_status_says_whether_it_was_taken_and_whether_later_it_may_be(
    status: int, refusal: Undelivered | None
) -> None:
    _is_answered(http_answer(status), refusal)


@pytest.mark.parametrize(
    ("code", "refusal"),
    [
        (250, None),
        (421, Undelivered.EXHAUSTED),
        (499, Undelivered.EXHAUSTED),
        (500, Undelivered.REFUSED),
        (550, Undelivered.REFUSED),
    ],
)
def test_so_does_the_code_of_a_mail_server(code: int, refusal: Undelivered | None) -> None:
    _is_answered(smtp_answer(code), refusal)


def test_who_does_not_answer_may_do_so_later() -> None:
    _is_answered(UNREACHABLE, Undelivered.EXHAUSTED)


def _is_answered(answer: Answer, refusal: Undelivered | None) -> None:
    assert answer.refusal is refusal
    assert (next_try(POLICY, 1, 0, answer, _most) is not None) == (refusal is Undelivered.EXHAUSTED)


@pytest.mark.parametrize(("age", "goes_on"), [(86_399, True), (86_400, False), (86_401, False)])
def test_after_a_day_it_is_given_up(age: float, goes_on: bool) -> None:
    assert (next_try(POLICY, 1, age, UNREACHABLE, _most) is not None) == goes_on


@pytest.mark.parametrize(
    ("tries", "pause"), [(1, 0.5), (2, 1.0), (3, 2.0), (6, 16.0), (7, 30.0), (8, 30.0), (5_000, 30.0)]
)
def test_the_longest_pause_doubles_up_to_half_a_minute(tries: int, pause: float) -> None:
    assert next_try(POLICY, tries, 0, UNREACHABLE, _most) == pause


@pytest.mark.parametrize(("random", "pause"), [(0.0, 0.0), (0.5, 2.0), (1.0, 4.0)])
def test_the_pause_is_anything_up_to_the_longest(random: float, pause: float) -> None:
    assert next_try(POLICY, 4, 0, UNREACHABLE, lambda: random) == pause


@pytest.mark.parametrize(("asked", "pause"), [(1.9, 2.0), (2.0, 2.0), (2.1, 2.1)])
def test_it_is_never_shorter_than_the_receiver_asks_for(asked: float, pause: float) -> None:
    assert next_try(POLICY, 3, 0, http_answer(429, asked), _most) == pause


@pytest.mark.parametrize(("asked", "pause"), [(299, 299), (300, 300), (301, 300)])
def test_it_is_never_longer_than_five_minutes(asked: float, pause: float) -> None:
    assert next_try(POLICY, 1, 0, http_answer(503, asked), _least) == pause


@pytest.mark.parametrize(("failures", "closed_for_ms"), [(3, 0), (4, 500), (5, 1000), (10, 30_000), (999, 30_000)])
def test_the_fifth_failure_in_a_row_and_each_after_it_keep_all_messages_back(
    failures: int, closed_for_ms: int
) -> None:
    breaker = after(Breaker(failures), POLICY, UNREACHABLE, NOW_MS, _most)
    assert breaker == Breaker(failures + 1, NOW_MS + closed_for_ms)


def test_who_asks_for_time_gets_it_for_all_messages() -> None:
    assert after(Breaker(), POLICY, http_answer(429, 7), NOW_MS, _most) == Breaker(1, NOW_MS + 7_000)


@pytest.mark.parametrize("status", [200, 400])
def test_who_answers_is_alive(status: int) -> None:
    assert after(Breaker(9, NOW_MS), POLICY, http_answer(status), NOW_MS, _most) == Breaker()


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0),
        ("120", 120),
        ("9" * 5000, float("inf")),
        ("Mon, 02 Nov 2026 09:01:00 GMT", 60),
        ("Mon, 02 Nov 2026 09:00:00 GMT", 0),
        ("Mon, 02 Nov 2026 08:59:59 GMT", 0),
        ("-1", None),
        ("1.5", None),
        ("٣", None),
        ("", None),
        ("soon", None),
        ("Mon, 02 Nov 99999999999999999999 09:00:00 GMT", None),
        (None, None),
    ],
)
def test_retry_after_is_seconds_or_a_date(header: str | None, seconds: float | None) -> None:
    assert retry_after(header, NOW_MS) == seconds


def test_a_date_without_a_zone_is_gmt_wherever_we_are(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("TZ", "America/New_York")
        time.tzset()
        seconds = retry_after("Mon, 02 Nov 2026 09:01:00 -0000", NOW_MS)
    time.tzset()
    assert seconds == 60


@given(st.text() | st.from_regex(r"(Mon, )?\d+ Nov \d+ \d*:\d*:?\d* ([+-]\d+|[A-Z]{1,3})", fullmatch=True))
def test_no_retry_after_is_an_exception(header: str) -> None:
    seconds = retry_after(header, NOW_MS)
    assert seconds is None or seconds >= 0
