"""SePay's second look: what its user API knows of money that no notice may have told of.

Source: developer.sepay.vn, user API v1: GET /userapi/transactions/list with a token of the seller, two calls a second.
Its fields have other names than those of a notice, and amounts are texts such as "100000.00". Whether its ids are those
of the notices is nowhere promised: so it speaks as a source of its own, "sepay-api", and what both tell is paired like
the words of any two watchers of one account. Were two numberings taken for one, a payment could hide behind another.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from pydantic import Field, ValidationError, model_validator

from gateways.came_in import Listed, money_in
from gateways.dong_text import Whole, dong
from gateways.gateway import Asking, Reach
from gateways.http_call import Api, check_address
from gateways.json_text import SAFE, Json
from gateways.notice_fields import VIETNAM, MaybeAccount, Memo, Text
from gateways.notice_movement import Movement
from gateways.sepay_notice import is_test
from gateways.shared_secret import held
from sales.errors import Later
from sales.pace import CALM
from sales.pairing import SAME_MOMENT
from sales.question import Question
from sales.transfer import Sighting

BASE = "https://my.sepay.vn"
LIST = "/userapi/transactions/list"
SOURCE = "sepay-api"
RETRY_AFTER = "x-sepay-userapi-retry-after"

MOST = 1000
"""Attempts that one call may be about: its answer holds the money of all of them."""
GAP = timedelta(seconds=0.5)
LIMIT = 5000
"""Movements that one page holds at most; SePay lists the newest first."""
PAGES = 10
BODY_LIMIT, COMMAS = 8 * 1024 * 1024, 40 * LIMIT
SLACK = SAME_MOMENT + timedelta(minutes=1)
"""How much earlier than an order money is told of: what notices told of just before must be named again here, or money
of an equal amount and without a code would be taken for it. The minute is for banks that write no seconds."""

log = structlog.get_logger(__name__)

Wait = Callable[[float], Awaitable[object]]


def asking(reach: Reach, wait: Wait = asyncio.sleep) -> Asking | None:
    """Build the second look; None without `user_token`. `wait(seconds)` keeps two pages apart.

    Raises Misconfigured for an address that is not https.
    """
    token = held(reach.secrets, "user_token")
    if not token:
        return None
    check_address(reach.url, "SEPAY_API_URL")
    api = Api("SePay", reach.url, reach.session, reach.clock, limit=BODY_LIMIT, retry_after=RETRY_AFTER)
    return Asking(_Look(api, {"Authorization": f"Bearer {token}"}, wait).ask, CALM, MOST, GAP)


@dataclass(frozen=True, slots=True)
class _Look:
    api: Api
    headers: dict[str, str] = field(repr=False)
    wait: Wait

    async def ask(self, questions: Sequence[Question]) -> tuple[Sighting, ...]:
        """Answer all money that came in for these attempts since the oldest was made; see money_in."""
        if not questions:
            return ()
        since = min(each.made_at for each in questions) - SLACK
        money = money_in("sepay", await self._listed(since), _read, questions, since)
        return tuple(each for each in money if not _played(each))

    async def _listed(self, since: datetime) -> Listed:
        """All movements from that day on, page by page back in time; the last moment of a page is asked for again."""
        query = {"transaction_date_min": since.astimezone(VIETNAM).date().isoformat(), "limit": str(LIMIT)}
        page = await self._page(query)
        rows = page
        for _ in range(PAGES - 1):
            moment = _moment(page)
            if len(page) < LIMIT or not moment or moment == query.get("transaction_date_max"):
                break
            query["transaction_date_max"] = moment
            await self.wait(GAP.total_seconds())
            page = await self._page(query)
            rows = rows + page
        return Listed(rows, cut=len(page) >= LIMIT)

    async def _page(self, query: dict[str, str]) -> list[Json]:
        told = await self.api.ask("GET", LIST, self.headers, query=query, commas=COMMAS)
        rows = told.get("transactions") if isinstance(told, dict) else None
        if not isinstance(rows, list):
            raise Later("SePay: the answer is not what its reference says")
        return list(rows)


def _played(sighting: Sighting) -> bool:
    if not is_test(sighting.reference):
        return False
    log.warning("look.test_passed_over", source=SOURCE, ref=sighting.ref)
    return True


def _moment(rows: list[Json]) -> str:
    """When the oldest movement of a page was booked, as SePay writes it."""
    row = rows[-1] if rows else None
    moment = row.get("transaction_date") if isinstance(row, dict) else None
    return moment if isinstance(moment, str) else ""


class _Row(Movement):
    id: Whole = Field(ge=1, le=SAFE)
    account: MaybeAccount = Field("", alias="account_number")
    memo: Memo = Field("", alias="transaction_content")
    reference: Text = Field("", alias="reference_number")
    booked: Text = Field("", alias="transaction_date")
    virtual_account: MaybeAccount = Field("", alias="sub_account")

    @model_validator(mode="before")
    @classmethod
    def _count(cls, row: Any) -> Any:
        if not isinstance(row, dict):
            return row
        came, went = (dong(row.get(name) or "0") for name in ("amount_in", "amount_out"))
        if came and went:
            raise ValueError("money goes one way")
        return row | {"amount": came - went}


def _read(row: Json) -> Sighting | None:
    try:
        said = _Row.model_validate(row)
    except ValidationError:
        return None
    return said.seen_by(SOURCE, str(said.id))
