"""A refund's own code: it stands in the memo, so that the bank's word about the money finds its refund."""

from hashlib import sha256

from flows.premises import Premises
from sales.codes import CODES, Mint
from sales.refund import Refund, refund_prefix
from storage import refunds, reviews, work
from storage.reviews import Kind
from storage.unit import Unit
from storage.work import Event, changed


def name_refund(unit: Unit, premises: Premises, refund: Refund) -> Refund:
    """Give a refund its code and the memo that carries it, which a VietQR can hold (25 characters)."""
    return _name(unit, premises, refund, refund.id)


def name_next_sending(unit: Unit, premises: Premises, refund: Refund) -> Refund:
    """Give what came back a code of its own before it is sent again.

    A statement may tell of the first sending long after: that must not pass for the second one. It is numbered from the
    middle of all codes, by the review that waits since it came back.
    """
    back = reviews.all_about(unit, premises.shop.id, Kind.REFUND, [refund.id])
    named = _name(unit, premises, refund, CODES // 2 + back[-1].id)
    if named.code != refund.code:
        detail = {"refund": refund.id, **changed(refund.code or "", named.code or "")}
        work.log(unit, premises.shop.id, [Event("refund.named_again", refund.order, "shop", detail)])
    return named


def _name(unit: Unit, premises: Premises, refund: Refund, number: int) -> Refund:
    shop = premises.shop
    # By a key of its own: under the shop's, a refund's code would look like that of another order.
    key = sha256(b"refunds" + shop.code_key).digest()
    code = Mint(refund_prefix(shop.code_prefix), key).code(number)
    return refunds.name(unit, shop.id, refund.id, code, f"{code} HOAN TIEN")
