"""The same movement told by a gateway's notice and found by its second look: whichever comes later changes nothing.

Both sides of the wire are real: the notice is signed by an independent signer, the API answers over HTTP.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientSession
from sqlalchemy import update

from flows.check_payments import Asker, check_payments
from flows.notice import Notice
from flows.till import Till
from gateways.casso import CASSO
from gateways.gateway import Gateway, Reach, Request, Secrets
from gateways.payos import PAYOS
from gateways.registry import tells_of
from sales.purchase import Order
from sales.question import Question
from storage.schema.money import sightings, transfers
from storage.schema.orders import attempts
from tests.clock import FrozenClock
from tests.flows.shop import ACCOUNT, PRICE, Shop
from tests.gateways import casso_server, casso_signing, payos_server, payos_signing
from tests.gateways.asked import question

PAID_AT = "2026-11-21 16:00:20"
BOTH = {**casso_signing.SECRETS, "secure_token": casso_signing.TOKEN, "api_key": casso_server.KEY}
VIRTUAL = "CAS0000111122223333"


@dataclass
class Told:
    """One payment of an order: `notice` brings it, `look` finds it."""

    shop: Shop
    till: Till
    gateway: Gateway
    secrets: Secrets
    asker: Asker
    request: Request
    clock: FrozenClock
    asked: Question

    async def notice(self) -> None:
        seen = self.gateway.read(self.secrets, self.request, self.clock())
        assert seen
        await self.till.settle(Notice(self.gateway.name, self.request.body.decode(), seen))

    async def look(self) -> None:
        self.clock.move(timedelta(minutes=1))
        assert await check_payments(self.shop.store, self.shop.premises, self.till, [self.asker]) == 1

    async def answer(self) -> None:
        """What a look brings that was on its way when the notice came."""
        found = await self.asker.asking.ask([self.asked])
        assert found
        await self.till.settle(Notice(self.gateway.name, str(found), found))


Play = Callable[[Order], Awaitable[Told]]


@pytest.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as opened:
        yield opened


@pytest.fixture(params=["casso V1", "casso V2", "payos"])
async def play(request: pytest.FixtureRequest, shop: Shop, stack: AsyncExitStack, clock: FrozenClock) -> Play:
    """Pay an order at one of the gateways."""
    http = await stack.enter_async_context(ClientSession())
    till = Till(shop.store, shop.premises)

    def told(gateway: Gateway, secrets: Secrets, url: str, notice: Request, number: int = 1) -> Told:
        assert gateway.ask is not None
        asking = gateway.ask(Reach(secrets, url, http, clock))
        assert asking is not None
        asker = Asker(gateway.name, tells_of(gateway.name), asking)
        asked = question(number, made_at=clock(), account=ACCOUNT)
        return Told(shop, till, gateway, secrets, asker, notice, clock, asked)

    async def by_casso(order: Order) -> Told:
        casso = await stack.enter_async_context(casso_server.serving())
        same = {"id": 77, "amount": PRICE, "description": f"CT {order.code} nhanh"}
        casso.records.append(casso_server.record(77, **same | {"bankSubAccId": ACCOUNT, "when": PAID_AT}))
        if request.param == "casso V1":
            notice = casso_signing.rows(casso_signing.row(**same, bank_sub_acc_id=ACCOUNT, when=PAID_AT))
        else:
            notice = casso_signing.notice(**same, accountNumber=ACCOUNT, transactionDateTime=PAID_AT)
        return told(CASSO, BOTH, casso.url, notice)

    async def by_payos(order: Order) -> Told:
        payos = await stack.enter_async_context(payos_server.serving())
        number = await link_of(shop, order)
        data = payos_signing.DATA | {"amount": PRICE, "orderCode": number, "paymentLinkId": f"link{number}"}
        transfer = {name: data[name] for name in ("amount", "accountNumber", "reference", "description")}
        payos.links[number] = {"id": f"link{number}", "orderCode": number, "transactions": [transfer]}
        return told(PAYOS, payos_signing.SECRETS, payos.url, payos_signing.signed(payos_signing.envelope(data)), number)

    return by_payos if request.param == "payos" else by_casso


async def link_of(shop: Shop, order: Order) -> int:
    """Make the order's attempt a payment link of payOS; answers its number."""
    row = {"gateway": "payos", "account": VIRTUAL}
    written = update(attempts).where(attempts.c.order_id == order.id).values(row).returning(attempts.c.number)
    return await shop.store.write(lambda unit: int(unit.conn.execute(written).scalar_one()))


async def kept(shop: Shop, order: Order) -> dict[str, Any]:
    """All that the payment has left behind."""
    story = await shop.story(order)
    return {
        "payment": story["order"]["payment"],
        "grants": story["grants"],
        "books": await shop.books(),
        "rows": (len(await shop.rows(transfers)), len(await shop.rows(sightings))),
        "jobs": sorted(job.dedupe for job in await shop.jobs()),
    }


async def test_first_the_look_and_then_the_notice(shop: Shop, play: Play) -> None:
    order = await shop.order()
    told = await play(order)
    await told.look()
    before = await kept(shop, order)
    assert (before["payment"], before["rows"], len(before["grants"])) == ("paid", (1, 1), 1)
    await told.notice()
    await told.notice()
    assert await kept(shop, order) == before


async def test_first_the_notice_and_then_the_look(shop: Shop, play: Play) -> None:
    order = await shop.order()
    told = await play(order)
    await told.notice()
    before = await kept(shop, order)
    assert (before["payment"], before["rows"], len(before["grants"])) == ("paid", (1, 1), 1)
    await told.answer()
    await told.answer()
    assert await kept(shop, order) == before


async def test_both_at_the_same_moment(shop: Shop, play: Play) -> None:
    order = await shop.order()
    told = await play(order)
    await asyncio.gather(told.look(), told.notice(), told.notice())
    after = await kept(shop, order)
    assert (after["payment"], after["rows"], len(after["grants"])) == ("paid", (1, 1), 1)
    assert await shop.meanings() == ["exact"]
