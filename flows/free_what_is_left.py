"""An order has lost its goods since a gateway took money back: what else was paid for them is its buyer's again."""

from sales.credit import Lot
from sales.ids import ShopId
from sales.money import Money
from sales.order import Bill
from sales.posting import Account
from storage import credit, refunds, work
from storage.reviews import RULE
from storage.unit import Unit
from storage.work import Event


def free_what_is_left(unit: Unit, shop: ShopId, bill: Bill) -> list[Money]:
    """Make what the order has still earned its buyer's credit; answers how much that was, if anything."""
    currency = bill.total.currency
    left = refunds.held(unit, shop, bill.order, currency).get(Account.REVENUE, 0)
    if left <= 0:
        return []
    credit.move(unit, shop, bill.buyer, bill.order, [Lot(bill.order, bill.code, Money(-left, currency))], pays=True)
    detail = {"amount": left, "currency": currency}
    work.log(unit, shop, [Event("credit.returned", bill.order, RULE, detail)])
    return [Money(left, currency)]
