"""While the QR of an order is still being made, whoever asks for it is told so."""

import pytest

from sales.errors import Later
from sales.purchase import Order
from tests.bot.talk.people import Person, lines, say, tokens
from tests.flows.gate import Gate


@pytest.fixture
def gate(person: Person) -> Gate:
    return person.shop.sell_by_links()


async def placed(person: Person) -> Order:
    """An order whose link nobody has asked for yet."""
    offer = await person.shop.offer()
    await person.press(f"buy:{offer.plan}")
    assert lines(await person.press(f"nomail:{offer.plan}")) == []
    order = await person.open_order()
    assert order is not None
    return order


@pytest.mark.usefixtures("gate")
async def test_the_card_comes_when_the_link_is_there(person: Person) -> None:
    await placed(person)
    await person.shop.work()
    assert person.shop.mouths["telegram"].shown[-1].lines == ["card-caption"]


@pytest.mark.usefixtures("gate")
@pytest.mark.parametrize("language", ["vi", "en"])
async def test_until_then_an_order_asked_for_again_says_so(person: Person, language: str) -> None:
    order = await placed(person)
    replies = await person.press(f"order:{order.code}")
    assert lines(replies) == ["qr-being-made"]
    assert order.code in say(replies, language)


@pytest.mark.usefixtures("gate")
async def test_until_then_the_same_plan_bought_again_says_so_and_promises_no_qr(person: Person) -> None:
    await placed(person)
    offer = await person.shop.offer()
    assert lines(await person.press(f"buy:{offer.plan}")) == ["qr-being-made"]


@pytest.mark.usefixtures("gate")
async def test_with_the_link_the_same_plan_bought_again_shows_the_card(person: Person) -> None:
    await placed(person)
    await person.shop.work()
    offer = await person.shop.offer()
    assert lines(await person.press(f"buy:{offer.plan}")) == ["order-still-open", "card-caption"]


@pytest.mark.usefixtures("gate")
async def test_who_says_that_it_is_paid_hears_of_the_bank_and_of_the_qr(person: Person) -> None:
    order = await placed(person)
    assert "qr-being-made" in lines(await person.press(f"paid:{order.code}"))
    await person.shop.work()
    assert "qr-being-made" not in lines(await person.press(f"paid:{order.code}"))


async def test_an_order_whose_link_is_late_can_be_cancelled(person: Person, gate: Gate) -> None:
    gate.troubles = [Later("down")] * 3
    order = await placed(person)
    await person.shop.work()
    replies = await person.press(f"cancelled:{order.code}")
    assert lines(replies) == ["order-cancelled"]
    assert "start" in tokens(replies)
    await person.shop.work()
    assert "card-caption" not in person.shop.mouths["telegram"].lines(person.chat)


@pytest.mark.usefixtures("gate")
@pytest.mark.parametrize("message", ["qr-is-late", "qr-cannot-be-made"])
async def test_what_the_buyer_is_told_of_a_link_can_be_said(person: Person, message: str) -> None:
    from flows.messages import Reply, Say

    for language in ("vi", "en"):
        assert "KX2345678" in say([Reply((Say(message, {"code": "KX2345678"}),))], language)
