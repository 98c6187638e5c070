import asyncio
from datetime import timedelta

import pytest

from sales.people import Peer
from storage import buyers, shops
from storage.buyers import Talk
from storage.errors import Conflict
from storage.schema.people import buyers as buyers_table
from tests.clock import FrozenClock
from tests.flows.shop import FILE, Shop


async def known(shop: Shop, external: str = "42") -> Peer | None:
    return await shop.store.read(lambda unit: buyers.peer_at(unit, shop.premises.shop.id, "telegram", external))


async def test_somebody_new_is_taken_in_once(shop: Shop) -> None:
    assert await known(shop) is None
    peer = await shop.meet("42", "en")
    assert await known(shop) == peer
    assert (peer.channel, peer.external, peer.language, peer.reachable) == ("telegram", "42", "en", True)
    assert peer.lane == "telegram:42"


async def test_a_new_name_takes_the_place_of_the_old_one(shop: Shop) -> None:
    peer, other = await shop.meet("42"), await shop.meet("43")
    assert (peer.name, peer.handle) == ("An", "")
    await shop.store.write(
        lambda unit: buyers.rename(unit, shop.premises.shop.id, peer.id, "Nguyễn Văn A", "nguoi_mua")
    )
    renamed = await known(shop)
    assert renamed is not None
    assert (renamed.name, renamed.handle) == ("Nguyễn Văn A", "nguoi_mua")
    assert await known(shop, "43") == other


async def test_two_first_messages_at_once_take_in_one_person(shop: Shop) -> None:
    met = await asyncio.gather(*(shop.meet("42") for _ in range(5)), return_exceptions=True)
    assert sorted(type(each).__name__ for each in met) == ["Conflict"] * 4 + ["Peer"]
    assert len(await shop.rows(buyers_table)) == 1


async def test_the_same_chat_is_somebody_else_in_another_shop(shop: Shop) -> None:
    await shop.meet("42")
    other = await shop.store.write(lambda unit: shops.create(unit, "other", FILE, shop.premises.vault))
    assert await shop.store.read(lambda unit: buyers.peer_at(unit, other.id, "telegram", "42")) is None


async def test_people_are_found_by_our_own_ids_and_by_their_orders(shop: Shop) -> None:
    first, second = await shop.meet("1"), await shop.meet("2")
    shop_id, placed = shop.premises.shop.id, [await shop.order(by) for by in (first, second, first)]
    found = await shop.store.read(lambda unit: buyers.peers_of(unit, shop_id, [order.id for order in placed]))
    assert found == dict(zip([order.id for order in placed], (first, second, first), strict=True))
    assert await shop.store.read(lambda unit: buyers.peer(unit, shop_id, second.id)) == second


async def test_language_and_reach_are_remembered(shop: Shop) -> None:
    peer = await shop.meet()
    shop_id = shop.premises.shop.id
    await shop.store.write(lambda unit: buyers.set_language(unit, shop_id, peer.buyer, "en"))
    await shop.store.write(lambda unit: buyers.set_reachable(unit, shop_id, "telegram", "42", False))
    now = await known(shop)
    assert now is not None
    assert (now.language, now.reachable) == ("en", False)
    await shop.store.write(lambda unit: buyers.set_reachable(unit, shop_id, "telegram", "nobody", False))


async def test_the_address_used_last_is_offered_first(shop: Shop, clock: FrozenClock) -> None:
    peer = await shop.meet()
    shop_id = shop.premises.shop.id

    async def use(address: str) -> str | None:
        await shop.store.write(lambda unit: buyers.remember_email(unit, shop_id, peer.buyer, address))
        clock.move(timedelta(seconds=1))
        return await shop.store.read(lambda unit: buyers.last_email(unit, shop_id, peer.buyer))

    assert await shop.store.read(lambda unit: buyers.last_email(unit, shop_id, peer.buyer)) is None
    assert [await use(address) for address in ("a@x.vn", "b@x.vn", "a@x.vn")] == ["a@x.vn", "b@x.vn", "a@x.vn"]


async def test_nobody_is_offered_anothers_address(shop: Shop) -> None:
    one, two = await shop.meet("1"), await shop.meet("2")
    shop_id = shop.premises.shop.id
    await shop.store.write(lambda unit: buyers.remember_email(unit, shop_id, one.buyer, "a@x.vn"))
    assert await shop.store.read(lambda unit: buyers.last_email(unit, shop_id, two.buyer)) is None


async def move(shop: Shop, peer: Peer, was: Talk, step: str) -> bool:
    shop_id = shop.premises.shop.id
    return await shop.store.write(lambda unit: buyers.move_talk(unit, shop_id, peer.id, was, step, {"plan": 1}))


async def test_a_talk_begins_nowhere_and_moves_step_by_step(shop: Shop) -> None:
    peer = await shop.meet()
    begun = await shop.store.read(lambda unit: buyers.talk(unit, shop.premises.shop.id, peer.id))
    assert begun == Talk()
    assert await move(shop, peer, begun, "email")
    now = await shop.store.read(lambda unit: buyers.talk(unit, shop.premises.shop.id, peer.id))
    assert (now.step, now.data, now.version) == ("email", {"plan": 1}, 1)
    assert await move(shop, peer, now, "")


async def test_a_talk_that_moved_meanwhile_is_not_overwritten(shop: Shop) -> None:
    peer = await shop.meet()
    await move(shop, peer, Talk(), "email")
    seen = await shop.store.read(lambda unit: buyers.talk(unit, shop.premises.shop.id, peer.id))
    assert await move(shop, peer, seen, "first")
    assert not await move(shop, peer, seen, "second")
    assert (await shop.store.read(lambda unit: buyers.talk(unit, shop.premises.shop.id, peer.id))).step == "first"


async def test_of_two_first_steps_at_once_the_second_is_done_again(shop: Shop) -> None:
    peer = await shop.meet()
    await move(shop, peer, Talk(), "email")
    with pytest.raises(Conflict):
        await move(shop, peer, Talk(), "email")
