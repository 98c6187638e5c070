"""What payOS is asked to pay out, over the keys of a payout channel: sent once, then looked at.

Source: payOS's API reference and the official packages (POST and GET of /v1/payouts). A payout of ours has one
transaction. Only SUCCEEDED says that the money is there, and even then the receiving bank may send it back (REVERSED).
"""

import re
from functools import partial

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gateways.gateway import Reach
from gateways.giving import Given, Giver, Giving, Stage
from gateways.http_call import NOTHING, check_address
from gateways.json_text import Json
from gateways.notice_fields import MAX_AMOUNT, Text
from gateways.payos_payout_signature import HEADER, is_signed, sign
from gateways.payos_wire import Unknown, Wire
from gateways.shared_secret import held
from sales.errors import Later, LinkExists, Malformed, Rejected
from sales.pace import GIVING

PAYOUTS = "/v1/payouts"
IDEMPOTENCY = "x-idempotency-key"
ID = r"^[0-9A-Za-z_-]{1,100}$"
UNDONE = frozenset({"REVERSED", "FAILED", "CANCELLED"})
"""States of a transaction whose money is not with the buyer, and will not be."""
MOVING = frozenset({"PROCESSING", "SUCCEEDED"})
"""States of one whose money is on its way or there, whatever is said of its approval."""
NOT_APPROVED = frozenset({"REJECTED", "CANCELLED", "FAILED"})
TROUBLE = re.compile(r"payOS 5[0-9]{2}:")
"""A code of payOS's own trouble, which HTTP 200 may hide: nobody knows what became of the call."""


class _Exists(Later):
    """payOS has a payout of that reference already."""


def giver(reach: Reach) -> Giver:
    """Build what sends payouts and asks about them; see Giver. Raises Misconfigured for an address without https."""
    check_address(reach.url, "PAYOS_API_URL")
    return Giver(partial(_send, reach), partial(_ask, reach), GIVING)


async def _send(reach: Reach, giving: Giving) -> Given:
    """Ask for a payout; the same key again asks for the same payout, which payOS may refuse because it has it."""
    if giving.amount.currency != "VND":
        raise ValueError("payOS pays out VND only")
    body: dict[str, Json] = {
        "referenceId": giving.key,
        "amount": giving.amount.minor,
        "description": giving.memo,
        "toBin": giving.payee.bin,
        "toAccountNumber": giving.payee.account,
        "category": ["refund"],
    }
    signed = {IDEMPOTENCY: giving.key, HEADER: sign(held(reach.secrets, "checksum_key"), body)}
    try:
        return _told(giving, await _data(reach, "POST", PAYOUTS, body, headers=signed))
    except (_Exists, Rejected) as said:
        return await _looked_into(reach, giving, said)


async def _looked_into(reach: Reach, giving: Giving, said: "_Exists | Rejected") -> Given:
    """Look what payOS has: no refusal is signed, so it is believed only where the signed list shows no such payout.

    What payOS says that it has already, and does not show, is nowhere yet: nobody knows what became of it.
    """
    try:
        found = await _ask(reach, giving, "")
    except Rejected:
        raise Later(str(said)) from None
    if found is None:
        raise said
    return found


async def _ask(reach: Reach, giving: Giving, ref: str) -> Given | None:
    """Look at a payout; without its number, which an answer that was lost held, it is looked for by our reference."""
    if ref:
        try:
            return _told(giving, await _data(reach, "GET", f"{PAYOUTS}/{_safe(ref)}"))
        except Unknown:
            raise Later("payOS: it does not know its own payout") from None
    data = await _data(reach, "GET", PAYOUTS, query={"referenceId": giving.key})
    listed = data.get("payouts")
    if not isinstance(listed, list):
        raise Later("payOS: the answer is not what its reference says")
    mine = [each for each in listed if isinstance(each, dict) and each.get("referenceId") == giving.key]
    if not mine and not _is_all(data):
        raise Later("payOS: there is more than it has listed")
    return _told(giving, mine[0]) if mine else None


def _is_all(data: dict[str, Json]) -> bool:
    """Whether a list says that nothing comes behind it."""
    page = data.get("pagination")
    return isinstance(page, dict) and page.get("hasMore") is False


async def _data(
    reach: Reach,
    method: str,
    path: str,
    body: Json = None,
    headers: dict[str, str] | None = None,
    query: dict[str, str] | None = None,
) -> dict[str, Json]:
    """Call and answer the `data`, which the header of the answer must have signed."""
    wire = Wire(reach.secrets, reach.url, reach.session, clock=reach.clock)
    try:
        answer, reply = await wire.exchange(method, path, body, headers or NOTHING, query or NOTHING)
    except LinkExists as refusal:
        raise _Exists(str(refusal)) from None
    except Rejected as refusal:
        raise (Later(str(refusal)) if TROUBLE.match(str(refusal)) else refusal) from None
    data = answer.get("data")
    try:
        if isinstance(data, dict) and is_signed(held(reach.secrets, "checksum_key"), data, reply.header(HEADER)):
            return data
    except Malformed:
        pass
    raise Later("payOS: the answer is not signed as it should be")


def _safe(ref: str) -> str:
    if not re.fullmatch(ID, ref):
        raise Later("payOS: no number of a payout")
    return ref


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)


class _Transaction(_Part):
    amount: int = Field(ge=0, le=MAX_AMOUNT)
    state: str
    message: Text = Field("", alias="errorMessage")
    code: Text = Field("", alias="errorCode")


class _Payout(_Part):
    id: str = Field(pattern=ID)
    reference: str = Field(alias="referenceId")
    transactions: list[_Transaction] = Field(max_length=1)
    approval: str = Field(alias="approvalState")

    @property
    def stage(self) -> Stage:
        states = {each.state for each in self.transactions}
        if "SUCCEEDED" in states:
            return Stage.ARRIVED
        refused = self.approval in NOT_APPROVED and not states & MOVING
        return Stage.FAILED if refused or states & UNDONE else Stage.UNDER_WAY

    @property
    def reason(self) -> str:
        """Why it failed, in payOS's own words as far as it has any."""
        states = [each.state for each in self.transactions if each.state in UNDONE]
        said = [word for each in self.transactions for word in (each.code, each.message) if word]
        return " ".join([*(states or [self.approval]), *said])


def _told(giving: Giving, data: Json) -> Given:
    """Read a payout; one under another reference, or of another amount, was not asked for."""
    try:
        told = _Payout.model_validate(data)
    except ValidationError:
        raise Later("payOS: the answer is not what its reference says") from None
    amounts = {each.amount for each in told.transactions} or {giving.amount.minor}
    if told.reference != giving.key or amounts != {giving.amount.minor}:
        raise Later("payOS: the answer speaks of another payout")
    return Given(told.stage, told.id, told.reason if told.stage is Stage.FAILED else "")
