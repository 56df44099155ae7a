"""Two workers, one after the other, on one topic: what the first has begun, the second must not do again."""

import asyncio
import sys

from tests.kafka.counting_worker import add_counting, make_app
from tests.kafka.running import running, until
from tests.parts.kafka.records import produce


async def main(address: str) -> None:
    """End with an AssertionError if a record was handled twice, or never."""
    # A busy machine may take seconds over what is under way; the time limit on that has a test of its own.
    patient = {"broker_commit_interval": 60.0, "broker_session_timeout": 30.0}
    apps = [make_app(address, "drain", **patient) for _ in range(2)]
    stores = [add_counting(app, "drain", 4) for app in apps]
    for store in stores:
        store.chunk_takes_s = 0.05

    def handled() -> list[tuple[int, int]]:
        return [record for store in stores for record in store.handled]

    async def feed() -> None:
        for _ in range(60):
            produce(address, "drain", [(b"%d" % n, b"value") for n in range(20)])
            await asyncio.sleep(0.02)

    async with running(apps[0]):
        feeding = asyncio.create_task(feed())
        await until(lambda: len(handled()) > 100, "the first worker to work")
        async with running(apps[1]):
            await until(lambda: stores[1].handled, "the second worker to get something")
            await feeding
            await until(lambda: len(set(handled())) == 1200, "everything to be handled")
    assert len(handled()) == 1200


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
