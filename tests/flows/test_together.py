import asyncio
from collections.abc import Sequence

import pytest

from flows.together import MOST_AT_ONCE, Together
from sales.errors import StoreBusy

BAD = 13


class Doubled:
    """Doubles numbers, list by list, once its gate is open; a list with a bad number in it fails."""

    def __init__(self) -> None:
        self.lists: list[list[int]] = []
        self.alone: list[int] = []
        self.busy = 0
        self.begun = asyncio.Event()
        self.gate = asyncio.Event()
        self.gate.set()
        self.together = Together(self._all_of, self._alone)

    async def ask(self, *numbers: int) -> list[int | BaseException]:
        async with asyncio.timeout(5):
            return await asyncio.gather(*(self.together.do(number) for number in numbers), return_exceptions=True)

    async def _all_of(self, numbers: Sequence[int]) -> list[int]:
        self.lists.append(list(numbers))
        self.begun.set()
        await self.gate.wait()
        if self.busy:
            self.busy -= 1
            raise StoreBusy("locked")
        if BAD in numbers:
            raise ValueError(BAD)
        return [2 * number for number in numbers]

    async def _alone(self, number: int) -> int:
        self.alone.append(number)
        if number == BAD:
            raise ValueError(BAD)
        return 2 * number


@pytest.fixture
def doubled() -> Doubled:
    return Doubled()


async def test_everybody_hears_the_answer_to_what_he_asked(doubled: Doubled) -> None:
    assert await doubled.ask(3, 1, 2) == [6, 2, 4]
    assert doubled.lists == [[3, 1, 2]]


async def test_what_comes_while_a_list_is_under_way_is_the_next_list(doubled: Doubled) -> None:
    doubled.gate.clear()
    first = asyncio.create_task(doubled.ask(1))
    await doubled.begun.wait()
    rest = asyncio.create_task(doubled.ask(2, 3))
    await asyncio.sleep(0)
    doubled.gate.set()
    assert [await first, await rest] == [[2], [4, 6]]
    assert doubled.lists == [[1], [2, 3]]


async def test_what_is_on_its_way_through_the_loop_shares_the_first_list(doubled: Doubled) -> None:
    async def arrive(turns: int) -> int:
        for _ in range(turns):
            await asyncio.sleep(0)
        return await doubled.together.do(turns)

    assert await asyncio.gather(*map(arrive, range(4))) == [0, 2, 4, 6]
    assert doubled.lists == [[0, 1, 2, 3]]


async def test_a_list_has_an_end(doubled: Doubled) -> None:
    numbers = range(100, 100 + MOST_AT_ONCE + 1)
    assert await doubled.ask(*numbers) == [2 * number for number in numbers]
    assert [len(each) for each in doubled.lists] == [MOST_AT_ONCE, 1]


async def test_after_a_pause_it_goes_on(doubled: Doubled) -> None:
    assert [await doubled.ask(1), await doubled.ask(2)] == [[2], [4]]


async def test_what_fails_fails_for_itself(doubled: Doubled) -> None:
    one, bad, two = await doubled.ask(1, BAD, 2)
    assert (one, type(bad), two) == (2, ValueError, 4)
    assert doubled.alone == [1, BAD, 2]


async def test_a_busy_store_is_not_asked_again_for_each(doubled: Doubled) -> None:
    doubled.busy = 1
    assert [type(each) for each in await doubled.ask(1, 2)] == [StoreBusy] * 2
    assert doubled.alone == []
    assert await doubled.ask(1, 2) == [2, 4]


@pytest.mark.parametrize("fails", [False, True], ids=["done", "fails"])
async def test_whoever_hangs_up_harms_nobody_and_is_done_all_the_same(doubled: Doubled, fails: bool) -> None:
    doubled.gate.clear()
    gone, waits = [asyncio.create_task(doubled.together.do(number)) for number in (BAD if fails else 1, 2)]
    await doubled.begun.wait()
    gone.cancel()
    doubled.gate.set()
    assert await asyncio.wait_for(waits, 5) == 4
    assert gone.cancelled()
    assert doubled.alone == ([BAD, 2] if fails else [])


async def test_whoever_hangs_up_before_his_turn_is_done_all_the_same(doubled: Doubled) -> None:
    gone = asyncio.create_task(doubled.together.do(1))
    waits = asyncio.create_task(doubled.together.do(2))
    await asyncio.sleep(0)
    gone.cancel()
    assert await asyncio.wait_for(waits, 5) == 4
    assert doubled.lists == [[1, 2]]
