"""The play keeps its promise: at the default speed a breach is raised and over within half a minute."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

import pytest

from agents.contracts import load_contracts
from agents.demo import northwind
from schemas.alerts import AlertEvent
from schemas.facts import Heartbeat
from sla_stream.counting import Batch, Counting
from sla_stream.judging import Judging
from sla_stream.messages import messages_of
from sla_stream.promises import promises_of

NOW = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
TICKS_PER_S = 4
RUNS_S = 30


class Told(NamedTuple):
    event: AlertEvent
    queue: str | None
    second: float


def told(seed: int) -> Iterator[Told]:
    """Alerts of the first half-minute, by the second of the clock at which they are told."""
    promises = promises_of(load_contracts(northwind.CONTRACT).values())
    counting, judging = Counting(promises), Judging(promises)
    centre = northwind.northwind(northwind.CLIENT, NOW, seed)
    for tick in range(RUNS_S * TICKS_PER_S + 1):
        second = tick / TICKS_PER_S
        at_ms = northwind.begins_ms(NOW) + round(second * northwind.SPEED * 1000)
        first = counting.position.offset + 1
        beats = [Heartbeat(client=northwind.CLIENT, channel=one, at=at_ms) for one in northwind.CHANNELS]
        facts = [*centre.facts_until(at_ms), *beats]
        batch = Batch(list(enumerate(facts, first)), first + len(facts) - 1)
        judging.observe(messages_of(counting.observe(batch), "calls/0", heard_ms=at_ms))
        judging.tick(now_ms=at_ms)
        for key, alert in list(judging.unannounced()):
            judging.announced(key)
            yield Told(alert.event, alert.queue, second)


@pytest.mark.parametrize("seed", range(8))
def test_a_breach_is_raised_and_over_within_half_a_minute(seed: int) -> None:
    alerts = list(told(seed))
    for queue in ("sales", "support", "chat"):
        mine = [alert for alert in alerts if alert.queue == queue]
        assert mine[0].event is AlertEvent.BREACH_OPENED
        assert 7 <= mine[0].second <= 13
        over = next(alert for alert in mine if alert.event is AlertEvent.BREACH_RESOLVED)
        assert mine[0].second < over.second <= 25


def test_the_seed_that_is_shown_tells_one_breach_per_queue() -> None:
    opened, resolved = AlertEvent.BREACH_OPENED, AlertEvent.BREACH_RESOLVED
    assert sorted((alert.queue, alert.event) for alert in told(northwind.SEED)) == [
        ("chat", opened),
        ("chat", resolved),
        ("sales", opened),
        ("sales", resolved),
        ("support", opened),
        ("support", resolved),
        ("tickets", opened),
        ("tickets", resolved),
    ]


def test_it_is_played_in_the_past_at_half_past_nine() -> None:
    begins = datetime.fromtimestamp(northwind.begins_ms(NOW) / 1000, northwind.ZONE)
    assert f"{begins:%Y-%m-%d %H:%M:%S}" == "2026-02-23 09:30:00"
