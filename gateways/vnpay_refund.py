"""VNPay gives money back to the card or account that it came from: asked for once, then followed by querydr.

Source: VNPay's guide to querydr and refund. Accepted is not paid out: VNPay works at it (05), hands it to the buyer's
bank (06), and only then it is done (00) or refused after all (09).
"""

from functools import partial

from gateways.gateway import Reach
from gateways.giving import Given, Giver, Giving, Origin, Stage
from gateways.http_call import check_address
from gateways.vnpay_api import PART, QUERY, REFUSED, WHOLE, RefundState, RefundWanted, query_fields, refund
from gateways.vnpay_notice import DONE, HUNDREDTHS
from gateways.vnpay_wire import Said, Unknown, call
from sales.pace import GIVING

AT_WORK = frozenset({"05", "06"})
NOBODYS = frozenset({"", "0"})
"""Numbers of no transaction."""


def giver(reach: Reach) -> Giver:
    """Build what asks for refunds and follows them; see Giver. Raises Misconfigured for an address without https."""
    check_address(reach.url, "VNPAY_URL")
    return Giver(partial(_send, reach), partial(_ask, reach), GIVING)


async def _send(reach: Reach, giving: Giving) -> Given:
    """Ask for it; who asks again by the same key is told that it was asked for before, and nothing goes twice."""
    origin = _origin(giving)
    wanted = RefundWanted(
        request=giving.key.replace("-", ""),
        number=origin.number,
        code=giving.memo,
        amount=giving.amount,
        whole=giving.amount == origin.amount,
        made_at=origin.made_at,
        transaction=int(origin.transaction or 0),
    )
    told = await refund(reach, wanted)
    if told.state is RefundState.REFUSED:
        return Given(Stage.FAILED, told.transaction, _reason(told.status))
    return Given(Stage.UNDER_WAY, "" if told.state is RefundState.ASKED_BEFORE else told.transaction)


async def _ask(reach: Reach, giving: Giving, ref: str) -> Given | None:
    """What VNPay says of the payment now, as far as it says that it is being given back."""
    origin = _origin(giving)
    try:
        said = await call(reach, QUERY, query_fields(reach, origin.number, origin.made_at, giving.memo))
    except Unknown:
        return None
    return _given(said, giving, origin, ref)


def _given(said: Said, giving: Giving, origin: Origin, ref: str) -> Given | None:
    """Read it; the number may be that of the payment, or of its refund, which must be this one."""
    status, number = said.get("vnp_TransactionStatus", ""), said.get("vnp_TransactionNo", "")
    back = said.get("vnp_TransactionType") in (WHOLE, PART)
    if not back and status not in AT_WORK | {REFUSED}:
        return None
    another = ref not in NOBODYS and number not in NOBODYS | {origin.transaction, ref}
    if another or (ref in NOBODYS and not _fits(said, giving, origin)):
        return None
    named = ref if ref not in NOBODYS else "" if number in NOBODYS | {origin.transaction} else number
    if status == REFUSED:
        return Given(Stage.FAILED, named, _reason(status))
    return Given(Stage.ARRIVED if back and status == DONE else Stage.UNDER_WAY, named)


def _fits(said: Said, giving: Giving, origin: Origin) -> bool:
    """Whether it may be this refund, whose own number nobody has told: another of the same payment differs in these.

    The amount is that of the refund, or still that of the payment.
    """
    amounts = {str(each.minor * HUNDREDTHS) for each in (giving.amount, origin.amount)}
    kind = WHOLE if giving.amount == origin.amount else PART
    return said.get("vnp_Amount") in amounts and said.get("vnp_TransactionType") not in {WHOLE, PART} - {kind}


def _origin(giving: Giving) -> Origin:
    """The payment that goes back; raises ValueError for money that came another way."""
    if giving.origin is None:
        raise ValueError("VNPay gives back what came by VNPay")
    return giving.origin


def _reason(status: str) -> str:
    return f"VNPay: status {status}"
