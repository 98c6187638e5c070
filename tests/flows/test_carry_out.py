from datetime import timedelta

import pytest

from flows.carry_out import HANDLERS, MOST_ATTEMPTS, MOST_BUGS
from flows.messages import Reply, Say
from flows.office import After, Office
from flows.send_reply import reply_job
from flows.task import Task
from sales.errors import Blocked, GiveUp, Later, NotConfigured, Rejected, StoreBusy
from storage import buyers, queue, work
from storage.queue import Claimed
from storage.schema.work import events, outbox
from storage.unit import Unit
from storage.work import Event
from tests.clock import FrozenClock
from tests.flows.shop import LEASE, Shop

SECOND = timedelta(seconds=1)


async def put(shop: Shop) -> None:
    """One reply to somebody waits in the outbox."""
    job = reply_job(await shop.meet(), Reply((Say("welcome"),)), "hello")
    await shop.store.write(lambda unit: work.enqueue(unit, shop.premises.shop.id, [job]))


async def claim(shop: Shop, owner: str = "worker") -> Claimed:
    (claimed,) = await shop.store.write(lambda unit: queue.claim(unit, outbox, owner, 1, LEASE))
    return claimed


async def after(shop: Shop, trouble: Exception, attempts: int = 1) -> tuple[str, str | None, timedelta | None]:
    """State, error and wait of the job after its mouth has raised this at that attempt."""
    await put(shop)
    shop.mouths["telegram"].trouble = trouble
    claimed = await claim(shop)
    counted = Claimed(claimed.id, claimed.owner, attempts, claimed.row)
    await shop.store.write(
        lambda unit: unit.conn.execute(outbox.update().values(attempts=attempts).where(outbox.c.id == claimed.id))
    )
    await shop.carry_out(Task(counted))
    (row,) = await shop.jobs()
    now = await shop.store.read(lambda unit: unit.now)
    return row.state, row.last_error, row.run_at - now if row.state == "ready" else None


async def test_a_job_that_is_done_is_done_once(shop: Shop) -> None:
    await put(shop)
    assert await shop.work() == 1
    assert await shop.work() == 0
    (row,) = await shop.jobs()
    assert (row.state, row.attempts, len(shop.mouths["telegram"].shown)) == ("done", 1, 1)


async def test_later_is_tried_again_with_backoff(shop: Shop) -> None:
    assert await after(shop, Later("flood")) == ("ready", "Later: flood", SECOND)


async def test_later_is_never_earlier_than_the_other_side_asked(shop: Shop) -> None:
    assert (await after(shop, Later("flood", 33)))[2] == 33 * SECOND


async def test_a_short_wait_asked_for_still_backs_off_or_the_attempts_would_be_used_up(shop: Shop) -> None:
    _, _, wait = await after(shop, Later("flood", 1), attempts=50)
    assert wait is not None
    assert wait >= timedelta(minutes=5)


async def test_a_busy_store_is_later(shop: Shop) -> None:
    assert await after(shop, StoreBusy("locked")) == ("ready", "StoreBusy: locked", SECOND)


async def test_a_bug_is_tried_again_and_its_words_are_kept_out_of_the_row(shop: Shop) -> None:
    assert await after(shop, KeyError("an@example.com")) == ("ready", "KeyError", SECOND)


async def test_what_is_not_configured_waits_and_counts_as_no_attempt(shop: Shop) -> None:
    assert await after(shop, NotConfigured("no mail")) == ("ready", "no mail", timedelta(minutes=10))
    assert (await shop.jobs())[0].attempts == 0


async def test_what_is_not_configured_is_never_buried(shop: Shop) -> None:
    state, *_ = await after(shop, NotConfigured("no mail"), attempts=MOST_ATTEMPTS + 1)
    assert state == "ready"


@pytest.mark.parametrize("trouble", [GiveUp("no"), Rejected("too long")])
async def test_what_is_hopeless_is_buried_at_once(shop: Shop, trouble: GiveUp) -> None:
    assert await after(shop, trouble) == ("dead", type(trouble).__name__, None)


async def test_words_to_a_closed_chat_leave_nothing_for_a_person_to_mend(shop: Shop) -> None:
    assert await after(shop, Blocked("403")) == ("done", None, None)


async def test_goods_for_a_closed_chat_stay_visible(shop: Shop) -> None:
    order = await shop.order()
    await shop.settle(shop.sighting(order.code))
    shop.mouths["telegram"].trouble = Blocked("403")
    await shop.work()
    assert [job.state for job in await shop.jobs("deliver_goods")] == ["dead"]
    assert {job.state for job in await shop.jobs("reply")} == {"done"}


BOUNDS = [(Later("down"), MOST_ATTEMPTS), (RuntimeError("bug"), MOST_BUGS)]


@pytest.mark.parametrize(("trouble", "most"), BOUNDS)
async def test_before_the_last_attempt_there_is_always_another(shop: Shop, trouble: Exception, most: int) -> None:
    assert (await after(shop, trouble, most - 1))[0] == "ready"


@pytest.mark.parametrize(("trouble", "most"), BOUNDS)
async def test_the_last_attempt_is_buried_where_it_can_be_seen(shop: Shop, trouble: Exception, most: int) -> None:
    assert await after(shop, trouble, most) == ("dead", type(trouble).__name__, None)


@pytest.mark.parametrize(("trouble", "reachable"), [(Blocked("403"), False), (Rejected("too long"), True)])
async def test_only_a_closed_chat_is_remembered_as_closed(shop: Shop, trouble: GiveUp, reachable: bool) -> None:
    await after(shop, trouble)
    peer = await shop.store.read(lambda unit: buyers.peer_at(unit, shop.premises.shop.id, "telegram", "42"))
    assert peer is not None
    assert peer.reachable == reachable


async def test_a_job_nobody_knows_is_a_bug_that_stays_visible(shop: Shop) -> None:
    job = work.Job("unheard_of", "x", {})
    await shop.store.write(lambda unit: work.enqueue(unit, shop.premises.shop.id, [job]))
    await shop.work()
    (row,) = await shop.jobs()
    assert (row.state, row.last_error) == ("ready", "KeyError")


async def test_what_belongs_to_the_end_of_a_job_is_written_with_it(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(HANDLERS, "reply", noting)
    await put(shop)
    await shop.work()
    assert [row.kind for row in await shop.rows(events)] == ["noted"]


async def test_an_end_that_fails_leaves_the_job_undone(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    async def failing(office: Office, _task: Task) -> After:
        def end(unit: Unit) -> None:
            note(unit, office)
            raise RuntimeError("bug")

        return end

    monkeypatch.setitem(HANDLERS, "reply", failing)
    await put(shop)
    await shop.work()
    assert await shop.rows(events) == []
    assert (await shop.jobs())[0].state == "ready"


async def test_an_overtaken_lease_writes_nothing(
    shop: Shop, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(HANDLERS, "reply", noting)
    await put(shop)
    slow = await claim(shop, "slow")
    clock.move(LEASE)
    fast = await claim(shop, "fast")
    await shop.carry_out(Task(slow))
    assert await shop.rows(events) == []
    assert (await shop.jobs())[0].owner == "fast"
    await shop.carry_out(Task(fast))
    assert [row.kind for row in await shop.rows(events)] == ["noted"]


@pytest.mark.parametrize("trouble", [Later("down"), Blocked("403"), NotConfigured("no chat"), RuntimeError("bug")])
async def test_an_overtaken_failure_changes_nothing_either(shop: Shop, clock: FrozenClock, trouble: Exception) -> None:
    await put(shop)
    slow = await claim(shop, "slow")
    clock.move(LEASE)
    await claim(shop, "fast")
    shop.mouths["telegram"].trouble = trouble
    await shop.carry_out(Task(slow))
    (row,) = await shop.jobs()
    assert (row.state, row.owner, row.attempts, row.last_error) == ("running", "fast", 2, None)


async def test_a_job_shown_again_carries_the_same_key(shop: Shop, clock: FrozenClock) -> None:
    await put(shop)
    first = await claim(shop, "dies")
    await HANDLERS["reply"](shop.office, Task(first))
    clock.move(LEASE)
    await shop.work()
    keys = [each.key for each in shop.mouths["telegram"].shown]
    assert len(keys) == 2
    assert len(set(keys)) == 1


def note(unit: Unit, office: Office) -> None:
    work.log(unit, office.premises.shop.id, [Event("noted")])


async def noting(office: Office, _task: Task) -> After:
    return lambda unit: note(unit, office)
