"""Payments: true notices over real HTTP, read by the gateway itself; and each fault."""

import asyncio
import gc
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from gateways.casso import CASSO
from gateways.gateway import Request
from gateways.payos import PAYOS
from sandbox.bank.bank import FIRST_ANSWER
from sandbox.bank.faults import LATE, STEP
from sandbox.bank.manners import REPEATS
from tests.sandbox.house import ACCOUNT, House

MEMO = "KX7R2M9CF"


async def pay(house: House, fault: str = "none", amount: int = 199_000, **more: Any) -> dict[str, Any]:
    body = {"account": ACCOUNT.account, "amount": amount, "memo": MEMO, "fault": fault} | more
    return await house.post("bank/pay", **body)


async def settled(house: House) -> list[dict[str, Any]]:
    """Wait until the bank has nothing more to send."""
    news = house.street.news
    while not all(payment.done for payment in house.street.bank.payments):
        await news.after(news.version)
    payments: list[dict[str, Any]] = (await house.state())["bank"]["payments"]
    return payments


async def test_a_payment_is_a_true_notice(house: House) -> None:
    answer = await pay(house)
    assert (answer["status"], answer["answers"], answer["amount"]) == (200, [200], 199_000)
    ((seen,),) = house.door.heard
    assert (seen.source, seen.ref) == ("casso", answer["ref"])
    assert (seen.amount, seen.currency, seen.account, seen.memo) == (199_000, "VND", ACCOUNT.account, MEMO)
    assert seen.booked_at == house.clock()
    assert house.door.contents == ["application/json"]
    assert (await settled(house))[0]["done"]


async def test_every_payment_has_a_number_of_its_own(house: House) -> None:
    refs = [(await pay(house))["ref"] for _ in range(5)]
    assert len(set(refs)) == 5
    assert sorted(refs, key=int) == refs


async def test_twice_is_the_same_notice_again(house: House) -> None:
    assert (await pay(house, "twice"))["answers"] == [200, 200]
    one, other = house.door.heard
    assert one == other


async def test_short_and_over_miss_the_amount(house: House) -> None:
    await pay(house, "short")
    await pay(house, "short", amount=7)
    await pay(house, "short", amount=1)
    await pay(house, "over")
    assert [seen.amount for (seen,) in house.door.heard] == [199_000 - STEP, 3, 1, 199_000 + STEP]


async def test_garbled_and_lost_memos(house: House) -> None:
    await pay(house, "garbled")
    await pay(house, "garbled")
    await pay(house, "memo_lost")
    first, second, lost = (seen.memo for (seen,) in house.door.heard)
    assert MEMO in first
    assert first != second
    assert MEMO not in lost


async def test_the_wrong_account_is_another_one(house: House) -> None:
    await pay(house, "wrong_account")
    ((seen,),) = house.door.heard
    assert seen.account == "0001112223335"
    assert seen.memo == MEMO


async def test_a_wrong_signature_is_refused_and_not_repeated(house: House) -> None:
    assert (await pay(house, "forged"))["answers"] == [401]
    assert (house.door.heard, house.door.refused) == ([], 1)
    assert (await settled(house))[0]["answers"] == [401]


async def test_a_lost_notice_never_comes(house: House) -> None:
    assert (await pay(house, "lost"))["answers"] == []
    assert (await settled(house))[0]["answers"] == []
    assert house.door.contents == []


@pytest.mark.parametrize(("fault", "hours"), [("late", 0.75), ("too_late", 49)])
async def test_a_late_notice_waits_for_the_streets_clock(house: House, fault: str, hours: float) -> None:
    booked = house.clock()
    assert (await pay(house, fault))["done"] is False
    house.clock.move(timedelta(hours=hours) - timedelta(seconds=1))
    assert house.door.contents == []
    house.clock.move(timedelta(seconds=1))
    assert (await settled(house))[0]["answers"] == [200]
    assert house.door.heard[0][0].booked_at == booked
    assert timedelta(minutes=30) < LATE < timedelta(hours=24)


async def advance(house: House, repeats: int) -> None:
    """Move the clock once per repeat, after the door has given its answer."""
    news, payments = house.street.news, house.street.bank.payments
    for number in range(repeats):
        while len(payments[0].answers) <= number:
            await news.after(news.version)
        house.clock.move(REPEATS[number])


async def test_a_door_in_trouble_hears_the_same_notice_again(house: House) -> None:
    house.door.script.extend([503, 500])
    await pay(house)
    await advance(house, 2)
    assert (await settled(house))[0]["answers"] == [503, 500, 200]
    assert len(house.door.heard) == 1


async def test_the_pause_between_is_the_streets_time(house: House) -> None:
    house.door.script.append(503)
    await pay(house)
    house.clock.move(REPEATS[0] - timedelta(milliseconds=1))
    for _ in range(5):
        await house.state()
    assert len(house.door.contents) == 1
    house.clock.move(timedelta(milliseconds=1))
    assert (await settled(house))[0]["answers"] == [503, 200]


async def test_the_bank_gives_up_at_last(house: House) -> None:
    house.door.script.extend([503] * 20)
    await pay(house)
    await advance(house, len(REPEATS))
    assert (await settled(house))[0]["answers"] == [503] * (len(REPEATS) + 1)
    assert list(REPEATS) == sorted(REPEATS)


async def test_nobody_at_the_door(house: House) -> None:
    house.street.bank.messenger.door = "http://127.0.0.1:9"
    assert (await pay(house))["answers"] == [0]
    await advance(house, len(REPEATS))
    assert (await settled(house))[0]["answers"] == [0] * (len(REPEATS) + 1)


async def test_closing_gives_up_what_is_still_to_come(house: House) -> None:
    await pay(house, "late")
    await house.street.bank.close()
    house.clock.move(timedelta(hours=1))
    for _ in range(5):
        await house.state()
    assert house.door.contents == []


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"account": ""}, "sandbox-error-account"),
        ({"account": "12 34"}, "sandbox-error-account"),
        ({"account": "1" * 20}, "sandbox-error-account"),
        ({"amount": 0}, "sandbox-error-amount"),
        ({"amount": -5}, "sandbox-error-amount"),
        ({"amount": 10**13}, "sandbox-error-amount"),
        ({"amount": 2**80}, "sandbox-error-request"),
        ({"amount": "5"}, "sandbox-error-request"),
        ({"amount": True}, "sandbox-error-request"),
        ({"memo": "x" * 151}, "sandbox-error-memo"),
        ({"memo": None}, "sandbox-error-request"),
        ({"fault": "other"}, "sandbox-error-request"),
        ({"fault": ["none"]}, "sandbox-error-request"),
        ({"sources": ["nobody"]}, "sandbox-error-request"),
        ({"sources": ["payos"]}, "sandbox-error-request"),
        ({"sources": [["casso"]]}, "sandbox-error-request"),
        ({"sources": "casso"}, "sandbox-error-request"),
        ({"sources": None}, "sandbox-error-request"),
    ],
)
async def test_what_no_bank_takes(house: House, more: dict[str, Any], error: str) -> None:
    assert await pay(house, **more) == {"status": 400, "error": error}
    assert (house.door.contents, len(house.street.bank.payments)) == ([], 0)


async def test_a_notice_that_cannot_be_written_ends_the_waiting_at_once(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> Request:
        raise RuntimeError("no ink")

    told: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, what: told.append(str(what.get("exception"))))
    inkless = {"casso": replace(CASSO, forge=broken)}
    monkeypatch.setattr("sandbox.bank.messenger.gateway", lambda name: inkless.get(name, PAYOS))
    async with asyncio.timeout(FIRST_ANSWER / 2):
        answer = await pay(house)
    assert (answer["answers"], answer["done"]) == ([], True)
    gc.collect()
    assert told == ["no ink"]


async def test_many_at_once(house: House) -> None:
    answers = await asyncio.gather(*(pay(house) for _ in range(50)))
    assert [answer["answers"] for answer in answers] == [[200]] * 50
    assert len({seen.ref for (seen,) in house.door.heard}) == 50
