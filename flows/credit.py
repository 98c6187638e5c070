"""A buyer's credit: put on the next order when that is placed, and given back when the order comes to nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from flows.credit_choices import shop_choices
from flows.messages import Reply, Say, Value
from flows.premises import Premises
from flows.send_reply import reply_job
from sales.credit import KEPT_WHOLE, Lot, draw, joined, totals, without
from sales.ids import BuyerId, OrderId
from sales.money import Money
from sales.order import Payment
from sales.people import Peer
from sales.purchase import Order
from storage import credit, money, wishes, work
from storage.unit import Unit
from storage.work import Event


@dataclass(frozen=True, slots=True)
class Spent:
    """How much credit was put on an order, and whether it pays it."""

    amount: Money
    pays: bool = False


def free_lots(unit: Unit, premises: Premises, buyer: BuyerId) -> list[Lot]:
    """What lies there and is not asked back yet: nobody gets twice what they have wished for."""
    return without(credit.lots(unit, premises.shop.id, buyer), _promised(unit, premises, buyer))


def _promised(unit: Unit, premises: Premises, buyer: BuyerId) -> dict[tuple[OrderId, str], int]:
    promised: dict[tuple[OrderId, str], int] = {}
    for wish in wishes.of_buyer(unit, premises.shop.id, buyer):
        name = wish.of_order, wish.amount.currency
        promised[name] = promised.get(name, 0) + wish.amount.minor
    return promised


def spendable(unit: Unit, premises: Premises, buyer: BuyerId) -> dict[str, int]:
    """Currency → minor units that the buyer's next order would take, none of them zero."""
    return _takes(free_lots(unit, premises, buyer))


def _takes(free: Sequence[Lot]) -> dict[str, int]:
    """Of what lies free that which an order can take."""
    mine = totals(free).items()
    return {currency: minor for currency, minor in mine if minor > 0 and currency not in KEPT_WHOLE}


def spend_credit(unit: Unit, premises: Premises, order: Order) -> Spent:
    """Put the buyer's credit on an order that is being placed, as far as it goes.

    Where nothing, or no more than the shop tolerates, is missing then, it is booked as what the order has earned.
    """
    shop, nothing = premises.shop.id, Spent(Money(0, order.total.currency))
    if order.total.currency in KEPT_WHOLE:
        return nothing
    taken = draw(free_lots(unit, premises, order.buyer), order.total)
    if not taken:
        return nothing
    amount = _sum(taken)
    pays = money.bills(unit, shop, [order.code])[order.code].paid_by(amount)
    credit.move(unit, shop, order.buyer, order.id, taken, pays=pays)
    paid = {"order_before": order.payment, "order_after": Payment.PAID} if pays else {}
    _note(unit, premises, "credit.spent", order, amount, f"buyer:{order.buyer}", paid)
    return Spent(amount, pays)


def give_back(unit: Unit, premises: Premises, peer: Peer, order: Order, actor: str = "shop") -> None:
    """Let credit that was put on an order lie again where it came from, and tell its buyer; parts they paid stay."""
    parts = money.deposits(unit, premises.shop.id, [order.id]).get(order.id, {})
    lots = credit.put_on(unit, premises.shop.id, order.id)
    for currency, minor in sorted(parts.items()):
        # What of it was refunded, or has become revenue, lies there no more.
        if back := draw(lots, Money(minor, currency)):
            _move_back(unit, premises, order, back, actor)
            values: dict[str, Value] = {"code": order.code, "amount": _sum(back)}
            told = Reply((Say("credit-is-back", values),), shop_choices())
            name = f"credit-back:{order.id}:{currency}"
            work.enqueue(unit, premises.shop.id, [reply_job(peer, told, name, order.id)])


def is_over(unit: Unit, order: Order) -> bool:
    """Whether nobody will be asked for the rest of it any more: then its parts are the buyer's to dispose of."""
    return order.payment is Payment.CANCELLED or (order.payment is not Payment.PAID and not order.watched(unit.now))


def keepable(unit: Unit, premises: Premises, order: Order, currency: str) -> int:
    """Minor units that the buyer's next order would take once the part left on this one is kept."""
    lots = credit.lots(unit, premises.shop.id, order.buyer)
    with_part = joined(lots, Lot(order.id, order.code, _part(unit, premises, order, currency)))
    return _takes(without(with_part, _promised(unit, premises, order.buyer))).get(currency, 0)


def keep_parts(unit: Unit, premises: Premises, order: Order, currency: str, actor: str) -> Money:
    """Make a part that was left on an order which is over its buyer's credit; answers how much that was."""
    part = _part(unit, premises, order, currency)
    if part.minor > 0:
        _move_back(unit, premises, order, [Lot(order.id, order.code, part)], actor)
    return part


def _part(unit: Unit, premises: Premises, order: Order, currency: str) -> Money:
    """What was left on an order that is over."""
    parts = money.deposits(unit, premises.shop.id, [order.id]).get(order.id, {}) if is_over(unit, order) else {}
    return Money(parts.get(currency, 0), currency)


def _move_back(unit: Unit, premises: Premises, order: Order, lots: Sequence[Lot], actor: str) -> None:
    back = [replace(lot, amount=-lot.amount) for lot in lots]
    credit.move(unit, premises.shop.id, order.buyer, order.id, back)
    _note(unit, premises, "credit.returned", order, _sum(lots), actor)


def _note(
    unit: Unit,
    premises: Premises,
    kind: str,
    order: Order,
    amount: Money,
    actor: str,
    more: Mapping[str, str] = MappingProxyType({}),
) -> None:
    detail = {"amount": amount.minor, "currency": amount.currency, **more}
    work.log(unit, premises.shop.id, [Event(kind, order.id, actor, detail)])


def _sum(lots: Sequence[Lot]) -> Money:
    return Money(sum(lot.amount.minor for lot in lots), lots[0].amount.currency)
