"""A payment as Bakong tells of it (`data` of its transaction checks)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from gateways.json_text import Json
from gateways.notice_fields import MAX_AMOUNT, Account, Memo, Text
from sales.errors import Malformed
from sales.khqr import CURRENCIES
from sales.money import EXPONENTS
from sales.transfer import Payer, Sighting

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DIGITS = 40
"""Characters of the longest number that is read."""


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment: `hash` is Bakong's own name of it, `amount` in minor units, `reference` the payer's bank's number."""

    hash: str
    sender: str
    receiver: str
    amount: int
    currency: str
    memo: str
    reference: str
    at: datetime | None

    def sighting(self, number: int) -> Sighting:
        """What the shop is told of it, by our own number of the attempt."""
        return Sighting(
            source="bakong",
            ref=self.hash,
            amount=self.amount,
            currency=self.currency,
            account=self.receiver,
            memo=self.memo,
            reference=self.reference,
            booked_at=self.at,
            payer=Payer(account=self.sender),
            number=number,
        )


def read_paid(data: Json) -> Paid:
    """Read a payment whose fractions are kept as text; raises Malformed, also for an amount no currency has."""
    try:
        told = _Told.model_validate(data)
    except ValidationError:
        raise Malformed("no payment of Bakong's") from None
    amount = told.amount.scaleb(EXPONENTS[told.currency])
    if not 0 < amount <= MAX_AMOUNT or amount != amount.to_integral_value():
        raise Malformed("no amount of this currency")
    return Paid(
        hash=told.hash,
        sender=told.sender,
        receiver=told.receiver,
        amount=int(amount),
        currency=told.currency,
        memo=told.memo,
        reference=told.reference,
        at=told.created or told.acknowledged,
    )


def _number(value: object) -> Decimal:
    """A number as it was written: whole, or the text of one with a fraction or an exponent (Java's 1.0E7)."""
    if type(value) not in (int, str) or len(str(value)) > DIGITS:
        raise ValueError("no number")
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise ValueError("no number") from None
    # An exponent in the billions would be written out digit by digit.
    if not number.is_finite() or number.adjusted() > DIGITS:
        raise ValueError("no number")
    return number


def _moment(value: object) -> object:
    """Milliseconds since 1970, of thirteen digits; a time that is none does no harm to the money."""
    try:
        number = _number(value)
    except ValueError:
        return None
    return EPOCH + timedelta(milliseconds=int(number)) if len(str(int(number))) == 13 else None


Number = Annotated[Decimal, BeforeValidator(_number)]
Moment = Annotated[datetime | None, BeforeValidator(_moment)]


class _Told(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)

    hash: str = Field(pattern=r"^[!-~]{8,128}$")
    sender: Text = Field("", alias="fromAccountId")
    receiver: Account = Field(alias="toAccountId")
    amount: Number
    currency: str = Field(pattern=f"^({'|'.join(CURRENCIES)})$")
    memo: Memo = Field("", alias="description")
    reference: Text = Field("", alias="externalRef")
    created: Moment = Field(None, alias="createdDateMs")
    acknowledged: Moment = Field(None, alias="acknowledgedDateMs")
