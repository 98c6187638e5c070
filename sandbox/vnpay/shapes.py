"""What VNPay says of a payment, in the names of its guide: in its notice, behind the way back, and when it is asked."""

from datetime import datetime
from urllib.parse import urlsplit, urlunsplit

from gateways.gateway import Secrets
from gateways.vnpay_api import PART, WHOLE
from gateways.vnpay_signature import HASH, query_text, sign
from gateways.vnpay_time import stamp
from sandbox.vnpay.payments import Payment, Refund

PAID_IN = "01"
"""TransactionType of a payment."""
BANK = "NCB"
"""The bank of VNPay's own test card."""


def told(payment: Payment, secrets: Secrets) -> dict[str, str]:
    """The signed parameters of a payment that has ended."""
    assert payment.ended, "a payment that waits is not told of"
    code, status = payment.ended.value
    params = {
        "vnp_Amount": str(payment.hundredths),
        "vnp_OrderInfo": payment.wish.words,
        "vnp_PayDate": stamp(payment.at) if payment.at else "",
        "vnp_ResponseCode": code,
        "vnp_TmnCode": secrets["tmn_code"],
        "vnp_TransactionStatus": status,
        "vnp_TxnRef": payment.wish.number,
    } | _bank(payment)
    return params | {HASH: sign(secrets["hash_secret"], params)}


def way_back(payment: Payment, secrets: Secrets) -> str:
    """The seller's return address with the same words behind it as in the notice."""
    params = told(payment, secrets)
    parts = urlsplit(payment.wish.back)
    query = "&".join(filter(None, [parts.query, query_text(params), f"{HASH}={params[HASH]}"]))
    return urlunsplit(parts._replace(query=query))


def found(payment: Payment, now: datetime, secrets: Secrets) -> dict[str, str]:
    """A payment as VNPay answers it to who asks, not signed yet; of one that goes back, how its last refund stands."""
    bank = _bank(payment) if payment.ended else {}
    last = payment.last_refund
    number, kind, status = bank.get("vnp_TransactionNo", "0"), PAID_IN, payment.state(now).value[1]
    if last is not None:
        number, kind, status = str(last.transaction), WHOLE if last.whole else PART, last.status(now)
    return {
        "vnp_ResponseCode": "00",
        "vnp_Message": "QueryDR Success",
        "vnp_TmnCode": secrets["tmn_code"],
        "vnp_TxnRef": payment.wish.number,
        "vnp_Amount": str(payment.hundredths),
        "vnp_BankCode": bank.get("vnp_BankCode", ""),
        "vnp_PayDate": stamp(payment.at) if payment.at else "",
        "vnp_TransactionNo": number,
        "vnp_TransactionType": kind,
        "vnp_TransactionStatus": status,
        "vnp_OrderInfo": payment.wish.words,
        "vnp_PromotionCode": "",
        "vnp_PromotionAmount": "",
    }


def given_back(payment: Payment, refund: Refund, now: datetime, secrets: Secrets) -> dict[str, str]:
    """A refund as VNPay answers it to who asked for it, not signed yet."""
    return {
        "vnp_ResponseCode": "00",
        "vnp_Message": "Refund Success",
        "vnp_TmnCode": secrets["tmn_code"],
        "vnp_TxnRef": payment.wish.number,
        "vnp_Amount": str(refund.hundredths),
        "vnp_BankCode": BANK,
        "vnp_PayDate": stamp(refund.at),
        "vnp_TransactionNo": str(refund.transaction),
        "vnp_TransactionType": WHOLE if refund.whole else PART,
        "vnp_TransactionStatus": refund.status(now),
        "vnp_OrderInfo": payment.wish.words,
    }


def _bank(payment: Payment) -> dict[str, str]:
    """Who paid; nobody did where the payer turned back before."""
    if payment.ended is None or not payment.ended.debited:
        return {"vnp_BankCode": "VNPAY", "vnp_CardType": "QRCODE", "vnp_TransactionNo": "0"}
    number = str(payment.transaction)
    return {
        "vnp_BankCode": BANK,
        "vnp_BankTranNo": f"VNP{number}",
        "vnp_CardType": "ATM",
        "vnp_TransactionNo": number,
    }
