"""Admins and invitations, on both databases."""

import asyncio
from datetime import timedelta

from storage import admins, shops
from storage.schema.admins import admins as admins_table
from storage.schema.admins import invites
from tests.clock import FrozenClock
from tests.flows.shop import FILE, Shop
from tests.storage.shop import refuses_change

QUARTER = timedelta(minutes=15)
MOMENT = timedelta(milliseconds=1)


async def invite(shop: Shop, token: bytes, clock: FrozenClock, most: int = 3) -> None:
    until = clock.now + QUARTER
    await shop.store.write(lambda unit: admins.invite(unit, shop.premises.shop.id, token, until, most))


async def take(shop: Shop, token: bytes, by: str = "telegram:1") -> bool:
    return await shop.store.write(lambda unit: admins.take_invite(unit, shop.premises.shop.id, token, by))


async def test_somebody_joins_once_and_parts_once(shop: Shop, clock: FrozenClock) -> None:
    shop_id = shop.premises.shop.id
    for name in ("An", "Another name"):
        await shop.store.write(lambda unit, name=name: admins.join(unit, shop_id, "telegram", "7", name))  # type: ignore[misc]
    (joined,) = await shop.store.read(lambda unit: admins.joined(unit, shop_id))
    assert (joined.channel, joined.external, joined.name, joined.added_at) == ("telegram", "7", "An", clock.now)
    assert await shop.store.read(lambda unit: admins.has_joined(unit, shop_id, "telegram", "7"))
    parted = [await shop.store.write(lambda unit: admins.part(unit, shop_id, "telegram", "7")) for _ in range(2)]
    assert parted == [True, False]
    assert not await shop.store.read(lambda unit: admins.has_joined(unit, shop_id, "telegram", "7"))


async def test_an_admin_of_one_shop_is_nobody_in_another(shop: Shop, clock: FrozenClock) -> None:
    other = await shop.store.write(lambda unit: shops.create(unit, "other", FILE, shop.premises.vault))
    await shop.store.write(lambda unit: admins.join(unit, other.id, "telegram", "7", "An"))
    assert not await shop.store.read(lambda unit: admins.has_joined(unit, shop.premises.shop.id, "telegram", "7"))
    assert await shop.store.read(lambda unit: admins.joined(unit, shop.premises.shop.id)) == []
    await invite(shop, b"token", clock)
    assert not await shop.store.write(lambda unit: admins.take_invite(unit, other.id, b"token", "telegram:1"))
    assert await take(shop, b"token")


async def test_of_many_who_bring_one_invitation_at_once_one_gets_in(shop: Shop, clock: FrozenClock) -> None:
    await invite(shop, b"token", clock)
    taken = await asyncio.gather(*(take(shop, b"token", f"telegram:{number}") for number in range(10)))
    assert sorted(taken) == [False] * 9 + [True]
    (row,) = await shop.rows(invites)
    assert (row.used_at, row.used_by) == (clock.now, f"telegram:{taken.index(True)}")


async def test_an_invitation_ends_to_the_millisecond(shop: Shop, clock: FrozenClock) -> None:
    await invite(shop, b"early", clock)
    await invite(shop, b"late", clock)
    clock.move(QUARTER - MOMENT)
    assert await take(shop, b"early")
    clock.move(MOMENT)
    assert not await take(shop, b"late")


async def test_only_the_newest_open_invitations_stay(shop: Shop, clock: FrozenClock) -> None:
    for token in (b"1", b"2", b"3", b"4"):
        await invite(shop, token, clock, most=2)
    assert [await take(shop, token) for token in (b"1", b"2", b"3", b"4")] == [False, False, True, True]
    await invite(shop, b"5", clock, most=2)
    assert [row.token_hash for row in await shop.rows(invites)] == [b"3", b"4", b"5"]


async def test_what_has_ended_is_forgotten_used_or_not(shop: Shop, clock: FrozenClock) -> None:
    await invite(shop, b"used", clock)
    await take(shop, b"used")
    clock.move(MOMENT)
    await invite(shop, b"open", clock)
    clock.move(QUARTER - MOMENT)
    assert await shop.store.write(admins.forget_invites) == 1
    assert [row.token_hash for row in await shop.rows(invites)] == [b"open"]


async def test_an_invitation_is_used_by_somebody(shop: Shop, clock: FrozenClock) -> None:
    await invite(shop, b"token", clock)
    await refuses_change(shop.store, invites, "ck_invites_used", used_by="telegram:1")
    assert await shop.rows(admins_table) == []
