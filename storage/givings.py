"""Refunds that a gateway sends: taken by it, refused, and asked about until they have come to their end."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, update

from sales.ids import RefundId, ShopId
from sales.refund import OWED, Means, State
from storage.schema.money import refunds
from storage.unit import Unit

WHENCE_IT_CAME = "-"
"""Stands for the account of money that goes back by the payment it came by, where nobody has named one."""


def take(unit: Unit, shop: ShopId, refund: RefundId, key: str, ref: str, look_at: datetime) -> bool:
    """Note that the gateway has taken the sending of that key, under its own name for it; False for no news."""
    values = {"state": State.SENT, "sent_at": unit.now, "sent_by": None, "error": ""}
    return _change(unit, _asked(shop, refund, key), **values, request_ref=ref, look_at=look_at)


def refuse(unit: Unit, shop: ShopId, refund: RefundId, key: str, error: str) -> bool:
    """Note that the sending of that key will never go: it is owed as before, and may go another way.

    An account that stood for whence the money came is none to send it to.
    """
    freed = {"request_key": "", "request_ref": "", "look_at": None, "means": Means.VIETQR, "error": error}
    return _change(unit, _asked(shop, refund, key), **freed, **_no_account())


def free(unit: Unit, shop: ShopId, refund: RefundId) -> None:
    """Let one that has come back from a gateway go any way."""
    mine = (refunds.c.shop_id == shop) & (refunds.c.id == refund) & refunds.c.state.in_(sorted(OWED))
    mine &= refunds.c.means.in_((Means.PAYOUT, Means.VNPAY))
    _change(unit, mine, means=Means.VIETQR, **_no_account())


def note_ref(unit: Unit, shop: ShopId, refund: RefundId, key: str, ref: str, look_at: datetime | None) -> None:
    """Keep the gateway's own name for that sending, unless it has given none, and when it is asked again."""
    mine = (refunds.c.shop_id == shop) & (refunds.c.id == refund) & (refunds.c.request_key == key)
    _change(unit, mine, look_at=look_at, **({"request_ref": ref} if ref else {}))


def seen_going(unit: Unit, shop: ShopId, refund: RefundId, transfer: int) -> bool:
    """Note that a bank has told, by that transfer, of what only its gateway had; False for no news."""
    mine = (refunds.c.shop_id == shop) & (refunds.c.id == refund) & (refunds.c.state == State.SETTLED)
    return _change(unit, mine & refunds.c.settled_by.is_(None), settled_by=transfer)


def seen_back(unit: Unit, shop: ShopId, refund: RefundId) -> bool:
    """Note that a bank has told of what came back by its gateway's word; False for no news."""
    mine = (refunds.c.shop_id == shop) & (refunds.c.id == refund) & (refunds.c.state == State.FAILED)
    return _change(unit, mine, state=State.RETURNED)


def bind(unit: Unit, shop: ShopId, refund: RefundId, transfer: int) -> None:
    """Say of which payment it gives money back."""
    _change(unit, (refunds.c.shop_id == shop) & (refunds.c.id == refund), transfer_id=transfer)


def claim(unit: Unit, shop: ShopId, refund: RefundId, until: datetime) -> bool:
    """Take the next look at it, so that no other process takes it too; False when somebody has."""
    due = (refunds.c.shop_id == shop) & (refunds.c.id == refund) & (refunds.c.look_at <= unit.now)
    return _change(unit, due, look_at=until)


def _asked(shop: ShopId, refund: RefundId, key: str) -> ColumnElement[bool]:
    same = (refunds.c.shop_id == shop) & (refunds.c.id == refund) & (refunds.c.request_key == key)
    return same & refunds.c.state.in_(sorted(OWED))


def _no_account() -> dict[str, Any]:
    """Forget an account that is none, and that somebody has confirmed it."""
    nowhere = refunds.c.account == WHENCE_IT_CAME
    return {
        "confirmed_at": case((nowhere, None), else_=refunds.c.confirmed_at),
        "confirmed_by": case((nowhere, None), else_=refunds.c.confirmed_by),
        "account": case((nowhere, ""), else_=refunds.c.account),
    }


def _change(unit: Unit, where: ColumnElement[bool], **values: Any) -> bool:
    return unit.conn.execute(update(refunds).where(where).values(values)).rowcount == 1
