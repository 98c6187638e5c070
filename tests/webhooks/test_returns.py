"""The page that a gateway sends the buyer back to: it says what the gateway says, and does nothing."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import pytest

from gateways import registry
from gateways.gateway import Request, Secrets
from gateways.registry import GATEWAYS
from locales import Texts, plain
from sales.errors import Forged, StoreBusy
from sales.transfer import Sighting, Standing
from tests.gateways import vnpay_signing
from tests.gateways.example import EXAMPLE
from tests.gateways.vnpay_signing import PARAMS, SECRETS, VECTORS, notice
from tests.webhooks.house import Answered, House, Visitor, opened

NUMBER = 251022001
PATH = "/return/main/vnpay"
TEXTS = Texts()


@pytest.fixture
def house() -> House:
    return House(secrets={("main", "vnpay"): SECRETS}, languages={("main", "vnpay", NUMBER): "vi"})


async def back(visitor: Visitor, request: Any, language: str = "en", path: str = PATH) -> Answered:
    return await visitor.ask("GET", f"{path}?{urlencode(request.query)}", headers={"Accept-Language": language})


def page(answer: Answered) -> str:
    """Which of our pages it is, by title and text in the language it claims."""
    html = answer.body.decode()
    language = html.partition('lang="')[2][:2]
    names = ("back", "return-paid", "return-held", "return-cancelled", "return-failed")
    words = {name: [plain(TEXTS.say(language, f"{name}-{part}")) for part in ("title", "text")] for name in names}
    [found] = [name for name, parts in words.items() if all(part in html for part in parts)]
    return f"{found} {language}"


@pytest.mark.parametrize(
    ("code", "status", "shown"),
    [
        ("00", "00", "return-paid"),
        ("07", "07", "return-held"),
        ("00", "04", "return-held"),
        ("24", "02", "return-cancelled"),
        ("51", "02", "return-failed"),
        ("00", "02", "return-failed"),
        ("00", "01", "back"),
        ("00", "x", "back"),
    ],
)
async def test_it_says_what_vnpay_says(visitor: Visitor, code: str, status: str, shown: str) -> None:
    answer = await back(visitor, notice(ResponseCode=code, TransactionStatus=status))
    assert (answer.status, page(answer)) == (200, f"{shown} vi")


async def test_the_recorded_words(visitor: Visitor) -> None:
    for name, shown in (("ipn.success", "return-paid"), ("ipn.cancelled_by_buyer", "return-cancelled")):
        answer = await visitor.ask("GET", f"{PATH}?{VECTORS[name]['query_string']}")
        assert page(answer) == f"{shown} vi"


@pytest.mark.parametrize(("asked", "language"), [("en-US,en;q=0.9", "en"), ("vi", "vi"), ("fr", "vi"), ("", "vi")])
async def test_a_payment_of_nobody_speaks_the_browsers_language(visitor: Visitor, asked: str, language: str) -> None:
    assert page(await back(visitor, notice(TxnRef="251022002"), asked)) == f"return-paid {language}"


async def test_without_a_signature_the_language_is_not_looked_up(house: House, visitor: Visitor) -> None:
    assert page(await back(visitor, vnpay_signing.asked(PARAMS))) == "back en"
    assert house.looked_up == []
    assert page(await back(visitor, notice())) == "return-paid vi"
    assert house.looked_up == [("main", "vnpay", NUMBER)]


async def test_a_busy_database_is_no_reason_to_show_nothing(house: House, visitor: Visitor) -> None:
    house.failure = StoreBusy("busy")
    assert page(await back(visitor, notice())) == "return-paid en"


async def test_nothing_is_ever_settled(house: House, visitor: Visitor) -> None:
    for code in ("00", "07", "24"):
        await back(visitor, notice(ResponseCode=code, TransactionStatus="00"))
    assert house.settled == []


@pytest.mark.parametrize(
    "query",
    [
        (),
        (("vnp_ResponseCode", "00"),),
        (("vnp_SecureHash", "0" * 128), *PARAMS.items()),
        (*notice().query, ("vnp_Amount", "19900000")),
        (*notice().query, ("vnp_Amount", "1")),
        vnpay_signing.signed(PARAMS, key="another key").query,
        notice(TmnCode="OTHERTMN").query,
        tuple((f"vnp_{place}", "x") for place in range(200)),
    ],
    ids=lambda query: f"{len(query)}",
)
async def test_what_vnpay_has_not_signed_for_this_shop_says_nothing(
    visitor: Visitor, query: tuple[tuple[str, str], ...]
) -> None:
    plain_page = await visitor.ask("GET", "/back", headers={"Accept-Language": "en"})
    answer = await back(visitor, replace(notice(), query=query))
    assert (answer.status, answer.body) == (200, plain_page.body)


@pytest.mark.parametrize("path", ["/return/other/vnpay", "/return/%00/vnpay", "/return/..%2f/vnpay"])
async def test_a_shop_that_is_not_there_looks_the_same(visitor: Visitor, path: str) -> None:
    answer = await back(visitor, notice(), path=path)
    assert (answer.status, page(answer)) == (200, "back en")


@pytest.mark.parametrize("name", ["casso", "stars", "nobody", "%00", "VNPAY"])
async def test_other_gateways_have_no_such_page(visitor: Visitor, name: str) -> None:
    assert (await visitor.ask("GET", f"/return/main/{name}")).status == 404


def test_only_who_reads_such_words_has_such_a_page() -> None:
    assert [each.name for each in GATEWAYS if each.returned] == ["vnpay"]


async def test_a_gateway_that_joins_has_one_by_its_own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """No file of this room knows who it is."""

    def returned(secrets: Secrets, request: Request, _now: datetime) -> tuple[Sighting, ...]:
        said = dict(request.query)
        if said.get("key") != secrets["key"]:
            raise Forged("another key")
        standing = Standing(said["standing"]) if "standing" in said else None
        seen = Sighting("joined", "1", 1, "VND", "joined", "", number=7, standing=standing or Standing.ARRIVED)
        return (replace(seen, reason=said["reason"]),) if standing else ()

    joined = replace(EXAMPLE, name="joined", returned=returned, cancelled=frozenset({"turned-back"}))
    monkeypatch.setattr(registry, "GATEWAYS", (*GATEWAYS, joined))
    house = House(secrets={("main", "joined"): {"key": "k"}}, languages={("main", "joined", 7): "vi"})
    async with opened(house) as visitor:
        for query, shown in (
            ("key=k&standing=arrived&reason=", "return-paid vi"),
            ("key=k&standing=failed&reason=turned-back", "return-cancelled vi"),
            ("key=k&standing=failed&reason=24", "return-failed vi"),
            ("key=k&standing=held&reason=turned-back", "return-held vi"),
            ("key=k", "back en"),
            ("key=x&standing=arrived&reason=", "back en"),
        ):
            answer = await visitor.ask("GET", f"/return/main/joined?{query}", headers={"Accept-Language": "en"})
            assert page(answer) == shown
    assert house.settled == []


async def test_no_word_of_the_address_is_repeated(visitor: Visitor) -> None:
    evil = '"><script>alert(1)</script>'
    for request in (
        notice(OrderInfo=evil, BankCode=evil, TxnRef="<b>7</b>"),
        vnpay_signing.asked({**PARAMS, "vnp_OrderInfo": evil, "x": evil}),
    ):
        html = (await back(visitor, request)).body.decode()
        assert "alert" not in html
        assert "<b>" not in html
        assert "14831393" not in html


async def test_every_answer_has_the_same_shape(visitor: Visitor) -> None:
    answers = [
        await back(visitor, request) for request in (notice(), vnpay_signing.asked(PARAMS), vnpay_signing.asked({}))
    ]
    for answer in answers:
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "<script" not in answer.body.decode()
    assert len({tuple(sorted(set(answer.headers) - {"Content-Length", "Date"})) for answer in answers}) == 1


async def test_it_can_only_be_looked_at(visitor: Visitor) -> None:
    assert (await visitor.ask("POST", PATH)).status == 405


async def test_a_door_without_secrets_believes_nothing() -> None:
    async with opened(House(secrets={("main", "vnpay"): {"tmn_code": "DUMMYTMN", "hash_secret": " "}})) as visitor:
        assert page(await back(visitor, vnpay_signing.signed(PARAMS, key=" "))) == "back en"
