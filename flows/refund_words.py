"""What is said of a refund: how it stands, for its buyer, and what it is of, for the admins."""

from flows.messages import Say, Value
from flows.premises import Premises
from sales.refund import GONE, TO_AN_ACCOUNT, Refund, State
from storage import orders
from storage.unit import Unit


def about(unit: Unit, premises: Premises, refund: Refund) -> dict[str, Value]:
    """How admins know it by: amount, its own code, and what it is `of`: an order, whose `code` it is, or a transfer."""
    code = called(unit, premises, refund)
    return {"amount": refund.amount, **kind_of(refund, code), "refund": refund.code or "–"}


def called(unit: Unit, premises: Premises, refund: Refund) -> str:
    """The code of its order; its own where it has none."""
    if refund.order is None:
        return refund.code or ""
    return orders.by_id(unit, premises.shop.id, refund.order).code


def kind_of(refund: Refund, code: str) -> dict[str, Value]:
    """What the code names."""
    return {"code": code, "of": "transfer" if refund.order is None else "order"}


def tell_refund(refund: Refund, code: str) -> Say:
    """How a refund stands, for its buyer."""
    if refund.state in GONE and not refund.unheard:
        return tell_sent(refund, code)
    return Say("order-refund-owed", {"code": code, "amount": refund.amount})


def tell_sent(refund: Refund, code: str) -> Say:
    """That it was sent, or by the bank's own word has gone, and to which account, by its end."""
    values: dict[str, Value] = {"code": code, "amount": refund.amount}
    if refund.means not in TO_AN_ACCOUNT:
        return Say(f"order-refund-sent-{refund.means.value}", values)
    id_ = "order-refund-settled" if refund.state is State.SETTLED else "order-refund-sent"
    return Say(id_, values | {"bank": refund.payee.bank, "tail": refund.payee.tail})
