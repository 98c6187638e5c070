"""The refunds that an admin may send by VietQR now, for a sheet that pays many at once; the log keeps which."""

from dataclasses import dataclass, field

from flows.premises import Premises
from sales.money import Money
from sales.refund import Means
from storage import orders, refunds, work
from storage.unit import Unit
from storage.work import Event


@dataclass(frozen=True, slots=True)
class Payable:
    """One transfer to be made: to the bank of that name and number (`bin`), with that memo; `order` is "" for none."""

    refund: str
    order: str
    amount: Money
    bank: str
    bin: str
    account: str = field(repr=False)
    holder: str
    memo: str


def list_payable(unit: Unit, premises: Premises, who: str) -> list[Payable]:
    """Those with a confirmed account that no gateway has been asked to send, oldest first.

    `who` takes all of their account numbers away.
    """
    shop = premises.shop.id
    found = [each for each in refunds.payable(unit, shop, Means.VIETQR) if not each.under_way]
    named = orders.by_ids(unit, shop, {each.order for each in found if each.order is not None})
    detail = {"refunds": [each.id for each in found]}
    work.log(unit, shop, [Event("admin.refunds_exported", actor=who, detail=detail)])
    return [
        Payable(
            each.code or "",
            named[each.order].code if each.order is not None else "",
            each.amount,
            each.payee.bank,
            each.payee.bin,
            each.payee.account,
            each.payee.holder,
            each.memo,
        )
        for each in found
    ]
