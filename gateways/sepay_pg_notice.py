"""What a notice (IPN) of SePay's payment gateway says; it is believed for nothing but a hint.

Source: SePay's reference of the IPN. Its secret header comes only if the seller has switched that on, so that nothing
in it is proven: the money is what the API tells of (sepay_pg_api).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gateways.dong_text import Dong
from gateways.json_text import Json
from gateways.notice_fields import Text, local, moment
from gateways.sepay_pg_form import invoice_name, named
from sales.errors import Malformed
from sales.transfer import Sighting, Standing

SOURCE = "sepay-pg"
PAID, VOIDED = "ORDER_PAID", "TRANSACTION_VOID"

Name = Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{1,64}$")]
Invoice = Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{1,100}$")]


def sightings(body: Json) -> tuple[Sighting, ...]:
    """Read one notice: a hint at one of our attempts, or nothing for other kinds and for other people's invoices.

    Raises Malformed.
    """
    if not isinstance(body, dict) or not isinstance(body.get("notification_type"), str):
        raise Malformed("not a notice of SePay's payment gateway")
    if body["notification_type"] not in (PAID, VOIDED):
        return ()
    try:
        said = _Notice.model_validate(body)
    except ValidationError:
        raise Malformed("not a notice of SePay's payment gateway") from None
    ours = named(said.order.invoice)
    return (_hint(said, *ours),) if ours else ()


def fields(sighting: Sighting, now: datetime) -> Mapping[str, Json]:
    """Write the notice that SePay would send of this movement; one that went out is a voided one."""
    amount = abs(sighting.amount)
    order: dict[str, Json] = {
        "order_status": "CAPTURED",
        "order_currency": sighting.currency,
        "order_amount": f"{amount}.00",
        "order_invoice_number": invoice_name(sighting.memo, sighting.number or 0),
        "custom_data": [],
    }
    transaction: dict[str, Json] = {
        "transaction_id": sighting.ref,
        "transaction_type": "PAYMENT",
        "transaction_date": local(sighting.booked_at),
        "transaction_status": "APPROVED",
        "transaction_amount": str(amount),
        "transaction_currency": sighting.currency,
    }
    kind = PAID if sighting.amount > 0 else VOIDED
    return {
        "timestamp": int(now.timestamp()),
        "notification_type": kind,
        "order": order,
        "transaction": transaction,
        "customer": None,
    }


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)


class _Order(_Part):
    invoice: Invoice = Field(alias="order_invoice_number")


class _Transaction(_Part):
    id: Name = Field(alias="transaction_id")
    amount: Dong = Field(alias="transaction_amount")
    currency: Literal["VND"] = Field(alias="transaction_currency")
    booked: Text = Field("", alias="transaction_date")


class _Notice(_Part):
    kind: str = Field(alias="notification_type")
    order: _Order
    transaction: _Transaction


def _hint(said: _Notice, code: str, number: int) -> Sighting:
    amount = said.transaction.amount
    return Sighting(
        source=SOURCE,
        ref=said.transaction.id,
        amount=amount if said.kind == PAID else -amount,
        currency=said.transaction.currency,
        account="",
        memo=code,
        booked_at=moment(said.transaction.booked),
        number=number,
        standing=Standing.HINT,
    )
