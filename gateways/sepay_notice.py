"""What a SePay notice says, read into a Sighting and written from one.

Fields as developer.sepay.vn gives them. A form holds the same fields as texts, numbers too.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from pydantic import Field, ValidationError

from gateways.dong_text import Dong, Whole
from gateways.json_text import SAFE, Json
from gateways.notice_fields import MaybeAccount, Memo, Text, local
from gateways.notice_movement import Movement
from sales.errors import Malformed
from sales.transfer import Sighting

SOURCE = "sepay"

PLAYED = re.compile(r"SB[0-9A-F]{8,16}")
"""A reference that SePay's test mode makes: SB, then hexadecimal digits (twelve in all that were seen)."""


def sightings(body: Json) -> tuple[Sighting, ...]:
    """Read a notice whose sender is known: one movement, or none when SePay's test mode made it; raises Malformed.

    `code` is passed over: SePay finds it by a pattern that the seller may have set for other codes, and may cut it.
    """
    try:
        said = _Notice.model_validate(body)
    except ValidationError:
        raise Malformed("not a SePay notice") from None
    if is_test(said.reference):
        return ()
    moved = said.seen_by(SOURCE, str(said.id))
    return (moved if said.way == "in" else replace(moved, amount=-moved.amount),)


def is_test(reference: str) -> bool:
    """Whether SePay only plays, and no money has moved.

    Told by the whole reference, which no payer can choose. The memo tells nothing: anybody can write the words of a
    test call into a true transfer.
    """
    return PLAYED.fullmatch(reference.strip()) is not None


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
    id: Whole = Field(ge=1, le=SAFE)
    amount: Dong = Field(alias="transferAmount")
    way: Literal["in", "out"] = Field(alias="transferType")
    # Without one the money is nobody's, and is kept as such: a notice with an id and an amount is never refused for it.
    account: MaybeAccount = Field("", alias="accountNumber")
    memo: Memo = Field("", alias="content")
    reference: Text = Field("", alias="referenceCode")
    booked: Text = Field("", alias="transactionDate")
    virtual_account: MaybeAccount = Field("", alias="subAccount")
