"""A shop that sells by the example: run by test_example in a process where it has joined."""

from dataclasses import replace

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from app.gateway_settings import variable
from app.gauges import GAUGES
from app.lookout import open_askers
from app.settings import read_settings
from flows.check_payments import check_payments
from flows.place_order import place_order
from flows.premises import Plug
from flows.till import Till
from flows.ways import ways
from gateways.gateway import Secrets
from gateways.registry import gateway
from sales.people import Peer
from sales.purchase import Order
from storage import orders
from storage.orders import FIRST_LOOK
from storage.store import Store
from tests.clock import FrozenClock
from tests.flows.shop import Shop, notices, open_shop

SECRETS: Secrets = {"key": "dummy-example-key"}


@pytest.fixture
async def shop(store: Store) -> Shop:
    opened = await open_shop(store)
    joined = gateway("example")
    assert joined is not None
    opened.premises = replace(opened.premises, plugs=(Plug(joined, SECRETS, joined.url),))
    return opened


async def buy(shop: Shop) -> Order:
    peer: Peer = await shop.meet()
    offer = await shop.offer()
    found = await shop.store.read(lambda unit: ways(unit, shop.premises, "telegram", {"VND": 1}, []))
    way = next(each for each in found if each.gateway == "example")
    return await shop.store.write(lambda unit: place_order(unit, shop.premises, peer, offer, "", way))


async def number_of(shop: Shop, order: Order) -> int:
    return (await shop.store.read(lambda unit: orders.attempts_of(unit, shop.premises.shop.id, order.id)))[0].number


async def test_its_notice_pays(shop: Shop, clock: FrozenClock) -> None:
    order = await buy(shop)
    joined, told = shop.premises.plugs[0].gateway, shop.sighting("", number=await number_of(shop, order))
    true = joined.read(SECRETS, joined.forge(SECRETS, replace(told, source="example"), clock()), clock())
    assert await shop.settle(*true) == 1
    assert (await shop.story(order))["order"]["payment"] == "paid"
    assert len(notices(*true)) == 1


async def test_a_second_look_pays(shop: Shop, clock: FrozenClock) -> None:
    order = await buy(shop)
    number = await number_of(shop, order)

    async def answer(request: web.Request) -> web.Response:
        assert request.headers["authorization"] == f"Bearer {SECRETS['key']}"
        assert request.path == f"/payments/{number}"
        return web.json_response({"id": "T1", "number": number, "amount": order.total.minor})

    app = web.Application()
    app.router.add_get("/payments/{number}", answer)
    async with TestServer(app) as server, ClientSession() as session:
        [plug] = shop.premises.plugs
        premises = replace(shop.premises, plugs=(replace(plug, url=str(server.make_url("")).rstrip("/")),))
        [asker] = open_askers(premises, session, clock)
        clock.move(FIRST_LOOK)
        assert await check_payments(shop.store, premises, Till(shop.store, premises), [asker]) == 1
    assert (await shop.story(order))["order"]["payment"] == "paid"


def test_its_secret_has_a_variable_and_its_troubles_a_gauge(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable("example", "key"), "secret")
    assert variable("example", "key") == "EXAMPLE_KEY"
    assert read_settings().gateway_secrets == {"example": {"key": "secret"}}
    assert "chotdon_look_failures_example" in GAUGES
