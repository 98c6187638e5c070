"""The page that hands a buyer over to a gateway's own, over real HTTP."""

import html
import re
from base64 import b64encode
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from hashlib import sha256

import pytest

from flows.show_pay_page import HandOver, PayPage
from gateways.gateway import Form
from sales.money import Money
from tests.webhooks.house import Answered, House, Visitor, opened
from webhooks.server import build_app

PATH = "/pay/main/sepay-pg/7-0123456789abcdef0123456789abcdef"
FIELDS = (("merchant", "SP-TEST"), ("order_amount", "199000"), ("success_url", "https://shop.example/back?a=1&b=2"))
FORM = Form("https://pay.sepay.vn/v1/checkout/init", FIELDS, ("https://*.sepay.vn",))
OPEN = PayPage("vi", HandOver(FORM, "Tiệm Mẫu", "KX7R2M9CF", Money(199_000)))
NASTY = """"'><script>alert(1)</script>&amp;<b>"""


@dataclass
class Pages:
    """What every page shows, and which were asked for."""

    page: PayPage = OPEN
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    async def show(self, shop: str, gateway: str, token: str) -> PayPage:
        self.asked.append((shop, gateway, token))
        return self.page


@pytest.fixture
def pages() -> Pages:
    return Pages()


@pytest.fixture
async def visitor(house: House, pages: Pages) -> AsyncIterator[Visitor]:
    async with opened(house, build_app(replace(house.doors(), pay_page=pages.show))) as visitor:
        yield visitor


def policy(answer: Answered) -> dict[str, str]:
    rules = (rule.strip().partition(" ") for rule in answer.headers["Content-Security-Policy"].split(";"))
    return {name: value for name, _, value in rules}


def posted(body: str) -> list[tuple[str, str]]:
    """The fields as a browser reads them."""
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', body)
    return [(html.unescape(name), html.unescape(value)) for name, value in found]


async def test_it_posts_the_fields_in_their_order(visitor: Visitor, pages: Pages) -> None:
    answer = await visitor.ask("GET", PATH)
    body = answer.body.decode()
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert pages.asked == [("main", "sepay-pg", "7-0123456789abcdef0123456789abcdef")]
    assert posted(body) == list(FIELDS)
    assert '<form action="https://pay.sepay.vn/v1/checkout/init" method="post" accept-charset="utf-8">' in body
    assert body.count("<form") == body.count("<button>") == 1
    for words in ("Tiệm Mẫu", "KX7R2M9CF", "199.000", "Sang trang thanh toán"):
        assert words in body


async def test_it_may_run_its_own_script_and_post_to_the_gateway_alone(visitor: Visitor) -> None:
    answer = await visitor.ask("GET", PATH)
    [script] = re.findall(r"<script>(.*?)</script>", answer.body.decode(), re.DOTALL)
    digest = b64encode(sha256(script.encode()).digest()).decode()
    assert policy(answer) == {
        "default-src": "'none'",
        "style-src": "'unsafe-inline'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
        "script-src": f"'sha256-{digest}'",
        "form-action": "https://pay.sepay.vn https://*.sepay.vn",
    }


async def test_nobody_keeps_it_and_nobody_hears_its_address(visitor: Visitor) -> None:
    answer = await visitor.ask("GET", PATH)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "strict-origin"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_what_is_over_leads_nowhere(visitor: Visitor, pages: Pages) -> None:
    pages.page = PayPage("vi")
    answer = await visitor.ask("GET", PATH)
    body = answer.body.decode()
    assert answer.status == 410
    assert "Lượt thanh toán này đã kết thúc" in body
    assert "<form" not in body
    assert "<script" not in body
    assert "KX7R2M9CF" not in body
    assert policy(answer)["form-action"] == "'none'"
    assert "script-src" not in policy(answer)
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("known", "browser", "language"),
    [
        ("en", "vi-VN,vi;q=0.9", "en"),
        ("vi", "en-US", "vi"),
        ("", "en-US,en;q=0.9", "en"),
        ("", "vi", "vi"),
        ("", "xx", "vi"),
        ("", "", "vi"),
    ],
)
@pytest.mark.parametrize("open_", [True, False])
async def test_it_speaks_the_buyers_language_or_else_the_browsers(
    visitor: Visitor, pages: Pages, known: str, browser: str, language: str, open_: bool
) -> None:
    pages.page = PayPage(known, OPEN.hand_over if open_ else None)
    answer = await visitor.ask("GET", PATH, headers={"Accept-Language": browser})
    words = {"vi": ("Sang trang", "kết thúc"), "en": ("Go to", "is over")}[language]
    assert f'<html lang="{language}">' in answer.body.decode()
    assert words[0 if open_ else 1] in answer.body.decode()
    assert answer.headers["Vary"] == "Accept-Language"


async def test_words_never_become_markup(visitor: Visitor, pages: Pages) -> None:
    form = Form(f"https://pay.sepay.vn/{NASTY}", ((NASTY, NASTY),))
    pages.page = PayPage("vi", HandOver(form, NASTY, NASTY, Money(1)))
    body = (await visitor.ask("GET", PATH)).body.decode()
    assert body.count("<script>") == 1
    assert "alert(1)</script>" not in body
    assert "<b>" not in body
    assert posted(body) == [(NASTY, NASTY)]


async def test_without_a_house_behind_it_everything_is_over(house: House) -> None:
    async with opened(house) as visitor:
        assert (await visitor.ask("GET", PATH)).status == 410


@pytest.mark.parametrize("path", ["/pay", "/pay/main", "/pay/main/sepay-pg", f"{PATH}/more"])
async def test_other_addresses_are_not_there(visitor: Visitor, pages: Pages, path: str) -> None:
    assert (await visitor.ask("GET", path)).status == 404
    assert pages.asked == []


async def test_it_can_only_be_looked_at(visitor: Visitor, pages: Pages) -> None:
    assert (await visitor.ask("POST", PATH)).status == 405
    assert pages.asked == []
