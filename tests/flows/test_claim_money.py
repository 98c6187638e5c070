"""Claims: what a buyer may say, what admins are shown, and what becomes of the money."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from flows import claim_money
from flows.claim_money import accept_claim, make_claim, matching_transfers, refuse_claim
from flows.messages import unpack
from sales.claim import MOST_A_DAY, MOST_OPEN, Claim, ClaimState
from sales.errors import Tell
from sales.money import Money
from sales.people import Peer
from sales.purchase import Order
from sales.transfer import Payer
from storage import buyers, claims, reviews
from storage.reviews import Kind, Review
from storage.unit import Unit
from tests.clock import FrozenClock
from tests.flows.shop import ADMIN, PRICE, Shop

PAYER = Payer("NGUYEN VAN A", "1028000814", "VCB")
ADMIN_ACTOR = f"admin:{ADMIN.channel}:{ADMIN.external}"


async def owner(shop: Shop, order: Order) -> Peer:
    return await shop.store.read(lambda unit: buyers.peer(unit, shop.premises.shop.id, order.peer))


async def claim_of(shop: Shop, peer: Peer, order: Order | None = None, amount: int = PRICE) -> Claim:
    return await shop.store.write(
        lambda unit: make_claim(unit, shop.premises, peer, order, Money(amount), unit.now, "0814")
    )


async def fits(shop: Shop, claim: Claim) -> list[int]:
    found = await shop.store.read(lambda unit: matching_transfers(unit, shop.premises, claim))
    return [each.transfer for each in found]


async def as_admin(shop: Shop, decide: Callable[..., object], claim: Claim, what: object) -> None:
    """Decide by one admin: `what` is the transfer, or the reason."""
    admin = await shop.store.read(lambda unit: buyers.peer_at(unit, shop.premises.shop.id, "telegram", ADMIN.external))
    by = admin or await shop.meet(ADMIN.external)

    def work(unit: Unit) -> None:
        decide(unit, shop.premises, by, claim, what)

    await shop.store.write(work)


async def waiting(shop: Shop) -> list[Review]:
    return await shop.store.read(lambda unit: reviews.waiting(unit, shop.premises.shop.id, 20))


async def decided(shop: Shop, claim: Claim) -> tuple[str, int | None]:
    found = await shop.store.read(lambda unit: claims.by_id(unit, shop.premises.shop.id, claim.id))
    assert found is not None
    return found.state, found.transfer


async def test_a_claim_waits_for_an_admin_who_is_told_with_a_button(sqlite_shop: Shop) -> None:
    shop, order = sqlite_shop, await sqlite_shop.order()
    peer = await owner(shop, order)
    claim = await claim_of(shop, peer, order)
    (review,) = await waiting(shop)
    assert (review.kind, review.claim, review.order) == (Kind.CLAIM, claim.id, order.id)
    (job,) = [row for row in await shop.jobs("reply") if row.dedupe.startswith(f"claim:{claim.id}")]
    reply = unpack(job.payload["reply"])
    assert job.payload["to"] == ADMIN.external
    assert [line.id for line in reply.lines] == ["admin-claim-of-order", "admin-buyer"]
    assert reply.choices[0][0].token == f"claim-look:{claim.id}"
    assert await shop.said(peer.external) == ["card-caption"], "the talk answers, and nothing else"
    events = [(each["kind"], each["actor"], each["detail"]) for each in (await shop.story(order))["events"]]
    assert events[-1] == ("claim.made", f"buyer:{peer.buyer}", {"claim": claim.id})


async def test_accepted_money_pays_the_order_and_both_reviews_are_closed(shop: Shop) -> None:
    order = await shop.order()
    peer = await owner(shop, order)
    await shop.settle(shop.sighting("nothing", payer=PAYER))
    claim = await claim_of(shop, peer, order)
    (transfer,) = await fits(shop, claim)
    await as_admin(shop, accept_claim, claim, transfer)
    assert await waiting(shop) == []
    assert await decided(shop, claim) == (ClaimState.ACCEPTED, transfer)
    story = await shop.story(order)
    assert (story["order"]["payment"], len(story["grants"])) == ("paid", 1)
    assert await shop.totals() == {"received": PRICE, "revenue": PRICE}
    assert (await shop.said(peer.external))[-1] == "claim-accepted"
    assert ("claim.accepted", ADMIN_ACTOR) in [(each["kind"], each["actor"]) for each in story["events"]]


async def test_money_claimed_for_no_order_is_the_buyers_credit(sqlite_shop: Shop) -> None:
    shop, order = sqlite_shop, await sqlite_shop.order()
    await shop.settle(shop.sighting("nothing", 5_000, payer=PAYER))
    claim = await claim_of(shop, await owner(shop, order), amount=5_000)
    (transfer,) = await fits(shop, claim)
    await as_admin(shop, accept_claim, claim, transfer)
    assert await shop.totals() == {"received": 5_000, "credit": 5_000}
    assert (await shop.story(order))["order"]["payment"] == "open"


async def test_a_buyer_without_orders_has_no_place_for_credit(sqlite_shop: Shop) -> None:
    """Their orders may have gone to somebody else's account since."""
    shop, peer = sqlite_shop, await sqlite_shop.meet("77")
    await shop.settle(shop.sighting("nothing", payer=PAYER))
    claim = await shop.store.write(
        lambda unit: claims.add(unit, shop.premises.shop.id, peer, None, Money(PRICE), unit.now, "")
    )
    (transfer,) = await fits(shop, claim)
    with pytest.raises(Tell, match="claim-without-orders"):
        await as_admin(shop, accept_claim, claim, transfer)
    assert await decided(shop, claim) == (ClaimState.OPEN, None)
    assert await shop.totals() == {"received": PRICE, "unplaced": PRICE}


@pytest.mark.parametrize("first", [accept_claim, refuse_claim])
async def test_of_two_admins_one_wins(sqlite_shop: Shop, first: Callable[..., object]) -> None:
    shop, order = sqlite_shop, await sqlite_shop.order()
    await shop.settle(shop.sighting("nothing", payer=PAYER))
    claim = await claim_of(shop, await owner(shop, order), order)
    (transfer,) = await fits(shop, claim)
    await as_admin(shop, first, claim, transfer if first is accept_claim else "no")
    before = await shop.totals(), await decided(shop, claim), len(await shop.jobs())
    for decide, what in ((accept_claim, transfer), (refuse_claim, "no")):
        with pytest.raises(Tell, match="claim-decided"):
            await as_admin(shop, decide, claim, what)
    assert (await shop.totals(), await decided(shop, claim), len(await shop.jobs())) == before


async def test_two_admins_at_once_place_the_money_once(shop: Shop) -> None:
    order = await shop.order()
    await shop.settle(shop.sighting("nothing", payer=PAYER))
    claim, _ = await claim_of(shop, await owner(shop, order), order), await shop.meet(ADMIN.external)
    (transfer,) = await fits(shop, claim)
    tries = (as_admin(shop, accept_claim, claim, transfer), as_admin(shop, refuse_claim, claim, "no"))
    ended = await asyncio.gather(*tries, return_exceptions=True)
    (lost,) = [each for each in ended if each is not None]
    assert isinstance(lost, Tell)
    assert lost.message == "claim-decided"
    accepted = (await decided(shop, claim))[0] == ClaimState.ACCEPTED
    place = {"revenue": PRICE} if accepted else {"unplaced": PRICE}
    assert await shop.totals() == {"received": PRICE} | place
    told = [each for each in await shop.said((await owner(shop, order)).external) if each.startswith("claim")]
    assert told == ["claim-accepted" if accepted else "claim-refused"]


async def test_money_that_somebody_else_has_placed_is_gone(sqlite_shop: Shop) -> None:
    shop = sqlite_shop
    one, other = await shop.order(), await shop.order()
    await shop.settle(shop.sighting("nothing", payer=PAYER))
    claims_ = [await claim_of(shop, await owner(shop, each), each) for each in (one, other)]
    (transfer,) = await fits(shop, claims_[0])
    assert await fits(shop, claims_[1]) == [transfer]
    await as_admin(shop, accept_claim, claims_[0], transfer)
    assert await fits(shop, claims_[1]) == []
    with pytest.raises(Tell, match="claim-money-gone"):
        await as_admin(shop, accept_claim, claims_[1], transfer)
    assert [(await shop.story(each))["order"]["payment"] for each in (one, other)] == ["paid", "open"]


async def test_who_has_no_order_cannot_claim(sqlite_shop: Shop) -> None:
    shop = sqlite_shop
    for name in ("77", "78"):
        with pytest.raises(Tell, match="claims-without-order"):
            await claim_of(shop, await shop.meet(name))
    assert (await waiting(shop), await shop.jobs("reply")) == ([], [])


async def test_all_buyers_together_claim_so_much_an_hour_and_admins_hear_of_it_once(
    sqlite_shop: Shop, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = sqlite_shop
    monkeypatch.setattr(claim_money, "MOST_AN_HOUR", 3)
    peers = [await owner(shop, await shop.order(await shop.meet(name))) for name in ("77", "78", "79", "80")]
    for peer in peers[:3]:
        await claim_of(shop, peer)
    for _ in range(2):
        with pytest.raises(Tell, match="claims-too-many-shop"):
            await claim_of(shop, peers[3])
    heard = await shop.said(ADMIN.external)
    assert (heard.count("admin-claims-rush"), len(await waiting(shop))) == (1, 3)
    clock.move(timedelta(hours=1, seconds=1))
    assert (await claim_of(shop, peers[3])).state is ClaimState.OPEN


@pytest.mark.parametrize("reason", ["no such day", ""])
async def test_a_refusal_is_told_in_one_sentence_and_its_reason_kept(sqlite_shop: Shop, reason: str) -> None:
    shop, order = sqlite_shop, await sqlite_shop.order()
    peer = await owner(shop, order)
    claim = await claim_of(shop, peer, order)
    (review,) = await waiting(shop)
    await as_admin(shop, refuse_claim, claim, reason)
    (job,) = [row for row in await shop.jobs("reply") if row.dedupe == f"claim:{claim.id}:decided"]
    line = unpack(job.payload["reply"]).lines[0]
    assert (line.id, dict(line.values)) == ("claim-refused", {"amount": claim.amount})
    assert await waiting(shop) == []
    closed = await shop.store.read(lambda unit: reviews.by_id(unit, shop.premises.shop.id, review.id))
    assert closed is not None
    assert (closed.closed_by, closed.outcome, closed.reason) == (ADMIN_ACTOR, "refused", reason)


async def test_a_buyer_may_have_so_many_waiting_and_make_so_many_a_day(sqlite_shop: Shop, clock: FrozenClock) -> None:
    shop, other = sqlite_shop, await owner(sqlite_shop, await sqlite_shop.order(await sqlite_shop.meet("78")))
    peer = await owner(shop, await shop.order(await shop.meet("77")))
    made = [await claim_of(shop, peer) for _ in range(MOST_OPEN)]
    with pytest.raises(Tell, match="claims-waiting"):
        await claim_of(shop, peer)
    for each in made:
        await as_admin(shop, refuse_claim, each, "")
    more = [await claim_of(shop, peer) for _ in range(MOST_A_DAY - MOST_OPEN)]
    for each in more:
        await as_admin(shop, refuse_claim, each, "")
    with pytest.raises(Tell, match="claims-too-many"):
        await claim_of(shop, peer)
    assert await waiting(shop) == []
    await claim_of(shop, other)
    clock.move(timedelta(hours=24, seconds=1))
    assert (await claim_of(shop, peer)).state is ClaimState.OPEN
