"""The JSON that payOS takes and gives, in the names of its API reference."""

from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from gateways.notice_fields import VIETNAM
from sales.transfer import Sighting
from sandbox.bank.accounts import BankAccount
from sandbox.payos.links import Link

LARGEST_NUMBER = 2**53 - 1
WORDS_LIMIT = 25
"""Characters of a description, for an account that was linked through payOS."""

Data = dict[str, Any]


def _address(text: str) -> str:
    urlsplit(text)
    return text


Address = Annotated[str, Field(max_length=2000), AfterValidator(_address)]
"""Any text that can be taken apart as an address; payOS's page leads the buyer there."""


class LinkBody(BaseModel):
    """The body of POST /v2/payment-requests; what describes the buyer is passed over."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)

    number: int = Field(alias="orderCode", ge=1, le=LARGEST_NUMBER)
    amount: int = Field(ge=1, lt=10**10)
    words: str = Field(alias="description", max_length=WORDS_LIMIT)
    cancel_url: Address = Field(alias="cancelUrl")
    return_url: Address = Field(alias="returnUrl")
    expires: int | None = Field(None, alias="expiredAt", ge=0, lt=2**31)
    signature: str


class CancelBody(BaseModel):
    """The body of a cancellation, which may be missing altogether."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)

    reason: str | None = Field(None, alias="cancellationReason", max_length=500)


class WebhookBody(BaseModel):
    """The body of POST /confirm-webhook."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)

    url: Address = Field(alias="webhookUrl")


def made(link: Link, account: BankAccount, page: str, now: datetime) -> Data:
    """Describe a new link; `page` is its checkout page."""
    data: Data = {
        "bin": account.bin,
        "accountNumber": link.account,
        "accountName": account.holder,
        "amount": link.wish.amount,
        "description": link.memo,
        "orderCode": link.wish.number,
        "currency": "VND",
        "paymentLinkId": link.id,
        "status": link.status(now).value,
        "checkoutUrl": page,
        "qrCode": link.qr,
    }
    return data | ({"expiredAt": int(link.wish.until.timestamp())} if link.wish.until else {})


def asked(link: Link, now: datetime) -> Data:
    """Describe a link to who asks for it: what was paid, by which transfers."""
    return {
        "id": link.id,
        "orderCode": link.wish.number,
        "amount": link.wish.amount,
        "amountPaid": link.paid,
        "amountRemaining": max(link.wish.amount - link.paid, 0),
        "status": link.status(now).value,
        "createdAt": _time(link.made),
        "transactions": [_transfer(each) for each in link.transfers],
        "cancellationReason": link.reason,
        "canceledAt": _time(link.cancelled) if link.cancelled else None,
    }


def _transfer(sighting: Sighting) -> Data:
    return {
        "reference": sighting.reference,
        "amount": sighting.amount,
        "accountNumber": sighting.account,
        "description": sighting.memo,
        "transactionDateTime": _time(sighting.booked_at) if sighting.booked_at else "",
        "virtualAccountName": "",
        "virtualAccountNumber": sighting.virtual_account,
        "counterAccountBankId": "",
        "counterAccountBankName": sighting.payer.bank,
        "counterAccountName": sighting.payer.name,
        "counterAccountNumber": sighting.payer.account,
    }


def _time(moment: datetime) -> str:
    return moment.astimezone(VIETNAM).isoformat(timespec="seconds")
