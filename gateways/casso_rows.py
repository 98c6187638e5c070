"""What a Casso V1 notice says: rows of a statement, each read into a Sighting by itself.

Fields as in CassoHQ/casso-webhook-handler-sample and in the pages of developer.casso.vn.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import Field, ValidationError, model_validator

from gateways.json_text import SAFE, Json
from gateways.notice_fields import Memo, Text, local
from gateways.notice_movement import Movement
from sales.errors import Malformed, PartlyMalformed
from sales.transfer import Sighting

COMMAS = 20_000
"""Commas a notice may have: twice as many as the longest body that a door reads can hold of true rows."""

ACCOUNTS = ("bank_sub_acc_id", "subAccId", "bankSubAccId", "virtualAccount")
"""Where the receiving account may stand, in a notice or in an answer of the API; banks leave some of them empty."""


def sightings(body: Json) -> tuple[Sighting, ...]:
    """Read a notice whose sender is known; the test call of Casso's dashboard (id 0) says nothing.

    Raises Malformed, and PartlyMalformed for rows that cannot be read beside others that can: those are not to
    be lost with them, and what is not answered 200 comes again, so a row is never passed over in silence.
    """
    rows = body.get("data") if isinstance(body, dict) else None
    if not isinstance(rows, list):
        raise Malformed("not a Casso V1 notice")
    told = [read_row(row) for row in rows if not _is_test(row)]
    found = tuple(each for each in told if each is not None)
    if len(found) < len(told):
        raise PartlyMalformed(f"{len(told) - len(found)} of {len(told)} rows cannot be read", found)
    return found


def read_row(row: Json) -> Sighting | None:
    """Read one movement as notices and API write it, or answer None when it cannot be read."""
    try:
        said = _Row.model_validate(row)
    except ValidationError:
        return None
    return said.seen_by("casso", str(said.id))


def fields(sightings: Sequence[Sighting]) -> Mapping[str, Json]:
    """Write the notice that Casso would send of these movements."""
    return {"error": 0, "data": [_row(each) for each in sightings]}


def _row(sighting: Sighting) -> Json:
    return {
        "id": int(sighting.ref),
        "tid": sighting.reference,
        "description": sighting.memo,
        "amount": sighting.amount,
        "cusum_balance": 0,
        "when": local(sighting.booked_at),
        "bank_sub_acc_id": sighting.account,
        "subAccId": sighting.account,
        "bankName": "",
        "bankAbbreviation": "",
        "virtualAccount": sighting.virtual_account,
        "virtualAccountName": "",
        "corresponsiveName": sighting.payer.name,
        "corresponsiveAccount": sighting.payer.account,
        "corresponsiveBankId": "",
        "corresponsiveBankName": sighting.payer.bank,
    }


class _Row(Movement):
    id: int = Field(ge=1, le=SAFE)
    memo: Memo = Field("", alias="description")
    reference: Text = Field("", alias="tid")
    booked: Text = Field("", alias="when")
    virtual_account: Text = Field("", alias="virtualAccount")
    payer_name: Text = Field("", alias="corresponsiveName")
    payer_account: Text = Field("", alias="corresponsiveAccount")
    payer_bank: Text = Field("", alias="corresponsiveBankName")
    payer_bin: Text = Field("", alias="corresponsiveBankId")

    @model_validator(mode="before")
    @classmethod
    def _find_account(cls, row: Any) -> Any:
        if not isinstance(row, dict):
            return row
        named = (row[name] for name in ACCOUNTS if row.get(name) is not None and str(row[name]).strip())
        return row | {"account": next(named, None)}


def _is_test(row: Json) -> bool:
    """Whether it is the dashboard's test call, whatever else stands in it (False is no number)."""
    return isinstance(row, dict) and row.get("id") == 0 and type(row["id"]) is int
