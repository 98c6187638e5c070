"""The bell wakes all who wait, from any thread, and nobody for nothing."""

import asyncio
import threading

from storage.bell import Bell


async def test_nobody_rings() -> None:
    assert await Bell().wait(0.01) is False


async def test_every_waiter_is_woken() -> None:
    bell = Bell()
    waiters = [asyncio.create_task(bell.wait(20)) for _ in range(5)]
    await asyncio.sleep(0)
    bell.ring()
    assert await asyncio.gather(*waiters) == [True] * 5


async def test_a_ring_from_another_thread_is_heard() -> None:
    bell = Bell()
    waiter = asyncio.create_task(bell.wait(20))
    await asyncio.sleep(0)
    thread = threading.Thread(target=bell.ring)
    thread.start()
    assert await waiter is True
    thread.join()


async def test_an_earlier_ring_does_not_wake() -> None:
    bell = Bell()
    bell.ring()
    assert await bell.wait(0.01) is False


async def test_a_ring_since_the_last_look_is_not_missed() -> None:
    """Between an empty look into the queue and the wait, a job may have been committed."""
    bell = Bell()
    seen = bell.rings
    bell.ring()
    assert await bell.wait(20, since=seen) is True
    assert await bell.wait(0.01, since=bell.rings) is False


async def test_a_waiter_that_gave_up_leaves_nothing_behind() -> None:
    bell = Bell()
    await bell.wait(0.01)
    cancelled = asyncio.create_task(bell.wait(20))
    await asyncio.sleep(0)
    cancelled.cancel()
    await asyncio.gather(cancelled, return_exceptions=True)
    assert not bell._waiting


def test_a_ring_after_the_loop_has_ended_hurts_nobody() -> None:
    bell = Bell()
    loop = asyncio.new_event_loop()
    waiter = loop.create_task(bell.wait(20))
    loop.run_until_complete(asyncio.sleep(0))
    loop.run_until_complete(_cancel_quietly(waiter))
    bell._waiting.add((loop, loop.create_future()))
    loop.close()
    bell.ring()
    assert bell.rings == 1


async def _cancel_quietly(task: "asyncio.Task[bool]") -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
