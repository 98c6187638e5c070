"""What VNPay says of a payment, in the names of its guide: in its notice, behind the way back, and when it is asked."""

from urllib.parse import urlsplit, urlunsplit

from gateways.gateway import Secrets
from gateways.vnpay_api import PART, REFUSED, WHOLE
from gateways.vnpay_signature import HASH, query_text, sign
from gateways.vnpay_time import stamp
from sandbox.vnpay.payments import Payment, Refund, State

AT_WORK = "05"
"""TransactionStatus of a refund that VNPay has taken: the buyer's bank has not paid it out yet."""
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


def found(payment: Payment, state: State, secrets: Secrets) -> dict[str, str]:
    """A payment as VNPay answers it to who asks, not signed yet."""
    bank = _bank(payment) if payment.ended else {}
    return {
        "vnp_ResponseCode": "00",
        "vnp_Message": "QueryDR Success",
        "vnp_TmnCode": secrets["tmn_code"],
        "vnp_TxnRef": payment.wish.number,
        "vnp_Amount": str(payment.hundredths),
        "vnp_BankCode": bank.get("vnp_BankCode", ""),
        "vnp_PayDate": stamp(payment.at) if payment.at else "",
        "vnp_TransactionNo": bank.get("vnp_TransactionNo", "0"),
        "vnp_TransactionType": "01" if payment.left else WHOLE,
        "vnp_TransactionStatus": state.value[1],
        "vnp_OrderInfo": payment.wish.words,
        "vnp_PromotionCode": "",
        "vnp_PromotionAmount": "",
    }


def given_back(payment: Payment, refund: Refund, whole: bool, secrets: Secrets) -> dict[str, str]:
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
        "vnp_TransactionType": WHOLE if whole else PART,
        "vnp_TransactionStatus": REFUSED if refund.refused else AT_WORK,
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
