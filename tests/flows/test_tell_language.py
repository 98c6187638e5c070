import pytest

from flows.tell_language import tell_language
from storage import buyers
from tests.flows.many_prices import BY_CARD, attempts, order_by, sell_in_all
from tests.flows.shop import Shop, open_shop


async def told(shop: Shop, gateway: str, number: int) -> str | None:
    return await shop.store.read(lambda unit: tell_language(unit, shop.premises, gateway, number))


@pytest.mark.parametrize("language", ["vi", "en"])
async def test_it_is_the_language_of_whom_the_payment_was_asked_of(shop: Shop, language: str) -> None:
    sell_in_all(shop)
    order = await order_by(shop, BY_CARD, await shop.meet("7", language))
    [attempt] = await attempts(shop, order)
    assert await told(shop, "vnpay", attempt.number) == language


async def test_a_language_that_was_chosen_since_counts(shop: Shop) -> None:
    sell_in_all(shop)
    buyer = await shop.meet("7", "vi")
    [attempt] = await attempts(shop, await order_by(shop, BY_CARD, buyer))
    await shop.store.write(lambda unit: buyers.set_language(unit, shop.premises.shop.id, buyer.buyer, "en"))
    assert await told(shop, "vnpay", attempt.number) == "en"


async def test_nobody_is_known_by_another_gateway_number_or_shop(shop: Shop) -> None:
    sell_in_all(shop)
    [attempt] = await attempts(shop, await order_by(shop, BY_CARD))
    assert await told(shop, "casso", attempt.number) is None
    assert await told(shop, "vnpay", attempt.number + 1) is None
    assert await told(shop, "vnpay", 0) is None
    other = await open_shop(shop.store, slug="other")
    assert await told(other, "vnpay", attempt.number) is None
