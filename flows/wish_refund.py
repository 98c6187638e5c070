"""A buyer wishes to have back what has bought nothing: it is asked for, and waits for an admin's word."""

from flows.credit import free_lots
from flows.limit_wishes import may_wish
from flows.messages import Choice, Rows, Say, Value
from flows.name_refund import name_refund
from flows.premises import Premises
from flows.refund_terms import refund_terms
from flows.send_reply import admin_jobs
from sales.credit import totals
from sales.errors import Tell
from sales.money import Money
from sales.people import Peer
from sales.purchase import Order
from sales.refund import Refund, idle_of
from storage import refunds, reviews, wishes, work
from storage.reviews import Kind
from storage.unit import Unit
from storage.work import Event, changed

MOST_WISHES = 3
"""Wishes of one buyer that may wait at once: each is put before every admin."""


def wish_refund(unit: Unit, premises: Premises, buyer: Peer, order: Order, minor: int, currency: str) -> Refund:
    """Ask for `minor` units of the order's idle money back; it lapses never, an admin approves or leaves it.

    Raises Tell for another's order, for more than lies idle there and is not wished for already, when too many wishes
    of that buyer wait, or were made today, and as `refund_terms` does.
    """
    shop = premises.shop.id
    if order.buyer != buyer.buyer:
        raise Tell("refund-order-unknown", code=order.code)
    _check(unit, premises, buyer, order, Money(minor, currency))
    may_wish(unit, premises, buyer)
    terms = refund_terms(unit, shop, order, minor, currency)
    values = {"reason": "", "asked_by": buyer.id, "memo": ""}
    refund = name_refund(unit, premises, refunds.ask(unit, shop, order.id, terms.amount, values | dict(terms.values)))
    reviews.open_reviews(unit, shop, Kind.REFUND, [(refund.id, order.id)])
    detail = {"refund": refund.id, "amount": minor, "currency": currency, **changed("", refund.state)}
    work.log(unit, shop, [Event("refund.wished", order.id, f"buyer:{buyer.buyer}", detail)])
    line = Say("admin-refund-wished", {"code": order.code, "amount": refund.amount})
    name = f"refund-wish:{refund.id}"
    work.enqueue(unit, shop, admin_jobs(unit, premises, [line], name, order.id, wish_choices(refund)))
    return refund


def wish_choices(refund: Refund) -> Rows:
    """What an admin may say to a wish."""
    amount: dict[str, Value] = {"amount": refund.amount}
    yes = Choice(Say("refund-yes", amount), token=f"refund-yes:{refund.id}")
    return ((yes, Choice(Say("refund-no"), token=f"refund-no:{refund.id}")),)


def _check(unit: Unit, premises: Premises, buyer: Peer, order: Order, amount: Money) -> None:
    """What is wished for already counts as gone: all wishes of an order can be granted."""
    shop, waiting = premises.shop.id, wishes.of_buyer(unit, premises.shop.id, buyer.buyer)
    idle = idle_of(refunds.held(unit, shop, order.id, amount.currency), order.payment)
    same = [each for each in waiting if each.order == order.id and each.amount.currency == amount.currency]
    most = sum(idle.values()) - sum(each.amount.minor for each in same) - _bound(unit, premises, order, amount.currency)
    if same and amount.minor > most:
        raise Tell("refund-wished-already", code=order.code)
    if most <= 0 or amount.minor <= 0:
        raise Tell("refund-nothing-held", code=order.code)
    if amount.minor > most:
        raise Tell("refund-too-much", code=order.code, amount=amount, most=Money(most, amount.currency))
    if len(waiting) >= MOST_WISHES:
        raise Tell("refund-wishes-wait")


def _bound(unit: Unit, premises: Premises, order: Order, currency: str) -> int:
    """What of the order's credit makes up for credit of the same buyer that a gateway has taken back elsewhere."""
    free = [lot for lot in free_lots(unit, premises, order.buyer) if lot.amount.currency == currency]
    here = sum(lot.amount.minor for lot in free if lot.order == order.id)
    return max(here - max(totals(free).get(currency, 0), 0), 0)
