"""Slack, Teams and ntfy: messages as their documentation has them."""

from dataclasses import replace
from typing import Any

import orjson
import pytest
from pydantic import ValidationError

from agents.notify.news import News
from agents.sinks.ntfy import Ntfy
from agents.sinks.sink import Request
from agents.sinks.slack import Slack
from agents.sinks.teams import Teams
from tests.notify.examples import BOARD, NOW_MS, OPENED, RESOLVED, SILENT, TITLE, storm, told

URL = "https://hooks.example.com/services/T0/B0/part-of-the-secret"


@pytest.fixture(autouse=True)
def _address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHAT_URL", URL)


@pytest.mark.parametrize("kind", ["slack", "teams"])
def test_the_address_is_a_secret(kind: str) -> None:
    sink = _chat(kind)
    request = sink.request(told(OPENED), NOW_MS)
    assert request.url == URL
    assert "part-of-the-secret" not in repr(sink) + repr(request)


@pytest.mark.parametrize("kind", ["slack", "teams"])
def test_what_is_no_address_is_refused_and_not_quoted(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHAT_URL", "hunter2")
    with pytest.raises(ValidationError, match="an address like https://") as error:
        _chat(kind)
    assert "hunter2" not in str(error.value)


def test_slack_has_a_text_for_those_who_hear_it_and_blocks_for_those_who_see_it() -> None:
    body = _slack(told(OPENED))
    assert body.keys() == {"text", "blocks"}
    assert body["text"] == TITLE
    title, facts, link = body["blocks"]
    assert title["text"] == {"type": "mrkdwn", "text": f"*{TITLE}*"}
    assert facts["fields"][1] == {"type": "mrkdwn", "text": "*Now*\n71%"}
    assert link["text"]["text"].startswith(f"<{BOARD}/?client=acme&amp;contract=")


def test_slack_takes_no_markup_from_a_name() -> None:
    body = _slack(told(replace(OPENED, queue="<!channel> & co")))
    assert "<!channel>" not in body["text"]
    assert "&lt;!channel&gt; &amp; co" in body["text"]


def test_slack_takes_a_storm_within_its_limits() -> None:
    body = _slack(told(*storm(200)))
    assert max(len(block["text"]["text"]) for block in body["blocks"]) <= 3000
    assert "queue-1 " in body["blocks"][1]["text"]["text"]


def test_teams_has_one_adaptive_card() -> None:
    (card,) = _teams(told(OPENED))["attachments"]
    assert card["contentType"] == "application/vnd.microsoft.card.adaptive"
    content = card["content"]
    assert (content["type"], content["version"]) == ("AdaptiveCard", "1.2")
    title, facts = content["body"]
    assert (title["text"], title["color"]) == (TITLE, "attention")
    assert {"title": "Now", "value": "71%"} in facts["facts"]
    assert content["actions"][0]["url"].startswith(BOARD)


def test_an_end_is_good_news_in_teams() -> None:
    (card,) = _teams(told(RESOLVED))["attachments"]
    assert card["content"]["body"][0]["color"] == "good"


def test_a_storm_is_a_list_in_teams() -> None:
    (card,) = _teams(told(*storm(3)))["attachments"]
    assert card["content"]["body"][1]["text"].count("\n- ") == 2


def test_ntfy_rings_for_what_is_critical_and_not_for_its_end() -> None:
    opened, resolved = _ntfy(told(OPENED)), _ntfy(told(RESOLVED))
    assert (opened["priority"], resolved["priority"]) == (5, 3)
    assert (opened["topic"], opened["title"]) == ("night-shift", TITLE)
    assert opened["click"].startswith(BOARD)
    assert "Now: 71%" in opened["message"]


def test_ntfy_shows_an_end_in_place_of_its_beginning() -> None:
    opened, resolved, other = (_ntfy(told(alert))["sequence_id"] for alert in (OPENED, RESOLVED, SILENT))
    assert opened == resolved != other


def test_a_message_to_ntfy_stays_a_message() -> None:
    assert len(_ntfy(told(*storm(200)))["message"].encode()) <= 4000


def test_a_token_of_ntfy_is_shown_to_the_server_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NTFY_TOKEN", "tk_hunter2")
    sink = Ntfy.model_validate(
        {"name": "phone", "sink": "ntfy", "topic": "night-shift", "token": {"env": "NTFY_TOKEN"}}
    )
    request = sink.request(told(OPENED), NOW_MS)
    assert request.url == "https://ntfy.sh/"
    assert request.headers["authorization"] == "Bearer tk_hunter2"
    assert "hunter2" not in repr(sink) + repr(request)


def _chat(kind: str) -> Slack | Teams:
    settings = {"name": "chat", "sink": kind, "url": {"env": "CHAT_URL"}}
    return Slack.model_validate(settings) if kind == "slack" else Teams.model_validate(settings)


def _slack(news: News) -> dict[str, Any]:
    return _body(_chat("slack").request(news, NOW_MS))


def _teams(news: News) -> dict[str, Any]:
    return _body(_chat("teams").request(news, NOW_MS))


def _ntfy(news: News) -> dict[str, Any]:
    sink = Ntfy.model_validate({"name": "phone", "sink": "ntfy", "topic": "night-shift"})
    return _body(sink.request(news, NOW_MS))


def _body(request: Request) -> dict[str, Any]:
    body: dict[str, Any] = orjson.loads(request.body)
    return body
