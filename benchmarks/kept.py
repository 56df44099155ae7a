"""What is kept of a customer for first-contact resolution, and of an open ticket: bytes of memory in this process.

All that grows with one more of them is counted: what is packed, its name, and where it is looked up.
"""

import gc
import tracemalloc
from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

from benchmarks import load
from schemas.contract import Contract, Objective, Version
from schemas.facts import FACT, Fact
from schemas.resolutions import ContactTouch
from sla_stream.counting import Batch, Counting
from sla_stream.promises import Promises, promises_of
from sla_stream.resolutions import Resolutions, TouchBatch

_START_MS = load.Pace().start_ms
_HOUR_MS = 3_600_000
_BATCH = 1_000

_FCR = {"kind": "first_contact_resolution", "by": "repeat_contact", "within": "7d"}
_RESOLVED = {"kind": "resolution", "within": "34h", "clock": "always"}

#: A ticket on its way: asked about twice, answered twice, and it has waited for the customer in between.
_TICKET: tuple[tuple[str, dict[str, Any]], ...] = (
    ("offered", {"queue": "claims", "customer": "q7Jx0nUeB3wZ5kTf", "priority": "high", "tags": ["storm"]}),
    ("replied", {"author": "auto"}),
    ("replied", {"author": "agent"}),
    ("paused", {}),
    ("customer_wrote", {}),
    ("resumed", {}),
    ("replied", {"author": "agent"}),
    ("paused", {}),
    ("resumed", {}),
    ("prioritised", {"priority": "urgent"}),
)


class Bytes(NamedTuple):
    """Of one."""

    customer: float
    ticket: float


def measure(many: int = 4_000) -> Bytes:
    """The mean of so many, which are a number of thousands."""
    return Bytes(_of_each(_customers, many), _of_each(_tickets, many))


def _of_each(keep: Callable[[int], object], many: int) -> float:
    """How much more memory there is in use for each when many are kept."""
    gc.collect()
    tracemalloc.start()
    kept = keep(many)
    gc.collect()
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del kept
    return size / many


def _customers(many: int) -> Resolutions:
    """Each has called twice within the week."""
    resolutions = Resolutions(_promises(_FCR, "voice"))
    for begin in range(0, 2 * many, _BATCH):
        touches = [(offset, _touch(*divmod(offset, many), offset)) for offset in range(begin, begin + _BATCH)]
        changes = resolutions.observe(TouchBatch(touches, begin + _BATCH - 1))
        resolutions.forget(changes.position.offset)
    return resolutions


def _touch(again: int, customer: int, offset: int) -> ContactTouch:
    at_ms = _START_MS + again * 30 * _HOUR_MS + customer
    return ContactTouch(
        client="acme",
        customer=f"{customer:016d}",
        contact=f"c-{offset:08d}",
        segment=0,
        channel="voice",
        queue="sales",
        offered=at_ms,
        outcome="answered",
        ended=at_ms + 300_000,
        theirs=True,
        source="contact.calls/0",
        offset=offset,
    )


def _tickets(many: int) -> Counting:
    """Each as far on its way as the others."""
    counting, offset = Counting(_promises(_RESOLVED, "ticket")), 0
    for number, (kind, written) in enumerate(_TICKET):
        for begin in range(0, many, _BATCH):
            told = {"type": kind, "client": "acme", "channel": "ticket", **written}
            messages = list[tuple[int, Fact]]()
            for ticket in range(begin, begin + _BATCH):
                at_ms = _START_MS + number * _HOUR_MS + ticket
                fact = FACT.validate_python(told | {"contact": f"T-{ticket:08d}", "at": at_ms})
                messages.append((offset + len(messages), fact))
            offset += _BATCH
            counting.observe(Batch(messages, offset - 1))
    return counting


def _promises(measure: dict[str, Any], channel: str) -> Promises:
    written = {
        "name": "kept",
        "measure": measure,
        "target": {"at_least": "75%"},
        "channel": channel,
        "windows": ["month"],
    }
    contract = Contract(
        name="desk",
        client="acme",
        time_zone="Europe/Paris",
        versions=[Version(effective=date(2020, 1, 1), objectives=[Objective.model_validate(written)])],
    )
    return promises_of([contract])
