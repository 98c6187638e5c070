"""What VNPay is asked over the network: whether a payment was made (querydr), and to give one back (refund).

Source: VNPay's guide to querydr and refund. Both are one address, told apart by the command.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from uuid import uuid4

import structlog

from gateways.gateway import Asking, Reach
from gateways.http_call import check_address
from gateways.one_by_one import one_by_one
from gateways.vnpay_notice import DONE, HUNDREDTHS, sighting
from gateways.vnpay_signature import terminal_of
from gateways.vnpay_time import stamp
from gateways.vnpay_wire import NOT_FOUND, Command, Said, Unknown, call
from sales.errors import Later, Malformed
from sales.money import Money
from sales.pace import CALM
from sales.question import Question
from sales.transfer import Sighting, Standing

MOST = 20
"""Payments asked for in one look, a few at a time."""

_TOLD = (
    *("ResponseId", "Command", "ResponseCode", "Message", "TmnCode", "TxnRef", "Amount", "BankCode", "PayDate"),
    *("TransactionNo", "TransactionType", "TransactionStatus", "OrderInfo"),
)
QUERY = Command(
    "querydr",
    ("RequestId", "Version", "Command", "TmnCode", "TxnRef", "TransactionDate", "CreateDate", "IpAddr", "OrderInfo"),
    (*_TOLD, "PromotionCode", "PromotionAmount"),
    taken=frozenset({DONE}),
    unsigned=frozenset({NOT_FOUND}),
)
ASKED_BEFORE = "94"
REFUND = Command(
    "refund",
    (
        *("RequestId", "Version", "Command", "TmnCode", "TransactionType", "TxnRef", "Amount", "TransactionNo"),
        *("TransactionDate", "CreateBy", "CreateDate", "IpAddr", "OrderInfo"),
    ),
    _TOLD,
    taken=frozenset({DONE, ASKED_BEFORE}),
)
WHOLE, PART = "02", "03"
"""TransactionType of money that is given back; that of a payment is 01."""
REFUSED = "09"
"""TransactionStatus of a refund that will not be paid out."""
BY = "chotdon"
"""Who asks for a refund, for the seller's eyes in VNPay's portal."""

log = structlog.get_logger(__name__)


class RefundState(StrEnum):
    """What VNPay makes of a refund. None of them says that the buyer has the money: banks take days."""

    ACCEPTED = "accepted"
    ASKED_BEFORE = "asked_before"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class RefundWanted:
    """Money to be given back of one payment, all of it (`whole`) or a part.

    `request` names this refund, unique within a day, at most 32 letters and digits: who asks again after silence keeps
    it. `number` is our own number of the attempt, `made_at` (UTC) when its pay address was made, `transaction` VNPay's
    number of the payment, 0 when unknown.
    """

    request: str
    number: int
    code: str
    amount: Money
    whole: bool
    made_at: datetime
    transaction: int = 0


@dataclass(frozen=True, slots=True)
class Refunded:
    """VNPay's word on a refund: `transaction` is its number of it, `status` its code (05: at it, 06: at the bank)."""

    state: RefundState
    transaction: str
    status: str


def asking(reach: Reach) -> Asking:
    """Build the second look. Raises Misconfigured for an address that is not https."""
    check_address(reach.url, "VNPAY_URL")

    async def ask(questions: Sequence[Question]) -> tuple[Sighting, ...]:
        return await one_by_one(questions, partial(_look, reach))

    return Asking(ask, CALM, most=MOST)


async def refund(reach: Reach, wanted: RefundWanted) -> Refunded:
    """Ask VNPay to give money back to the card or account that it came from.

    Not every terminal may: VNPay opens this for a seller on request. Accepted is not paid out: the buyer's bank gets
    the money later, or VNPay refuses it after all. Raises ValueError for another currency than VND, Later when VNPay
    cannot be asked now or has not signed its answer as it should, Rejected when it will never give this back.
    """
    if wanted.amount.currency != "VND":
        raise ValueError("VNPay takes VND only")
    fields: dict[str, int | str] = {
        "RequestId": wanted.request,
        "TransactionType": WHOLE if wanted.whole else PART,
        "TxnRef": str(wanted.number),
        "Amount": wanted.amount.minor * HUNDREDTHS,
        "TransactionNo": wanted.transaction,
        "TransactionDate": int(stamp(wanted.made_at)),
        "CreateBy": BY,
        "CreateDate": int(stamp(reach.clock())),
        "OrderInfo": wanted.code,
    }
    return _refunded(fields, await call(reach, REFUND, fields))


def query_fields(reach: Reach, number: int, made_at: datetime, words: str) -> dict[str, int | str]:
    """What is asked of the payment of that number, whose pay address was made at `made_at` (UTC)."""
    return {
        "RequestId": uuid4().hex,
        "TxnRef": str(number),
        "TransactionDate": int(stamp(made_at)),
        "CreateDate": int(stamp(reach.clock())),
        "OrderInfo": words,
    }


async def _look(reach: Reach, question: Question) -> tuple[Sighting, ...]:
    """Ask for one attempt. What VNPay does not know, or not yet, is nothing, and so is money that went back since."""
    try:
        said = await call(reach, QUERY, query_fields(reach, question.number, question.made_at, question.code))
        seen = sighting(terminal_of(reach.secrets), {name: value for name, value in said.items() if value})
    except Unknown:
        return ()
    except Malformed:
        raise Later("VNPay: the answer is not what its reference says") from None
    if said.get("vnp_TransactionType") in (WHOLE, PART):
        return ()
    if seen.standing is Standing.HINT and said.get("vnp_TransactionStatus") == DONE:
        log.warning("vnpay.paid_unclear", attempt=question.attempt, number=question.number)
    return () if seen.standing is Standing.HINT else (seen,)


def _refunded(fields: dict[str, int | str], said: Said) -> Refunded:
    """Read what VNPay says of a refund; one of another amount was not asked for."""
    transaction, status = said.get("vnp_TransactionNo", ""), said.get("vnp_TransactionStatus", "")
    if said["vnp_ResponseCode"] == ASKED_BEFORE:
        return Refunded(RefundState.ASKED_BEFORE, transaction, status)
    asked = str(fields["Amount"]), fields["TransactionType"]
    if asked != (said.get("vnp_Amount"), said.get("vnp_TransactionType")):
        raise Later("VNPay: the answer speaks of another refund")
    return Refunded(RefundState.REFUSED if status == REFUSED else RefundState.ACCEPTED, transaction, status)
