"""The floor without any infrastructure: counting and judging, called directly."""

from collections.abc import Sequence

from schemas.alerts import Alert
from schemas.contract import Contract
from schemas.facts import Fact, Record
from schemas.verdicts import Verdict
from sla_stream.counting import Counting
from sla_stream.judging import Judging
from sla_stream.promises import promises_of
from tests.builders import SECOND, batch, bench_messages, instant
from tests.scenarios.floor import Floor

#: Judged so often.
_TICK_MS = 5 * SECOND


class InMemory(Floor):
    """One source partition, one judge, and receivers that never fail."""

    def __init__(self) -> None:
        self._counting: Counting
        self._judging: Judging
        self._now_ms = 0
        self._told: list[Alert] = []

    def promise(self, contract: Contract) -> None:
        promises = promises_of([contract])
        self._counting, self._judging = Counting(promises), Judging(promises)

    def given(self, facts: Sequence[Fact]) -> None:
        for fact in facts:
            self._go_on(_known_at(fact))
            changes = self._counting.observe(batch([fact], self._counting.position.offset + 1))
            self._judging.observe(bench_messages(changes, heard=self._now_ms))
        self._look()

    def advance(self, to: str) -> None:
        self._go_on(instant(to))

    def verdict(self, queue: str | None, window: str | None) -> Verdict | None:
        found = [
            verdict
            for key, verdict in self._judging.verdicts.items()
            if key.queue == queue and window in (None, key.window)
        ]
        return found[0] if found else None

    def alerts(self) -> Sequence[Alert]:
        return self._told

    def _go_on(self, to_ms: int) -> None:
        self._now_ms = self._now_ms or to_ms
        while self._now_ms + _TICK_MS < to_ms:
            self._now_ms += _TICK_MS
            self._look()
        self._now_ms = max(self._now_ms, to_ms)
        self._look()

    def _look(self) -> None:
        self._judging.tick(self._now_ms)
        for key, alert in list(self._judging.unannounced()):
            self._told.append(alert)
            self._judging.announced(key)


def _known_at(fact: Fact) -> int:
    """A record is written when its contact is over."""
    if not isinstance(fact, Record):
        return fact.at
    ends = (fact.answered_at, fact.abandoned_at, fact.flowed_out_at, fact.ended_at, fact.wrapped_at)
    return max(at for at in (fact.offered_at, *ends) if at is not None)
