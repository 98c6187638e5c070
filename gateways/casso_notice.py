"""What a Casso V2 notice says, read into a Sighting and written from one."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gateways.json_text import SAFE, Json
from gateways.notice_fields import Account, Memo, Text, local
from gateways.notice_movement import Movement
from sales.errors import Malformed
from sales.transfer import Sighting


def sightings(body: Json) -> tuple[Sighting, ...]:
    """Read a verified body: one movement, or none for the test call of Casso's dashboard (id 0).

    Raises Malformed.
    """
    try:
        notice = _Notice.model_validate(body)
    except ValidationError:
        raise Malformed("not a Casso V2 notice") from None
    said = notice.data
    return (said.seen_by("casso", str(said.id)),) if said.id else ()


def fields(sighting: Sighting) -> Mapping[str, Json]:
    """Write the notice that Casso would send of this movement (fields and order of its public samples)."""
    data: dict[str, Json] = {
        "id": int(sighting.ref),
        "reference": sighting.reference,
        "description": sighting.memo,
        "amount": sighting.amount,
        "runningBalance": 0,
        "transactionDateTime": local(sighting.booked_at),
        "accountNumber": sighting.account,
        "bankName": "",
        "bankAbbreviation": "",
        "virtualAccountNumber": sighting.virtual_account,
        "virtualAccountName": "",
        "counterAccountName": sighting.payer.name,
        "counterAccountNumber": sighting.payer.account,
        "counterAccountBankId": "",
        "counterAccountBankName": sighting.payer.bank,
    }
    return {"error": 0, "data": data}


class _Movement(Movement):
    # Beyond this, JavaScript prints neighbours alike: one signature would fit many ids.
    id: int = Field(ge=0, le=SAFE)
    account: Account = Field(alias="accountNumber")
    memo: Memo = Field("", alias="description")
    booked: Text = Field("", alias="transactionDateTime")
    virtual_account: Text = Field("", alias="virtualAccountNumber")
    payer_name: Text = Field("", alias="counterAccountName")
    payer_account: Text = Field("", alias="counterAccountNumber")
    payer_bank: Text = Field("", alias="counterAccountBankName")
    payer_bin: Text = Field("", alias="counterAccountBankId")


class _Notice(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)

    data: _Movement
