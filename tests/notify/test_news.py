"""What people read of an alert, in English and in French."""

from dataclasses import replace

import pytest

from agents.notify.news import Reader, news_of
from agents.words.alerts import TITLES, WINDOWS
from agents.words.contract import WINDOWS as PROMISED_OVER
from agents.words.languages import LANGUAGES, Language
from schemas.alerts import Alert, AlertEvent
from schemas.verdicts import Reason
from tests.notify.examples import (
    AT_RISK,
    BOARD,
    IN_ENGLISH,
    IN_FRENCH,
    LOST,
    OPENED,
    RESOLVED,
    SILENT,
    TITLE,
    storm,
)


def test_a_breach_says_what_was_promised_what_is_since_when_and_what_it_takes() -> None:
    words = news_of([OPENED], IN_ENGLISH).words
    assert words.title == TITLE
    assert words.lines == [
        "Promised: at least 80% over a rolling period of 15\xa0minutes",
        "Now: 71%",
        "Since: 2\xa0November 2026, 09:00 (UTC)",
        "Contacts: 100 in the period, 7 waiting",
        "To recover: 45 good contacts in a row, if none leaves the period",
        "Severity: critical",
    ]


def test_the_same_in_french_by_the_clock_of_paris() -> None:
    words = news_of([OPENED], IN_FRENCH).words
    assert words.title == "acme\xa0: voice-80-20 dans billing est à 71\xa0%, au moins 80\xa0% promis"
    assert words.lines == [
        "Promis: au moins 80\xa0% sur une période glissante de 15\xa0minutes",
        "Actuellement: 71\xa0%",
        "Depuis: 2\xa0novembre 2026, 10:00 (Europe/Paris)",
        "Contacts: 100 dans la période, 7 en attente",
        "Pour y revenir: 45 bons contacts de suite, si aucun ne sort de la période",
        "Gravité: critique",
    ]


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
@pytest.mark.parametrize("event", AlertEvent)
def test_every_event_has_its_words(event: AlertEvent, language: Language) -> None:
    title = news_of([replace(OPENED, event=event)], Reader(language=language)).words.title
    assert title.startswith("acme")
    assert "{" not in title
    assert event in TITLES


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
@pytest.mark.parametrize("window", PROMISED_OVER)
def test_every_window_of_a_contract_has_its_words(window: str, language: Language) -> None:
    (promised, *_) = news_of([replace(OPENED, window=window)], Reader(language=language)).words.lines
    assert getattr(WINDOWS[window], language.code).partition("'")[0] in promised


def test_a_period_that_is_lost_says_so_and_not_what_it_takes() -> None:
    words = news_of([LOST], IN_ENGLISH).words
    assert (
        words.title == "acme: voice-80-20 in billing can no longer reach at least 80% in the month, it is at 71%"
    )
    assert _line(LOST, "To recover") == "not possible any more in this period"


def test_a_risk_says_what_it_takes_to_keep_the_target() -> None:
    words = news_of([AT_RISK], IN_ENGLISH).words
    assert words.title == "acme: voice-80-20 in billing is at risk at 81%, at least 80% was promised"
    assert _line(AT_RISK, "To keep it") == "at least 78% on the 200 contacts that are still expected"
    assert _line(AT_RISK, "To recover") is None


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (Reason.TARGET_MET, "is no longer at risk, it is at 81%"),
        (Reason.TARGET_MISSED, "is no longer at risk but missed, at 81%"),
        (Reason.OUT_OF_REACH, "is no longer at risk but missed, at 81%"),
    ],
)
def test_the_end_of_a_risk_says_whether_it_came_true(reason: Reason, said: str) -> None:
    over = replace(AT_RISK, event=AlertEvent.RISK_RESOLVED, reason=reason)
    assert news_of([over], IN_ENGLISH).words.title == f"acme: voice-80-20 in billing {said}"


def test_nobody_is_told_that_a_promise_is_gone_when_only_its_risks_are_told_no_longer() -> None:
    over = replace(AT_RISK, event=AlertEvent.RISK_RESOLVED, reason=Reason.NOT_PROMISED, value=None)
    assert news_of([over], IN_ENGLISH).words.title == (
        "acme: nobody is told of risks of voice-80-20 in billing any more"
    )


def test_with_a_forecast_it_says_the_rate_that_is_needed_rounded_so_that_it_is_enough() -> None:
    alert = replace(OPENED, window="month", rate_needed=0.83421, expected=12_345)
    assert _line(alert, "To recover") == "at least 83.5% on the 12,345 contacts that are still expected"
    assert _line(replace(alert, at_most=True), "To recover") == (
        "at most 83.4% on the 12,345 contacts that are still expected"
    )


def test_what_is_no_share_of_contacts_says_nothing_about_contacts_in_a_row() -> None:
    assert _line(replace(OPENED, value=0.705), "To recover") is None
    assert _line(replace(OPENED, unit="ms", value=31_000, target=20_000, at_most=True), "To recover") is None


@pytest.mark.parametrize(
    ("alert", "shown"),
    [
        (replace(OPENED, value=0.79999), "79.9%"),
        (replace(OPENED, value=0.05001, at_most=True), "5.1%"),
        (replace(OPENED, unit="ms", value=31_040, at_most=True), "31.1 s"),
        (replace(OPENED, unit="points", value=-12.0), "-12 points"),
        (replace(OPENED, unit="score", value=4.199), "4.19"),
    ],
)
def test_a_figure_is_rounded_to_the_side_that_misses(alert: Alert, shown: str) -> None:
    assert _line(alert, "Now") == shown


def test_an_end_says_where_it_stands_and_asks_for_nothing() -> None:
    assert news_of([RESOLVED], IN_ENGLISH).words.title == "acme: voice-80-20 in billing is back at 85%"
    assert _line(RESOLVED, "To recover") is None


def test_what_is_no_longer_promised_is_not_called_recovered() -> None:
    withdrawn = replace(RESOLVED, reason=Reason.NOT_PROMISED, value=None, target=None, unit=None)
    assert news_of([withdrawn], IN_ENGLISH).words.title == "acme: voice-80-20 in billing is no longer promised"


def test_a_silent_feed_has_no_figures() -> None:
    words = news_of([SILENT], IN_ENGLISH).words
    assert words.title == "acme: no voice facts arrive in opening hours, its figures cannot be measured"
    assert [label for label, _ in words.facts] == ["Since", "Severity"]


def test_a_storm_is_one_message_with_a_list() -> None:
    news = news_of(storm(20), IN_ENGLISH)
    assert news.words.title == "acme: 20 alerts at once"
    assert len(news.words.listed) == 20
    assert "queue-19" in news.words.listed[19]


def test_the_link_leads_to_what_it_is_about_in_the_readers_language() -> None:
    link = news_of([OPENED], IN_FRENCH).words.link
    assert link == f"{BOARD}/?client=acme&contract=acme-voice&objective=voice-80-20&queue=billing&lang=fr"
    assert news_of(storm(2), IN_ENGLISH).words.link == f"{BOARD}/?client=acme&lang=en"
    assert news_of([OPENED], Reader(language=IN_ENGLISH.language)).words.link is None


def test_a_test_cannot_be_taken_for_an_alert() -> None:
    news = news_of([OPENED], IN_FRENCH, is_test=True)
    assert news.words.title.startswith("ESSAI, tout va bien\xa0: acme")


def _line(alert: Alert, label: str) -> str | None:
    return dict(news_of([alert], IN_ENGLISH).words.facts).get(label)
