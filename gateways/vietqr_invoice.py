"""The invoice of a gateway that only watches the shop's own bank account: a VietQR that the shop draws itself."""

from gateways.gateway import Invitation, Invoice, Secrets
from sales.vietqr import shop_qr


def open_invoice(_secrets: Secrets, invoice: Invoice) -> Invitation:
    """Ask for a transfer to `invoice.bank`; see Gateway. The order's code is the memo.

    Where the bank wants it so, the code stands behind the word that lets the watcher see the transfer, and a virtual
    account stands in for the real one. Raises ValueError for another currency than VND, or without a bank account.
    """
    if invoice.amount.currency != "VND":
        raise ValueError("VietQR carries VND only")
    if invoice.bank is None:
        raise ValueError("no bank account to pay to")
    bank = invoice.bank
    account, memo = bank.virtual or bank.account, f"{bank.word} {invoice.code}".strip()
    qr = shop_qr(bank.bin, account, invoice.amount.minor, memo)
    return Invitation(memo, qr, bin=bank.bin, account=account, holder=bank.holder)
