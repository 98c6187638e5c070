"""VNPay 2.1.0: a signed address of its pay page, and notices (IPN) as GET requests whose query is signed.

Source: VNPay's integration guide. A notice carries no time of sending: repeats are known by TxnRef and TransactionNo.
The address for notices is set in VNPay's portal, not in the request. What VNPay is asked over the network is in
vnpay_api.
"""

from datetime import datetime

from gateways import vnpay_notice, vnpay_refund
from gateways.gateway import Answer, Gateway, Invitation, Invoice, Request, Secrets, Verdict
from gateways.vnpay_api import asking
from gateways.vnpay_signature import HASH, Params, key_of, query_text, sign, terminal_of, verified
from gateways.vnpay_time import stamp
from gateways.vnpay_wire import NO_ADDRESS, VERSION
from sales.transfer import Sighting

PAY_PAGE = "https://pay.vnpay.vn/vpcpay.html"
ELSEWHERE = "https://vnpay.vn"
"""Where VNPay's page sends buyers of a shop that has no public address."""

ANSWERS = {
    Verdict.ACCEPTED: ("00", "Confirm Success"),
    Verdict.UNKNOWN: ("01", "Order not found"),
    Verdict.AGAIN: ("02", "Order already confirmed"),
    Verdict.WRONG_AMOUNT: ("04", "Invalid amount"),
    Verdict.FORGED: ("97", "Invalid signature"),
    Verdict.MALFORMED: ("99", "Unknown error"),
    Verdict.BUSY: ("99", "Unknown error"),
    Verdict.BROKEN: ("99", "Unknown error"),
}
"""RspCode and Message; VNPay repeats its notice, up to ten times five minutes apart, unless it hears 00 or 02."""


def open_invoice(secrets: Secrets, invoice: Invoice) -> Invitation:
    """Sign the address of the pay page, which shows the order's code. Raises ValueError for any currency but VND."""
    if invoice.amount.currency != "VND":
        raise ValueError("VNPay takes VND only")
    params = {
        "vnp_Version": VERSION,
        "vnp_Command": "pay",
        "vnp_TmnCode": terminal_of(secrets),
        "vnp_Amount": str(invoice.amount.minor * vnpay_notice.HUNDREDTHS),
        "vnp_CurrCode": "VND",
        "vnp_TxnRef": str(invoice.number),
        "vnp_OrderInfo": invoice.code,
        "vnp_OrderType": "other",
        "vnp_Locale": "vn" if invoice.language == "vi" else "en",
        "vnp_ReturnUrl": f"{invoice.base}/return/{invoice.slug}/vnpay" if invoice.base else ELSEWHERE,
        "vnp_IpAddr": NO_ADDRESS,
        "vnp_CreateDate": stamp(invoice.made_at),
        "vnp_ExpireDate": stamp(invoice.until),
    }
    return Invitation(invoice.code, url=pay_address(invoice.url or PAY_PAGE, key_of(secrets), params))


def pay_address(page: str, hash_secret: str, params: Params) -> str:
    """Put parameters behind the address of the pay page, and their signature."""
    return f"{page}?{query_text(params)}&{HASH}={sign(hash_secret, params)}"


def read(secrets: Secrets, request: Request, _now: datetime) -> tuple[Sighting, ...]:
    """Verify and read one notice; see Gateway. A parameter that is not VNPay's is nobody's word, and passed over."""
    params = verified(secrets, request.query)
    return (vnpay_notice.noticed(terminal_of(secrets), params),)


def acknowledge(verdict: Verdict) -> Answer:
    """Answer in VNPay's codes; the status is 200 whatever they say."""
    code, message = ANSWERS[verdict]
    return Answer(200, {"RspCode": code, "Message": message})


def forge(secrets: Secrets, sighting: Sighting, _now: datetime) -> Request:
    """Write a true notice; see Gateway."""
    params = {name: value for name, value in vnpay_notice.fields(terminal_of(secrets), sighting).items() if value}
    return Request(b"", query=(*params.items(), (HASH, sign(key_of(secrets), params))))


VNPAY = Gateway(
    name=vnpay_notice.SOURCE,
    secrets=(("tmn_code", "hash_secret"),),
    open_invoice=open_invoice,
    read=read,
    acknowledge=acknowledge,
    forge=forge,
    method="GET",
    url=PAY_PAGE,
    cancelled=frozenset({vnpay_notice.CANCELLED}),
    suspected=frozenset({vnpay_notice.SUSPECTED}),
    returned=read,
    ask=asking,
    refund=vnpay_refund.giver,
)
