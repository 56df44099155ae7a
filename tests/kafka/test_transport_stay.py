"""Work of timers and the moving of partitions keep out of each other's way."""

import asyncio

from agents.kafka.stay import Stay


def test_work_waits_until_the_partitions_have_come_to_rest() -> None:
    async def run() -> None:
        stay = Stay(lambda _: None)

        async def work() -> None:
            async with stay.work():
                pass

        working = asyncio.create_task(work())
        await asyncio.sleep(0)
        assert not working.done()
        stay.begin()
        await working

    asyncio.run(run())


def test_5_partitions_move_only_when_work_is_done() -> None:
    async def run() -> None:
        stay = Stay(lambda _: None)
        stay.begin()
        async with stay.work():
            stay.end()
            leaving = asyncio.create_task(stay.left())
            await asyncio.sleep(0)
            assert not leaving.done()
        await leaving

    asyncio.run(run())


def test_each_rest_is_told_once() -> None:
    told: list[float] = []
    stay = Stay(told.append)
    stay.begin()
    stay.begin()
    assert len(told) == 1
    stay.end()
    stay.end()
    stay.begin()
    assert len(told) == 2
    assert all(seconds >= 0 for seconds in told)
