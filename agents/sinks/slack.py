"""Slack, by the incoming webhook of one channel. It changes no message once sent, so an end is a message, too."""

from typing import Literal

from agents.notify.news import News, Words
from agents.sinks.sink import Request, SecretUrl, Sink, post

#: What Slack takes of a section's text, and how many fields of a section.
_LONGEST_TEXT = 3000
_MOST_FIELDS = 10


class Slack(Sink):
    """The channel for which the app at `url` was installed."""

    sink: Literal["slack"]
    url: SecretUrl

    def request(self, news: News, now_ms: int) -> Request:  # noqa: ARG002 - a chat tells its own time
        """`text` is what a notification shows and a screen reader says; the blocks say the same."""
        body = {"text": _escaped(news.words.title), "blocks": _blocks(news.words)}
        return post(self.url.get_secret_value(), body)


def _blocks(words: Words) -> list[dict[str, object]]:
    blocks = [_section(f"*{_escaped(words.title)}*")]
    if words.facts:
        fields = [_mrkdwn(f"*{_escaped(label)}*\n{_escaped(value)}") for label, value in words.facts]
        blocks.append({"type": "section", "fields": fields[:_MOST_FIELDS]})
    if words.listed:
        blocks.append(_section("\n".join(f"• {_escaped(line)}" for line in words.listed)))
    if words.link:
        blocks.append(_section(f"<{_escaped(words.link)}|{_escaped(words.link_text)}>"))
    return blocks


def _section(text: str) -> dict[str, object]:
    return {"type": "section", "text": _mrkdwn(text)}


def _mrkdwn(text: str) -> dict[str, str]:
    return {"type": "mrkdwn", "text": text[:_LONGEST_TEXT]}


def _escaped(text: str) -> str:
    """The three characters that Slack reads as its own, in the way that it asks for."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
