"""The refunds that an admin may send by VietQR now, for a sheet that pays many at once; the log keeps which."""

from dataclasses import dataclass, field
from datetime import datetime

from flows.premises import Premises
from sales.ids import ShopId
from sales.money import Money
from sales.refund import Means, Refund
from storage import orders, refunds, work
from storage.unit import Unit
from storage.work import Event

_LISTED = "admin.refunds_exported"


@dataclass(frozen=True, slots=True)
class Payable:
    """One transfer to be made: to the bank of that name and number (`bin`), with that memo; `order` is "" for none.

    `listed_at`: when it last stood in such a sheet (UTC), and may have been paid by that; None for never.
    """

    refund: str
    order: str
    amount: Money
    bank: str
    bin: str
    account: str = field(repr=False)
    holder: str
    memo: str
    listed_at: datetime | None = None


def list_payable(unit: Unit, premises: Premises, who: str) -> list[Payable]:
    """Those with a confirmed account that no gateway has been asked to send, oldest first.

    `who` takes all of their account numbers away.
    """
    shop = premises.shop.id
    found = [each for each in refunds.payable(unit, shop, Means.VIETQR) if not each.under_way]
    before = _listed_before(unit, shop)
    named = orders.by_ids(unit, shop, {each.order for each in found if each.order is not None})
    detail = {"refunds": [each.id for each in found]}
    work.log(unit, shop, [Event(_LISTED, actor=who, detail=detail)])
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
            _since_confirmed(each, before.get(each.id)),
        )
        for each in found
    ]


def _since_confirmed(refund: Refund, listed_at: datetime | None) -> datetime | None:
    """Money that came back is sent anew: the sheet that it stood in before it was confirmed again has been paid."""
    confirmed_at = refund.confirmed_at
    return listed_at if listed_at and confirmed_at and listed_at >= confirmed_at else None


def _listed_before(unit: Unit, shop: ShopId) -> dict[int, datetime]:
    """Refund → when it was last listed."""
    return {refund: event.at for event in work.told_of(unit, shop, None, _LISTED) for refund in event.detail["refunds"]}
