"""KHQR: Cambodia's form of the EMVCo code, a transfer to a Bakong account filled in by a scan.

Source: the National Bank of Cambodia's official package for JavaScript, bakong-khqr 1.0.20: fields, limits, and what it
refuses. Unlike EMVCo's, tag 99 (when the code was made, and until when it can be paid) stands before the checksum.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from hashlib import md5

from sales import emv
from sales.emv import BadQr
from sales.money import EXPONENTS, Money

CURRENCIES = {"USD": "840", "KHR": "116"}
"""Currencies of a KHQR and their ISO numbers."""
LONGEST_NAME = 25
LONGEST_CITY = 15

_STATIC, _DYNAMIC = "11", "12"
_INDIVIDUAL, _MERCHANT = "29", "30"
_AMOUNT_LENGTH = 13
_EPOCH, _MILLISECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(milliseconds=1)
_MORE = {"01": "bill", "02": "mobile", "03": "store", "07": "terminal", "08": "purpose"}
_LOCAL = {"00": "language", "01": "local_name", "02": "local_city"}
_LIMITS = {
    **dict.fromkeys(("account", "information", "merchant", "bank"), 32),
    **dict.fromkeys(("name", "local_name", *_MORE.values()), LONGEST_NAME),
    **dict.fromkeys(("city", "local_city"), LONGEST_CITY),
    "language": 2,
    "union_pay": 99,
}
# A character beyond these is one to some readers and two to others: every length after it would be wrong.
_COUNTED_ALIKE = re.compile(r"[^\x00-\x1f\x7f\ud800-\udfff\U00010000-\U0010ffff]*")
_ACCOUNT = re.compile(r"[!-?A-~]+@[!-?A-~]+")


@dataclass(frozen=True, slots=True)
class Khqr:
    """One code; raises BadQr for what the official package refuses or what would not be read back. "" means absent.

    `account` is a Bakong account, `name@bank`. With a `merchant` id it is a merchant's code, which names its acquiring
    `bank`; without, an individual's, with the bank's own account number as `information`. No `amount` (zero) leaves it
    to the payer; with one, `created` and `expires` (UTC, kept to the millisecond) bound the time in which it can be
    paid. A code without one never ends, and does not say when it was `created`. `mcc` is the merchant category.
    `union_pay` is UnionPay's merchant account, for KHR only.
    """

    account: str
    name: str
    amount: Money
    created: datetime | None = None
    expires: datetime | None = None
    city: str = "Phnom Penh"
    mcc: str = "5999"
    information: str = ""
    merchant: str = ""
    bank: str = ""
    bill: str = ""
    mobile: str = ""
    store: str = ""
    terminal: str = ""
    purpose: str = ""
    language: str = ""
    local_name: str = ""
    local_city: str = ""
    union_pay: str = ""

    def __post_init__(self) -> None:
        for name, limit in _LIMITS.items():
            value: str = getattr(self, name)
            if len(value) > limit or not _COUNTED_ALIKE.fullmatch(value):
                raise BadQr(f"KHQR has no place for this {name}")
        self._check_parties()
        self._check_amount()

    def _check_parties(self) -> None:
        _require(_ACCOUNT.fullmatch(self.account), "a Bakong account is name@bank")
        _require(self.name and self.city, "a KHQR names its receiver and a city")
        _require(re.fullmatch(r"[0-9]{4}", self.mcc), "a merchant category has four digits")
        _require(self.bank or not self.merchant, "a merchant's code names the acquiring bank")
        _require(not (self.merchant and self.information), "account information is an individual's")
        local = (self.language, self.local_name)
        _require(all(local) or not any((*local, self.local_city)), "a local name needs its language, and a city both")

    def _check_amount(self) -> None:
        minor, currency = self.amount.minor, self.amount.currency
        _require(currency in CURRENCIES, "KHQR carries USD and KHR only")
        _require(minor >= 0 and len(_written(self.amount)) <= _AMOUNT_LENGTH, "an amount has 1 to 13 characters")
        _require(currency == "KHR" or not self.union_pay, "UnionPay takes KHR only")
        if not minor:
            _require(self.expires is None, "only a code with an amount expires")
            return
        if self.created is None or self.expires is None:
            raise BadQr("a code with an amount must say until when it can be paid")
        _require(self.created <= self.expires, "the code ends before it is made")
        _require(all(len(str(_since_epoch(each))) == 13 for each in (self.created, self.expires)), "no time of a KHQR")


def encode(khqr: Khqr) -> str:
    """Write the text of the QR code; raises BadQr when several fields are too long together."""
    dynamic = khqr.created is not None and khqr.expires is not None
    payee = {"00": khqr.account, "01": khqr.merchant or khqr.information, "02": khqr.bank}
    fields = {
        "01": _DYNAMIC if dynamic else _STATIC,
        "15": khqr.union_pay,
        _MERCHANT if khqr.merchant else _INDIVIDUAL: _template(payee),
        "52": khqr.mcc,
        "53": CURRENCIES[khqr.amount.currency],
        "54": _written(khqr.amount) if dynamic else "",
        "58": "KH",
        "59": khqr.name,
        "60": khqr.city,
        "62": _template({tag: getattr(khqr, name) for tag, name in _MORE.items()}),
        "64": _template({tag: getattr(khqr, name) for tag, name in _LOCAL.items()}),
    }
    if khqr.created is not None and khqr.expires is not None:
        fields["99"] = _template({"00": str(_since_epoch(khqr.created)), "01": str(_since_epoch(khqr.expires))})
    return emv.seal({tag: value for tag, value in fields.items() if value})


def decode(text: str) -> Khqr:
    """Read the text of a QR code; raises BadQr unless it is a sound KHQR, whether its time is over or not.

    Fields that KHQR does not know are passed over; so are the times of a code without an amount.
    """
    fields = emv.unseal(text)
    if fields.get("58") != "KH" or (_MERCHANT in fields) == (_INDIVIDUAL in fields):
        raise BadQr("a payment code, but no KHQR")
    payee = emv.decode(fields.get(_MERCHANT, fields.get(_INDIVIDUAL, "")))
    owner = "merchant" if _MERCHANT in fields else "information"
    _require(owner == "information" or payee.get("01"), "a merchant's code names the merchant")
    amount = _read_amount(fields)
    times = emv.decode(fields.get("99", "")) if amount.minor else {}
    return Khqr(
        account=_need(payee, "00"),
        name=_need(fields, "59"),
        amount=amount,
        created=_read_time(_need(times, "00")) if amount.minor else None,
        expires=_read_time(_need(times, "01")) if amount.minor else None,
        city=_need(fields, "60"),
        mcc=_need(fields, "52"),
        bank=payee.get("02", ""),
        union_pay=fields.get("15", ""),
        **{owner: payee.get("01", "")},
        **_named(fields.get("62", ""), _MORE),
        **_named(fields.get("64", ""), _LOCAL),
    )


def digest(text: str) -> str:
    """Name the text of a QR code in few characters (md5 in hex), as Bakong is asked for what it brought."""
    return md5(text.encode(), usedforsecurity=False).hexdigest()


def is_account(text: str) -> bool:
    """Whether this can be a Bakong account."""
    return len(text) <= _LIMITS["account"] and bool(_ACCOUNT.fullmatch(text))


def _require(holds: object, otherwise: str) -> None:
    if not holds:
        raise BadQr(otherwise)


def _written(amount: Money) -> str:
    """Whole units alone where there are no others, as the official package writes them."""
    whole, rest = divmod(amount.minor, 10 ** EXPONENTS[amount.currency])
    return f"{whole}.{rest:02}" if rest else str(whole)


def _read_amount(fields: Mapping[str, str]) -> Money:
    currency = next((name for name, number in CURRENCIES.items() if number == fields.get("53")), None)
    if currency is None:
        raise BadQr("KHQR carries USD and KHR only")
    text, dynamic = fields.get("54"), fields.get("01") == _DYNAMIC
    if text is None and not dynamic:
        return Money(0, currency)
    if not dynamic or not re.fullmatch(r"[0-9]+(\.[0-9]+)?", text or ""):
        raise BadQr("a dynamic code, and no other, has an amount")
    minor = Decimal(text or "").scaleb(EXPONENTS[currency])
    _require(minor and minor == minor.to_integral_value(), "no amount of this currency")
    return Money(int(minor), currency)


def _since_epoch(moment: datetime) -> int:
    return (moment - _EPOCH) // _MILLISECOND


def _read_time(digits: str) -> datetime:
    _require(re.fullmatch(r"[0-9]{13}", digits), "no time of a KHQR")
    return _EPOCH + int(digits) * _MILLISECOND


def _template(parts: Mapping[str, str]) -> str:
    return emv.encode({tag: value for tag, value in parts.items() if value})


def _named(template: str, names: Mapping[str, str]) -> dict[str, str]:
    found = emv.decode(template)
    return {name: found.get(tag, "") for tag, name in names.items()}


def _need(fields: Mapping[str, str], tag: str) -> str:
    if tag not in fields:
        raise BadQr(f"field {tag} is missing")
    return fields[tag]
