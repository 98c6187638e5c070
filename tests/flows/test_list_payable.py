"""What may be sent by VietQR at this moment, for a sheet; who took it is in the log."""

from datetime import timedelta

from flows.list_payable import Payable, list_payable
from storage.schema.work import events
from tests.clock import FrozenClock
from tests.flows.desk import PAYEE, Desk
from tests.flows.shop import Shop, open_shop


async def listed(shop: Shop) -> list[Payable]:
    return await shop.store.write(lambda unit: list_payable(unit, shop.premises, "terminal"))


async def test_only_what_is_owed_to_a_confirmed_account_is_listed(shop: Shop) -> None:
    desk = await Desk.open(shop)
    order = await desk.paid()
    await desk.ask(order, 1_000)
    await desk.owed(order, 2_000)
    settled = await desk.confirm_as_admin(await desk.owed(order, 3_000))
    await desk.close(await desk.confirm_as_admin(await desk.owed(order, 4_000)))
    (found,) = await listed(shop)
    assert found == Payable(
        settled.code or "",
        order.code,
        settled.amount,
        "Vietcombank",
        PAYEE.bin,
        PAYEE.account,
        PAYEE.holder,
        settled.memo,
    )
    assert PAYEE.account not in repr(found)
    (event,) = [row for row in await shop.rows(events) if row.kind == "admin.refunds_exported"]
    assert (event.actor, event.detail) == ("terminal", {"refunds": [settled.id]})


async def test_what_was_listed_before_says_when(sqlite_shop: Shop, clock: FrozenClock) -> None:
    desk = await Desk.open(sqlite_shop)
    first = await desk.confirm_as_admin(await desk.owed(await desk.paid()))
    assert [each.listed_at for each in await listed(sqlite_shop)] == [None]
    at = clock.now
    clock.move(timedelta(hours=1))
    second = await desk.confirm_as_admin(await desk.owed(await desk.paid()))
    assert [(each.refund, each.listed_at) for each in await listed(sqlite_shop)] == [
        (first.code, at),
        (second.code, None),
    ]
    assert [each.listed_at for each in await listed(sqlite_shop)] == [clock.now] * 2


async def test_what_came_back_is_listed_once_it_is_confirmed_anew(sqlite_shop: Shop, clock: FrozenClock) -> None:
    desk = await Desk.open(sqlite_shop)
    owed = await desk.confirm_as_admin(await desk.owed(await desk.paid()))
    assert len(await listed(sqlite_shop)) == 1
    clock.move(timedelta(hours=1))
    sent = await desk.close(owed)
    await sqlite_shop.settle(sqlite_shop.sighting(sent.memo, sent.amount.minor))
    assert await listed(sqlite_shop) == []
    await desk.confirm_as_admin(await desk.look(sent))
    (again,) = await listed(sqlite_shop)
    assert (again.refund, again.listed_at) == ((await desk.look(sent)).code, None)


async def test_two_shops_do_not_mix(sqlite_shop: Shop) -> None:
    desk = await Desk.open(sqlite_shop)
    await desk.confirm_as_admin(await desk.owed(await desk.paid()))
    assert await listed(await open_shop(sqlite_shop.store, slug="other")) == []
