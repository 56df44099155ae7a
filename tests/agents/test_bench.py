"""The bench at the edge, without a Kafka."""

import asyncio
from pathlib import Path

from faust.types import TP
from prometheus_client import CollectorRegistry

from agents import state
from agents.app import Worker
from agents.contracts import load_contracts
from agents.kafka import Chunk
from agents.notify.routes import Routes
from agents.pseudonyms import Pseudonyms
from agents.settings import Settings
from agents.telling import TALLIES
from schemas.tallies import TallyMessage
from tests.builders import MINUTE, instant

_MESSAGES = 5_000
_MOST_AT_A_STRETCH = 1_000


def _chunk() -> Chunk:
    """A replay, as it comes in one fetch."""
    values = [
        state.bench_record(
            TallyMessage(
                client="acme",
                channel="voice",
                queue="sales",
                start=instant("09:00:00") + number % 15 * MINUTE,
                source="contact.calls/0",
                offset=number,
                minutes=[{"service_level:30000:5000:arrival": {"answered_in_time": number}}],
            )
        )[1]
        for number in range(_MESSAGES)
    ]
    offsets = list(range(_MESSAGES))
    return Chunk.of(TP(TALLIES, 0), (0, _MESSAGES), offsets, values, [None] * _MESSAGES, offsets)


async def _turns_of_others(worker: Worker, chunk: Chunk) -> int:
    """How often anything else had its turn while the chunk was put on the boards."""
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    counting = asyncio.create_task(count())
    await worker.bench.take(chunk)
    counting.cancel()
    return turns


def test_the_tick_has_its_turn_while_a_long_replay_is_put_on_the_boards() -> None:
    contracts = Path("config/contracts/hotline-fr.yaml")
    settings = Settings(contracts=contracts, notify=None)
    worker = Worker(
        settings, load_contracts(contracts), Routes(), Pseudonyms({}), None, CollectorRegistry(), lambda: 0
    )
    assert asyncio.run(_turns_of_others(worker, _chunk())) >= _MESSAGES // _MOST_AT_A_STRETCH
