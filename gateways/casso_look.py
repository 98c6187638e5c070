"""Casso's second look: what its API knows of money that no notice may have told of.

Source: developer.casso.vn, API v2. GET /transactions names a movement by the very id that both notices use, so that
whichever comes later changes nothing. POST /sync has Casso read the bank now; its bank_acc_id is the number of the
bank account.
"""

from asyncio import gather
from collections.abc import Awaitable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from gateways.came_in import Listed, money_in
from gateways.casso_api import BODY_LIMIT, COMMAS
from gateways.casso_rows import read_row
from gateways.gateway import Asking, Reach
from gateways.http_call import Api, check_address
from gateways.json_text import Json
from gateways.notice_fields import VIETNAM
from gateways.shared_secret import held
from sales.errors import Later, Rejected
from sales.pace import CALM
from sales.question import Question
from sales.transfer import Sighting

MOST = 1000
"""Attempts that one call may be about: its answer holds the money of all of them."""
GAP = timedelta(seconds=30)
PAGE_SIZE = 100
PAGES = 20
"""Pages that one look reads, the newest movements first."""
SYNC_EVERY = timedelta(minutes=5)
"""How often Casso is asked to read one account; its own limit is not published."""
SYNCS = 5
"""Accounts that one look has read anew: a shop has a few, the rest are virtual ones that Casso does not know."""
SLACK = timedelta(minutes=1)
"""How much earlier than its order money may be booked: some banks write the time to the minute."""
REFUSED = (401, 403)


def asking(reach: Reach) -> Asking | None:
    """Build the second look; None without `api_key`. Raises Misconfigured for an address that is not https."""
    key = held(reach.secrets, "api_key")
    if not key:
        return None
    check_address(reach.url, "CASSO_API_URL")
    api = Api("Casso", reach.url, reach.session, reach.clock, limit=BODY_LIMIT)
    return Asking(_Look(api, {"Authorization": f"Apikey {key}"}).ask, CALM, MOST, GAP)


@dataclass(slots=True)
class _Look:
    """`synced`: when Casso was last asked to read an account, by its number."""

    api: Api
    headers: dict[str, str] = field(repr=False)
    synced: dict[str, datetime] = field(default_factory=dict)

    async def ask(self, questions: Sequence[Question]) -> tuple[Sighting, ...]:
        """Answer all money that came in for these attempts since the oldest was made; see money_in."""
        if not questions:
            return ()
        await self._sync(dict.fromkeys(each.account for each in questions if each.account))
        since = min(each.made_at for each in questions) - SLACK
        return tuple(money_in("casso", await self._listed(since), read_row, questions, since))

    async def _sync(self, accounts: dict[str, None]) -> None:
        """Have Casso read these accounts, unless it was just asked to; that it will not is no failure of the look."""
        now = self.api.clock()
        self.synced = {account: at for account, at in self.synced.items() if now - at < SYNC_EVERY}
        due = [account for account in accounts if account not in self.synced][:SYNCS]
        self.synced |= dict.fromkeys(due, now)
        calls = (self.api.call("POST", "/sync", self.headers, {"bank_acc_id": account}) for account in due)
        await gather(*map(_quietly, calls))

    async def _listed(self, since: datetime) -> Listed:
        rows: list[Json] = []
        for page in range(1, PAGES + 1):
            told, last = await self._page(page, since)
            rows += told
            if last:
                return Listed(rows)
        return Listed(rows, cut=True)

    async def _page(self, page: int, since: datetime) -> tuple[list[Json], bool]:
        """Movements of one page, and whether it is the last one."""
        from_date = since.astimezone(VIETNAM).date().isoformat()
        query = {"fromDate": from_date, "page": str(page), "pageSize": str(PAGE_SIZE), "sort": "DESC"}
        told = await self.api.ask("GET", "/transactions", self.headers, query=query, commas=COMMAS)
        if isinstance(told, dict) and told.get("error") in REFUSED:
            raise Rejected(f"Casso: {told['error']}")
        data = told.get("data") if isinstance(told, dict) else None
        rows = data.get("records") if isinstance(data, dict) else None
        if not isinstance(data, dict) or not isinstance(rows, list):
            raise Later("Casso: the answer is not what its reference says")
        pages = data.get("totalPages")
        return rows, page >= pages if isinstance(pages, int) else len(rows) < PAGE_SIZE


async def _quietly(call: Awaitable[object]) -> None:
    with suppress(Later, Rejected):
        await call
