"""Money that the shop sends from its own account: told as truly as what comes in, and it may come back."""

from datetime import timedelta
from typing import Any

import pytest

from sandbox.bank.faults import LATE, Fault
from tests.sandbox.bank.test_scan import show
from tests.sandbox.house import ACCOUNT, House
from tests.sandbox.pictures import vietqr

PAYEE = "0071000123456"
MEMO = "RF7R2M9CF HOAN TIEN"


async def send(house: House, **more: Any) -> dict[str, Any]:
    body = {"account": PAYEE, "amount": 50_000, "memo": MEMO, "holder": "NGUYEN VAN A", "bank": "Vietcombank"}
    return await house.post("bank/send", **body | more)


async def test_a_transfer_out_is_a_true_notice_of_a_negative_amount(house: House) -> None:
    answer = await send(house)
    assert (answer["status"], answer["answers"], answer["amount"]) == (200, [200], -50_000)
    ((seen,),) = house.door.heard
    assert (seen.source, seen.amount, seen.account, seen.memo) == ("casso", -50_000, ACCOUNT.account, MEMO)
    assert (seen.payer.name, seen.payer.account, seen.payer.bank) == ("NGUYEN VAN A", PAYEE, "Vietcombank")
    assert seen.booked_at == house.clock()


async def test_sepay_says_out_in_its_notice_and_in_its_list(watched: House) -> None:
    await send(watched, sources=["sepay"])
    ((seen,),) = watched.door.heard
    assert (seen.source, seen.amount, seen.account) == ("sepay", -50_000, ACCOUNT.account)
    assert b"out" in watched.door.bodies[0]
    headers = {"Authorization": f"Bearer {watched.door.secrets['sepay']['user_token']}"}
    async with watched.session.get("/sandbox/sepay/userapi/transactions/list", headers=headers) as listed:
        (row,) = (await listed.json())["transactions"]
    assert (row["amount_in"], row["amount_out"], row["transaction_content"]) == ("0.00", "50000.00", MEMO)


async def test_cassos_list_shows_it_with_its_sign(house: House) -> None:
    await send(house, fault="lost")
    headers = {"Authorization": f"Apikey {house.door.secrets['casso']['api_key']}"}
    async with house.session.get("/sandbox/casso/transactions", headers=headers) as listed:
        (row,) = (await listed.json())["data"]["records"]
    assert (row["amount"], row["description"], row["corresponsiveAccount"]) == (-50_000, MEMO, PAYEE)
    assert house.door.heard == []


async def test_it_bounces_once_to_whom_had_been_told(watched: House) -> None:
    ref = (await send(watched, sources=["sepay", "casso"]))["ref"]
    back = await watched.post("bank/bounce", ref=ref)
    assert (back["status"], back["amount"], sorted(each["source"] for each in back["reports"])) == (
        200, 50_000, ["casso", "sepay"],
    )  # fmt: skip
    came = [seen for (seen,) in watched.door.heard if seen.amount > 0]
    assert [seen.account for seen in came] == [ACCOUNT.account] * 2
    assert all(seen.memo.endswith(MEMO) and seen.memo != MEMO for seen in came)
    assert (await watched.state())["bank"]["payments"][0]["bounced"] is True
    assert await watched.post("bank/bounce", ref=ref) == {"status": 400, "error": "sandbox-error-bounce"}


async def test_what_came_in_or_is_not_known_yet_cannot_bounce(house: House) -> None:
    paid = await house.post("bank/pay", account=ACCOUNT.account, amount=1, memo="")
    late = await send(house, fault="late")
    for ref in (paid["ref"], late["ref"], "7", ""):
        assert await house.post("bank/bounce", ref=ref) == {"status": 400, "error": "sandbox-error-bounce"}
    house.clock.move(LATE + timedelta(seconds=1))
    assert (await house.post("bank/bounce", ref=late["ref"]))["status"] == 200


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"account": ""}, "sandbox-error-account"),
        ({"amount": 0}, "sandbox-error-amount"),
        ({"memo": "x" * 151}, "sandbox-error-memo"),
        ({"holder": "x" * 71}, "sandbox-error-request"),
        ({"holder": 7}, "sandbox-error-request"),
        ({"sources": ["payos"]}, "sandbox-error-request"),
        *(({"fault": fault}, "sandbox-error-request") for fault in ("short", "over", "wrong_account", "forged", "x")),
    ],
)
async def test_what_no_bank_sends(house: House, more: dict[str, Any], error: str) -> None:
    assert await send(house, **more) == {"status": 400, "error": error}
    assert (house.door.contents, len(house.street.bank.payments)) == ([], 0)


@pytest.mark.parametrize("fault", ["none", "twice", "late", "lost"])
async def test_its_notice_may_come_twice_late_or_never(house: House, fault: str) -> None:
    told = {Fault.NONE: 1, Fault.TWICE: 2}.get(Fault(fault), 0)
    assert len((await send(house, fault=fault))["answers"]) == told


async def test_money_may_come_from_whom_one_likes(house: House) -> None:
    more = {"from_account": "19001234567890", "from_name": "TRAN THI B"}
    await house.post("bank/pay", account=ACCOUNT.account, amount=79_000, memo="", **more)
    ((seen,),) = house.door.heard
    assert (seen.payer.account, seen.payer.name, seen.memo) == ("19001234567890", "TRAN THI B", "")
    wrong = await house.post("bank/pay", account=ACCOUNT.account, amount=79_000, memo="", from_account="1 2")
    assert wrong == {"status": 400, "error": "sandbox-error-account"}


async def test_a_card_on_the_sellers_phone_is_for_the_shop_to_pay_unless_it_is_its_own(house: House) -> None:
    async def scanned(chat: int, account: str) -> bool:
        await show(house, vietqr(memo=MEMO, account=account), chat)
        return bool((await house.post("bank/scan", phone=chat))["out"])

    seller, buyer = house.street.seller_chat, house.street.buyer_chat
    assert [await scanned(seller, PAYEE), await scanned(seller, ACCOUNT.account)] == [True, False]
    assert [await scanned(buyer, PAYEE), await scanned(buyer, ACCOUNT.account)] == [False, False]
