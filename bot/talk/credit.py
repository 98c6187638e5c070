"""What a buyer has with the shop: where it is from, kept for the next order, or asked back."""

from collections.abc import Iterable

from bot.scene import Scene, button
from bot.talk import browse, history
from flows.credit import free_lots, is_over, keep_parts, keepable, spendable
from flows.messages import Choice, Say, Value
from flows.wish_refund import wish_refund
from sales.catalogue import CURRENCIES
from sales.credit import Lot, rest, totals
from sales.errors import Tell
from sales.money import Money
from sales.purchase import Order
from storage import credit, money, wishes

SHOWN = 10
"""Orders that are named with what lies on them."""


def my_credit(scene: Scene) -> None:
    """/credit: how much there is, on which orders it lies, what is asked back, and the buttons that give it back."""
    shop, buyer = scene.premises.shop.id, scene.peer.buyer
    lots, free = credit.lots(scene.unit, shop, buyer), free_lots(scene.unit, scene.premises, buyer)
    says = [Say("credit-have", {"amount": Money(minor, name)}) for name, minor in totals(lots).items() if minor > 0]
    says += [Say("credit-from", {"code": lot.code, "amount": lot.amount}) for lot in _good(lots)]
    wished = wishes.of_buyer(scene.unit, shop, buyer)
    says += [Say("credit-wished", {"amount": each.amount}) for each in wished]
    rows = tuple((_back_button(lot),) for lot in _good(free))
    if not says:
        scene.say(Say("credit-none"), choices=browse.way_out())
        return
    if spendable(scene.unit, scene.premises, buyer):
        says.append(Say("credit-how"))
    scene.say(*says, choices=(*rows, *browse.way_out()))


def keep(scene: Scene, rest_of_token: str) -> None:
    """Keep it for the next order; a part on an order that is over becomes credit by that."""
    order, currency = _named(scene, rest_of_token)
    if order is None:
        browse.dead_button(scene, rest_of_token)
        return
    have = keepable(scene.unit, scene.premises, order, currency)
    if have <= 0:
        raise Tell("credit-nothing-left", code=order.code)
    keep_parts(scene.unit, scene.premises, order, currency, f"buyer:{scene.peer.buyer}")
    scene.turn_page(Say("credit-kept", {"amount": Money(have, currency)}), choices=browse.way_out())


def back(scene: Scene, rest_of_token: str) -> None:
    """Ask the shop to pay back what lies idle on that order."""
    order, currency = _named(scene, rest_of_token)
    if order is None:
        browse.dead_button(scene, rest_of_token)
        return
    minor = _idle(scene, order, currency)
    if minor <= 0:
        raise Tell("credit-nothing-left", code=order.code)
    wished = wish_refund(scene.unit, scene.premises, scene.peer, order, minor, currency)
    told: dict[str, Value] = {"code": order.code, "amount": wished.amount}
    scene.turn_page(Say("credit-asked-back", told), choices=browse.way_out())


def credit_lines(scene: Scene, prices: Iterable[Money]) -> list[Say]:
    """What the buyer's credit makes of these prices, told before they order."""
    have = spendable(scene.unit, scene.premises, scene.peer.buyer)
    says = []
    for price in prices:
        if price.currency in have:
            left = rest(price, have, scene.premises.shop.tolerance)
            mine = Money(have[price.currency], price.currency)
            values: dict[str, Value] = {"have": mine, "price": price, "rest": left}
            says.append(Say("credit-helps" if left.minor else "credit-covers", values))
    return says


def _idle(scene: Scene, order: Order, currency: str) -> int:
    """What may be asked back of it: its free credit, never more than the buyer has, and its part once it is over."""
    free = [lot for lot in free_lots(scene.unit, scene.premises, order.buyer) if lot.amount.currency == currency]
    lies = sum(lot.amount.minor for lot in free if lot.order == order.id)
    own = max(min(lies, totals(free).get(currency, 0)), 0)
    if not is_over(scene.unit, order):
        return own
    parts = money.deposits(scene.unit, scene.premises.shop.id, [order.id]).get(order.id, {})
    return own + parts.get(currency, 0)


def _back_button(lot: Lot) -> Choice:
    token = f"credit-back:{lot.code}:{lot.amount.currency}"
    return button("credit-pay-back-of", token, code=lot.code, amount=lot.amount)


def _good(lots: Iterable[Lot]) -> list[Lot]:
    return [lot for lot in lots if lot.amount.minor > 0][:SHOWN]


def _named(scene: Scene, rest_of_token: str) -> tuple[Order | None, str]:
    """The buyer's own order and the currency that a button names."""
    code, _, currency = rest_of_token.partition(":")
    return (history.own(scene, code) if currency in CURRENCIES else None), currency
