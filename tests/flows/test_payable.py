"""Which prices are shown where, and that the ways are exactly those that the seller allows."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.payable import payable
from flows.place_order import may_order, place_order
from flows.premises import Plug
from flows.ways import order_ways, ways
from sales.catalogue import FiledAccount, Offer
from sales.errors import Tell
from sales.money import Money
from sales.way import Rule, Way
from storage import catalogue
from storage.unit import Unit
from tests.flows.plugs import BAKONG, STARS, VNPAY, plug
from tests.flows.shop import BANK, SOFTWARE, Shop
from tests.flows.test_settlement_properties import in_a_shop

PRICES = (Money(79_000), Money(320, "USD"), Money(12_500, "KHR"), Money(150, "XTR"))
SEPAY = plug("sepay-pg", "VND", at_web=True)
NAMES = ("bank", "vnpay", "sepay-pg", "bakong", "stars")
CHANNELS = ("telegram", "zalo")
ACCOUNTS = (FiledAccount(*BANK), FiledAccount("970436", "0071000123456", "NGUYEN VAN A"))


async def sell(shop: Shop, prices: Sequence[Money], rule: Rule) -> None:
    plan = replace(SOFTWARE.plans[0], prices=tuple(prices), rule=rule)
    goods = [replace(SOFTWARE, plans=(plan,))]
    await shop.store.write(lambda unit: catalogue.stock_shelf(unit, shop.premises.shop.id, goods))


async def offer_on(shop: Shop, channel: str) -> Offer | None:
    offers = await shop.store.read(lambda unit: catalogue.offers(unit, shop.premises.shop.id, channel))
    return offers[0] if offers else None


async def test_only_prices_that_a_way_takes_are_shown(shop: Shop) -> None:
    shop.premises = replace(shop.premises, plugs=(BAKONG,))
    await sell(shop, PRICES, Rule())
    offer = await shop.offer()
    look = lambda unit: payable(unit, shop.premises, "telegram", [offer])  # noqa: E731
    assert await shop.store.read(look) == {offer.plan: PRICES[:3]}
    shop.premises = replace(shop.premises, plugs=())
    await shop.show_accounts()
    assert await shop.store.read(look) == {offer.plan: PRICES[:1]}


async def test_an_order_s_ways_are_those_of_its_plan_and_of_its_day_s_prices(shop: Shop) -> None:
    shop.premises = replace(shop.premises, plugs=(VNPAY, BAKONG, STARS))
    await sell(shop, PRICES[:2], Rule())
    peer, offer = await shop.meet(), await shop.offer()
    order = await shop.store.write(lambda unit: place_order(unit, shop.premises, peer, offer, ""))
    await sell(shop, PRICES, Rule(pay_with={"telegram": ("bakong", "stars")}))
    found = await shop.store.read(lambda unit: order_ways(unit, shop.premises, order, "telegram"))
    assert found == [Way("bakong", "USD")]


rules = st.builds(
    Rule,
    st.lists(st.sampled_from(CHANNELS), unique=True).map(tuple),
    st.dictionaries(
        st.sampled_from(["", *CHANNELS]), st.lists(st.sampled_from(NAMES), unique=True, min_size=1).map(tuple)
    ),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rule=rules,
    prices=st.lists(st.sampled_from(PRICES), unique=True, min_size=1),
    plugs=st.lists(st.sampled_from([VNPAY, SEPAY, BAKONG, STARS]), unique_by=id).map(tuple),
    channel=st.sampled_from(CHANNELS),
    accounts=st.integers(0, 2),
    base=st.sampled_from(["", "https://shop.example"]),
)
def test_the_ways_are_exactly_those_allowed(
    sqlite_template: Path,
    rule: Rule,
    prices: list[Money],
    plugs: tuple[Plug, ...],
    channel: str,
    accounts: int,
    base: str,
) -> None:
    async def play(shop: Shop) -> None:
        shop.premises = replace(shop.premises, plugs=plugs, base=base)
        await shop.show_accounts(*ACCOUNTS[:accounts])
        await sell(shop, prices, rule)
        offer = await offer_on(shop, channel)
        assert (offer is not None) == rule.sold_on(channel)
        if offer is not None:
            found = await shop.store.read(lambda unit: _ways(unit, shop, offer, channel))
            costs = {price.currency for price in prices}
            assert sorted((way.name, way.currency) for way in found) == _expected(
                rule, costs, plugs, channel, accounts, base
            )
            await _agree(shop, offer, channel, found)

    in_a_shop(sqlite_template, play)


async def _agree(shop: Shop, offer: Offer, channel: str, found: list[Way]) -> None:
    """The prices shown, and what may be ordered, follow from the ways; each way has a name of its own."""
    assert len({way.key for way in found}) == len(found)
    costs = await shop.store.read(lambda unit: payable(unit, shop.premises, channel, [offer]))
    assert {price.currency for price in costs[offer.plan]} == (
        {way.currency for way in found} or {offer.price.currency}
    )
    peer = replace(await shop.meet(), channel=channel)
    try:
        assert await shop.store.read(lambda unit: may_order(unit, shop.premises, peer, offer)) == found
    except Tell:
        assert not found


def _ways(unit: Unit, shop: Shop, offer: Offer, channel: str) -> list[Way]:
    costs = {price.currency: price.minor for price in offer.prices}
    return ways(unit, shop.premises, channel, costs, [offer.rule])


def _expected(
    rule: Rule, costs: set[str], plugs: tuple[Plug, ...], channel: str, accounts: int, base: str
) -> list[tuple[str, str]]:
    """The rule once more, told from the seller's side."""
    takes = {"bank": ["VND"] * accounts}
    for each in plugs:
        takes[each.gateway.name] = list(each.gateway.currencies)
    if channel != "telegram":
        takes.pop("stars", None)
    if not base:
        takes.pop("sepay-pg", None)
    may = rule.pay_with.get(channel) or rule.pay_with.get("") or NAMES
    return sorted((name, currency) for name in may for currency in takes.get(name, []) if currency in costs)
