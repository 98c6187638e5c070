"""What payOS is asked over the network: payment links, and where it sends its notices.

Source: payOS's API reference (POST, GET and cancel of /v2/payment-requests, POST /confirm-webhook).
"""

from dataclasses import dataclass
from typing import TypeVar

from aiohttp import ClientSession
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gateways.gateway import Link, Links, LinkState, LinkWanted, Reach, Secrets
from gateways.json_text import SAFE, Json
from gateways.notice_fields import MAX_AMOUNT, Text
from gateways.payos_notice import Name
from gateways.payos_signature import sign_wanted
from gateways.payos_wire import Unknown, Wire
from gateways.shared_secret import held
from sales.errors import Later, Rejected
from sales.money import Money

BASE = "https://api-merchant.payos.vn"
REQUESTS = "/v2/payment-requests"
STATES = {
    "PENDING": LinkState.OPEN,
    "PROCESSING": LinkState.OPEN,
    "PAID": LinkState.PAID,
    "UNDERPAID": LinkState.UNDERPAID,
    "CANCELLED": LinkState.CLOSED,
    "EXPIRED": LinkState.CLOSED,
    "FAILED": LinkState.CLOSED,
}


@dataclass(frozen=True, slots=True)
class Channel:
    """The payment channel whose notices now come here: its bank account, and its names at payOS."""

    account: str
    holder: str
    name: str
    short_name: str


def links(reach: Reach) -> Links:
    """Build what opens, asks for and cancels payOS links; see Links. Raises Misconfigured for an insecure address."""
    wire = Wire(reach.secrets, reach.url, reach.session, clock=reach.clock)

    async def open_link(wanted: LinkWanted) -> Link:
        told = _shaped(_Made, await wire.signed("POST", REQUESTS, _request(reach.secrets, wanted)))
        if (told.number, told.amount, told.currency) != (wanted.number, wanted.amount.minor, "VND"):
            raise Later("payOS: the answer speaks of another link")
        return told.link()

    async def ask(number: int) -> Link | None:
        try:
            told = _shaped(_Asked, await wire.signed("GET", f"{REQUESTS}/{number}"))
        except Unknown:
            return None
        if told.number != number:
            raise Later("payOS: the answer speaks of another link")
        return told.link()

    async def cancel(number: int, reason: str) -> None:
        path = f"{REQUESTS}/{number}/cancel"
        told = _shaped(_Asked, await wire.signed("POST", path, {"cancellationReason": reason}))
        if told.number != number:
            raise Later("payOS: the answer speaks of another link")
        if told.state is not LinkState.CLOSED:
            raise Rejected(f"payOS: the link stays {told.status}")

    return Links(open_link, ask, cancel)


async def confirm_webhook(secrets: Secrets, base_url: str, session: ClientSession, url: str) -> Channel:
    """Register `url` for all notices of the channel; payOS first sends its sample there and wants 2xx.

    Raises as Links does. The official packages take this answer unsigned, and nothing depends on it.
    """
    answer = await Wire(secrets, base_url, session).call("POST", "/confirm-webhook", {"webhookUrl": url})
    told = _shaped(_Confirmed, answer.get("data"))
    return Channel(told.account, told.holder, told.name, told.short_name)


def _request(secrets: Secrets, wanted: LinkWanted) -> dict[str, Json]:
    """Ask for a link; the code alone is the memo: an account that payOS did not link carries nine characters."""
    if wanted.amount.currency != "VND":
        raise ValueError("payOS takes VND only")
    body: dict[str, Json] = {
        "orderCode": wanted.number,
        "amount": wanted.amount.minor,
        "description": wanted.code,
        "cancelUrl": wanted.back,
        "returnUrl": wanted.back,
        "expiredAt": int(wanted.until.timestamp()),
    }
    return body | {"signature": sign_wanted(held(secrets, "checksum_key"), body)}


class _Answer(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)


class _Told(_Answer):
    number: int = Field(alias="orderCode", ge=0, le=SAFE)
    amount: int = Field(ge=0, le=MAX_AMOUNT)
    status: str = Field(pattern=f"^({'|'.join(STATES)})$")

    @property
    def state(self) -> LinkState:
        return STATES[self.status]


class _Made(_Told):
    id: Name = Field(alias="paymentLinkId")
    currency: str
    qr: str = Field(alias="qrCode", min_length=1, max_length=1000)
    url: str = Field(alias="checkoutUrl", pattern="^https?://", max_length=1000)
    bin: str = Field(pattern=r"^[0-9]{6}$")
    account: str = Field(alias="accountNumber", pattern=r"^[0-9A-Za-z]{1,64}$")
    holder: Text = Field("", alias="accountName")
    memo: Text = Field("", alias="description")

    def link(self) -> Link:
        places = self.bin, self.account, self.holder, self.memo
        return Link(self.number, self.id, self.state, Money(self.amount), Money(0), self.qr, self.url, *places)


class _Asked(_Told):
    id: Name
    paid: int = Field(alias="amountPaid", ge=0, le=MAX_AMOUNT)

    def link(self) -> Link:
        return Link(self.number, self.id, self.state, Money(self.amount), Money(self.paid))


class _Confirmed(_Answer):
    account: Text = Field("", alias="accountNumber")
    holder: Text = Field("", alias="accountName")
    name: Text = ""
    short_name: Text = Field("", alias="shortName")


Shape = TypeVar("Shape", bound=_Answer)


def _shaped(shape: type[Shape], data: Json) -> Shape:
    try:
        return shape.model_validate(data)
    except ValidationError:
        raise Later("payOS: the answer is not what its reference says") from None
