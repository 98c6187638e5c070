"""A gateway that nobody runs, written by following CONTRIBUTING: a page to pay on, signed notices, and an API.

It is `gateways/example.py` to the shop that test_example opens: this file and a line in the registry are all it takes.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest
from hmac import new as hmac
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gateways.by_status import ANSWERS
from gateways.gateway import Answer, Asking, Gateway, Invitation, Invoice, Reach, Request, Secrets, Verdict
from gateways.http_call import Api
from gateways.json_text import SAFE, Json, parse
from gateways.notice_fields import MAX_AMOUNT, Memo, moment
from gateways.shared_secret import held, needed
from sales.errors import Forged, Later, Malformed
from sales.pace import CALM
from sales.question import Question
from sales.transfer import Payer, Sighting

HEADER = "x-example-signature"


class _Payment(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)

    id: str = Field(pattern=r"^[0-9A-Za-z]{1,64}$")
    number: int = Field(ge=1, le=SAFE)
    amount: int = Field(ge=-MAX_AMOUNT, le=MAX_AMOUNT)
    memo: Memo = ""
    at: str = ""

    def sighting(self) -> Sighting:
        return Sighting(
            "example", self.id, self.amount, "VND", "example", self.memo, number=self.number, booked_at=moment(self.at)
        )


def open_invoice(_: Secrets, invoice: Invoice) -> Invitation:
    """The buyer pays on its page."""
    return Invitation(invoice.code, url=f"{invoice.url}/pay/{invoice.number}?amount={invoice.amount.minor}")


def read(secrets: Secrets, request: Request, _: datetime) -> tuple[Sighting, ...]:
    """Verify the very bytes, then read them; a blank key proves nothing."""
    needed(held(secrets, "key"))
    if not compare_digest((request.header(HEADER) or "").encode(), sign(secrets, request.body).encode()):
        raise Forged("signature does not match")
    return (_read(parse(request.body)).sighting(),)


def acknowledge(verdict: Verdict) -> Answer:
    """It looks at the status."""
    return ANSWERS[verdict]


def forge(secrets: Secrets, sighting: Sighting, _: datetime) -> Request:
    """Write a true notice."""
    at = sighting.booked_at.isoformat() if sighting.booked_at else ""
    said = {"id": sighting.ref, "number": sighting.number, "amount": sighting.amount, "memo": sighting.memo, "at": at}
    body = json.dumps(said).encode()
    return Request(body, ((HEADER, sign(secrets, body)),))


def asking(reach: Reach) -> Asking:
    """Ask for one payment after the other."""
    api = Api("example", reach.url, reach.session, reach.clock)

    async def ask(questions: Sequence[Question]) -> tuple[Sighting, ...]:
        headers = {"authorization": f"Bearer {reach.secrets['key']}"}
        told = [await api.ask("GET", f"/payments/{each.number}", headers) for each in questions]
        return tuple(_told(each).sighting() for each in told if each)

    return Asking(ask, CALM)


def sign(secrets: Secrets, body: bytes) -> str:
    """HMAC-SHA256 of the body, in hex."""
    return hmac(held(secrets, "key").encode(), body, sha256).hexdigest()


def _read(body: Json) -> _Payment:
    try:
        return _Payment.model_validate(body)
    except ValidationError:
        raise Malformed("not a notice of the example") from None


def _told(answer: Json) -> _Payment:
    try:
        return _read(answer)
    except Malformed:
        raise Later("example: the answer is not what its reference says") from None


EXAMPLE = Gateway(
    name="example",
    secrets=(("key",),),
    open_invoice=open_invoice,
    read=read,
    acknowledge=acknowledge,
    forge=forge,
    url="https://api.example.com",
    ask=asking,
)
SAMPLE: dict[str, Any] = {"number": 7, "account": "example", "virtual_account": "", "reference": "", "payer": Payer()}
"""What its notices can and cannot say, for the sweep."""
