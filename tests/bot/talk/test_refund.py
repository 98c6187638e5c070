"""The buyer's side of a refund: whereto it goes, and what the orders say of it."""

import pytest

from flows.messages import Reply, unpack
from sales.purchase import Order
from sales.refund import Refund
from sales.transfer import Payer
from storage import refunds
from tests.bot.talk.people import Person, lines, say, tokens
from tests.flows.shop import ADMIN

ACCOUNT = "0071000123456"
TYPED = f"Vietcombank {ACCOUNT} Nguyễn Văn A"


async def bought(person: Person, payer: Payer | None = None) -> Order:
    order = await person.buy()
    named = {"payer": payer} if payer else {}
    await person.shop.settle(person.shop.sighting(order.code, **named))
    return order


async def refunded(person: Person, order: Order, amount: str = "") -> tuple[Refund, Reply]:
    """What an admin owes the buyer from now on, and what the buyer was told."""
    admin = Person(person.shop, ADMIN.external)
    asked = await admin.type(f"/refund {order.code} {amount}")
    await admin.press(tokens(asked)[0])
    shop = person.shop.premises.shop.id
    refund = (await person.shop.store.read(lambda unit: refunds.of_orders(unit, shop, [order.id])))[order.id][-1]
    (job,) = [row for row in await person.shop.jobs("reply") if row.dedupe == f"refund:{refund.id}:owed"]
    assert job.payload["to"] == person.chat
    return refund, unpack(job.payload["reply"])


async def looked(person: Person, refund: Refund) -> Refund:
    found = await person.shop.store.read(lambda unit: refunds.by_id(unit, person.shop.premises.shop.id, refund.id))
    assert found is not None
    return found


async def test_yes_confirms_the_account_the_bank_has_named(person: Person) -> None:
    refund, told = await refunded(person, await bought(person))
    assert "…4321" in say([told])
    assert "0987654321" not in say([told])
    replies = await person.press(f"refund-mine:{refund.mark}")
    assert lines(replies)[-1] == "refund-account-thanks"
    assert (await looked(person, refund)).payable
    again = await person.press(f"refund-mine:{refund.mark}")
    assert lines(again)[-1] == "refund-account-fixed"


async def test_another_account_is_typed_shown_in_full_and_confirmed(person: Person) -> None:
    refund, told = await refunded(person, await bought(person))
    assert tokens([told]) == [f"refund-mine:{refund.mark}", f"refund-other:{refund.id}"]
    asked = await person.press(f"refund-other:{refund.id}")
    assert lines(asked)[-2:] == ["refund-choose-bank", "refund-or-in-one-line"]
    shown = await person.type(TYPED)
    assert ACCOUNT in say(shown)
    assert "NGUYỄN VĂN A" in say(shown, "en")
    proposed = await looked(person, refund)
    assert (proposed.payee.account, proposed.payable) == (ACCOUNT, False)
    assert lines(await person.press(f"refund-mine:{refund.mark}")) == ["toast-dead-button", "dead-button"], "too old"
    await person.press(tokens(shown)[0])
    settled = await looked(person, refund)
    assert (settled.payable, settled.payee.account) == (True, ACCOUNT)
    assert lines(await person.press(f"refund-other:{refund.id}"))[-1] == "refund-account-fixed"


async def test_without_a_payer_the_buyer_types_at_once(person: Person) -> None:
    refund, told = await refunded(person, await bought(person, Payer()))
    assert lines([told])[-1] == "refund-which-account"
    assert tokens([told]) == [f"refund-other:{refund.id}"]
    assert lines(await person.press(f"refund-mine:{refund.mark}")) == ["toast-dead-button", "dead-button"]


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ("hello", "bank-unknown"),
        ("", "bank-unknown"),
        (ACCOUNT, "bank-unknown"),
        (f"vcb {ACCOUNT}", "refund-account-wrong"),
        (f"sparkasse {ACCOUNT} AN AN", "bank-unknown"),
        (f"\ud800 \0 {ACCOUNT} AN AN", "bank-unknown"),
    ],
)
async def test_what_is_no_account_is_asked_for_again(person: Person, typed: str, wrong: str) -> None:
    refund, _ = await refunded(person, await bought(person))
    await person.press(f"refund-other:{refund.id}")
    replies = await person.type(typed)
    assert lines(replies) == [wrong, "refund-choose-bank", "refund-or-in-one-line"]
    assert say(replies)
    assert await person.step() == "refund-account"
    assert lines(await person.type(TYPED)) == ["refund-typed-account"]
    assert await person.step() == ""


@pytest.mark.parametrize("verb", ["refund-mine", "refund-other"])
async def test_somebody_elses_refund_gives_nothing_away(person: Person, verb: str) -> None:
    refund, _ = await refunded(person, await bought(person))
    stranger = Person(person.shop, "77")
    for rest in (refund.mark, str(refund.id), "", "x", "9" * 40, f"{refund.id + 1}", "٣", "\ud800\0"):
        assert lines(await stranger.press(f"{verb}:{rest}")) == ["toast-dead-button", "dead-button"]
    assert not (await looked(person, refund)).payable


async def test_words_typed_after_it_is_over_are_just_words(person: Person) -> None:
    refund, _ = await refunded(person, await bought(person))
    await person.press(f"refund-other:{refund.id}")
    shown = f"refund-checked:{refund.mark}"
    admin = Person(person.shop, ADMIN.external)
    await admin.press(shown)
    await admin.press(f"refund-sent:{refund.mark}")
    assert lines(await person.type(TYPED)) == ["not-understood"]


async def test_a_refunded_order_tells_of_its_refund_and_shows_no_key(person: Person) -> None:
    order = await bought(person)
    await person.shop.work()
    refund, _ = await refunded(person, order)
    assert "↩️" in say(await person.type("/myorders"))
    told = await person.press(f"order:{order.code}")
    assert lines(told) == ["order-refund-owed"]
    await person.press(f"refund-mine:{refund.mark}")
    await Person(person.shop, ADMIN.external).press(f"refund-sent:{refund.mark}")
    assert lines(await person.press(f"order:{order.code}"))[-1] == "order-refund-sent"
    before = len(person.shop.mouths["telegram"].shown)
    await person.shop.work()
    assert not [each for each in person.shop.mouths["telegram"].shown[before:] if "goods-title" in each.lines]


async def test_a_part_given_back_leaves_the_goods(person: Person) -> None:
    order = await bought(person)
    await refunded(person, order, "5k")
    assert lines(await person.press(f"order:{order.code}"))[-1] == "order-refund-owed"
    await person.shop.work()
    goods = [each for each in person.shop.mouths["telegram"].shown if "goods-key" in each.lines]
    assert len(goods) == 2
