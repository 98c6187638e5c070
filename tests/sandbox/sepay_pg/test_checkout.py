"""The page that a signed form opens: what it takes, what it shows, and what its buttons do."""

import re

import pytest

from tests.sandbox.house import House
from tests.sandbox.sepay_pg.seller import (
    BACK,
    INVOICE,
    KEYS,
    fields,
    opened,
    post,
    press,
    refused,
    shown,
    signed,
    status_in,
)


async def test_a_signed_form_opens_a_page(house: House) -> None:
    html = await shown(house, await opened(house))
    for words in (
        INVOICE,
        "199.000",
        "Mua khoá học",
        "chờ thanh toán",
        "Chuyển khoản ngân hàng",
        "Thẻ",
        "Hủy thanh toán",
    ):
        assert words in html


async def test_any_order_of_the_fields_is_fine_as_long_as_it_is_signed_so(house: House) -> None:
    backwards = list(reversed(fields()))
    status, _ = await post(house, signed(backwards))
    assert status == 303
    [*plain, proof] = signed(fields(invoice="OTHER-1"))
    assert await refused(house, [*reversed(plain), proof]) == "wrong signature"


async def test_custom_data_is_not_signed(house: House) -> None:
    assert (await post(house, [*signed(fields()), ("custom_data", '{"a":1}')]))[0] == 303


@pytest.mark.parametrize("name", [name for name, _ in fields()])
async def test_every_changed_field_is_refused(house: House, name: str) -> None:
    changed = [(each, f"{value}1" if each == name else value) for each, value in signed(fields())]
    assert await refused(house, changed) in ("wrong signature", "unknown merchant")


async def test_a_form_must_be_signed_with_the_merchants_secret(house: House) -> None:
    assert await refused(house, fields()) == "wrong signature"
    assert await refused(house, [*fields(), ("signature", KEYS["secret"])]) == "wrong signature"
    assert await refused(house, [*signed(fields()), ("signature", "x")]) == "a field stands twice"
    assert await refused(house, signed(fields(merchant="SP-OTHER"))) == "unknown merchant"
    assert await refused(house, [*signed(fields()), ("agreement", "1")]) == "unknown field agreement"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("order_amount", value) for value in ("", "0", "-1", "1.5", "199,000", "1" * 14, None)),
        *(("order_invoice_number", value) for value in ("", "a b", "é", "x" * 101, None)),
        *(("currency", value) for value in ("USD", "", None)),
        *(("operation", value) for value in ("VERIFY", "", None)),
        *(("success_url", value) for value in ("javascript:alert(1)", "", "/back", "http://", "http://[")),
        ("order_description", None),
    ],
)
async def test_values_are_what_the_reference_says(house: House, name: str, value: str | None) -> None:
    said = await refused(house, signed(fields(**{name: value})) if name != "order_invoice_number" else _invoiced(value))
    assert said.startswith(name)


def _invoiced(value: str | None) -> list[tuple[str, str]]:
    plain = [(name, each) for name, each in fields() if name != "order_invoice_number"]
    return signed(plain if value is None else [*plain, ("order_invoice_number", value)])


@pytest.mark.parametrize("body", [b"", b"\xff", b"a", "a=é".encode(), b"%"])
async def test_what_is_no_form_is_refused(house: House, body: bytes) -> None:
    async with house.session.post("/sandbox/sepay/v1/checkout/init", data=body) as answer:
        assert answer.status == 400


async def test_the_same_form_leads_to_the_same_page_until_it_is_paid(house: House) -> None:
    page = await opened(house)
    assert await opened(house) == page
    assert await refused(house, signed(fields(order_amount="1000"))) == "order_invoice_number is taken"
    await press(house, page, "BANK_TRANSFER")
    assert await refused(house, signed(fields())) == "order_invoice_number is taken"


@pytest.mark.parametrize("method", ["BANK_TRANSFER", "NAPAS_BANK_TRANSFER", "CARD"])
async def test_one_pays_and_is_led_back(house: House, method: str) -> None:
    page = await opened(house)
    assert BACK not in await shown(house, page)
    await press(house, page, method)
    html = await shown(house, page)
    assert status_in(html) == "đã thanh toán"
    assert f'href="{BACK}"' in html
    assert ("pg-void" in html) == (method == "CARD")
    assert "pg-cancel" not in html


async def test_a_form_may_name_the_only_method(house: House) -> None:
    page = await opened(house, payment_method="CARD")
    html = await shown(house, page)
    assert ("pg-card" in html, "pg-bank_transfer" in html.lower()) == (True, False)
    assert (await post(house, [("act", "BANK_TRANSFER"), ("fault", "none")], page))[0] == 400
    assert await refused(house, signed(fields("KX-2", payment_method="CASH"))) == "payment_method"


async def test_one_cancels_and_is_led_back(house: House) -> None:
    page = await opened(house)
    await press(house, page, "cancel")
    html = await shown(house, page)
    assert status_in(html) == "đã hủy"
    assert f'href="{BACK}?cancelled"' in html
    assert "<button" not in html
    await press(house, page, "CARD")
    assert status_in(await shown(house, page)) == "đã hủy"


async def test_only_a_cards_payment_can_be_voided(house: House) -> None:
    card, transfer = await opened(house, "KX-1"), await opened(house, "KX-2")
    await press(house, card, "void")
    assert status_in(await shown(house, card)) == "chờ thanh toán"
    await press(house, card, "CARD")
    await press(house, transfer, "BANK_TRANSFER")
    for page in (card, transfer):
        await press(house, page, "void")
    assert [status_in(await shown(house, page)) for page in (card, transfer)] == ["đã hủy", "đã thanh toán"]


@pytest.mark.parametrize("act", ["", "VOID", "card", "x"])
async def test_other_acts_are_refused(house: House, act: str) -> None:
    assert (await post(house, [("act", act)], await opened(house)))[0] == 400


@pytest.mark.parametrize(("language", "words"), [("en-US", "waiting for payment"), ("fr", "chờ"), ("", "chờ")])
async def test_it_speaks_the_browsers_language(house: House, language: str, words: str) -> None:
    assert words in status_in(await shown(house, await opened(house), language))


async def test_words_never_become_markup(house: House) -> None:
    page = await opened(house, order_description='<b>"', success_url='https://x.example/"><b>')
    await press(house, page, "CARD")
    html = await shown(house, page)
    assert "<b>" not in html
    assert html.count("&lt;b&gt;") == 2


async def test_nothing_comes_from_outside_and_every_part_is_there(house: House) -> None:
    html = await shown(house, await opened(house))
    parts = re.findall(r'(?:href|src)="([^"]+)"', html)
    assert parts
    for path in parts:
        async with house.session.get(path) as answer:
            assert answer.status == 200
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=", html)


@pytest.mark.parametrize("name", ["1", INVOICE, "0" * 32])
async def test_who_does_not_know_the_page_sees_nothing(house: House, name: str) -> None:
    await opened(house)
    for method in ("GET", "POST"):
        async with house.session.request(method, f"/sandbox/sepay/v1/checkout/{name}") as answer:
            assert answer.status == 404


async def test_the_oldest_orders_are_forgotten(house: House) -> None:
    first = await opened(house, "KX-0")
    for number in range(1, 201):
        await opened(house, f"KX-{number}")
    async with house.session.get(first) as answer:
        assert answer.status == 404
    assert len((await house.state())["sepay_pg"]) == 20
