"""Claims as they lie there, and the money they may be about."""

from datetime import timedelta

import pytest

from sales.claim import Claim, ClaimState
from sales.ids import ShopId
from sales.money import Money
from sales.people import Peer
from sales.purchase import Order
from sales.transfer import Payer, Standing
from storage import claims, reviews
from storage.reviews import Kind
from storage.schema.money import claims as table
from tests.clock import FrozenClock
from tests.flows.shop import PRICE, Shop
from tests.storage.shop import refuses_change

AMOUNT = Money(PRICE)


async def claimed(shop: Shop, peer: Peer, order: Order | None = None, amount: Money = AMOUNT) -> Claim:
    id_, about = shop.premises.shop.id, order.id if order else None
    return await shop.store.write(lambda unit: claims.add(unit, id_, peer, about, amount, unit.now, "0814"))


async def look(shop: Shop, claim: Claim, of: ShopId | None = None) -> Claim | None:
    return await shop.store.read(lambda unit: claims.by_id(unit, of or shop.premises.shop.id, claim.id))


async def loose(shop: Shop, amount: Money = AMOUNT) -> list[tuple[int, Payer]]:
    found = await shop.store.read(lambda unit: claims.loose(unit, shop.premises.shop.id, amount))
    return [(each.transfer, each.payer) for each in found]


async def test_a_claim_is_decided_once(shop: Shop, clock: FrozenClock) -> None:
    peer, order = await shop.meet(), await shop.order()
    claim = await claimed(shop, peer, order)
    assert await look(shop, claim) == claim
    assert (claim.buyer, claim.peer, claim.order, claim.state) == (peer.buyer, peer.id, order.id, ClaimState.OPEN)
    assert (claim.amount, claim.moved_at, claim.tail, claim.transfer) == (AMOUNT, clock(), "0814", None)
    await shop.settle(shop.sighting("nothing"))
    ((transfer, _),) = await loose(shop)

    async def decide(state: ClaimState, money: int | None = None) -> bool:
        id_ = shop.premises.shop.id
        return await shop.store.write(lambda unit: claims.decide(unit, id_, claim.id, state, money))

    assert await decide(ClaimState.ACCEPTED, transfer)
    assert not await decide(ClaimState.REFUSED)
    told = await look(shop, claim)
    assert told is not None
    assert (told.state, told.transfer) == (ClaimState.ACCEPTED, transfer)


async def test_claims_are_counted_for_each_buyer(shop: Shop, clock: FrozenClock) -> None:
    one, other = await shop.meet("1"), await shop.meet("2")
    id_ = shop.premises.shop.id
    old = await claimed(shop, one)
    clock.move(timedelta(hours=25))
    await claimed(shop, one)
    await claimed(shop, other)
    await shop.store.write(lambda unit: claims.decide(unit, id_, old.id, ClaimState.REFUSED))

    async def counts(peer: Peer) -> tuple[int, int, int]:
        return await shop.store.read(
            lambda unit: (
                claims.count_open(unit, id_, peer.buyer),
                claims.made_since(unit, id_, peer.buyer, unit.now - timedelta(days=1)),
                claims.made_since(unit, id_, peer.buyer, unit.now - timedelta(days=2)),
            )
        )

    assert [await counts(one), await counts(other)] == [(1, 1, 2), (1, 1, 1)]


async def test_another_shop_sees_no_claim(shop: Shop) -> None:
    claim = await claimed(shop, await shop.meet())
    assert await look(shop, claim, ShopId(shop.premises.shop.id + 1)) is None


async def test_only_money_of_that_amount_that_waits_and_has_come_is_loose(shop: Shop) -> None:
    order = await shop.order()
    payer = Payer("NGUYEN VAN A", "1028000814", "VCB")
    await shop.settle(
        shop.sighting("nothing", payer=payer),
        shop.sighting("nothing", PRICE + 1),
        shop.sighting(order.code),
        shop.sighting("nothing", standing=Standing.HELD),
        shop.sighting("nothing", account="9999"),
    )
    ((transfer, named),) = await loose(shop)
    assert named == payer
    id_ = shop.premises.shop.id
    await shop.store.write(
        lambda unit: reviews.close_about(unit, id_, Kind.MONEY, [transfer], "admin:telegram:999", "credited", "why")
    )
    assert await loose(shop) == []


@pytest.mark.parametrize(("change", "constraint"), [({"amount": 0}, "amount"), ({"state": "lost"}, "state")])
async def test_what_no_claim_can_be(shop: Shop, change: dict[str, object], constraint: str) -> None:
    await claimed(shop, await shop.meet())
    await refuses_change(shop.store, table, constraint, **change)
