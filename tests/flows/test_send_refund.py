"""Sending it: once, to a confirmed account, and the books say so."""

import asyncio

import pytest

from flows.refund_words import tell_refund
from flows.send_refund import refund_card
from sales.errors import Tell
from sales.vietqr import decode
from tests.flows.desk import PAYEE, Desk
from tests.flows.shop import PRICE, Shop


async def test_sent_moves_it_from_owed_to_paid_and_tells_the_buyer_where_it_went(shop: Shop) -> None:
    desk = await Desk.open(shop)
    order = await desk.paid()
    settled = await desk.confirm_as_admin(await desk.owed(order, 50_000))
    sent = await desk.close(settled)
    assert await shop.totals() == {"received": PRICE, "revenue": PRICE - 50_000, "refund_paid": 50_000}
    assert sent.sent_by == desk.admin.id
    assert (await desk.events(order))[-1] == ("admin.refund_sent", "admin:telegram:999")
    (told,) = [row for row in await shop.jobs("reply") if row.dedupe.startswith(f"refund:{sent.id}:sent:")]
    assert told.payload["to"] == (await desk.buyer(sent)).external
    (line,) = told.payload["reply"]["lines"]
    assert line["id"] == "order-refund-sent"
    assert (line["values"]["bank"], line["values"]["tail"]) == ("Vietcombank", "3456")
    assert tell_refund(sent, order.code).id == "order-refund-sent"
    assert tell_refund(settled, order.code).id == "order-refund-owed"


async def test_it_is_sent_once(shop: Shop) -> None:
    desk = await Desk.open(shop)
    settled = await desk.confirm_as_admin(await desk.owed(await desk.paid()))
    done = await asyncio.gather(*(desk.close(settled) for _ in range(5)), return_exceptions=True)
    assert sum(isinstance(each, Tell) for each in done) == 4
    assert (await shop.totals()) == {"received": PRICE, "refund_paid": PRICE}


async def test_it_is_not_sent_to_an_account_nobody_confirmed(shop: Shop) -> None:
    desk = await Desk.open(shop)
    refund = await desk.propose(await desk.owed(await desk.paid()))
    with pytest.raises(Tell, match="refund-not-open"):
        await desk.close(refund)
    assert (await shop.totals()) == {"received": PRICE, "refund_owed": PRICE}


async def test_a_card_that_waited_is_not_shown_after_it_was_sent(shop: Shop) -> None:
    desk = await Desk.open(shop)
    settled = await desk.confirm_as_buyer(await desk.propose(await desk.owed(await desk.paid())))
    await desk.close(settled)
    await shop.work()
    assert [each for each in shop.mouths["telegram"].shown if each.picture] == []


async def test_the_card_says_and_holds_where_to_how_much_and_what_for(shop: Shop) -> None:
    desk = await Desk.open(shop)
    order = await desk.paid()
    settled = await desk.confirm_as_admin(await desk.owed(order, 50_000))
    qr = decode(settled.qr)
    assert (qr.bin, qr.account, qr.amount, qr.memo) == (PAYEE.bin, PAYEE.account, 50_000, settled.memo)
    card = refund_card(settled, order.code)
    assert card.refund == settled.mark
    tokens = [choice.token for row in card.choices for choice in row if choice.token]
    assert tokens == [f"refund-sent:{settled.mark}", f"refund-type:{settled.id}"]
    assert all(len(token) <= 62 for token in tokens)


async def test_the_ledger_lists_refunds_with_their_postings(shop: Shop) -> None:
    desk = await Desk.open(shop)
    order = await desk.paid()
    await desk.close(await desk.confirm_as_admin(await desk.owed(order, 50_000)))
    await desk.ask(order)
    (told,) = (await shop.books())["refunds"]
    assert (told["order"], told["state"], told["amount"]) == (order.code, "sent", 50_000)
    assert [(each["account"], each["amount"]) for each in told["postings"]] == [
        ("refund_owed", -50_000),
        ("revenue", 50_000),
        ("refund_owed", 50_000),
        ("refund_paid", -50_000),
    ]
