"""Storms at the door: the same money told many times, and much money for one order."""

import asyncio
from datetime import datetime

from aiohttp import ClientSession

from gateways.casso import CASSO
from sales.transfer import Sighting
from tests.journeys.people import Town

STORM = 200


async def tell(town: Town, http: ClientSession, code: str, ref: int) -> int:
    """Send one true notice of 79.000 đồng for the order, as Casso would."""
    setup, now = town.opened.setup, datetime.fromisoformat((await town.state())["now"])
    bank = setup.bank
    assert bank is not None
    sighting = Sighting("casso", str(ref), 79_000, "VND", bank[1], f"CT {code}", booked_at=now)
    notice = CASSO.forge(setup.gateways["casso"], sighting, now)
    async with http.post("/webhooks/main/casso", data=notice.body, headers=list(notice.headers)) as answer:
        return answer.status


async def test_200_copies_of_one_notice_at_once_give_one_licence(town: Town) -> None:
    code = await town.buyer.order()
    statuses = await asyncio.gather(*(tell(town, town.http, code, 7001) for _ in range(STORM)))
    assert set(statuses) == {200}
    story = await town.order(code)
    assert [each["decision"] for each in story["transfers"]] == ["exact"]
    assert len(story["grants"]) == 1


async def test_200_transfers_for_one_order_give_one_licence_and_199_seconds(town: Town) -> None:
    code = await town.buyer.order()
    statuses = await asyncio.gather(*(tell(town, town.http, code, 8000 + n) for n in range(STORM)))
    assert set(statuses) == {200}
    story, books = await town.order(code), await town.ledger()
    found = sorted(each["decision"] for each in story["transfers"])
    assert found == ["exact"] + ["second"] * (STORM - 1)
    assert len(story["grants"]) == 1
    assert books["balanced"]
    totals = books["totals"]["VND"]
    assert (totals["received"], totals["revenue"], totals["credit"]) == (79_000 * 200, 79_000, 79_000 * 199)
