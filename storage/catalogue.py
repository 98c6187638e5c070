"""The shelf: products, plans and prices, found by slugs that never change."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Row, Select, bindparam, delete, func, insert, select, update

from sales.catalogue import CURRENCIES, Kind, Link, Offer, Plan, Product
from sales.ids import OrderId, PlanId, ShopId
from sales.money import Money
from sales.way import Rule
from storage import rules
from storage.members import among
from storage.schema.orders import order_lines
from storage.schema.shop import plans, prices, products
from storage.unit import Unit

_CONTENTS = (
    select(plans.c.id, products.c.links, products.c.activation, products.c.download_url)
    .select_from(plans.join(products))
    .where(plans.c.shop_id == bindparam("shop"), among(plans.c.id, "wanted"))
)
_PRICES = select(prices.c.plan_id, prices.c.currency, prices.c.amount).where(
    prices.c.shop_id == bindparam("shop"), among(prices.c.plan_id, "wanted")
)


_LINES = order_lines.alias("lines")
_TODAY = (
    select(
        order_lines.c.order_id,
        prices.c.currency,
        func.sum(prices.c.amount).label("total"),
        func.count().label("priced"),
        select(func.count())
        .where(_LINES.c.order_id == order_lines.c.order_id)
        .correlate(order_lines)
        .scalar_subquery()
        .label("lines"),
    )
    .select_from(
        order_lines.join(plans, plans.c.id == order_lines.c.plan_id)
        .join(products, products.c.id == plans.c.product_id)
        .join(prices, prices.c.plan_id == plans.c.id)
    )
    .where(order_lines.c.shop_id == bindparam("shop"), among(order_lines.c.order_id, "wanted"))
    .where(plans.c.active == 1, products.c.active == 1)
    .group_by(order_lines.c.order_id, prices.c.currency)
)


@dataclass(frozen=True, slots=True)
class Contents:
    """What a plan's product hands over."""

    links: tuple[Link, ...]
    activation: str
    download_url: str


def stock_shelf(unit: Unit, shop: ShopId, goods: Sequence[Product]) -> None:
    """Make the shelf look like `goods`; what is no longer there is put away, not removed (orders name it)."""
    unit.conn.execute(update(products).where(products.c.shop_id == shop).values(active=False))
    unit.conn.execute(update(plans).where(plans.c.shop_id == shop).values(active=False))
    for position, product in enumerate(goods):
        product_id = _put_product(unit, shop, position, product)
        for place, plan in enumerate(product.plans):
            _put_plan(unit, shop, product_id, place, plan)


def put_away(unit: Unit, shop: ShopId, product: Product) -> list[PlanId]:
    """Keep a product that never stands on the shelf; answers its plans, which can be ordered by whoever knows them."""
    product_id = _put_product(unit, shop, 0, product)
    found = [_put_plan(unit, shop, product_id, place, plan) for place, plan in enumerate(product.plans)]
    for table, id_ in ((products, product_id), *((plans, plan_id) for plan_id in found)):
        unit.conn.execute(update(table).where(table.c.shop_id == shop, table.c.id == id_).values(active=False))
    return [PlanId(plan_id) for plan_id in found]


def offers(unit: Unit, shop: ShopId, channel: str) -> list[Offer]:
    """All plans that are sold on that channel, in the shelf's order."""
    query = _shelf(shop).order_by(products.c.position, plans.c.position)
    return _offers(unit, shop, query, channel)


def offer(unit: Unit, shop: ShopId, plan: PlanId, channel: str) -> Offer | None:
    """One plan, or None when it is not for sale on that channel."""
    found = _offers(unit, shop, _shelf(shop).where(plans.c.id == plan), channel)
    return found[0] if found else None


def prices_today(unit: Unit, shop: ShopId, wanted: Collection[OrderId]) -> dict[OrderId, dict[str, int]]:
    """What these orders would cost today, by currency; one of which something is no longer for sale is left out."""
    found: dict[OrderId, dict[str, int]] = {}
    for row in unit.conn.execute(_TODAY, {"shop": shop, "wanted": wanted}):
        if row.priced == row.lines:
            found.setdefault(OrderId(row.order_id), {})[row.currency] = int(row.total)
    return found


def contents_of(unit: Unit, shop: ShopId, wanted: Sequence[PlanId]) -> dict[PlanId, Contents]:
    """What the named plans hand over, for sale or put away by now, whatever they cost."""
    rows = unit.conn.execute(_CONTENTS, {"shop": shop, "wanted": wanted})
    return {PlanId(row.id): Contents(_links(row.links), row.activation, row.download_url) for row in rows}


def _put_product(unit: Unit, shop: ShopId, position: int, product: Product) -> int:
    values = {
        "kind": product.kind,
        "name": product.name,
        "description": product.description,
        "activation": product.activation,
        "download_url": product.download_url,
        "links": [asdict(link) for link in product.links],
        "position": position,
        "active": True,
    }
    same = (products.c.shop_id == shop) & (products.c.slug == product.slug)
    known = unit.conn.execute(update(products).where(same).values(values).returning(products.c.id)).scalar()
    if known is not None:
        return int(known)
    new = insert(products).values(values | {"shop_id": shop, "slug": product.slug})
    return int(unit.conn.execute(new.returning(products.c.id)).scalar_one())


def _put_plan(unit: Unit, shop: ShopId, product_id: int, position: int, plan: Plan) -> int:
    values = {
        "product_id": product_id,
        "name": plan.name,
        "days": plan.days,
        "position": position,
        "active": True,
        "sell_on": plan.rule.sell_on,
        "pay_with": plan.rule.pay_with,
    }
    same = (plans.c.shop_id == shop) & (plans.c.slug == plan.slug)
    plan_id = unit.conn.execute(update(plans).where(same).values(values).returning(plans.c.id)).scalar()
    if plan_id is None:
        new = insert(plans).values(values | {"shop_id": shop, "slug": plan.slug})
        plan_id = unit.conn.execute(new.returning(plans.c.id)).scalar_one()
    _put_prices(unit, shop, int(plan_id), plan.prices)
    return int(plan_id)


def _put_prices(unit: Unit, shop: ShopId, plan_id: int, wanted: Sequence[Money]) -> None:
    """Orders keep the prices of their day themselves, so that one which is gone can be removed."""
    gone = prices.c.currency.not_in([price.currency for price in wanted])
    unit.conn.execute(delete(prices).where(prices.c.shop_id == shop, prices.c.plan_id == plan_id, gone))
    for price in wanted:
        _put_price(unit, shop, plan_id, price)


def _put_price(unit: Unit, shop: ShopId, plan_id: int, price: Money) -> None:
    same = (prices.c.plan_id == plan_id) & (prices.c.currency == price.currency)
    if not unit.conn.execute(update(prices).where(same).values(amount=price.minor)).rowcount:
        row = {"shop_id": shop, "plan_id": plan_id, "currency": price.currency, "amount": price.minor}
        unit.conn.execute(insert(prices).values(row))


def _shelf(shop: ShopId) -> Select[Any]:
    return (
        select(
            plans.c.id.label("plan_id"),
            plans.c.slug,
            plans.c.name.label("plan_name"),
            plans.c.days,
            plans.c.sell_on,
            plans.c.pay_with,
            products.c.kind,
            products.c.name.label("product_name"),
            products.c.description,
            products.c.activation,
            products.c.download_url,
            products.c.links,
        )
        .select_from(plans.join(products))
        .where(plans.c.shop_id == shop, plans.c.active == 1, products.c.active == 1)
    )


def _offers(unit: Unit, shop: ShopId, query: Select[Any], channel: str) -> list[Offer]:
    every = [(row, rules.read(row.sell_on, row.pay_with)) for row in unit.conn.execute(query)]
    sold = [(row, rule) for row, rule in every if rule.sold_on(channel)]
    costs = _prices_of(unit, shop, [row.plan_id for row, _ in sold])
    return [_offer(row, costs[row.plan_id], rule) for row, rule in sold]


def _prices_of(unit: Unit, shop: ShopId, wanted: Sequence[int]) -> dict[int, tuple[Money, ...]]:
    """Plan → its prices, the one it is shown at first."""
    found: dict[int, list[Money]] = {plan: [] for plan in wanted}
    for row in unit.conn.execute(_PRICES, {"shop": shop, "wanted": wanted}):
        found[row.plan_id].append(Money(row.amount, row.currency))
    return {plan: tuple(sorted(costs, key=_place)) for plan, costs in found.items()}


def _place(price: Money) -> int:
    return CURRENCIES.index(price.currency)


def _offer(row: Row[Any], costs: tuple[Money, ...], rule: Rule) -> Offer:
    return Offer(
        plan=PlanId(row.plan_id),
        slug=row.slug,
        kind=Kind(row.kind),
        product_name=row.product_name,
        plan_name=row.plan_name,
        days=row.days,
        price=costs[0],
        description=row.description,
        activation=row.activation,
        download_url=row.download_url,
        links=_links(row.links),
        prices=costs,
        rule=rule,
    )


def _links(kept: Sequence[dict[str, str]]) -> tuple[Link, ...]:
    return tuple(Link(**link) for link in kept)
