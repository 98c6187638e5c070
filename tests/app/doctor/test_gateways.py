"""Casso and payOS: keys, doors, and what they say themselves."""

from typing import Any

import pytest
from aiohttp import web

from app.doctor import bank, casso, payos
from app.doctor.finding import Mark
from app.words import said
from tests.app.doctor.patients import NOWHERE, always, patient, serving, told
from tests.webhooks.house import House, opened

CASSO = {"casso_checksum_key": "dummy-key"}
PAYOS = {"payos_client_id": "dummy-client", "payos_api_key": "dummy-api", "payos_checksum_key": "dummy-checksum"}
ACCOUNT = "0000111122223333"


async def test_an_open_door_is_told_with_the_address_to_paste() -> None:
    async with opened(House()) as visitor, patient(public_url=f"http://127.0.0.1:{visitor.port}", **CASSO) as shop:
        found = await casso.check(shop)
    assert told(found) == [(Mark.WORKS, "doctor-casso"), (Mark.WORKS, "doctor-door")]
    assert found[1].values["address"] == f"http://127.0.0.1:{visitor.port}/webhooks/main/casso"
    assert found[0].values["forms"] == "V2"


async def test_a_door_that_is_closed_or_another_programs_is_broken() -> None:
    house = House(secrets={})
    async with opened(house) as visitor, serving(always(200, {})) as other:
        for url in (f"http://127.0.0.1:{visitor.port}", other):
            async with patient(public_url=url, **CASSO) as shop:
                found = await casso.check(shop)
            assert told(found)[1] == (Mark.BROKEN, "doctor-door-wrong")
    assert house.settled == []


async def test_a_door_nobody_answers_at_is_broken() -> None:
    async with patient(public_url=NOWHERE, **CASSO) as shop:
        assert told(await casso.check(shop))[1] == (Mark.BROKEN, "doctor-door-silent")


async def test_without_a_public_address_the_path_is_told() -> None:
    async with patient(casso_secure_token="dummy-token", **CASSO) as shop:
        found = await casso.check(shop)
    assert told(found)[1] == (Mark.MISSING, "doctor-door-unknown")
    assert found[0].values["forms"] == "V2 + V1"
    assert "/webhooks/main/casso" in said(found[1].message, found[1].values)


async def test_without_casso_the_address_to_paste_is_told() -> None:
    async with patient(public_url="https://shop.example.com") as shop:
        found = await casso.check(shop)
    assert told(found) == [(Mark.BROKEN, "doctor-money-unnoticed"), (Mark.MISSING, "doctor-no-casso")]
    assert "https://shop.example.com/webhooks/main/casso" in said(found[1].message, found[1].values)
    async with patient(**PAYOS) as shop:
        assert told(await casso.check(shop)) == [(Mark.MISSING, "doctor-no-casso")]


@pytest.mark.parametrize(
    ("numbers", "status", "mark", "message"),
    [
        ([ACCOUNT, "9"], 200, Mark.WORKS, "doctor-casso-linked"),
        (["9"], 200, Mark.BROKEN, "doctor-casso-other"),
        ([], 200, Mark.BROKEN, "doctor-casso-other"),
        ([], 401, Mark.BROKEN, "doctor-casso-refused"),
        ([], 500, Mark.MISSING, "doctor-casso-silent"),
    ],
)
async def test_casso_is_asked_whether_it_watches_the_account(
    numbers: list[str], status: int, mark: Mark, message: str
) -> None:
    answer = {"error": 0, "data": {"bankAccs": [{"bankSubAccId": number} for number in numbers]}}
    async with (
        serving(always(status, answer)) as api,
        patient(casso_api_key="dummy-api-key", casso_api_url=api, bank_account=ACCOUNT, **CASSO) as shop,
    ):
        found = await casso.check(shop)
    assert told(found)[2] == (mark, message)
    assert "dummy-api-key" not in said(found[2].message, found[2].values)


class PayOs:
    """payOS as far as the doctor asks it."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append((request.method, request.path))
        if request.headers.get("x-api-key") != PAYOS["payos_api_key"]:
            return web.json_response({"code": "401", "desc": "Unauthorized"}, status=401)
        return web.json_response({"code": "101", "desc": "not found"})


async def test_payos_is_asked_for_a_link_that_cannot_be() -> None:
    server = PayOs()
    async with serving(server.answer) as api, patient(payos_api_url=api, **PAYOS) as shop:
        found = await payos.check(shop)
    assert told(found) == [(Mark.WORKS, "doctor-payos"), (Mark.MISSING, "doctor-door-unknown")]
    assert server.asked == [("GET", "/v2/payment-requests/9007199254740991")]
    assert "confirm-webhook" in said(found[0].message, found[0].values)


async def test_keys_that_payos_refuses_are_told_without_being_shown() -> None:
    wrong = PAYOS | {"payos_api_key": "dummy-wrong"}
    async with serving(PayOs().answer) as api, patient(payos_api_url=api, **wrong) as shop:
        found = await payos.check(shop)
    assert told(found) == [(Mark.BROKEN, "doctor-payos-refused")]
    assert "dummy" not in said(found[0].message, found[0].values)


@pytest.mark.parametrize(
    ("changes", "mark", "message"),
    [
        ({"payos_api_url": NOWHERE}, Mark.BROKEN, "doctor-payos-silent"),
        ({"payos_api_url": "http://payos.example.com"}, Mark.BROKEN, "url-insecure"),
        ({"payos_api_key": None}, Mark.BROKEN, "payos-not-set"),
        (dict.fromkeys(PAYOS), Mark.MISSING, "doctor-no-payos"),
    ],
)
async def test_payos_without_keys_or_network(changes: dict[str, Any], mark: Mark, message: str) -> None:
    async with patient(**(PAYOS | changes)) as shop:
        assert told(await payos.check(shop)) == [(mark, message)]


async def test_the_bank_account_is_shown_digit_by_digit() -> None:
    async with patient(bank_bin="970422", bank_account=ACCOUNT, bank_holder="NGUYEN VAN A") as shop:
        found = await bank.check(shop)
    assert (told(found), found[0].values["account"]) == ([(Mark.WORKS, "doctor-bank")], ACCOUNT)
    async with patient(bank_bin="970422") as shop:
        assert told(await bank.check(shop)) == [(Mark.BROKEN, "doctor-nobody-can-pay")]


async def test_payment_links_need_no_bank_account_until_casso_watches_one_too() -> None:
    async with patient(**PAYOS) as shop:
        assert told(await bank.check(shop)) == []
    async with patient(**PAYOS, casso_secure_token="token") as shop:
        assert told(await bank.check(shop)) == [(Mark.MISSING, "start-no-bank")]
