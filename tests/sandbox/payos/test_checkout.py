"""The page behind checkoutUrl."""

import re

import pytest

from tests.sandbox.house import House
from tests.sandbox.payos.seller import BASE, HEADERS, LINKS, data, open_link, pay


async def page(house: House, link: dict[str, object], language: str = "vi-VN,vi;q=0.9") -> str:
    async with house.session.get(str(link["checkoutUrl"]), headers={"Accept-Language": language}) as answer:
        assert (answer.status, answer.content_type, answer.charset) == (200, "text/html", "utf-8")
        return await answer.text()


async def test_it_shows_what_the_code_says(house: House) -> None:
    link = await open_link(house)
    html = await page(house, link)
    for words in (link["accountNumber"], link["description"], link["accountName"], "199.000", "chờ thanh toán"):
        assert str(words) in html
    assert '<html lang="vi">' in html
    await pay(house, link)
    assert "đã thanh toán" in await page(house, link)


@pytest.mark.parametrize(("language", "words"), [("en-US", "waiting for payment"), ("fr", "chờ"), ("", "chờ")])
async def test_it_speaks_the_browsers_language(house: House, language: str, words: str) -> None:
    assert words in await page(house, await open_link(house), language)


async def test_it_leads_back_to_the_shop_as_payos_does(house: House) -> None:
    link = await open_link(house)
    await data(house, "POST", f"{LINKS}/7/cancel")
    told = f"code=00&amp;id={link['paymentLinkId']}&amp;cancel=true&amp;status=CANCELLED&amp;orderCode=7"
    assert f'href="https://t.me/shopbot?start=7&amp;{told}"' in await page(house, link)


@pytest.mark.parametrize("back", ["javascript:alert(1)", "", "data:text/html,x"])
async def test_an_address_of_another_kind_leads_nowhere(house: House, back: str) -> None:
    assert "<a " not in await page(house, await open_link(house, returnUrl=back))


async def test_words_never_become_markup(house: House) -> None:
    html = await page(house, await open_link(house, description='<b>"', returnUrl='https://x.example/"><b>'))
    assert "<b>" not in html
    assert html.count("&lt;b&gt;") == 2


async def test_nothing_comes_from_outside_and_every_part_is_there(house: House) -> None:
    html = await page(house, await open_link(house, returnUrl=""))
    parts = re.findall(r'(?:href|src)="([^"]+)"', html)
    assert parts
    for path in parts:
        async with house.session.get(path) as answer:
            assert answer.status == 200
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=", html)


@pytest.mark.parametrize("name", ["7", "x", "0" * 32])
async def test_who_does_not_know_the_id_sees_nothing(house: House, name: str) -> None:
    await open_link(house)
    async with house.session.get(f"{BASE}/web/{name}", headers=HEADERS) as answer:
        assert answer.status == 404
