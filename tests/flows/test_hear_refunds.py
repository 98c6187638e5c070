"""The bank's own word: money that went out ends a refund, money that bounces opens it again."""

from datetime import timedelta
from typing import Any

from flows.messages import Reply, unpack
from sales.purchase import Order
from sales.refund import Means, Refund, State, sending
from sales.transfer import Sighting
from storage import givings, refunds, reviews
from storage.reviews import Kind, Review
from storage.schema.money import refunds as table
from storage.unit import Unit
from tests.clock import FrozenClock
from tests.flows.desk import PAYEE, Desk
from tests.flows.shop import ADMIN, PRICE, Shop


async def payable(shop: Shop, minor: int | None = 50_000) -> tuple[Desk, Order, Refund]:
    """A refund to an account that is confirmed, whose card the admin has been shown."""
    desk = await Desk.open(shop)
    order = await desk.paid()
    refund = await desk.confirm_as_buyer(await desk.propose(await desk.owed(order, minor)))
    await shop.work()
    return desk, order, refund


def out(shop: Shop, refund: Refund, **changes: Any) -> Sighting:
    return shop.sighting(refund.memo, changes.pop("amount", -refund.amount.minor), **changes)


def back(shop: Shop, refund: Refund, **changes: Any) -> Sighting:
    return shop.sighting(f"HOAN TRA {refund.memo}", changes.pop("amount", refund.amount.minor), **changes)


async def told(shop: Shop, to: str, before: int) -> list[str]:
    """What somebody was told since then, of refunds."""
    said = (await shop.said(to))[before:]
    return [each for each in said if "refund" in each]


async def waiting(shop: Shop) -> list[Review]:
    return await shop.store.read(lambda unit: reviews.waiting(unit, shop.premises.shop.id, 10))


async def test_what_goes_out_with_the_code_ends_it_and_tells_buyer_and_admins_once(shop: Shop) -> None:
    desk, order, refund = await payable(shop)
    buyer = (await desk.buyer(refund)).external
    seen = {to: len(await shop.said(to)) for to in (buyer, ADMIN.external)}
    await shop.settle(out(shop, refund))
    settled = await desk.look(refund)
    assert (settled.state, settled.settled_at, settled.sent_at) == (State.SETTLED, settled.sent_at, settled.settled_at)
    assert await shop.totals() == {"received": PRICE, "revenue": PRICE - 50_000, "refund_paid": 50_000}
    assert await told(shop, buyer, seen[buyer]) == ["order-refund-settled"]
    assert await told(shop, ADMIN.external, seen[ADMIN.external]) == ["admin-refund-settled", "refund-card-settled"]
    assert (await desk.events(order))[-1] == ("refund.settled", "casso")
    assert (await shop.story(order))["refunds"][0] | {"state": "settled"} == (await shop.story(order))["refunds"][0]
    await shop.settle(out(shop, refund))
    assert (await shop.totals())["refund_paid"] == 50_000
    assert await told(shop, buyer, seen[buyer]) == ["order-refund-settled"]
    assert (await told(shop, ADMIN.external, seen[ADMIN.external]))[2:] == ["admin-refund-unfit"], "it went twice"


async def test_the_card_of_the_admin_is_turned(shop: Shop) -> None:
    _, _, refund = await payable(shop)
    shown = shop.mouths["telegram"].shown
    (card,) = [each for each in shown if each.picture]
    await shop.settle(out(shop, refund))
    await shop.work()
    (turned,) = [each for each in shown if "refund-card-settled" in each.lines]
    (job,) = [row for row in await shop.jobs("reply") if ":settled:" in row.dedupe and row.payload["reply"]["replace"]]
    assert (turned.to, card.to) == (ADMIN.external, ADMIN.external)
    reply: Reply = unpack(job.payload["reply"])
    assert (reply.refund, reply.choices) == (refund.mark, ())
    assert PAYEE.account not in str(job.payload)


async def test_the_buyer_who_heard_of_it_from_the_admin_hears_no_second_time(shop: Shop) -> None:
    desk, _, refund = await payable(shop)
    await desk.close(refund)
    buyer = (await desk.buyer(refund)).external
    seen = len(await shop.said(buyer))
    await shop.settle(out(shop, refund))
    assert (await desk.look(refund)).state is State.SETTLED
    assert (await shop.totals())["refund_paid"] == 50_000
    assert await told(shop, buyer, seen) == []
    assert "admin-refund-settled" in await shop.said(ADMIN.external)


async def test_two_sources_that_tell_of_one_transfer_end_it_once(sqlite_shop: Shop) -> None:
    desk, _, refund = await payable(sqlite_shop)
    once = out(sqlite_shop, refund, reference="FT1")
    twice = out(sqlite_shop, refund, reference="FT1", source="sepay")
    await sqlite_shop.settle(once)
    await sqlite_shop.settle(twice)
    assert (await desk.look(refund)).state is State.SETTLED
    assert (await sqlite_shop.totals())["refund_paid"] == 50_000
    assert "admin-refund-unfit" not in await sqlite_shop.said(ADMIN.external)


async def test_what_bounces_is_owed_once_more_and_the_buyer_asked_again(shop: Shop, clock: FrozenClock) -> None:
    desk, order, refund = await payable(shop)
    await shop.settle(out(shop, refund))
    buyer = (await desk.buyer(refund)).external
    seen = len(await shop.said(buyer))
    clock.move(timedelta(hours=2))
    await shop.settle(back(shop, refund))
    returned = await desk.look(refund)
    assert (returned.state, returned.payable, returned.owed) == (State.RETURNED, False, True)
    assert await shop.totals() == {"received": PRICE, "revenue": PRICE - 50_000, "refund_owed": 50_000}
    assert await shop.meanings() == ["exact", "out", "returned"]
    assert await told(shop, buyer, seen) == ["refund-came-back"]
    assert "admin-refund-returned" in await shop.said(ADMIN.external)
    (review,) = await waiting(shop)
    assert (review.kind, review.refund, review.order) == (Kind.REFUND, refund.id, order.id)
    assert (await desk.events(order))[-1] == ("refund.returned", "casso")
    await shop.settle(back(shop, refund))
    assert (await shop.totals())["unplaced"] == 50_000, "a second time nobody knows what it is"


async def test_what_came_back_is_sent_again_and_everybody_hears_of_it_again(shop: Shop, clock: FrozenClock) -> None:
    desk, order, refund = await payable(shop)
    await desk.close(refund)
    await shop.settle(back(shop, refund))
    clock.move(timedelta(hours=2))
    again = await desk.confirm_as_buyer(await desk.look(refund))
    cards = [row for row in await shop.jobs("reply") if row.dedupe.startswith("refund-card:")]
    assert len(cards) == 2, "the same account, and yet a card of its own"
    sent = await desk.close(again)
    assert sent.state is State.SENT
    assert await waiting(shop) == []
    assert (await shop.totals())["refund_paid"] == 50_000
    buyer = (await desk.buyer(refund)).external
    assert (await shop.said(buyer)).count("order-refund-sent") == 2
    await shop.settle(out(shop, again))
    assert (await desk.look(refund)).state is State.SETTLED
    kinds = [kind for kind, _ in await desk.events(order) if kind != "refund.card_shown"]
    assert kinds[-5:] == [
        "refund.returned",
        "refund.named_again",
        "refund.account_confirmed",
        "admin.refund_sent",
        "refund.settled",
    ]


async def test_the_first_sending_told_late_does_not_pass_for_the_second(sqlite_shop: Shop) -> None:
    desk, _, refund = await payable(sqlite_shop)
    await desk.close(refund)
    await sqlite_shop.settle(back(sqlite_shop, refund))
    again = await desk.confirm_as_buyer(await desk.look(refund))
    assert again.code not in (refund.code, None)
    assert again.memo == f"{again.code} HOAN TIEN"
    await sqlite_shop.settle(out(sqlite_shop, refund))
    assert (await desk.look(refund)).state is State.RETURNED
    await sqlite_shop.settle(out(sqlite_shop, again))
    assert (await desk.look(refund)).state is State.SETTLED


async def test_another_account_before_it_is_sent_keeps_the_code(sqlite_shop: Shop) -> None:
    desk, _, refund = await payable(sqlite_shop)
    assert (await desk.confirm_as_admin(refund, PAYEE)).code == refund.code


async def test_a_review_ends_when_the_bank_tells_that_it_went_after_all(shop: Shop) -> None:
    desk, _, refund = await payable(shop)
    await shop.settle(out(shop, refund))
    await shop.settle(back(shop, refund))
    again = await desk.confirm_as_admin(await desk.look(refund), PAYEE)
    assert len(await waiting(shop)) == 1
    await shop.settle(out(shop, again))
    assert await waiting(shop) == []
    assert (await shop.totals())["refund_paid"] == 50_000


async def test_another_amount_ends_nothing_and_the_admins_are_told(shop: Shop) -> None:
    desk, _, refund = await payable(shop)
    for amount in (-49_999, -50_001):
        await shop.settle(out(shop, refund, amount=amount))
    assert (await desk.look(refund)).state is State.APPROVED
    assert (await shop.totals())["refund_owed"] == 50_000
    assert (await shop.said(ADMIN.external)).count("admin-refund-unfit") == 2
    (job,) = [row for row in await shop.jobs("reply") if "refund-unfit" in row.dedupe][:1]
    (choice,) = [choice for row in unpack(job.payload["reply"]).choices for choice in row]
    assert choice.token == f"refund-open:{refund.id}"


async def test_money_for_a_refund_whose_account_nobody_confirmed_is_told(shop: Shop) -> None:
    desk = await Desk.open(shop)
    order = await desk.paid()
    asked = (await desk.ask(order, 50_000)).refund
    await shop.settle(out(shop, asked))
    owed = await desk.owed(order, 50_000)
    await shop.settle(out(shop, owed))
    assert [row.state for row in await shop.rows(table)] == ["asked", "approved"]
    assert (await shop.said(ADMIN.external)).count("admin-refund-unfit") == 2
    assert "refund_paid" not in await shop.totals()


async def test_money_from_another_account_ends_nothing_and_is_told(shop: Shop) -> None:
    desk, _, refund = await payable(shop)
    await shop.settle(out(shop, refund, account="555566667777"))
    assert (await desk.look(refund)).state is State.APPROVED
    assert "admin-refund-unfit" in await shop.said(ADMIN.external)


async def test_the_bank_may_be_the_first_to_tell_of_what_a_gateway_has_taken(sqlite_shop: Shop) -> None:
    """The gateway's "taken" is no news to the buyer; the bank's word is."""
    desk, _, refund = await payable(sqlite_shop)
    shop, later = sqlite_shop.premises.shop.id, FrozenClock()() + timedelta(hours=1)

    def take(unit: Unit) -> None:
        refunds.choose_means(unit, shop, refund.id, Means.PAYOUT)
        refunds.request(unit, shop, refund.id, "key")
        assert givings.take(unit, shop, refund.id, "key", "ref", later)
        refunds.post(unit, shop, refund, sending(refund.amount))

    await sqlite_shop.store.write(take)
    buyer = (await desk.buyer(refund)).external
    seen = len(await sqlite_shop.said(buyer))
    await sqlite_shop.settle(out(sqlite_shop, refund))
    assert (await desk.look(refund)).state is State.SETTLED
    assert await told(sqlite_shop, buyer, seen) == ["order-refund-settled"]
    assert (await sqlite_shop.totals())["refund_paid"] == 50_000


async def test_a_part_that_comes_back_waits_for_a_person(shop: Shop) -> None:
    desk, _, refund = await payable(shop)
    await desk.close(refund)
    await shop.settle(back(shop, refund, amount=10_000))
    assert (await desk.look(refund)).state is State.SENT
    (review,) = await waiting(shop)
    assert review.kind is Kind.MONEY


async def test_both_in_one_list_are_heard_in_their_order(shop: Shop) -> None:
    desk, _, refund = await payable(shop)
    await shop.settle(out(shop, refund), back(shop, refund))
    assert (await desk.look(refund)).state is State.RETURNED
    assert (await shop.totals())["refund_owed"] == 50_000


async def test_codes_that_no_refund_has_and_plain_outgoing_money_are_nobodys_business(sqlite_shop: Shop) -> None:
    await payable(sqlite_shop)
    seen = len(await sqlite_shop.said(ADMIN.external))
    await sqlite_shop.settle(sqlite_shop.sighting("RF2222222", -1_000), sqlite_shop.sighting("tien dien", -5_000))
    assert (await sqlite_shop.said(ADMIN.external))[seen:] == []
