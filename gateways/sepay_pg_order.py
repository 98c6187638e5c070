"""What SePay tells of one order, read into what has arrived and what was taken back.

Source: SePay's reference of GET /v1/order/detail. It lists the states of orders and the kinds and states of
transactions, but shows no voided order: so fields may be missing or new, and what is counted on is read strictly.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gateways.dong_text import Dong
from gateways.notice_fields import Text, moment
from gateways.sepay_pg_form import invoice_name
from gateways.sepay_pg_notice import SOURCE, Name
from sales.errors import Later
from sales.question import Question
from sales.transfer import Sighting, Standing

CAPTURED, CANCELLED = "CAPTURED", "CANCELLED"
PAYMENT, VOID, APPROVED = "PAYMENT", "VOID", "APPROVED"


class _Told(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)


class _Transaction(_Told):
    id: Name
    amount: Dong = Field(alias="transaction_amount")
    currency: Literal["VND"] = Field(alias="transaction_currency")
    booked: Text = Field("", alias="transaction_date")
    reference: Text = Field("", alias="transaction_id")


class _Order(_Told):
    invoice: str = Field(alias="order_invoice_number")
    status: str = Field(alias="order_status")
    currency: Literal["VND"] = Field(alias="order_currency")
    transactions: list[dict[str, object]] = []

    def approved(self, kind: str) -> list[_Transaction]:
        """Transactions of that type that went through, as they are listed; of others nothing need be readable."""
        wanted = {"transaction_type": kind, "transaction_status": APPROVED}
        return [_shaped(_Transaction, each) for each in self.transactions if wanted.items() <= _words(each)]


def sightings(question: Question, told: object) -> tuple[Sighting, ...]:
    """Read the `data` of an order; nothing while it waits to be paid.

    Raises Later for an answer that cannot be relied on: about another order, in another currency, no whole đồng.
    """
    order = _shaped(_Order, told)
    if order.invoice != invoice_name(question.code, question.number):
        raise Later("SePay: the answer speaks of another order")
    return tuple(_counted(question, order))


def _counted(question: Question, order: _Order) -> Iterator[Sighting]:
    """Each payment once. A void names no payment: it takes back the first of its amount.

    Only a void cancels an order that was paid, so every payment of a cancelled one counts as taken back; one without
    any was cancelled by the buyer, and SePay opens its page no more.
    """
    if order.status == CANCELLED and not order.approved(PAYMENT):
        yield _cancelled(question)
    voids = [each.amount for each in order.approved(VOID)]
    for payment in order.approved(PAYMENT):
        arrived = _arrived(question, payment)
        if arrived.amount in voids:
            voids.remove(arrived.amount)
            yield _taken_back(arrived)
        elif order.status == CANCELLED:
            yield _taken_back(arrived)
        elif order.status == CAPTURED:
            yield arrived


def _arrived(question: Question, payment: _Transaction) -> Sighting:
    """SePay's id of a transaction may be as short as "1": only with the invoice does it name one for ever."""
    return Sighting(
        source=SOURCE,
        ref=f"{invoice_name(question.code, question.number)}:{payment.id}",
        amount=payment.amount,
        currency=payment.currency,
        account="",
        memo=question.code,
        reference=payment.reference or payment.id,
        booked_at=moment(payment.booked),
        number=question.number,
    )


def _taken_back(arrived: Sighting) -> Sighting:
    return replace(
        arrived,
        ref=f"void:{arrived.ref}",
        amount=-arrived.amount,
        standing=Standing.REVERSED,
        reverses=arrived.ref,
    )


def _cancelled(question: Question) -> Sighting:
    return Sighting(
        source=SOURCE,
        ref=invoice_name(question.code, question.number),
        amount=question.amount.minor,
        currency=question.amount.currency,
        account="",
        memo=question.code,
        number=question.number,
        standing=Standing.FAILED,
        reason=CANCELLED,
    )


def _words(transaction: dict[str, object]) -> set[tuple[str, str]]:
    return {(name, value) for name, value in transaction.items() if isinstance(value, str)}


Shape = TypeVar("Shape", bound=_Told)


def _shaped(shape: type[Shape], told: object) -> Shape:
    try:
        return shape.model_validate(told)
    except ValidationError:
        raise Later("SePay: the answer is not what its reference says") from None
