"""How much of an order's money is surplus: exactly what lies there as the buyer's credit."""

from flows.premises import Premises
from sales.codes import is_code
from sales.errors import Tell
from sales.money import Money
from sales.posting import Account
from sales.refund_amount import write_amount
from storage import orders, refunds
from storage.unit import Unit


def surplus_of(unit: Unit, premises: Premises, code: str, named: str | None = None) -> Money:
    """The surplus in the currency that is named, or in the only one that has any.

    Raises Tell for a code without an order, where nothing lies there, and with what does where several may be meant.
    """
    shop = premises.shop
    order = orders.by_code(unit, shop.id, code) if is_code(code, shop.code_prefix) else None
    if order is None:
        raise Tell("refund-order-unknown", code=code)
    held = refunds.held_in_all(unit, shop.id, order.id)
    lies = {currency: each.get(Account.CREDIT, 0) for currency, each in held.items()}
    amounts = [Money(minor, currency) for currency, minor in lies.items() if minor > 0 and named in (None, currency)]
    if not amounts:
        raise Tell("refund-no-surplus", code=code)
    if len(amounts) > 1:
        told = ", ".join(write_amount(each) for each in amounts)
        raise Tell("refund-which-currency", code=code, held=told, currency=amounts[0].currency)
    return amounts[0]
