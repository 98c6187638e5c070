import asyncio
from collections.abc import Sequence

import pytest

from gateways.one_by_one import AT_ONCE, one_by_one
from sales.errors import CutShort, Later, Rejected
from sales.question import Question
from sales.transfer import Sighting
from tests.gateways.asked import question

ALL = [question(number) for number in range(1, 11)]


def told(number: int) -> Sighting:
    return Sighting("example", str(number), 1, "VND", "example", "", number=number)


async def test_all_is_told_in_the_order_of_asking() -> None:
    async def ask(each: Question) -> Sequence[Sighting]:
        return [told(each.number)] if each.number % 2 else []

    assert [each.number for each in await one_by_one(ALL, ask)] == [1, 3, 5, 7, 9]
    assert await one_by_one([], ask) == ()


async def test_only_a_few_calls_are_under_way_at_a_time() -> None:
    under_way, most = 0, 0

    async def ask(_: Question) -> Sequence[Sighting]:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0)
        under_way -= 1
        return ()

    await one_by_one(ALL, ask)
    assert most == AT_ONCE


@pytest.mark.parametrize("trouble", [Later("HTTP 429", 7), Rejected("HTTP 401")])
async def test_trouble_ends_it_and_keeps_what_was_told(trouble: Later | Rejected) -> None:
    asked = []

    async def ask(each: Question) -> Sequence[Sighting]:
        asked.append(each.number)
        if each.number == 6:
            raise trouble
        return [told(each.number)]

    with pytest.raises(CutShort) as cut:
        await one_by_one(ALL, ask)
    assert cut.value.trouble is trouble
    assert [each.number for each in cut.value.found] == [1, 2, 3, 4, 5, 7, 8]
    assert cut.value.answered == {1, 2, 3, 4, 5, 7, 8}
    assert max(asked) == 8


async def test_who_is_told_nothing_at_all_meets_the_trouble_itself() -> None:
    async def ask(_: Question) -> Sequence[Sighting]:
        raise Later("HTTP 429", 7)

    with pytest.raises(Later, match="HTTP 429"):
        await one_by_one(ALL, ask)


async def test_a_bug_stays_a_bug() -> None:
    async def ask(_: Question) -> Sequence[Sighting]:
        raise KeyError("bug")

    with pytest.raises(KeyError):
        await one_by_one(ALL, ask)
