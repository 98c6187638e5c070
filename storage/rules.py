"""Where plans are sold, and what they may be paid with."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import bindparam, select

from sales.ids import PlanId, ShopId
from sales.way import Rule
from storage.members import among
from storage.schema.shop import plans
from storage.unit import Unit

_RULES = select(plans.c.id, plans.c.sell_on, plans.c.pay_with).where(
    plans.c.shop_id == bindparam("shop"), among(plans.c.id, "wanted")
)


def of_plans(unit: Unit, shop: ShopId, wanted: Collection[PlanId]) -> dict[PlanId, Rule]:
    """The rules of these plans, for sale or put away by now."""
    rows = unit.conn.execute(_RULES, {"shop": shop, "wanted": wanted})
    return {PlanId(row.id): read(row.sell_on, row.pay_with) for row in rows}


def read(sell_on: Sequence[str], pay_with: Mapping[str, Sequence[str]]) -> Rule:
    """A rule as its columns hold it."""
    return Rule(tuple(sell_on), {channel: tuple(names) for channel, names in pay_with.items()})
