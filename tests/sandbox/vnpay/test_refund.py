"""Money given back by the toy VNPay, asked for by our own client."""

from dataclasses import replace
from typing import Any

import pytest
from aiohttp import ClientSession

from gateways.gateway import Reach, Secrets
from gateways.vnpay_api import REFUND, Refunded, RefundState, RefundWanted, refund
from gateways.vnpay_time import stamp
from gateways.vnpay_wire import signed_body
from sales.errors import Later, Rejected
from sales.money import Money
from tests.sandbox.house import House
from tests.sandbox.vnpay.seller import API, KEYS, NUMBER, PAY_PAGE, look, opened, payment, press


async def paid(house: House) -> RefundWanted:
    """Pay 199,000 đồng; answer what asks for all of it back."""
    await press(house, await opened(house), "pay")
    return RefundWanted("r1", NUMBER, "KX7R2M9CF", Money(199_000), True, house.clock())


async def asked(house: House, wanted: RefundWanted, secrets: Secrets = KEYS) -> Refunded:
    async with ClientSession() as session:
        return await refund(Reach(secrets, house.base + PAY_PAGE, session, house.clock), wanted)


async def given_back(house: House) -> list[dict[str, Any]]:
    refunds: list[dict[str, Any]] = (await payment(house))["refunds"]
    return refunds


async def test_all_of_it_goes_back_once(house: House) -> None:
    wanted = await paid(house)
    told = await asked(house, wanted)
    assert (told.state, told.status) == (RefundState.ACCEPTED, "05")
    assert (await asked(house, wanted)).state is RefundState.ASKED_BEFORE
    with pytest.raises(Rejected, match="95"):
        await asked(house, replace(wanted, request="r2"))
    assert await given_back(house) == [{"amount": 199_000, "refused": False}]


async def test_parts_go_back_until_nothing_is_left(house: House) -> None:
    wanted = replace(await paid(house), whole=False, amount=Money(99_000))
    first = await asked(house, wanted)
    assert await look(house) == (), "what goes back is no payment any more"
    for whole, amount in ((False, 100_001), (True, 199_000), (True, 100_000)):
        with pytest.raises(Rejected, match="95"):
            await asked(house, replace(wanted, request=f"{whole}{amount}", whole=whole, amount=Money(amount)))
    last = await asked(house, replace(wanted, request="r2", amount=Money(100_000)))
    assert first.transaction != last.transaction
    assert [each["amount"] for each in await given_back(house)] == [99_000, 100_000]
    assert await look(house) == ()


async def test_a_bank_may_refuse_it(house: House) -> None:
    wanted = await paid(house)
    await house.post("vnpay", refunds_refused=True)
    told = await asked(house, wanted)
    assert (told.state, told.status) == (RefundState.REFUSED, "09")
    await house.post("vnpay", refunds_refused=False)
    assert (await asked(house, replace(wanted, request="r2"))).state is RefundState.ACCEPTED
    assert [each["refused"] for each in await given_back(house)] == [True, False]


@pytest.mark.parametrize("act", [None, "cancel", "fail", "suspect"])
async def test_what_was_not_paid_does_not_go_back(house: House, act: str | None) -> None:
    page = await opened(house)
    if act:
        await press(house, page, act)
    with pytest.raises(Rejected, match="95"):
        await asked(house, RefundWanted("r1", NUMBER, "KX7R2M9CF", Money(199_000), True, house.clock()))


async def test_a_payment_is_known_by_all_its_numbers(house: House) -> None:
    wanted = await paid(house)
    [seen] = await look(house)
    for number, changes in enumerate(({"number": 7}, {"transaction": 7})):
        with pytest.raises(Rejected, match="no such payment"):
            await asked(house, replace(wanted, request=f"x{number}", **changes))  # type: ignore[arg-type]
    told = await asked(house, replace(wanted, transaction=int(seen.reference)))
    assert told.state is RefundState.ACCEPTED


async def test_a_stranger_gets_nothing(house: House) -> None:
    wanted = await paid(house)
    with pytest.raises(Later, match="code 97, not signed"):
        await asked(house, wanted, {**KEYS, "hash_secret": "another"})
    with pytest.raises(Rejected, match="02"):
        await asked(house, wanted, {**KEYS, "tmn_code": "OTHERTMN"})
    assert await given_back(house) == []


@pytest.mark.parametrize(
    "changes", [{"TransactionType": "01"}, {"Amount": "0"}, {"Amount": "1.5"}, {"Amount": "9" * 5000}, {"CreateBy": ""}]
)
async def test_what_is_no_refund(house: House, changes: dict[str, str]) -> None:
    await paid(house)
    usual: dict[str, int | str] = {
        "RequestId": "r1",
        "TransactionType": "02",
        "TxnRef": NUMBER,
        "Amount": 19_900_000,
        "TransactionNo": 0,
        "TransactionDate": stamp(house.clock()),
        "CreateBy": "chotdon",
        "CreateDate": stamp(house.clock()),
        "OrderInfo": "KX7R2M9CF",
    }
    async with house.session.post(API, json=signed_body(KEYS, REFUND, usual | changes)) as answer:
        assert (await answer.json())["vnp_ResponseCode"] == "03"
    assert await given_back(house) == []


@pytest.mark.parametrize("trouble", ["down", "busy", "html", "wrong"])
async def test_trouble_gives_nothing_back(house: House, trouble: str) -> None:
    wanted = await paid(house)
    await house.post("sources", source="vnpay", trouble=trouble)
    with pytest.raises(Later):
        await asked(house, wanted)
    await house.post("sources", source="vnpay", trouble="none")
    assert (await asked(house, wanted)).state is RefundState.ACCEPTED
