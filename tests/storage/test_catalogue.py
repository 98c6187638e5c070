from dataclasses import replace

from sales.catalogue import Kind, Offer, Product
from sales.ids import PlanId
from sales.money import Money
from sales.way import Rule
from storage import catalogue
from storage.catalogue import Contents
from storage.schema.shop import plans, prices, products
from tests.flows.shop import COURSE, FILE, PRICE, SOFTWARE, Shop
from tests.storage.shop import refuses_change


async def stock(shop: Shop, *goods: object) -> None:
    await shop.store.write(lambda unit: catalogue.stock_shelf(unit, shop.premises.shop.id, goods))  # type: ignore[arg-type]


async def offers(shop: Shop, channel: str) -> list[Offer]:
    return await shop.store.read(lambda unit: catalogue.offers(unit, shop.premises.shop.id, channel))


async def slugs(shop: Shop, channel: str = "telegram") -> list[str]:
    return [offer.slug for offer in await offers(shop, channel)]


async def test_the_shelf_stands_in_the_order_of_the_file(shop: Shop) -> None:
    assert await slugs(shop) == ["software-30", "software-ever", "course-ever"]
    await stock(shop, COURSE, replace(SOFTWARE, plans=SOFTWARE.plans[::-1]))
    assert await slugs(shop) == ["course-ever", "software-ever", "software-30"]


async def test_an_offer_says_all_there_is_to_say(shop: Shop) -> None:
    licence, course = await shop.offer(0), await shop.offer(2)
    assert (licence.kind, licence.product_name, licence.plan_name) == (Kind.LICENCE, "Ảnh Đẹp Pro", "1 tháng")
    assert (licence.days, licence.price) == (30, Money(PRICE))
    assert (course.days, course.links) == (None, COURSE.links)


async def test_what_left_the_file_is_put_away_and_not_removed(shop: Shop) -> None:
    offer = await shop.offer(2)
    await stock(shop, SOFTWARE)
    assert await slugs(shop) == ["software-30", "software-ever"]
    find = lambda unit: catalogue.offer(unit, shop.premises.shop.id, offer.plan, "telegram")  # noqa: E731
    assert await shop.store.read(find) is None
    assert len(await shop.rows(products)) == 2


async def test_what_comes_back_is_the_same_row(shop: Shop) -> None:
    before = await shop.offer(2)
    await stock(shop)
    await stock(shop, *FILE.products)
    assert (await shop.offer(2)).plan == before.plan
    assert [len(await shop.rows(table)) for table in (products, plans, prices)] == [2, 3, 3]


async def test_names_and_prices_follow_the_file(shop: Shop) -> None:
    plan = replace(SOFTWARE.plans[0], name="30 ngày", prices=(Money(99_000),))
    await stock(shop, replace(SOFTWARE, name="Đẹp", plans=(plan,)))
    offer = await shop.offer()
    assert (offer.product_name, offer.plan_name, offer.price) == ("Đẹp", "30 ngày", Money(99_000))


def plan_with(*costs: Money, rule: Rule | None = None) -> Product:
    """The software with this one plan."""
    plan = replace(SOFTWARE.plans[0], prices=costs, rule=rule or Rule())
    return replace(SOFTWARE, plans=(plan,))


async def test_an_offer_has_all_its_prices_and_is_shown_at_the_first(shop: Shop) -> None:
    await stock(shop, plan_with(Money(150, "XTR"), Money(320, "USD"), Money(PRICE), Money(12_500, "KHR")))
    offer = await shop.offer()
    assert offer.prices == (Money(PRICE), Money(320, "USD"), Money(12_500, "KHR"), Money(150, "XTR"))
    assert offer.price == Money(PRICE)


async def test_a_plan_may_have_no_price_in_dong(shop: Shop) -> None:
    await stock(shop, plan_with(Money(12_500, "KHR"), Money(320, "USD")))
    assert (await shop.offer()).price == Money(320, "USD")


async def test_a_price_that_left_the_file_leaves_the_shelf_and_no_other_plan_s(shop: Shop) -> None:
    dear = replace(SOFTWARE.plans[1], prices=(Money(1_490_000), Money(900, "USD")))
    cheap = plan_with(Money(PRICE), Money(320, "USD"))
    await stock(shop, replace(cheap, plans=(*cheap.plans, dear)))
    await stock(shop, replace(cheap, plans=(SOFTWARE.plans[0], dear)))
    assert (await shop.offer(0)).prices == (Money(PRICE),)
    assert (await shop.offer(1)).prices == (Money(1_490_000), Money(900, "USD"))


async def test_a_price_may_change_its_currency(shop: Shop) -> None:
    await stock(shop, plan_with(Money(320, "USD")))
    assert (await shop.offer()).prices == (Money(320, "USD"),)


async def test_a_plan_stands_only_where_it_is_sold(shop: Shop) -> None:
    await stock(shop, plan_with(Money(PRICE), rule=Rule(sell_on=("zalo",))), COURSE)
    assert await slugs(shop, "telegram") == ["course-ever"]
    assert await slugs(shop, "zalo") == ["software-30", "course-ever"]
    hidden = (await offers(shop, "zalo"))[0]
    find = lambda unit: catalogue.offer(unit, shop.premises.shop.id, hidden.plan, "telegram")  # noqa: E731
    assert await shop.store.read(find) is None


async def test_what_a_plan_may_be_paid_with_is_kept_and_follows_the_file(shop: Shop) -> None:
    rule = Rule(("telegram",), {"telegram": ("stars",), "": ("bank", "vnpay")})
    await stock(shop, plan_with(Money(PRICE), rule=rule))
    offer = await shop.offer()
    assert offer.rule == rule
    await stock(shop, plan_with(Money(PRICE)))
    assert (await shop.offer()).rule == Rule()


async def test_contents_are_known_of_plans_that_were_put_away_whatever_they_cost(shop: Shop) -> None:
    licence, course = await shop.offer(0), await shop.offer(2)
    await stock(shop)
    found = await shop.store.read(
        lambda unit: catalogue.contents_of(unit, shop.premises.shop.id, [licence.plan, course.plan, PlanId(999)])
    )
    assert found == {
        licence.plan: Contents((), SOFTWARE.activation, SOFTWARE.download_url),
        course.plan: Contents(COURSE.links, "", ""),
    }


async def test_no_shop_sells_anothers_plans(shop: Shop) -> None:
    from storage import shops

    offer = await shop.offer()
    other = await shop.store.write(lambda unit: shops.create(unit, "other", FILE, shop.premises.vault))
    assert await shop.store.read(lambda unit: catalogue.offers(unit, other.id, "telegram")) == []
    assert await shop.store.read(lambda unit: catalogue.offer(unit, other.id, offer.plan, "telegram")) is None
    assert await shop.store.read(lambda unit: catalogue.contents_of(unit, other.id, [offer.plan])) == {}


async def test_rows_that_make_no_sense_are_refused(shop: Shop) -> None:
    await refuses_change(shop.store, products, "kind", kind="poem")
    await refuses_change(shop.store, plans, "days", days=0)
    await refuses_change(shop.store, prices, "amount", amount=0)
