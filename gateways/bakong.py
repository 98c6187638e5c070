"""Bakong: the National Bank of Cambodia's transfers, asked for by a KHQR code.

Bakong sends no notices: whether a code has been paid is asked by the digest of its text (bakong_api).
"""

from gateways import doorless
from gateways.bakong_api import URL, asking
from gateways.gateway import Gateway, Invitation, Invoice, Secrets
from sales.errors import NotConfigured
from sales.khqr import CURRENCIES, LONGEST_NAME, Khqr, encode, is_account
from sales.latin import latin


def open_invoice(secrets: Secrets, invoice: Invoice) -> Invitation:
    """Ask for exactly this amount, until the attempt ends; see Gateway.

    With a merchant's id the code is the merchant's, and the part of the account behind its @ names the acquiring bank.
    The receiver is named in ASCII, which is what tag 59 is for (other scripts stand in 64); a shop whose name has none
    goes by that of its account. Raises NotConfigured when the account is none of Bakong's, BadQr for anything else
    that fits into no code.
    """
    account, merchant = secrets["account"].strip(), (secrets.get("merchant_id") or "").strip()
    if not is_account(account):
        raise NotConfigured("the account is none of Bakong's")
    owner, _, bank = account.partition("@")
    khqr = Khqr(
        account=account,
        name=latin(invoice.shop, LONGEST_NAME) or latin(owner, LONGEST_NAME),
        amount=invoice.amount,
        created=invoice.made_at,
        expires=invoice.until,
        merchant=merchant,
        bank=bank if merchant else "",
        bill=invoice.code,
    )
    return Invitation(invoice.code, encode(khqr), account=account, holder=khqr.name)


BAKONG = Gateway(
    name="bakong",
    secrets=(("token", "account"),),
    open_invoice=open_invoice,
    read=doorless.read,
    acknowledge=doorless.acknowledge,
    forge=doorless.forge,
    extras=("merchant_id",),
    method=None,
    url=URL,
    currencies=tuple(CURRENCIES),
    ask=asking,
)
