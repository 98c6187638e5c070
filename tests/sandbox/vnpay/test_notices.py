"""The toy VNPay's notices: repeated on every code but 00 and 02, by the street's clock."""

import asyncio
from datetime import timedelta

import pytest

from sandbox.bank.faults import LATE
from sandbox.vnpay.notices import REPEATS
from tests.sandbox.house import House
from tests.sandbox.vnpay.seller import answered, buttons, look, opened, payment, press, shown

STEP = timedelta(minutes=5)


async def test_it_comes_again_until_it_hears_an_end(house: House) -> None:
    house.door.codes.extend(["01", "04", "97", "99", "02", "00"])
    await press(house, await opened(house), "pay")
    for count, code in enumerate(["01", "04", "97", "99", "02"], start=1):
        assert (await answered(house, count))[-1] == code
        house.clock.move(STEP)
    assert (await payment(house))["answers"] == ["01", "04", "97", "99", "02"]
    assert len({seen.ref for [seen] in house.door.heard}) == 1


@pytest.mark.parametrize("code", ["00", "02"])
async def test_one_answer_can_be_the_last(house: House, code: str) -> None:
    house.door.codes.append(code)
    await press(house, await opened(house), "cancel")
    await answered(house, 1)
    house.clock.move(STEP)
    assert (await payment(house))["answers"] == [code]


async def test_it_gives_up_after_ten_repeats(house: House) -> None:
    house.door.codes.extend(["99"] * 20)
    await press(house, await opened(house), "pay")
    for count in range(1, len(REPEATS) + 2):
        await answered(house, count)
        house.clock.move(STEP)
    assert len(REPEATS) == 10
    assert len(house.door.codes) == 9


@pytest.mark.parametrize("status", [404, 500])
async def test_a_door_without_a_code_is_asked_again(house: House, status: int) -> None:
    house.door.script.append(status)
    await press(house, await opened(house), "pay")
    assert await answered(house, 1) == [f"HTTP {status}"]
    house.clock.move(STEP)
    assert await answered(house, 2) == [f"HTTP {status}", "00"]


async def test_nobody_at_the_door(house: House) -> None:
    page = await opened(house)
    house.street.bank.messenger.door = "http://127.0.0.1:9"
    await press(house, page, "pay")
    assert await answered(house, 1) == ["HTTP 0"]


async def test_a_silent_vnpay_tells_the_browser_alone(house: House) -> None:
    assert (await house.post("sources", source="vnpay", silent=True))["status"] == 200
    _, said = await press(house, await opened(house), "pay")
    assert said["vnp_ResponseCode"] == "00"
    house.clock.move(STEP)
    assert ((await payment(house))["answers"], house.door.heard) == ([], [])


async def test_one_that_falls_silent_does_not_come_again(house: House) -> None:
    house.door.codes.append("99")
    await press(house, await opened(house), "pay")
    await answered(house, 1)
    await house.post("sources", source="vnpay", silent=True)
    house.clock.move(STEP)
    await house.state()
    await house.post("sources", source="vnpay", silent=False)
    house.clock.move(STEP)
    assert ((await payment(house))["answers"], len(house.door.heard)) == (["99"], 1)


async def test_a_notice_comes_twice(house: House) -> None:
    await press(house, await opened(house), "pay", "twice")
    assert await answered(house, 2) == ["00", "00"]
    [one], [other] = house.door.heard
    assert one == other


async def test_a_notice_comes_late_but_who_asks_knows(house: House) -> None:
    await press(house, await opened(house), "pay", "late")
    made = house.clock()
    house.clock.move(LATE - STEP)
    [seen] = await look(house, made_at=made)
    assert ((await payment(house))["answers"], house.door.heard) == ([], [])
    house.clock.move(STEP)
    await answered(house, 1)
    assert house.door.heard == [(seen,)]


async def test_too_little_is_paid(house: House) -> None:
    _, said = await press(house, await opened(house), "pay", "short")
    await answered(house, 1)
    [[told]] = house.door.heard
    assert (told.amount, said["vnp_Amount"], (await payment(house))["amount"]) == (189_000, "18900000", 189_000)
    assert await look(house) == (told,)


async def test_what_is_forged_never_happened(house: House) -> None:
    page = await opened(house)
    back, said = await press(house, page, "pay", "forged")
    assert page.endswith(back)
    assert said == {}
    assert await answered(house, 1) == ["97"]
    house.clock.move(STEP)
    told = await payment(house)
    assert (told["state"], told["answers"], house.door.heard, house.door.refused) == ("waiting", ["97"], [], 1)
    assert await look(house) == ()
    assert "pay" in buttons(await shown(house, page))


@pytest.mark.parametrize("fault", ["", "lost", "x"])
async def test_no_other_fault_is_known(house: House, fault: str) -> None:
    async with house.session.post(await opened(house), data={"act": "pay", "fault": fault}) as answer:
        assert answer.status == 400


async def test_a_street_that_closes_gives_up(house: House) -> None:
    house.door.codes.append("99")
    await press(house, await opened(house), "pay")
    await answered(house, 1)
    async with asyncio.timeout(5):
        await house.street.vnpay.close()
