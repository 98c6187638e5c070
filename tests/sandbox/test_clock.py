import asyncio
from datetime import timedelta

import pytest

from sandbox.clock import MovableClock
from tests.clock import FrozenClock
from tests.sandbox.house import House

HOUR = timedelta(hours=1)


def test_it_runs_like_its_base_and_ahead_of_it_after_a_move() -> None:
    base = FrozenClock()
    clock = MovableClock(base)
    assert clock() == base.now
    clock.move(HOUR)
    base.move(HOUR)
    assert clock() == base.now + HOUR


@pytest.mark.parametrize("by", [timedelta(), -HOUR])
def test_it_never_moves_backwards(by: timedelta) -> None:
    clock = MovableClock(FrozenClock())
    with pytest.raises(ValueError, match="forwards"):
        clock.move(by)


def test_a_move_rings_whoever_asked_to_hear() -> None:
    clock = MovableClock(FrozenClock())
    heard: list[str] = []
    clock.on_move.append(lambda: heard.append("moved"))
    clock.move(HOUR)
    assert heard == ["moved"]


async def test_waiting_ends_when_the_clock_is_moved_far_enough() -> None:
    clock = MovableClock(FrozenClock())
    waiting = asyncio.create_task(clock.reach(clock() + 2 * HOUR))
    await asyncio.wait([waiting], timeout=0.01)
    clock.move(HOUR)
    await asyncio.wait([waiting], timeout=0.01)
    assert not waiting.done()
    clock.move(HOUR)
    await waiting


async def test_a_moment_that_is_over_is_not_waited_for() -> None:
    clock = MovableClock(FrozenClock())
    await clock.reach(clock())


async def test_the_page_moves_the_clock(house: House) -> None:
    before = house.clock()
    answer = await house.post("clock", seconds=1800)
    assert house.clock() - before == HOUR / 2
    assert (answer["now"], (await house.state())["now"]) == (house.clock().isoformat(),) * 2


@pytest.mark.parametrize("seconds", [0, -5, 10**12, 2**70, "60", 1.5, True, None])
async def test_the_page_cannot_move_it_otherwise(house: House, seconds: object) -> None:
    assert (await house.post("clock", seconds=seconds))["status"] == 400


async def test_the_end_of_time_is_a_clear_answer(house: House) -> None:
    house.clock.move(timedelta(days=365 * 7900))
    last = 0
    for _ in range(100):
        last = (await house.post("clock", seconds=400 * 24 * 3600))["status"]
        if last != 200:
            break
    assert last == 400
