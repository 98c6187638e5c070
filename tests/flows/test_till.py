import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

import pytest

import flows.till
from flows.notice import Notice
from flows.premises import Premises
from flows.settle_payments import Settled
from flows.till import Till
from flows.together import MOST_AT_ONCE
from sales.errors import Later, StoreBusy
from sales.settlement import Outcome
from storage.bell import Bell
from storage.errors import Conflict
from storage.schema.money import notices as notices_table
from storage.store import Store
from storage.unit import Unit
from tests.clock import FrozenClock
from tests.flows.shop import Shop, notices

T = TypeVar("T")
NEW = Outcome.NEW


class Counting:
    """A store that counts its writes, waits for `gate` before each, and fails as often as it is told to."""

    def __init__(self, store: Store) -> None:
        self.dialect, self.bell = store.dialect, Bell()
        self.writes = 0
        self.begun = asyncio.Event()
        self.gate = asyncio.Event()
        self.gate.set()
        self.troubles: list[Exception] = []
        self._store = store

    async def write(self, work: Callable[[Unit], T]) -> T:
        self.writes += 1
        self.begun.set()
        await self.gate.wait()
        if self.troubles:
            raise self.troubles.pop(0)
        return await self._store.write(work)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


@pytest.fixture
def counting(shop: Shop) -> Counting:
    return Counting(shop.store)


@pytest.fixture
def till(shop: Shop, counting: Counting) -> Till:
    return Till(counting, shop.premises)


async def settled(till: Till, *told: Notice) -> list[BaseException | Outcome]:
    return await asyncio.gather(*(till.settle(notice) for notice in told), return_exceptions=True)


def break_on(monkeypatch: pytest.MonkeyPatch, memo: str) -> None:
    """Let settling fail as a bug would, for lists that hold a sighting with this word."""
    real = flows.till.settle_payments

    def settle(unit: Unit, premises: Premises, told: list[Notice]) -> Settled:
        done = real(unit, premises, told)
        if any(memo in each.memo for notice in told for each in notice.sightings):
            raise KeyError(memo)
        return done

    monkeypatch.setattr(flows.till, "settle_payments", settle)


async def test_a_notice_is_settled_when_the_till_answers(shop: Shop, till: Till) -> None:
    order = await shop.order()
    await till.settle(notices(shop.sighting(order.code))[0])
    assert (await shop.story(order))["order"]["payment"] == "paid"


async def test_what_arrives_during_a_commit_shares_the_next_one(shop: Shop, till: Till, counting: Counting) -> None:
    counting.gate.clear()
    orders = [await shop.order() for _ in range(6)]
    told = notices(*(shop.sighting(order.code) for order in orders))
    first = asyncio.create_task(till.settle(told[0]))
    await counting.begun.wait()
    rest = [asyncio.create_task(till.settle(notice)) for notice in told[1:]]
    await asyncio.sleep(0)
    counting.gate.set()
    await asyncio.gather(first, *rest)
    assert counting.writes == 2
    assert await shop.meanings() == ["exact"] * 6


async def test_a_list_has_an_end(shop: Shop, till: Till, counting: Counting) -> None:
    told = notices(*(shop.sighting("nobody", 1 + n) for n in range(MOST_AT_ONCE + 1)))
    assert await settled(till, *told) == [NEW] * (MOST_AT_ONCE + 1)
    assert counting.writes == 2


async def test_the_till_opens_again_after_a_pause(shop: Shop, till: Till) -> None:
    for amount in (1, 2):
        await till.settle(notices(shop.sighting("nobody", amount))[0])
    assert await shop.meanings() == ["unmatched"] * 2


async def test_one_bad_notice_harms_no_other(shop: Shop, till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    break_on(monkeypatch, "POISON")
    orders = [await shop.order(), await shop.order()]
    good = notices(*(shop.sighting(order.code) for order in orders))
    (bad,) = notices(shop.sighting("POISON"))
    answers = await settled(till, good[0], bad, good[1])
    assert [type(answer) for answer in answers] == [Outcome, Later, Outcome]
    assert await shop.meanings() == ["exact", "exact"]


async def test_a_failing_notice_is_kept_with_its_error_and_replayed_by_its_job(
    shop: Shop, till: Till, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = await shop.order()
    (notice,) = notices(shop.sighting(f"POISON {order.code}"))
    with monkeypatch.context() as broken:
        break_on(broken, "POISON")
        assert [type(each) for each in await settled(till, notice, notice)] == [Later, Later]
    (kept,) = await shop.rows(notices_table)
    assert (kept.state, kept.error, kept.body) == ("failed", "KeyError", notice.body)
    assert len(await shop.jobs("replay_notice")) == 1
    clock.move(timedelta(minutes=2))
    await shop.work()
    assert (await shop.story(order))["order"]["payment"] == "paid"
    assert [(row.state, row.error) for row in await shop.rows(notices_table)] == [("settled", None)]


async def test_the_gateways_own_repetition_settles_a_notice_that_had_failed(
    shop: Shop, till: Till, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = await shop.order()
    (notice,) = notices(shop.sighting(f"POISON {order.code}"))
    with monkeypatch.context() as broken:
        break_on(broken, "POISON")
        await settled(till, notice)
    await till.settle(notice)
    clock.move(timedelta(minutes=2))
    await shop.work()
    assert await shop.meanings() == ["exact"]
    assert [row.state for row in await shop.rows(notices_table)] == ["settled"]


async def test_a_busy_store_answers_busy_to_all_at_once_and_keeps_nothing(
    shop: Shop, till: Till, counting: Counting
) -> None:
    counting.troubles = [StoreBusy("locked")]
    told = notices(*(shop.sighting("nobody", amount) for amount in (1, 2, 3)))
    assert [type(each) for each in await settled(till, *told)] == [StoreBusy] * 3
    assert counting.writes == 1
    assert await shop.rows(notices_table) == []
    assert await settled(till, *told) == [NEW] * 3


async def test_a_list_that_lost_a_race_is_redone(shop: Shop, till: Till, counting: Counting) -> None:
    counting.troubles = [Conflict("sightings")]
    order = await shop.order()
    assert await settled(till, *notices(shop.sighting(order.code))) == [NEW]
    assert await shop.meanings() == ["exact"]


@pytest.mark.parametrize("trouble", [StoreBusy("locked"), Conflict("notices"), RuntimeError("broken")])
async def test_a_notice_that_cannot_even_be_kept_leaves_nobody_waiting(
    shop: Shop, till: Till, counting: Counting, trouble: Exception
) -> None:
    bug = RuntimeError("bug")
    counting.troubles = [bug, bug, trouble]
    first, second = notices(shop.sighting("nobody", 1), shop.sighting("nobody", 2))
    async with asyncio.timeout(5):
        answers = await settled(till, first, second)
    assert isinstance(answers[0], Later)
    assert answers[1] is NEW


async def test_a_caller_who_hangs_up_harms_nobody(shop: Shop, till: Till, counting: Counting) -> None:
    counting.gate.clear()
    orders = [await shop.order(), await shop.order()]
    told = notices(*(shop.sighting(order.code) for order in orders))
    gone, waits = [asyncio.create_task(till.settle(notice)) for notice in told]
    await asyncio.sleep(0)
    gone.cancel()
    counting.gate.set()
    await waits
    assert gone.cancelled()
    assert await shop.meanings() == ["exact", "exact"]


async def test_a_hundred_copies_at_once_are_one_movement(shop: Shop, till: Till) -> None:
    order = await shop.order()
    (notice,) = notices(shop.sighting(order.code))
    assert await settled(till, *[notice] * 100) == [NEW] * 100
    assert await shop.meanings() == ["exact"]


async def test_two_tills_as_in_two_processes_settle_a_movement_once(shop: Shop) -> None:
    order = await shop.order()
    told = notices(*[shop.sighting(order.code)] * 1, shop.sighting(order.code, 5))
    tills = [Till(shop.store, shop.premises) for _ in range(4)]
    answers = await asyncio.gather(*(settled(till, *told, *told) for till in tills))
    assert answers == [[NEW] * 4] * 4
    assert await shop.meanings() in (["exact", "second"], ["short", "over"])
