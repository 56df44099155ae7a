"""A conversation in writing: what the customer asked, and when there was a reply.

Whatever the customer writes until there is a reply is one question, which begins with the oldest message.
Questions are a function of the contact's facts in the order of time, and of nothing else.
"""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from sla_stream.life import Facts, Known

#: After these nobody here is expected to reply any more, unless the contact is opened again.
_OVER = ("abandoned", "flowed_out", "transferred", "ended", "resolved", "closed")


class Question(NamedTuple):
    """What the customer asked, from the oldest message on (epoch ms).

    `is_first`: no reply came before it in its conversation. `replied_ms` is when the reply came; `over_ms` when
    the contact was over without one. Neither: it still waits.
    """

    asked_ms: int
    is_first: bool
    replied_ms: int | None = None
    over_ms: int | None = None


def questions(facts: Facts, authors: Collection[str], anew_after_ms: int | None = None) -> Iterator[Question]:
    """Each question of a contact from its offer on, in the order of time. Replies by `authors` count.

    A message after a silence of `anew_after_ms` begins another conversation, but not while an older one still
    waits for its reply: else to say nothing for long enough would be a way out.
    """
    waiting, is_first, last_ms = None, True, 0
    for fact in _with_first_message(facts, authors):
        if fact.kind == "customer_wrote" and (waiting is None or waiting.over_ms is not None):
            if waiting:
                yield waiting
            is_first = is_first or (anew_after_ms is not None and fact.at_ms - last_ms >= anew_after_ms)
            waiting = Question(fact.at_ms, is_first)
        elif waiting and _is_reply(fact, authors):
            yield waiting._replace(replied_ms=fact.at_ms, over_ms=None)
            waiting, is_first = None, False
        elif waiting and fact.kind in _OVER and waiting.over_ms is None:
            waiting = waiting._replace(over_ms=fact.at_ms)
        elif waiting and fact.kind == "reopened":
            waiting = waiting._replace(over_ms=None)
        if _is_written(fact):
            last_ms = fact.at_ms
    if waiting:
        yield waiting


def written_before_offer(facts: Facts) -> Iterator[Known]:
    """What was written to or by nobody, in no queue. Nothing, for as long as no offer is known."""
    begun = _offer(facts)
    return (fact for fact in facts[:begun] if _is_written(fact) and begun < len(facts))


def _offer(facts: Facts) -> int:
    """Where among the facts the offer is; behind them, if it is not known."""
    return next((place for place, fact in enumerate(facts) if fact.kind == "offered"), len(facts))


def _with_first_message(facts: Facts, authors: Collection[str]) -> Facts:
    """The facts since the offer, which stands for the first message if none is told before there is a reply."""
    begun = _offer(facts)
    offer, since = facts[begun : begun + 1], facts[begun + 1 :]
    first = next((fact for fact in since if fact.kind == "customer_wrote" or _is_reply(fact, authors)), None)
    if first and first.kind == "customer_wrote":
        return since
    return tuple(Known(fact.offset, "customer_wrote", fact.at_ms, "") for fact in offer) + since


def _is_reply(fact: Known, authors: Collection[str]) -> bool:
    return fact.kind == "replied" and fact.detail in authors


def _is_written(fact: Known) -> bool:
    """For the customer to see, by whomever."""
    return fact.kind == "customer_wrote" or (fact.kind == "replied" and fact.detail != "note")
