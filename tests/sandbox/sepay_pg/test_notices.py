"""What the shop is told of payments and voids, and what is kept from it."""

import json
from datetime import timedelta

from sales.transfer import Standing
from sandbox.bank.faults import LATE
from tests.sandbox.house import House
from tests.sandbox.sepay_pg.seller import INVOICE, KEYS, answers, ask, opened, press, state


async def test_a_payment_is_told_with_the_secret(house: House) -> None:
    page = await opened(house)
    await press(house, page, "NAPAS_BANK_TRANSFER")
    assert await answers(house, 1) == [200]
    [[hint]] = house.door.heard
    assert (hint.source, hint.number, hint.memo, hint.amount) == ("sepay-pg", 251022001, "KX7R2M9CF", 199_000)
    assert (hint.standing, hint.booked_at) == (Standing.HINT, house.clock().replace(microsecond=0))
    body = json.loads(house.door.bodies[0])
    assert (body["notification_type"], body["order"]["order_status"]) == ("ORDER_PAID", "CAPTURED")
    assert (body["order"]["order_amount"], body["transaction"]["transaction_amount"]) == ("199000.00", "199000")
    assert body["transaction"]["payment_method"] == "NAPAS_BANK_TRANSFER"


async def test_a_void_is_told_too(house: House) -> None:
    page = await opened(house)
    await press(house, page, "CARD")
    await answers(house, 1)
    assert await ask(house, "order/voidTransaction", json={"order_invoice_number": INVOICE}) == (
        200,
        {"message": "transaction voided"},
    )
    assert await answers(house, 2) == [200, 200]
    assert [hint.amount for [hint] in house.door.heard] == [199_000, -199_000]


async def test_what_the_door_does_not_take_comes_again(house: House) -> None:
    house.door.script.extend([503, 500])
    await press(house, await opened(house), "CARD")
    await answers(house, 1)
    await house.post("clock", seconds=60)
    await answers(house, 2)
    await house.post("clock", seconds=60)
    assert await answers(house, 3) == [503, 500, 200]
    assert len({bytes(body) for body in house.door.bodies}) == 1


async def test_a_silent_gateway_tells_nothing_but_answers(house: House) -> None:
    await house.post("sources", source="sepay-pg", silent=True)
    page = await opened(house)
    await press(house, page, "CARD")
    status, told = await ask(house, f"order/detail/{INVOICE}")
    assert (status, told["data"]["order_status"]) == (200, "CAPTURED")
    await house.post("sources", source="sepay-pg", silent=False)
    await press(house, page, "void")
    assert await answers(house, 1) == [200]
    assert [hint.amount for [hint] in house.door.heard] == [-199_000]


async def test_what_cannot_be_voided_is_told_to_nobody(house: House) -> None:
    page = await opened(house)
    await press(house, page, "BANK_TRANSFER")
    await answers(house, 1)
    for invoice in (INVOICE, "OTHER-1", 1, None):
        assert (await ask(house, "order/voidTransaction", json={"order_invoice_number": invoice}))[0] == 400
    assert len(house.door.bodies) == 1


async def test_an_invoice_of_somebody_else_is_no_hint(house: House) -> None:
    await press(house, await opened(house, "DH0001"), "CARD")
    assert await answers(house, 1, "DH0001") == [200]
    assert house.door.heard == [()]


async def test_its_secret_goes_to_the_house_alone(house: House) -> None:
    page = await opened(house)
    await press(house, page, "CARD")
    await answers(house, 1)
    assert KEYS["secret"] not in str(await house.state()) + str(house.door.bodies)


async def test_one_that_falls_silent_does_not_come_again(house: House) -> None:
    house.door.script.append(503)
    await press(house, await opened(house), "CARD")
    await answers(house, 1)
    await house.post("sources", source="sepay-pg", silent=True)
    await house.post("clock", seconds=60)
    await house.state()
    await house.post("sources", source="sepay-pg", silent=False)
    await house.post("clock", seconds=60)
    assert (await state(house))["answers"] == [503]


async def test_a_notice_comes_twice(house: House) -> None:
    await press(house, await opened(house), "CARD", "twice")
    assert await answers(house, 2) == [200, 200]
    assert len({bytes(body) for body in house.door.bodies}) == 1


async def test_a_notice_comes_late_but_who_asks_knows(house: House) -> None:
    await press(house, await opened(house), "CARD", "late")
    assert (await ask(house, f"order/detail/{INVOICE}"))[1]["data"]["order_status"] == "CAPTURED"
    house.clock.move(LATE - timedelta(minutes=1))
    assert (await state(house))["answers"] == []
    house.clock.move(timedelta(minutes=1))
    assert await answers(house, 1) == [200]


async def test_too_little_is_paid_and_can_be_voided(house: House) -> None:
    page = await opened(house)
    await press(house, page, "CARD", "short")
    await answers(house, 1)
    await press(house, page, "void")
    await answers(house, 2)
    assert [hint.amount for [hint] in house.door.heard] == [189_000, -189_000]
    [paid, void] = (await ask(house, f"order/detail/{INVOICE}"))[1]["data"]["transactions"]
    assert (paid["transaction_amount"], void["transaction_amount"]) == ("189000", "189000")


async def test_what_is_forged_never_happened(house: House) -> None:
    page = await opened(house)
    await press(house, page, "CARD", "forged")
    assert await answers(house, 1) == [401]
    told = (await ask(house, f"order/detail/{INVOICE}"))[1]["data"]
    assert (told["order_status"], told["transactions"]) == ("AUTHENTICATION_NOT_NEEDED", [])
    assert (house.door.heard, house.door.refused) == ([], 1)
    await press(house, page, "CARD")
    assert await answers(house, 2) == [401, 200]
