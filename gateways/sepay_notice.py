"""What a SePay notice says, read into a Sighting and written from one.

Fields as developer.sepay.vn gives them. A form holds the same fields as texts.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from gateways.json_text import SAFE, Json
from gateways.notice_fields import MAX_AMOUNT, MaybeAccount, Memo, Text, local
from gateways.notice_movement import Movement
from sales.errors import Malformed
from sales.transfer import Sighting

SOURCE = "sepay"
NUMBERS = ("id", "transferAmount")
DIGITS = re.compile(r"[1-9][0-9]{0,15}")

SANDBOX = "SB"
"""How SePay's test mode begins every reference it makes; no bank of those it reads is known to."""
TEST = re.compile(r"giao dich (?:thu nghiem|sandbox)(?: [0-9hms:/ -]*)?", re.IGNORECASE)
"""The whole memo of a test call or a simulated movement: these words, then at most a time such as 23h47m38s."""


def sightings(body: Json) -> tuple[Sighting, ...]:
    """Read a notice whose sender is known: one movement, or none when it is only a test; raises Malformed.

    `code` is passed over: SePay finds it by a pattern that the seller may have set for other codes, and may cut it.
    """
    if isinstance(body, dict) and is_test(body.get("content"), body.get("referenceCode")):
        return ()
    try:
        said = _Notice.model_validate(body)
    except ValidationError:
        raise Malformed("not a SePay notice") from None
    moved = said.seen_by(SOURCE, str(said.id))
    return (moved if said.way == "in" else replace(moved, amount=-moved.amount),)


def with_numbers(fields: Mapping[str, str]) -> Json:
    """Make the fields of a form what JSON would hold: numbers where SePay has them, if they are written as such."""
    numbers = {name: int(fields[name]) for name in NUMBERS if DIGITS.fullmatch(fields.get(name, ""))}
    return {**fields, **numbers}


def is_test(memo: Json, reference: Json) -> bool:
    """Whether SePay only plays: no money has moved, whatever else is said.

    By the reference, which whoever pays cannot choose, or by a memo that says nothing but this: no order could be found
    by it anyway.
    """
    played = isinstance(reference, str) and reference.strip().startswith(SANDBOX)
    return played or (isinstance(memo, str) and TEST.fullmatch(memo.strip()) is not None)


def fields(sighting: Sighting) -> Mapping[str, Json]:
    """Write the notice that SePay would send of this movement."""
    return {
        "id": int(sighting.ref),
        "gateway": "",
        "transactionDate": local(sighting.booked_at),
        "accountNumber": sighting.account,
        "subAccount": sighting.virtual_account or None,
        "code": None,
        "content": sighting.memo,
        "transferType": "in" if sighting.amount > 0 else "out",
        "description": f"BankAPINotify {sighting.memo}",
        "transferAmount": abs(sighting.amount),
        "accumulated": 0,
        "referenceCode": sighting.reference,
    }


class _Notice(Movement):
    id: int = Field(ge=1, le=SAFE)
    amount: Annotated[int, Field(gt=0, le=MAX_AMOUNT)] = Field(alias="transferAmount")
    way: Literal["in", "out"] = Field(alias="transferType")
    # Without one the money is nobody's, and is kept as such: a notice with an id and an amount is never refused for it.
    account: MaybeAccount = Field("", alias="accountNumber")
    memo: Memo = Field("", alias="content")
    reference: Text = Field("", alias="referenceCode")
    booked: Text = Field("", alias="transactionDate")
    virtual_account: MaybeAccount = Field("", alias="subAccount")
