"""Whereto a refund goes: nobody's word but the buyer's or an admin's settles it."""

import pytest

from flows.messages import unpack
from flows.name_payee import ask_payee, ask_typed_payee
from flows.premises import Admin
from sales.errors import Tell
from sales.payee import Payee
from tests.flows.desk import PAYEE, Desk
from tests.flows.shop import ADMIN, Shop, open_shop

OTHER = Payee("970422", "999988887777", "TRAN THI B")


async def test_the_buyer_confirms_and_the_admin_who_asked_gets_the_card(shop: Shop) -> None:
    desk = await Desk.open(shop)
    order = await desk.paid()
    refund = await desk.propose(await desk.owed(order))
    assert not refund.payable
    settled = await desk.confirm_as_buyer(refund)
    buyer = await desk.buyer(refund)
    assert (settled.payable, settled.payee, settled.confirmed_by) == (True, PAYEE, buyer.id)
    assert (await desk.events(order))[-1] == ("refund.account_confirmed", f"buyer:{buyer.buyer}")
    await shop.work()
    (card,) = [each for each in shop.mouths["telegram"].shown if "refund-card-caption" in each.lines]
    assert card.to == ADMIN.external
    assert card.copies == [PAYEE.account, str(refund.amount.minor), refund.memo]
    assert card.picture is not None
    assert card.picture.png == f"{PAYEE.account} {refund.amount.minor} {refund.memo}".encode()


async def test_without_a_confirmed_account_there_is_no_card(shop: Shop) -> None:
    desk = await Desk.open(shop)
    refund = await desk.propose(await desk.owed(await desk.paid()))
    assert await shop.office.refund_card(refund.mark, await shop.office.address("telegram", "999")) is None
    await desk.confirm_as_admin(refund)
    assert await shop.office.refund_card(refund.mark, await shop.office.address("telegram", "999"))


async def test_a_confirmed_account_is_changed_by_an_admin_alone(shop: Shop) -> None:
    desk = await Desk.open(shop)
    order = await desk.paid()
    settled = await desk.confirm_as_buyer(await desk.propose(await desk.owed(order)))
    for act in (desk.propose(settled, OTHER), desk.confirm_as_buyer(settled)):
        with pytest.raises(Tell, match="refund-account-fixed"):
            await act
    changed = await desk.confirm_as_admin(settled, OTHER)
    assert (changed.payee, changed.confirmed_by) == (OTHER, desk.admin.id)
    assert changed.mark != settled.mark
    assert (await desk.events(order))[-1] == ("admin.refund_account", "admin:telegram:999")


async def test_a_card_to_an_account_that_was_changed_is_not_shown_any_more(shop: Shop) -> None:
    desk = await Desk.open(shop)
    settled = await desk.confirm_as_buyer(await desk.propose(await desk.owed(await desk.paid())))
    await desk.confirm_as_admin(settled, OTHER)
    await shop.work()
    assert [each for each in shop.mouths["telegram"].shown if "refund-card-caption" in each.lines] == []


async def test_nobody_confirms_an_account_that_was_never_named(shop: Shop) -> None:
    desk = await Desk.open(shop)
    refund = await desk.owed(await desk.paid())
    nowhere = await desk.propose(refund, Payee())
    with pytest.raises(Tell, match="refund-not-open"):
        await desk.confirm_as_buyer(nowhere)
    with pytest.raises(Tell, match="refund-not-open"):
        await desk.confirm_as_admin(nowhere, Payee())


async def test_what_is_only_asked_for_has_no_account_to_confirm(shop: Shop) -> None:
    desk = await Desk.open(shop)
    asked = (await desk.ask(await desk.paid())).refund
    with pytest.raises(Tell, match="refund-not-open"):
        await desk.confirm_as_admin(asked)
    with pytest.raises(Tell, match="refund-account-fixed"):
        await desk.propose(asked)


async def test_when_the_admin_who_asked_runs_the_shop_no_more_the_others_get_the_card(shop: Shop) -> None:
    desk = await Desk.open(shop)
    refund = await desk.propose(await desk.owed(await desk.paid()))
    await shop.meet("777")
    others = (Admin("telegram", "777"), Admin("telegram", "never-spoke"))
    shop.premises = type(shop.premises)(shop.premises.shop, shop.premises.vault, shop.premises.gateway, others)
    await desk.confirm_as_buyer(refund)
    cards = [row for row in await shop.jobs("reply") if row.dedupe.startswith("refund-card:")]
    assert [row.payload["to"] for row in cards] == ["777"]


async def test_full_numbers_go_to_nobody_but_the_buyer_who_typed_it_and_the_admin(shop: Shop) -> None:
    desk = await Desk.open(shop)
    order = await desk.paid()
    settled = await desk.confirm_as_buyer(await desk.propose(await desk.owed(order)))
    await desk.close(settled)
    story = await shop.story(order)
    assert PAYEE.account not in str(story["refunds"]) + str(story["events"])
    assert story["refunds"][0]["account_tail"] == PAYEE.tail
    told = [row for row in await shop.jobs("reply") if PAYEE.account in str(row.payload)]
    assert {row.payload["to"] for row in told} == {ADMIN.external}
    assert PAYEE.account in str([line.values for line in ask_typed_payee(settled).lines])
    assert PAYEE.account not in str([line.values for line in ask_payee(settled).lines])


async def test_two_shops_do_not_mix(shop: Shop) -> None:
    desk = await Desk.open(shop)
    refund = await desk.owed(await desk.paid())
    other = await Desk.open(await open_shop(shop.store, slug="other"))
    with pytest.raises(Tell, match="refund-account-fixed"):
        await other.propose(refund)
    with pytest.raises(Tell, match="refund-not-open"):
        await other.confirm_as_admin(refund)
    reply = unpack((await shop.jobs("reply"))[-1].payload["reply"])
    assert reply.lines[-1].id == "refund-your-account"
