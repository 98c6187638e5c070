"""What a Casso V2 notice says, read into a Sighting and written from one."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from gateways.casso_json import SAFE, Json
from sales.errors import Malformed
from sales.transfer import Payer, Sighting

VIETNAM = timezone(timedelta(hours=7))
MAX_AMOUNT = 10**13
MEMO_LIMIT = 1000
"""Characters kept of a memo; the longest layout seen at a bank has about 210."""
TEXT_LIMIT = 200
ACCOUNT_LIMIT = 64


def sightings(body: Json) -> tuple[Sighting, ...]:
    """Read a verified body: one movement, or none for the test call of Casso's dashboard (id 0).

    Raises Malformed.
    """
    try:
        notice = _Notice.model_validate(body)
    except ValidationError:
        raise Malformed("not a Casso V2 notice") from None
    return (_sighting(notice.data),) if notice.data.id else ()


def fields(sighting: Sighting) -> Mapping[str, Json]:
    """Write the notice that Casso would send of this movement (fields and order of its public samples)."""
    data: dict[str, Json] = {
        "id": int(sighting.ref),
        "reference": sighting.reference,
        "description": sighting.memo,
        "amount": sighting.amount,
        "runningBalance": 0,
        "transactionDateTime": _local(sighting.booked_at),
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


def _clean(value: object) -> object:
    """Null is an empty text to Casso's readers; of a text only what can be seen is kept, on one line.

    Whoever pays writes these texts, and a person reads them: a line break, a turned direction or a terminal's
    control code could pass for words of the shop. Half an emoji, as a bank's cut leaves it, and a zero character
    fit into no database; refusing them would refuse the money.
    """
    if value is None:
        return ""
    return "".join(map(_seen, value)) if isinstance(value, str) else value


def _seen(letter: str) -> str:
    return letter if letter.isprintable() else " " * letter.isspace()


def _cut(limit: int) -> AfterValidator:
    """Whoever pays writes these texts: none may fill the database."""
    return AfterValidator(lambda text: text[:limit])


def _named(account: str) -> str:
    if not 0 < len(account.strip()) <= ACCOUNT_LIMIT:
        raise ValueError("no account")
    return account.strip()


def _not_zero(amount: int) -> int:
    if amount == 0:
        raise ValueError("no money moved")
    return amount


Text = Annotated[str, BeforeValidator(_clean), _cut(TEXT_LIMIT)]
Memo = Annotated[str, BeforeValidator(_clean), _cut(MEMO_LIMIT)]
Account = Annotated[str, BeforeValidator(_clean), AfterValidator(_named)]
Amount = Annotated[int, Field(ge=-MAX_AMOUNT, le=MAX_AMOUNT), AfterValidator(_not_zero)]


class _Movement(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)

    # Beyond this, JavaScript prints neighbours alike: one signature would fit many ids.
    id: int = Field(ge=0, le=SAFE)
    amount: Amount
    account: Account = Field(alias="accountNumber")
    memo: Memo = Field("", alias="description")
    reference: Text = ""
    booked: Text = Field("", alias="transactionDateTime")
    virtual_account: Text = Field("", alias="virtualAccountNumber")
    payer_name: Text = Field("", alias="counterAccountName")
    payer_account: Text = Field("", alias="counterAccountNumber")
    payer_bank: Text = Field("", alias="counterAccountBankName")
    payer_bin: Text = Field("", alias="counterAccountBankId")


class _Notice(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)

    data: _Movement


def _sighting(said: _Movement) -> Sighting:
    return Sighting(
        source="casso",
        ref=str(said.id),
        amount=said.amount,
        currency="VND",
        account=said.account,
        memo=said.memo,
        virtual_account=said.virtual_account,
        reference=said.reference,
        booked_at=_moment(said.booked),
        payer=Payer(said.payer_name, said.payer_account, said.payer_bank or said.payer_bin),
    )


def _moment(text: str) -> datetime | None:
    """Read Casso's time: date alone, or with the hour after a blank or a T; Vietnam's unless it names a zone."""
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _local(moment: datetime | None) -> str:
    return moment.astimezone(VIETNAM).replace(tzinfo=None).isoformat(" ", "seconds") if moment else ""
