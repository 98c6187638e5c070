"""Payment links: attempts that wait for a gateway's answer, under a number of ours that both sides know."""

from typing import Any

from sqlalchemy import ColumnElement, update

from sales.ids import AttemptId, ShopId
from sales.purchase import Attempt
from storage import orders, shops
from storage.schema.orders import attempts
from storage.unit import Unit


def renumber(unit: Unit, shop: ShopId, attempt: AttemptId) -> Attempt | None:
    """Ask under a new number, the old one being spent; None when the attempt is no longer asked for.

    A number that was spent without us having noted it tells of lost rows: those after it may be spent as well.
    """
    return _change(unit, shop, attempt, number=shops.leap_attempt_number(unit, shop))


def take(unit: Unit, shop: ShopId, attempt: AttemptId, link: dict[str, Any]) -> Attempt | None:
    """Open the attempt with what the gateway has answered; None when it is no longer asked for."""
    return _change(unit, shop, attempt, state="open", **link)


def give_up(unit: Unit, shop: ShopId, attempt: AttemptId) -> bool:
    """Ask no longer, since something else takes its place; False when it is no longer asked for."""
    return _change(unit, shop, attempt, state="replaced") is not None


def _change(unit: Unit, shop: ShopId, attempt: AttemptId, **values: object) -> Attempt | None:
    if unit.conn.execute(update(attempts).where(_asked(shop, attempt)).values(values)).rowcount == 0:
        return None
    return orders.attempt(unit, shop, attempt)


def _asked(shop: ShopId, attempt: AttemptId) -> ColumnElement[bool]:
    return (attempts.c.shop_id == shop) & (attempts.c.id == attempt) & (attempts.c.state == "asked")
