"""The toy VNPay's pay page: opened by a true signature alone, left by one of its buttons."""

import re
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from gateways.gateway import Request
from gateways.vnpay import VNPAY, pay_address
from sales.transfer import Standing
from tests.sandbox.house import House
from tests.sandbox.vnpay.seller import (
    KEYS,
    NUMBER,
    PAY_PAGE,
    address,
    answered,
    buttons,
    opened,
    payment,
    press,
    shown,
)

ALL = ["pay", "suspect", "fail", "cancel"]


async def refused(house: House, url: str) -> str:
    """The code by which VNPay refuses to open a page."""
    async with house.session.get(url, allow_redirects=False) as answer:
        assert answer.status == 400
        return str((await answer.json())["code"])


async def test_it_shows_what_is_to_be_paid_and_every_end(house: House) -> None:
    html = await shown(house, await opened(house))
    for words in (str(NUMBER), "199.000", "KX7R2M9CF", "chờ thanh toán"):
        assert words in html
    assert buttons(html) == ALL


@pytest.mark.parametrize(("language", "words"), [("en-US", "waiting for payment"), ("fr", "chờ"), ("", "chờ")])
async def test_it_speaks_the_browsers_language(house: House, language: str, words: str) -> None:
    assert words in await shown(house, await opened(house), language)


@pytest.mark.parametrize(
    ("act", "standing", "reason", "state", "left"),
    [
        ("pay", Standing.ARRIVED, "", "paid", []),
        ("cancel", Standing.FAILED, "24", "cancelled", []),
        ("fail", Standing.FAILED, "51", "failed", []),
        ("suspect", Standing.HELD, "07", "suspected", ["clear"]),
    ],
)
async def test_each_end_is_told_to_the_shop_and_to_the_browser(
    house: House, act: str, standing: Standing, reason: str, state: str, left: list[str]
) -> None:
    page = await opened(house)
    back, said = await press(house, page, act)
    assert back == f"{house.base}/return/main/vnpay"
    assert await answered(house, 1) == ["00"]
    [[told]] = house.door.heard
    assert (told.number, told.amount, told.standing, told.reason) == (NUMBER, 199_000, standing, reason)
    [shown_there] = VNPAY.read(KEYS, Request(b"", query=tuple(said.items())), house.clock())
    assert shown_there == told
    assert (await payment(house))["state"] == state
    assert buttons(await shown(house, page)) == left
    assert house.door.refused == 0


async def test_what_was_suspected_may_turn_out_paid(house: House) -> None:
    page = await opened(house)
    await press(house, page, "suspect")
    await answered(house, 1)
    await press(house, page, "clear")
    await answered(house, 2)
    [held], [arrived] = house.door.heard
    assert (held.standing, arrived.standing) == (Standing.HELD, Standing.ARRIVED)
    assert held.reference == arrived.reference
    assert held.ref != arrived.ref
    assert buttons(await shown(house, page)) == []


@pytest.mark.parametrize("again", [*ALL, "clear"])
async def test_what_has_ended_stays_ended(house: House, again: str) -> None:
    page = await opened(house)
    await press(house, page, "pay")
    back, said = await press(house, page, again)
    assert (back, said) == (urlsplit(page).path, {})
    assert await answered(house, 1) == ["00"]
    assert (await payment(house))["state"] == "paid"


async def test_a_page_ends_with_its_time(house: House) -> None:
    page = await opened(house)
    house.clock.move(timedelta(minutes=31))
    assert buttons(await shown(house, page)) == []
    await press(house, page, "pay")
    assert (await payment(house))["state"] == "expired"
    assert house.door.heard == []


async def test_the_same_address_leads_to_the_same_page(house: House) -> None:
    url = address(house)
    pages = set()
    for _ in range(2):
        async with house.session.get(url) as answer:
            pages.add(str(answer.url))
    assert len(pages) == 1
    assert await refused(house, address(house, code="KX7R2M9CH")) == "01"


async def test_an_address_that_is_not_signed_opens_nothing(house: House) -> None:
    url = address(house)
    for broken in (
        url[:-1] + ("0" if url[-1] != "0" else "1"),
        url.replace("vnp_Amount=19900000", "vnp_Amount=100"),
        url.partition("&vnp_SecureHash")[0],
        f"{url}&vnp_Amount=19900000",
        house.base + PAY_PAGE,
    ):
        assert await refused(house, broken) == "70"
    assert (await house.state())["vnpay"] == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("vnp_Version", "2.0.0"),
        ("vnp_Command", "querydr"),
        ("vnp_CurrCode", "USD"),
        ("vnp_Locale", "fr"),
        ("vnp_Amount", "0"),
        ("vnp_Amount", "199000.00"),
        ("vnp_TxnRef", "a b"),
        ("vnp_OrderInfo", "Mua khoá học"),
        ("vnp_OrderInfo", "a&b"),
        ("vnp_OrderType", ""),
        ("vnp_ReturnUrl", "javascript:alert(1)"),
        ("vnp_ReturnUrl", "https://[x/"),
        ("vnp_ReturnUrl", "https:///x"),
        ("vnp_IpAddr", ""),
        ("vnp_IpAddr", "localhost"),
        ("vnp_CreateDate", "2026"),
        ("vnp_ExpireDate", ""),
        ("vnp_ExpireDate", "20200101000000"),
    ],
)
async def test_a_signed_address_must_make_sense(house: House, name: str, value: str) -> None:
    params = dict(parse_qsl(urlsplit(address(house)).query)) | {name: value}
    assert await refused(house, pay_address(house.base + PAY_PAGE, KEYS["hash_secret"], params)) == "03"


async def test_another_terminal_opens_nothing(house: House) -> None:
    params = dict(parse_qsl(urlsplit(address(house)).query)) | {"vnp_TmnCode": "OTHERTMN"}
    assert await refused(house, pay_address(house.base + PAY_PAGE, KEYS["hash_secret"], params)) == "72"


async def test_the_way_back_keeps_the_sellers_own_words(house: House) -> None:
    params = dict(parse_qsl(urlsplit(address(house)).query)) | {"vnp_ReturnUrl": "https://shop.example/r?bot=1&x=%20"}
    async with house.session.get(pay_address(house.base + PAY_PAGE, KEYS["hash_secret"], params)) as answer:
        page = str(answer.url)
    back, said = await press(house, page, "cancel")
    assert (back, said["bot"], said["x"]) == ("https://shop.example/r", "1", " ")
    assert f'href="{back}?bot=1&amp;x=%20&amp;vnp_Amount=' in await shown(house, page)


async def test_nothing_comes_from_outside_and_no_script_runs(house: House) -> None:
    html = await shown(house, await opened(house))
    for path in re.findall(r'(?:href|src)="([^"]+)"', html):
        async with house.session.get(path) as answer:
            assert answer.status == 200
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=", html)


@pytest.mark.parametrize("name", [str(NUMBER), "x", "0" * 32])
async def test_who_does_not_know_the_page_sees_nothing(house: House, name: str) -> None:
    await opened(house)
    path = f"/sandbox/vnpay/paymentv2/Transaction/{name}"
    async with house.session.get(path) as answer:
        assert answer.status == 404
    async with house.session.post(path, data={"act": "pay"}) as answer:
        assert answer.status == 404


@pytest.mark.parametrize("act", ["", "refund", "PAY"])
async def test_no_other_button_is_known(house: House, act: str) -> None:
    async with house.session.post(await opened(house), data=urlencode({"act": act})) as answer:
        assert answer.status == 400


async def test_the_oldest_payments_are_forgotten(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandbox.vnpay.payments.KEPT", 2)
    for number in (1, 2, 3):
        await opened(house, number)
    assert [each["number"] for each in (await house.state())["vnpay"]] == ["2", "3"]
