"""Microsoft Teams, by a workflow that begins when a webhook request is received. It takes an adaptive card."""

from typing import Literal

from agents.notify.news import News, Words
from agents.sinks.sink import Request, SecretUrl, Sink, post

_CARD = "application/vnd.microsoft.card.adaptive"
_SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json"

#: The card's own words for colours; what they stand for is written beside them.
_COLOURS = {"critical": "attention", "error": "attention", "warning": "warning", "info": "accent"}


class Teams(Sink):
    """The channel that the workflow at `url` posts to."""

    sink: Literal["teams"]
    url: SecretUrl

    def request(self, news: News, now_ms: int) -> Request:  # noqa: ARG002 - a chat tells its own time
        """One message with one card."""
        card = {"contentType": _CARD, "contentUrl": None, "content": _card(news)}
        return post(self.url.get_secret_value(), {"type": "message", "attachments": [card]})


def _card(news: News) -> dict[str, object]:
    words = news.words
    colour = "good" if news.closes else _COLOURS[news.severity]
    title = {"type": "TextBlock", "text": words.title, "weight": "bolder", "size": "medium", "color": colour}
    actions = [{"type": "Action.OpenUrl", "title": words.link_text, "url": words.link}] if words.link else []
    return {
        "$schema": _SCHEMA,
        "type": "AdaptiveCard",
        "version": "1.2",
        "body": [title | {"wrap": True}, *_rest(words)],
        "actions": actions,
        "msteams": {"width": "full"},
    }


def _rest(words: Words) -> list[dict[str, object]]:
    if words.listed:
        return [{"type": "TextBlock", "text": "\n".join(f"- {line}" for line in words.listed), "wrap": True}]
    return [{"type": "FactSet", "facts": [{"title": label, "value": value} for label, value in words.facts]}]
