"""What VNPay says of one payment, in its notice (IPN) or when it is asked: read into a Sighting, written from one."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gateways.json_text import SAFE
from gateways.notice_fields import MAX_AMOUNT, Memo, Text
from gateways.vnpay_time import moment, stamp
from sales.errors import Malformed
from sales.transfer import Payer, Sighting, Standing

SOURCE = "vnpay"
DONE = "00"
SUSPECTED = "07"
CANCELLED = "24"
PENDING = frozenset({"", "01"})
"""States in which VNPay itself does not know yet."""
DEBITED = frozenset({"04", "05", "06", "07", "09"})
"""States in which the payer's bank was debited and the shop cannot rely on the money.

04: taken at the bank, not done at VNPay; 05, 06: being given back; 07: suspected of fraud; 09: giving back was refused.
"""
NOBODY = 0
"""The number of no attempt: they begin at the seconds of the day the shop was founded."""
HUNDREDTHS = 100
"""VNPay counts đồng in hundredths."""
INSTEAD = {
    "vnp_TmnCode": "",
    "vnp_TxnRef": "?",
    "vnp_Amount": "0",
    "vnp_TransactionNo": "0",
    "vnp_TransactionStatus": "",
    "vnp_ResponseCode": DONE,
}
"""What parameters of a notice that cannot be read are taken for: nobody's number, no amount."""


class _Payment(BaseModel):
    """One payment in VNPay's own names; `code` is that of the notice."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)

    terminal: str = Field(alias="vnp_TmnCode")
    txn_ref: str = Field(alias="vnp_TxnRef", pattern="^[!-9;-~]{1,100}$")
    hundredths: str = Field(alias="vnp_Amount", pattern="^[0-9]{1,16}$")
    transaction: str = Field("0", alias="vnp_TransactionNo", pattern="^[0-9]{1,20}$")
    status: str = Field("", alias="vnp_TransactionStatus", pattern="^[0-9]{0,2}$")
    code: str = Field(alias="vnp_ResponseCode", pattern="^[0-9]{2}$")
    memo: Memo = Field("", alias="vnp_OrderInfo")
    paid_at: Text = Field("", alias="vnp_PayDate")
    bank: Text = Field("", alias="vnp_BankCode")


def noticed(terminal: str, params: Mapping[str, str]) -> Sighting:
    """Read the verified parameters of a notice; `terminal` is our own TmnCode.

    One that cannot be read whole is a hint. What can be read of it counts all the same: VNPay wants to hear first
    whether there is such an attempt, and then whether the amount is right.
    """
    try:
        said = _Payment.model_validate(params)
    except ValidationError as error:
        broken = {each["loc"][0] for each in error.errors()}
        instead = {name: value for name, value in INSTEAD.items() if name in broken}
        return _seen(terminal, _Payment.model_validate({**params, **instead}), Standing.HINT)
    return _seen(terminal, said, _standing(said))


def sighting(terminal: str, params: Mapping[str, str]) -> Sighting:
    """Read the verified parameters of an answer. Raises Malformed for what cannot be read whole."""
    try:
        said = _Payment.model_validate(params)
    except ValidationError:
        raise Malformed("not what VNPay says of a payment") from None
    return _seen(terminal, said, _standing(said))


def _seen(terminal: str, said: _Payment, stands: Standing) -> Sighting:
    """What is said of another terminal, or in parts of a đồng, is no word about our money: it is a hint at most."""
    amount, rest = divmod(int(said.hundredths), HUNDREDTHS)
    whole = not rest and 0 < amount <= MAX_AMOUNT
    ours = said.terminal == terminal
    standing = stands if ours and whole else Standing.HINT
    return Sighting(
        source=SOURCE,
        ref=_ref(said, standing),
        amount=amount if whole else 0,
        currency="VND",
        account=account(said.terminal),
        memo=said.memo,
        reference=said.transaction,
        booked_at=moment(said.paid_at),
        payer=Payer(bank=said.bank),
        number=_number(said.txn_ref) if ours else NOBODY,
        standing=standing,
        reason="" if standing is Standing.ARRIVED else _reason(said.code, said.status),
    )


def fields(terminal: str, sighting: Sighting) -> dict[str, str]:
    """Write the parameters that VNPay would send of this payment; a reference of another shape names it as it is."""
    code, status = _codes(sighting)
    parts = sighting.ref.split(":")
    return {
        "vnp_Amount": str(sighting.amount * HUNDREDTHS),
        "vnp_BankCode": sighting.payer.bank,
        "vnp_OrderInfo": sighting.memo,
        "vnp_PayDate": stamp(sighting.booked_at) if sighting.booked_at else "",
        "vnp_ResponseCode": code,
        "vnp_TmnCode": terminal,
        "vnp_TransactionNo": parts[1] if len(parts) > 1 else sighting.ref,
        "vnp_TransactionStatus": status,
        "vnp_TxnRef": str(sighting.number),
    }


def account(terminal: str) -> str:
    """What stands for the account that VNPay collects on: no bank's number has a colon."""
    return f"{SOURCE}:{terminal}"[:64]


def _standing(said: _Payment) -> Standing:
    """Both codes decide; on their own neither says that money has arrived.

    Money without VNPay's own number of it must be asked for: booked now, it would look like another payment later.
    """
    if said.code == SUSPECTED or said.status in DEBITED:
        return Standing.HELD
    if said.code != DONE:
        return Standing.FAILED
    if said.status == DONE:
        return Standing.ARRIVED if said.transaction.strip("0") else Standing.HINT
    return Standing.HINT if said.status in PENDING else Standing.FAILED


def _codes(sighting: Sighting) -> tuple[str, str]:
    match sighting.standing:
        case Standing.ARRIVED:
            return DONE, DONE
        case Standing.FAILED:
            return sighting.reason or CANCELLED, "02"
        case Standing.HELD:
            return (DONE, sighting.reason) if sighting.reason not in ("", SUSPECTED) else (SUSPECTED, SUSPECTED)
        case Standing.REVERSED:
            return DONE, "04"
        case Standing.HINT:
            return DONE, "01"


def _reason(code: str, status: str) -> str:
    """The code that says why: the notice's own is the finer one."""
    return status if code == DONE else code


def _ref(said: _Payment, standing: Standing) -> str:
    """Only arrived money bears the payment's own name: whatever was said before, it is news when it arrives."""
    name = f"{said.txn_ref}:{said.transaction}"
    return name if standing is Standing.ARRIVED else f"{name}:{standing.value}"


def _number(txn_ref: str) -> int:
    """Our own number as we write it; NOBODY for what another program may have sold by the same terminal."""
    plain = txn_ref.isascii() and txn_ref.isdigit() and txn_ref[0] != "0"
    return int(txn_ref) if plain and int(txn_ref) <= SAFE else NOBODY
