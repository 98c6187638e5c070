"""The shop's own client against the street's payOS: what the shop will see of it."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp import ClientSession

from gateways.gateway import Links, LinkState, LinkWanted, Reach
from gateways.payos_api import confirm_webhook, links
from sales.errors import Later, LinkExists, Rejected
from sales.money import Money
from sandbox.bank.faults import STEP
from tests.sandbox.house import ACCOUNT, House
from tests.sandbox.payos.seller import KEYS


@pytest.fixture
async def http() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


@pytest.fixture
def payos(house: House, http: ClientSession) -> Links:
    return links(Reach(KEYS, house.base + house.street.payos_url, http, house.clock))


def wanted(house: House, number: int = 7) -> LinkWanted:
    until = house.clock() + timedelta(minutes=30)
    return LinkWanted(number, "KX7R2M9CF", Money(199_000), until, "https://t.me/shopbot")


async def test_a_link_from_its_making_to_its_money(house: House, payos: Links) -> None:
    link = await payos.open(wanted(house))
    assert (link.number, link.state, link.amount, link.holder) == (7, LinkState.OPEN, Money(199_000), ACCOUNT.holder)
    assert "KX7R2M9CF" in link.memo
    for amount, state in ((199_000 - STEP, LinkState.UNDERPAID), (STEP, LinkState.PAID)):
        await house.post("bank/pay", account=link.account, amount=amount, memo=link.memo)
        asked = await payos.ask(7)
        assert asked is not None
        assert (asked.id, asked.state) == (link.id, state)
    assert asked.paid == Money(199_000)
    with pytest.raises(Rejected):
        await payos.cancel(7, "replaced")


async def test_a_number_that_is_taken_and_one_that_is_unknown(house: House, payos: Links) -> None:
    await payos.open(wanted(house))
    with pytest.raises(LinkExists):
        await payos.open(wanted(house))
    assert await payos.ask(8) is None
    await payos.cancel(7, "replaced")
    asked = await payos.ask(7)
    assert asked is not None
    assert asked.state is LinkState.CLOSED


async def test_a_payos_in_trouble_is_asked_again_later(house: House, payos: Links) -> None:
    await house.post("faults", payos_down=True)
    with pytest.raises(Later):
        await payos.open(wanted(house))
    await house.post("faults", payos_down=False, payos_limit_next=True)
    with pytest.raises(Later) as busy:
        await payos.open(wanted(house))
    assert busy.value.seconds == 2
    assert (await payos.open(wanted(house))).state is LinkState.OPEN


async def test_wrong_keys_are_refused_for_good(house: House, http: ClientSession) -> None:
    strange = links(Reach(KEYS | {"api_key": "another"}, house.base + house.street.payos_url, http, house.clock))
    with pytest.raises(Rejected):
        await strange.open(wanted(house))


async def test_the_webhooks_address_is_confirmed(house: House, http: ClientSession) -> None:
    base = house.base + house.street.payos_url
    channel = await confirm_webhook(KEYS, base, http, f"{house.base}/webhooks/main/payos")
    assert (channel.account, channel.holder) == (ACCOUNT.account, ACCOUNT.holder)
    with pytest.raises(Rejected):
        await confirm_webhook(KEYS, base, http, "https://shop.example/webhooks/main/payos")
