"""VietQR: NAPAS's form of the EMVCo code, a transfer to a Vietnamese account filled in by a scan.

Sources: NAPAS QR specification 1.5.2 for the fields; vietqr.io (change of 2023-11-23) for "dynamic exactly when
an amount is set", without which Vietcombank's app lets the buyer edit the amount.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sales import emv
from sales.emv import BadQr

LARGEST = 499_999_999
"""VND; NAPAS carries an instant transfer below 500 million."""

_NAPAS = "A000000727"
_STATIC, _DYNAMIC = "11", "12"
_FIXED = {"53": "704", "58": "VN"}
_MOST_DIGITS = 13
_SHAPES = {
    "bin": r"[0-9]{6}",
    "account": r"[0-9A-Za-z]{1,19}",
    "service": r"[A-Z0-9]{1,10}",
    "poi": f"{_STATIC}|{_DYNAMIC}",
}
_SHOP_MEMO = re.compile(r"[A-Z0-9](?:[A-Z0-9 ]{0,23}[A-Z0-9])?")


@dataclass(frozen=True, slots=True)
class VietQr:
    """One transfer order; raises BadQr for a field that no such code can hold.

    `bin` is the bank's six digits, `account` an account or card of up to 19 letters and digits, `amount` VND.
    `memo` is what the bank carries to the payee, `bill` a bill number. `service` is QRIBFTTA for accounts,
    QRIBFTTC for cards. `poi` is "11" (static) or "12" (dynamic), None for what the amount implies.
    """

    bin: str
    account: str
    amount: int | None = None
    memo: str | None = None
    service: str = "QRIBFTTA"
    poi: str | None = None
    bill: str | None = None

    def __post_init__(self) -> None:
        for name, shape in _SHAPES.items():
            value = getattr(self, name)
            if value is not None and not re.fullmatch(shape, value):
                raise BadQr(f"VietQR has no place for this {name}")
        if self.amount is not None and not 1 <= self.amount < 10**_MOST_DIGITS:
            raise BadQr(f"an amount has 1 to {_MOST_DIGITS} digits and is not zero")


def encode(vietqr: VietQr) -> str:
    """Write the text of the QR code; raises BadQr when memo and bill are empty or too long together."""
    payee = emv.encode({"00": vietqr.bin, "01": vietqr.account})
    fields = {
        "01": vietqr.poi or _implied_poi(vietqr.amount),
        "38": emv.encode({"00": _NAPAS, "01": payee, "02": vietqr.service}),
        "53": _FIXED["53"],
        "54": None if vietqr.amount is None else str(vietqr.amount),
        "58": _FIXED["58"],
        "62": emv.encode(_present({"01": vietqr.bill, "08": vietqr.memo})) or None,
    }
    return emv.seal(_present(fields))


def decode(text: str) -> VietQr:
    """Read the text of a QR code; raises BadQr unless it is a sound VietQR, the inner templates included.

    `poi` is None where it is what the amount implies. Fields VietQr does not know are passed over.
    """
    fields = emv.unseal(text)
    transfer = emv.decode(_need(fields, "38"))
    if transfer.get("00") != _NAPAS or any(fields.get(tag) != value for tag, value in _FIXED.items()):
        raise BadQr("a payment code, but not of NAPAS for VND")
    payee, more = emv.decode(_need(transfer, "01")), emv.decode(fields.get("62", ""))
    amount, poi = _amount(fields.get("54")), _need(fields, "01")
    return VietQr(
        bin=_need(payee, "00"),
        account=_need(payee, "01"),
        amount=amount,
        memo=more.get("08"),
        service=_need(transfer, "02"),
        poi=None if poi == _implied_poi(amount) else poi,
        bill=more.get("01"),
    )


def shop_qr(bin: str, account: str, amount: int, memo: str) -> str:  # noqa: A002 - the field's own name
    """Write a code that every bank's app takes; raises BadQr for what only some would.

    `amount` is 1 to `LARGEST` VND. `memo` is at most 25 of A-Z, 0-9 and inner blanks: vietqr.io and payOS cut
    or refuse more, and capitals alone keep the symbol small.
    """
    if not _SHOP_MEMO.fullmatch(memo):
        raise BadQr("a shop's memo is 1 to 25 capital letters, digits and inner blanks")
    if not 1 <= amount <= LARGEST:
        raise BadQr(f"a shop asks for 1 to {LARGEST} VND")
    return encode(VietQr(bin, account, amount, memo))


def _implied_poi(amount: int | None) -> str:
    return _STATIC if amount is None else _DYNAMIC


def _present(fields: Mapping[str, str | None]) -> dict[str, str]:
    return {tag: value for tag, value in fields.items() if value is not None}


def _need(fields: Mapping[str, str], tag: str) -> str:
    if tag not in fields:
        raise BadQr(f"field {tag} is missing")
    return fields[tag]


def _amount(digits: str | None) -> int | None:
    if digits is None:
        return None
    if not re.fullmatch(r"[0-9]{1,13}", digits):
        raise BadQr("the amount is not whole VND")
    return int(digits)
