"""What an admin gives back besides an amount: the surplus, a buyer's wish, money without an order."""

import pytest

from bot.scene import Scene
from bot.talk.admin import refund_transfer
from bot.talk.admin.gate import for_admins
from bot.talk.answer import COMMANDS
from flows.wish_refund import wish_refund
from sales.purchase import Order
from storage import buyers
from storage.schema.money import refunds as table
from storage.schema.money import transfers
from tests.bot.talk.admin.test_refunds import cards
from tests.bot.talk.people import Person, lines, say, tokens
from tests.flows.shop import ADMIN, PRICE


@pytest.fixture
def admin(person: Person) -> Person:
    return Person(person.shop, ADMIN.external)


async def overpaid(person: Person, surplus: int = 5_000) -> Order:
    order = await person.buy()
    await person.shop.settle(person.shop.sighting(order.code, PRICE + surplus))
    return order


@pytest.mark.parametrize("word", ["thừa", "THỪA", "thua", "surplus", "thu\u031b\u0300a"])
async def test_the_surplus_alone_is_given_back(person: Person, admin: Person, word: str) -> None:
    order = await overpaid(person)
    replies = await admin.type(f"/refund {order.code} {word} trả nhầm")
    assert lines(replies) == ["refund-sure", "refund-sure-reason"]
    (row,) = await person.shop.rows(table)
    assert (row.amount, row.held, row.reason) == (5_000, PRICE + 5_000, "trả nhầm")
    await admin.press(tokens(replies)[0])
    assert await person.shop.totals() == {"received": PRICE + 5_000, "revenue": PRICE, "refund_owed": 5_000}
    assert lines(await admin.type(f"/refund {order.code} thừa")) == ["refund-no-surplus"]


@pytest.mark.parametrize("rest", ["thừa", "surplus usd", "thua vnd"])
async def test_where_nothing_was_paid_too_much_nothing_is_given_back(person: Person, admin: Person, rest: str) -> None:
    order = await person.buy()
    await person.shop.settle(person.shop.sighting(order.code))
    assert lines(await admin.type(f"/refund {order.code} {rest}")) == ["refund-no-surplus"]
    assert await person.shop.rows(table) == []


async def test_the_surplus_of_no_order_is_told(admin: Person) -> None:
    assert lines(await admin.type("/refund KX2222222 thừa")) == ["refund-order-unknown"]


async def test_surplus_of_an_order_that_waits_for_money_does_not_end_it(person: Person, admin: Person) -> None:
    order = await person.buy()
    await person.shop.settle(person.shop.sighting(order.code, 100, currency="USD"))
    assert "refund-sure-cancels" not in lines(await admin.type(f"/refund {order.code} usd"))


async def test_a_wish_is_granted_by_the_buttons_of_its_message(person: Person, admin: Person) -> None:
    order = await overpaid(person)
    shop = person.shop.premises
    peer = await person.shop.store.read(lambda unit: buyers.peer_at(unit, shop.shop.id, "telegram", person.chat))
    assert peer is not None
    refund = await person.shop.store.write(lambda unit: wish_refund(unit, shop, peer, order, 5_000, "VND"))
    dead = await person.press(f"refund-yes:{refund.id}")
    assert lines(dead) == ["toast-dead-button", "dead-button"], "the buyer grants nothing"
    told = await admin.press(f"refund-yes:{refund.id}")
    assert lines(told)[-2:] == ["refund-now-owed", "refund-proposed"]
    second = Person(person.shop, ADMIN.external)
    assert lines(await second.press(f"refund-no:{refund.id}"))[-1] == "refund-confirmed-already"


async def test_a_refund_that_came_back_is_shown_as_such(person: Person, admin: Person) -> None:
    order = await overpaid(person)
    await admin.press(tokens(await admin.type(f"/refund {order.code} thừa"))[0])
    (row,) = await person.shop.rows(table)
    await admin.press(f"refund-type:{row.id}")
    (card,) = cards(await admin.type("mb 999988887777 TRAN THI B"))
    await admin.press(f"refund-sent:{card.refund}")
    await person.shop.settle(person.shop.sighting(row.memo, 5_000))
    listed = await admin.type("/refund")
    assert tokens(listed) == [f"refund-open:{row.id}"]
    assert "⚠️" in say(listed)
    assert cards(await admin.press(f"refund-open:{row.id}")) == [], "whereto is to be confirmed anew"


async def test_money_without_an_order_goes_to_the_account_an_admin_names(person: Person, admin: Person) -> None:
    await person.shop.settle(person.shop.sighting("khong ma", 50_000))
    (row,) = await person.shop.rows(transfers)

    def give(scene: Scene) -> None:
        refund_transfer.ask(scene, row.id, "không rõ của ai")

    COMMANDS["give-stray"] = for_admins(give)
    try:
        asked = await admin.type("/give-stray")
    finally:
        del COMMANDS["give-stray"]
    assert lines(asked) == ["refund-transfer-sure", "refund-sure-reason"]
    assert ["khong ma" in say(asked, language) for language in ("vi", "en")] == [True, True]
    told = await admin.press(tokens(asked)[0])
    assert lines(told)[-2:] == ["refund-now-owed", "refund-proposed"]
    assert all(say(told, language) for language in ("vi", "en"))
    (refund,) = await person.shop.rows(table)
    assert lines(await admin.press(f"refund-open:{refund.id}"))[-2:] == ["refund-waits", "refund-proposed"]
    await admin.press(f"refund-type:{refund.id}")
    (card,) = cards(await admin.type("mb 999988887777 TRAN THI B"))
    assert [refund.code in say([card], language) for language in ("vi", "en")] == [True, True]
    note = await admin.press(f"refund-sent:{card.refund}")
    assert lines(note)[-1] == "refund-card-sent"
    assert refund.code in say(note)
    assert await person.shop.totals() == {"received": 50_000, "refund_paid": 50_000}
