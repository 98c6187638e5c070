import pytest
from sqlalchemy import select, update

from flows.place_test_order import BUYER, CHANNEL, PRICE, SLUG, place_test_order
from sales.catalogue import Kind
from sales.errors import Tell
from sales.purchase import Order
from storage import catalogue
from storage.schema.goods import grants
from storage.schema.shop import bank_accounts, plans, products
from tests.flows.shop import FILE, Shop


async def ordered(shop: Shop) -> Order:
    _, order = await shop.store.write(lambda unit: place_test_order(unit, shop.premises, "Mua thử", "1.000 đồng"))
    return order


async def test_it_is_a_true_order_of_something_that_hands_nothing_over(shop: Shop) -> None:
    order = await ordered(shop)
    await shop.settle(shop.sighting(order.code, PRICE.minor))
    story = await shop.story(order)
    assert (story["order"]["payment"], story["order"]["lines"][0]["product"]) == ("paid", "Mua thử")
    [grant] = await shop.rows(grants)
    assert (grant.key_sealed, grant.links, grant.download_url, grant.activation) == (None, [], "", "")
    assert [each["address"] for each in story["deliveries"]] == [BUYER]
    assert await shop.totals() == {"received": 1_000, "revenue": 1_000}


async def test_no_buyer_sees_its_plan_before_or_after_a_start(shop: Shop) -> None:
    await ordered(shop)
    shelf = await shop.store.read(lambda unit: catalogue.offers(unit, shop.premises.shop.id, "telegram"))
    assert (len(shelf), SLUG in {offer.slug for offer in shelf}) == (3, False)
    await shop.store.write(lambda unit: catalogue.stock_shelf(unit, shop.premises.shop.id, FILE.products))
    again = await shop.store.read(lambda unit: catalogue.offers(unit, shop.premises.shop.id, "telegram"))
    assert again == shelf


async def test_the_second_test_is_of_the_same_plan_by_the_same_person(shop: Shop) -> None:
    first, second = await ordered(shop), await ordered(shop)
    assert (first.peer, first.buyer) == (second.peer, second.buyer)
    assert first.code != second.code
    kept = await shop.store.read(lambda unit: unit.conn.execute(select(plans.c.id).where(plans.c.slug == SLUG)).all())
    assert len(kept) == 1
    [product] = [row for row in await shop.rows(products) if row.slug == SLUG]
    assert (product.kind, product.active) == (Kind.COURSE, False)


async def test_everything_it_says_goes_to_the_terminal(shop: Shop) -> None:
    order = await ordered(shop)
    await shop.settle(shop.sighting(order.code, PRICE.minor))
    told = {row.payload["channel"] for row in await shop.jobs() if "channel" in row.payload}
    assert told == {CHANNEL}


async def test_without_an_account_nothing_is_ordered(shop: Shop) -> None:
    await shop.store.write(lambda unit: unit.conn.execute(update(bank_accounts).values(shown=False)) and None)
    with pytest.raises(Tell, match="shop-cannot-take-money"):
        await ordered(shop)
