"""A refund's own code: it stands in the memo, so that the bank's word about the money finds its refund."""

from flows.premises import Premises
from sales.codes import Mint
from sales.refund import Refund, refund_prefix
from storage import refunds
from storage.unit import Unit


def name_refund(unit: Unit, premises: Premises, refund: Refund) -> Refund:
    """Give a refund its code and the memo that carries it, which a VietQR can hold (25 characters)."""
    shop = premises.shop
    code = Mint(refund_prefix(shop.code_prefix), shop.code_key).code(refund.id)
    return refunds.name(unit, shop.id, refund.id, code, f"{code} HOAN TIEN")
