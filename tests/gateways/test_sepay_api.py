"""SePay's second look, against a real server on loopback."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import ClientSession, web
from structlog.testing import capture_logs

from gateways import sepay_api
from gateways.gateway import Asking, Reach
from gateways.sepay import SEPAY
from gateways.sepay_api import asking
from sales.errors import Later, Misconfigured, Rejected
from sales.pace import CALM
from sales.question import Question
from sales.transfer import Sighting
from tests.clock import FrozenClock
from tests.gateways.asked import ACCOUNT, MADE, question
from tests.gateways.sepay_server import SECRETS, SepayServer, row, serving


@pytest.fixture
async def sepay() -> AsyncIterator[SepayServer]:
    async with serving() as server:
        yield server


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def look(sepay: SepayServer, session: ClientSession, clock: FrozenClock, waits: list[float]) -> Asking:
    async def wait(seconds: float) -> None:
        waits.append(seconds)

    built = asking(Reach(SECRETS, sepay.url, session, clock), wait)
    assert built is not None
    return built


async def refs(look: Asking, *questions: Question) -> list[str]:
    return [each.ref for each in await look.ask(questions or [question()])]


async def test_money_that_nobody_told_of_is_found(look: Asking, sepay: SepayServer) -> None:
    sepay.rows = [row(49682, sub_account="VCB0011ABC004")]
    assert await look.ask([question()]) == (
        Sighting(
            source="sepay-api",
            ref="49682",
            amount=199000,
            currency="VND",
            account=ACCOUNT,
            memo="CT KX7R2M9CF nhanh",
            virtual_account="VCB0011ABC004",
            reference="FT49682",
            booked_at=datetime(2026, 11, 21, 9, 2, 37, tzinfo=UTC),
        ),
    )
    assert sepay.asked == [{"transaction_date_min": "2026-11-21", "limit": "5000"}]


async def test_it_speaks_under_a_name_of_its_own_that_the_registry_knows(look: Asking, sepay: SepayServer) -> None:
    sepay.rows = [row(1)]
    assert {each.source for each in await look.ask([question()])} == set(SEPAY.sources)


async def test_nothing_is_asked_about_nothing(look: Asking, sepay: SepayServer) -> None:
    assert await look.ask([]) == ()
    assert sepay.asked == []


async def test_the_day_is_that_of_vietnam_and_of_the_oldest(look: Asking, sepay: SepayServer) -> None:
    made = datetime(2026, 11, 20, 17, 40, tzinfo=UTC)
    await look.ask([question(2), question(1, made_at=made), question(3)])
    assert sepay.asked[0]["transaction_date_min"] == "2026-11-21"
    await look.ask([question(1, made_at=made - timedelta(hours=1))])
    assert sepay.asked[1]["transaction_date_min"] == "2026-11-20"


async def test_the_oldest_comes_first(look: Asking, sepay: SepayServer) -> None:
    sepay.rows = [row(9), row(10), row(11, "2026-11-21 16:01:00")]
    assert await refs(look) == ["9", "10", "11"]


async def test_money_from_long_before_the_order_is_for_something_else(look: Asking, sepay: SepayServer) -> None:
    assert datetime(2026, 11, 21, 9, 0, 30, tzinfo=UTC) == MADE
    sepay.rows = [row(1, "2026-11-21 15:29:00"), row(2, "2026-11-21 15:30:00"), row(3, "2026-11-21 00:00:00")]
    assert await refs(look) == ["2", "3"]


async def test_money_that_went_out_is_none_that_came(look: Asking, sepay: SepayServer) -> None:
    sepay.rows = [row(1, amount_in="0.00", amount_out="199000.00"), row(2)]
    assert await refs(look) == ["2"]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("199000.00", 199000),
        ("199000", 199000),
        ("199000.0", 199000),
        (199000, 199000),
        (199000.0, 199000),
        ("9007199254741.00", 9007199254741),
        ("1.00", 1),
    ],
)
async def test_amounts_are_read_to_the_dong(look: Asking, sepay: SepayServer, text: object, amount: int) -> None:
    sepay.rows = [row(1, amount_in=text)]
    assert [each.amount for each in await look.ask([question()])] == [amount]


UNREADABLE: list[dict[str, Any]] = [
    *({"amount_in": text} for text in ("199000.50", "199,000", "1e5", "-1.00", "0.00", "x", "", None, 199000.5, True)),
    *({"amount_in": text} for text in ("99999999999999.00", "199000.001", " 1", "٣", [], {})),
    {"amount_out": "1.00"},
    *({"id": text} for text in ("", "0", "x", None, "-1", str(2**60), 1.5, "123.00", "123.0", True)),
]


@pytest.mark.parametrize("changes", UNREADABLE, ids=str)
async def test_what_cannot_be_read_hides_nothing_else(
    look: Asking, sepay: SepayServer, changes: dict[str, Any]
) -> None:
    sepay.rows = [row(2)]
    good = sepay.rows[0]
    sepay.answer = web.json_response({"transactions": [row(1) | changes, good, None, 7, []]})
    assert await refs(look) == ["2"]
    sepay.answer = web.json_response({"transactions": [row(1) | changes]})
    with pytest.raises(Later):
        await refs(look)


async def test_movements_of_the_test_mode_are_no_money(look: Asking, sepay: SepayServer) -> None:
    sepay.rows = [row(1, reference_number="SB52117364BC30")]
    with capture_logs() as logs:
        assert await refs(look) == []
    [passed_over] = logs
    assert (passed_over["event"], passed_over["ref"]) == ("look.test_passed_over", "1")


async def test_money_that_only_looks_like_a_test_is_money(look: Asking, sepay: SepayServer) -> None:
    memo = {"transaction_content": "Giao dich thu nghiem 1h2m3s"}
    sepay.rows = [row(1, reference_number="SB123"), row(2, **memo), row(3, reference_number="SBV52117364BC30")]
    assert await refs(look) == ["1", "2", "3"]


async def test_what_moves_on_the_sellers_other_accounts_is_none_of_the_shops_business(
    look: Asking, sepay: SepayServer
) -> None:
    elsewhere = {"account_number": "99", "transaction_content": "tien nha"}
    sepay.rows = [
        row(1, **elsewhere),
        row(2, **elsewhere | {"transaction_content": "tra kx7r 2m9cf nhe"}),
        row(3, **elsewhere | {"sub_account": "96247VA99"}),
        row(4, transaction_content="no code"),
    ]
    assert await refs(look) == ["2", "4"]
    assert await refs(look, question(1), question(2, account="96247VA99")) == ["2", "3", "4"]


async def test_a_full_page_leads_to_older_ones(
    look: Asking, sepay: SepayServer, waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sepay_api, "LIMIT", 3)
    sepay.rows = [row(n, f"2026-11-21 16:{n:02}:00") for n in range(10, 20)]
    assert await refs(look) == [str(n) for n in range(10, 20)]
    assert [each.get("transaction_date_max", "")[11:] for each in sepay.asked] == [
        "",
        "16:17:00",
        "16:15:00",
        "16:13:00",
        "16:11:00",
    ]
    assert waits == [0.5] * 4


async def test_pages_that_lead_nowhere_end(look: Asking, sepay: SepayServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sepay_api, "LIMIT", 2)
    sepay.rows = [row(n) for n in range(1, 6)]
    with capture_logs() as logs:
        assert await refs(look) == ["4", "5"]
    assert len(sepay.asked) == 2
    assert [each["event"] for each in logs] == ["look.list_too_long"]


async def test_and_so_do_endless_ones(look: Asking, sepay: SepayServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sepay_api, "LIMIT", 2)
    sepay.rows = [row(n, f"2026-11-21 16:{n // 60:02}:{n % 60:02}") for n in range(60, 200)]
    with capture_logs() as logs:
        assert len(await refs(look)) == sepay_api.PAGES + 1
    assert len(sepay.asked) == sepay_api.PAGES
    too_long = {"event": "look.list_too_long", "log_level": "warning", "gateway": "sepay", "read": 20, "asked": 1}
    assert logs == [too_long]


async def test_a_list_that_reaches_back_before_the_orders_is_long_enough(
    look: Asking, sepay: SepayServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sepay_api, "LIMIT", 2)
    sepay.rows = [row(n, f"2026-11-21 {n:02}:00:00") for n in range(24)]
    with capture_logs() as logs:
        assert await refs(look, question(made_at=MADE + timedelta(hours=5))) == ["21", "22", "23"]
    assert len(sepay.asked) == sepay_api.PAGES
    assert logs == []


async def test_a_page_of_thousands_is_read(look: Asking, sepay: SepayServer) -> None:
    sepay.rows = [row(n, transaction_content="CT, a, b, c " * 20) for n in range(1, 2001)]
    assert len(await look.ask([question()])) == 2000


async def test_sepay_says_how_much_later(look: Asking, sepay: SepayServer) -> None:
    for name in ("x-sepay-userapi-retry-after", "Retry-After"):
        sepay.answer = web.Response(status=429, headers={name: "7"})
        with pytest.raises(Later, match=r"^SePay: HTTP 429$") as later:
            await refs(look)
        assert later.value.seconds == 7


async def test_a_wrong_token_is_rejected_and_never_said(sepay: SepayServer, session: ClientSession) -> None:
    built = asking(Reach({"user_token": "dummy-wrong"}, sepay.url, session))
    assert built is not None
    with pytest.raises(Rejected) as rejected:
        await built.ask([question()])
    assert "dummy-wrong" not in str(rejected.value)


@pytest.mark.parametrize(
    "body", ["", "<html>", "[]", "{}", '{"transactions":null}', '{"transactions":{}}', "[" * 100_000]
)
async def test_an_answer_of_another_shape_is_none(look: Asking, sepay: SepayServer, body: str) -> None:
    sepay.answer = web.Response(text=body)
    with pytest.raises(Later):
        await refs(look)


async def test_an_empty_list_is_an_answer(look: Asking) -> None:
    assert await refs(look) == []


@pytest.mark.parametrize("secrets", [{}, {"user_token": ""}, {"user_token": " \n"}, {"api_key": "dummy"}])
async def test_without_a_token_there_is_no_second_look(session: ClientSession, secrets: dict[str, str]) -> None:
    assert asking(Reach(secrets, "https://my.sepay.vn", session)) is None


async def test_the_token_never_travels_unencrypted(session: ClientSession) -> None:
    with pytest.raises(Misconfigured) as insecure:
        asking(Reach(SECRETS, "http://my.sepay.example", session))
    assert insecure.value.values == {"setting": "SEPAY_API_URL"}


def test_it_is_asked_calmly_and_twice_a_second_at_most(look: Asking) -> None:
    assert (look.pace, look.gap >= timedelta(seconds=0.5), look.most > 1) == (CALM, True, True)


async def test_no_secret_is_shown(look: Asking) -> None:
    assert SECRETS["user_token"] not in repr(look)
