from dataclasses import replace

import pytest
from sqlalchemy import update

from flows.ways import order_ways, ways
from sales.catalogue import FiledAccount
from sales.way import Rule, Way
from storage.schema.shop import plans
from tests.flows.many_prices import PRICES, order_by, sell_in_all
from tests.flows.shop import BANK, Shop

FREE = Rule()
ALL = {price.currency: price.minor for price in PRICES}


async def open_ways(
    shop: Shop, channel: str = "telegram", prices: dict[str, int] = ALL, rule: Rule = FREE
) -> list[str]:
    found = await shop.store.read(lambda unit: ways(unit, shop.premises, channel, prices, [rule]))
    return [f"{way.name} {way.currency}" for way in found]


async def test_the_transfer_stands_first_and_every_price_has_its_way(shop: Shop) -> None:
    sell_in_all(shop)
    assert await open_ways(shop) == ["bank VND", "vnpay VND", "bakong USD", "bakong KHR", "stars XTR"]


async def test_a_price_that_is_not_there_has_no_way(shop: Shop) -> None:
    sell_in_all(shop)
    assert await open_ways(shop, prices={"USD": 320}) == ["bakong USD"]
    assert await open_ways(shop, prices={}) == []


async def test_stars_are_for_telegram_alone(shop: Shop) -> None:
    sell_in_all(shop)
    assert "stars XTR" not in await open_ways(shop, "zalo")


async def test_rules_take_ways_away(shop: Shop) -> None:
    sell_in_all(shop)
    assert await open_ways(shop, rule=Rule(pay_with={"telegram": ("stars",)})) == ["stars XTR"]


async def test_a_gateway_with_a_page_of_ours_needs_an_address_that_browsers_reach(shop: Shop) -> None:
    sell_in_all(shop)
    at_web = [replace(plug, gateway=replace(plug.gateway, at_web=True)) for plug in shop.premises.plugs[:1]]
    shop.premises = replace(shop.premises, plugs=tuple(at_web))
    assert await open_ways(shop) == ["bank VND", "vnpay VND"]
    shop.premises = replace(shop.premises, base="")
    assert await open_ways(shop) == ["bank VND"]


async def test_no_transfer_is_asked_for_once_the_seller_has_switched_off_who_watched(shop: Shop) -> None:
    sell_in_all(shop)
    shop.premises = replace(shop.premises, unwatched=True)
    assert await open_ways(shop) == ["vnpay VND", "bakong USD", "bakong KHR", "stars XTR"]
    shop.sell_by_links()
    assert "bank VND" not in await open_ways(shop)


async def test_every_account_that_is_shown_is_a_way_of_its_own(shop: Shop) -> None:
    await shop.show_accounts(FiledAccount(*BANK), FiledAccount("970436", "1023456789", "NGUYEN VAN A"))
    found = await shop.store.read(lambda unit: ways(unit, shop.premises, "telegram", {"VND": 1}, []))
    assert len({way.account for way in found}) == len({way.key for way in found}) == 2


@pytest.mark.parametrize("accounts", [0, 1, 2])
async def test_a_gateway_of_links_is_one_way_whatever_the_accounts(shop: Shop, accounts: int) -> None:
    shop.sell_by_links()
    await shop.show_accounts(*[FiledAccount("970436", f"102345678{n}", "NGUYEN VAN A") for n in range(accounts)])
    found = await shop.store.read(lambda unit: ways(unit, shop.premises, "telegram", {"VND": 1}, []))
    assert found == [Way("payos", "VND", bank=True)]


async def test_an_order_is_paid_at_the_prices_of_its_day_by_the_rules_of_today(shop: Shop) -> None:
    sell_in_all(shop)
    order = await order_by(shop, None)
    await shop.store.write(lambda unit: unit.conn.execute(update(plans).values(pay_with={"": ["bakong"]})))
    found = await shop.store.read(lambda unit: order_ways(unit, shop.premises, order, "telegram"))
    assert [way.currency for way in found] == ["USD", "KHR"]
