"""Refunds at the toy VNPay take their time, and our own giver follows them."""

from collections.abc import AsyncIterator
from datetime import datetime

import pytest
from aiohttp import ClientSession

from gateways.gateway import Reach
from gateways.giving import Giver, Giving, Origin, Stage
from gateways.vnpay import VNPAY
from sales.money import Money
from sales.payee import Payee
from tests.sandbox.house import House
from tests.sandbox.vnpay.seller import KEYS, NUMBER, PAY_PAGE, opened, payment, press

UUID = "0b6f3a52-7a53-4c1e-9d59-1f2c3b4a5d6e"


@pytest.fixture
async def giver(house: House) -> AsyncIterator[Giver]:
    assert VNPAY.refund is not None
    async with ClientSession() as session:
        found = VNPAY.refund(Reach(KEYS, house.base + PAY_PAGE, session, house.clock))
        assert found is not None
        yield found


async def paid(house: House, amount: int = 199_000) -> Giving:
    made: datetime = house.clock()
    _, back = await press(house, await opened(house), "pay")
    origin = Origin(NUMBER, made, back["vnp_TransactionNo"], Money(199_000))
    return Giving(UUID, Money(amount), "RF2345679 HOAN TIEN", Payee(), origin)


@pytest.mark.parametrize("amount", [199_000, 50_000])
@pytest.mark.parametrize(("bounced", "end"), [(False, Stage.ARRIVED), (True, Stage.FAILED)])
async def test_it_is_under_way_for_ten_minutes(
    house: House, giver: Giver, amount: int, bounced: bool, end: Stage
) -> None:
    giving = await paid(house, amount)
    await house.post("vnpay", refunds_bounced=bounced)
    assert await giver.ask(giving, "") is None
    sent = await giver.send(giving)
    assert (sent.stage, (await giver.send(giving)).ref) == (Stage.UNDER_WAY, "")
    for seconds, stage in ((1, Stage.UNDER_WAY), (120, Stage.UNDER_WAY), (600, end)):
        await house.post("clock", seconds=seconds)
        told = await giver.ask(giving, sent.ref)
        assert told is not None
        assert (told.stage, told.ref) == (stage, sent.ref)
    assert (await payment(house))["refunds"] == [{"amount": amount, "refused": bounced}]


async def test_what_is_refused_at_once_has_failed(house: House, giver: Giver) -> None:
    giving = await paid(house)
    await house.post("vnpay", refunds_refused=True)
    assert (await giver.send(giving)).stage is Stage.FAILED
    assert await giver.ask(giving, "") is None, "the payment stays as it was"
