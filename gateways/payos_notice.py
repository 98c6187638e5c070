"""What a payOS notice says, read into a Sighting and written from one."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError

from gateways import payos_signature
from gateways.json_text import SAFE, Json
from gateways.notice_fields import TEXT_LIMIT, Account, Memo, Text, local
from gateways.notice_movement import Movement
from sales.errors import Malformed
from sales.transfer import Sighting

DONE = "00"
"""What payOS calls success."""
SAMPLES = ("VQRIO123", "Ma giao dich thu nghiem")
"""Memos seen in the notice that payOS sends to an address before it registers it."""


def sightings(data: dict[str, Json]) -> tuple[Sighting, ...]:
    """Read verified data: one movement, or none for payOS's own sample and for what is no success.

    Raises Malformed.
    """
    if _is_sample(data):
        return ()
    try:
        said = _Movement.model_validate(data)
    except ValidationError:
        raise Malformed("not a payOS notice") from None
    if not _says_one_thing(data):
        raise Malformed("its signature fits other values too")
    return (_sighting(said),) if said.code == DONE else ()


def transfer(number: int, link: str, told: object) -> Sighting | None:
    """Read one of the transfers that the API lists under their link, or answer None when it cannot be read."""
    if not isinstance(told, dict):
        return None
    try:
        return _sighting(_Movement.model_validate(told | {"orderCode": number, "paymentLinkId": link, "code": DONE}))
    except ValidationError:
        return None


def fields(sighting: Sighting) -> dict[str, Json]:
    """Write the data that payOS would send of this movement (fields of its API reference)."""
    return {
        "orderCode": sighting.number,
        "amount": sighting.amount,
        "description": sighting.memo,
        "accountNumber": sighting.account,
        "reference": sighting.reference,
        "transactionDateTime": local(sighting.booked_at),
        "currency": sighting.currency,
        "paymentLinkId": sighting.link,
        "code": DONE,
        "desc": "success",
        "counterAccountBankId": "",
        "counterAccountBankName": sighting.payer.bank,
        "counterAccountName": sighting.payer.name,
        "counterAccountNumber": sighting.payer.account,
        "virtualAccountName": "",
        "virtualAccountNumber": sighting.virtual_account,
    }


def _is_sample(data: Mapping[str, Json]) -> bool:
    """Our own attempt 123 may cost 3000 too, but its memo carries an order's code."""
    return (data.get("orderCode"), data.get("amount")) == (123, 3000) and data.get("description") in SAMPLES


def _says_one_thing(data: dict[str, Json]) -> bool:
    """Whether the signed text can be taken apart in one way only, as far as it is read here.

    Nothing in it is escaped: who pays with a memo such as "x&reference=1" gets a signature that fits a second notice,
    in which the memo ends early and a later value swallows the rest.
    """
    text = "&" + payos_signature.text(data)
    names = [str(field.alias or name) for name, field in _Movement.model_fields.items()]
    return all(text.count(f"&{name}=") == (name in data) for name in names)


def _unsaid(value: object) -> object:
    """These are signed as if they were empty, so they mean no more than that."""
    return "" if value in ("null", "undefined") else value


def _names_one(reference: str) -> str:
    """The bank's number is half of a transfer's name: it is taken as it is or not at all."""
    if not 0 < len(reference.strip()) <= len(reference) <= TEXT_LIMIT:
        raise ValueError("no reference")
    if not reference.isprintable() or "=" in reference:  # with it, the next field may have been swallowed
        raise ValueError("no plain reference")
    return reference


Unsaid = BeforeValidator(_unsaid)
Said = Annotated[Text, Unsaid]
Name = Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{1,64}$"), Unsaid]
Reference = Annotated[str, AfterValidator(_names_one), Unsaid]


class _Movement(Movement):
    number: int = Field(alias="orderCode", ge=0, le=SAFE)
    account: Annotated[Account, Unsaid] = Field(alias="accountNumber")
    link: Name = Field(alias="paymentLinkId")
    reference: Reference
    code: str
    currency: Literal["VND"] = "VND"
    memo: Annotated[Memo, Unsaid] = Field("", alias="description")
    booked: Said = Field("", alias="transactionDateTime")
    virtual_account: Said = Field("", alias="virtualAccountNumber")
    payer_name: Said = Field("", alias="counterAccountName")
    payer_account: Said = Field("", alias="counterAccountNumber")
    payer_bank: Said = Field("", alias="counterAccountBankName")
    payer_bin: Said = Field("", alias="counterAccountBankId")


def _sighting(said: _Movement) -> Sighting:
    """A link may get several transfers: only link and reference together name one of them."""
    return said.seen_by("payos", f"{said.link}:{said.reference}", said.number, said.link)
