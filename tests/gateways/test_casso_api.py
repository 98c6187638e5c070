"""What the doctor asks Casso, against a server on loopback that answers as told."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from aiohttp import ClientSession, web

from gateways.casso_api import BODY_LIMIT, LinkedAccount, linked_accounts
from sales.errors import Later, Rejected

KEY = "AK_CS.dummy"
ACCOUNT = {"id": 1, "bankSubAccId": "0000111122223333", "bank": {"bin": 970422, "codeName": "mbbank_api"}}


@dataclass
class Casso:
    """Answers each path with (status, body); what is not told is 404."""

    answers: dict[str, tuple[int, str]] = field(default_factory=dict)
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    url: str = ""

    def tell(self, path: str, body: object, status: int = 200) -> None:
        self.answers[path] = (status, body if isinstance(body, str) else json.dumps(body))

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append((request.path, request.headers.get("Authorization")))
        status, body = self.answers.get(request.path, (404, "{}"))
        return web.Response(status=status, text=body, headers={"Location": "/accounts"} if status == 302 else {})


@pytest.fixture
async def casso() -> AsyncIterator[Casso]:
    played, app = Casso(), web.Application()
    app.router.add_get("/{path:.*}", played.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    played.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield played
    await runner.cleanup()


async def ask(casso: Casso, key: str = KEY) -> list[LinkedAccount]:
    async with ClientSession() as session:
        return await linked_accounts(key, session, casso.url)


@pytest.mark.parametrize(
    ("account", "found"),
    [
        (ACCOUNT | {"bank": {"bin": "970422", "codeName": "mb"}}, LinkedAccount("0000111122223333", "mb", "970422")),
        (ACCOUNT, LinkedAccount("0000111122223333", "mbbank_api")),
        ({"bank_sub_acc_id": " 12 ", "bankName": "ACB"}, LinkedAccount("12", "ACB")),
        ({"accountNumber": "12", "bankSubAccId": "", "bin": "970416"}, LinkedAccount("12", "", "970416")),
    ],
)
async def test_accounts_are_found_wherever_they_stand(casso: Casso, account: object, found: LinkedAccount) -> None:
    for told in (
        {"error": 0, "data": {"user": {"id": 1}, "business": {"name": "x"}, "bankAccs": [account]}},
        {"data": [account, account]},
        {"data": {"records": {"1": account}}},
    ):
        casso.tell("/userInfo", told)
        assert await ask(casso) == [found]
    assert casso.asked == [("/userInfo", f"Apikey {KEY}")] * 3


async def test_the_second_address_is_asked_when_the_first_names_none(casso: Casso) -> None:
    casso.tell("/userInfo", {"error": 0, "data": {"user": {"id": 1}}})
    casso.tell("/accounts", {"error": 0, "data": [ACCOUNT]})
    assert [each.number for each in await ask(casso)] == ["0000111122223333"]


async def test_no_account_is_no_error(casso: Casso) -> None:
    casso.tell("/userInfo", {"data": None})
    casso.tell("/accounts", {"data": [{"bankSubAccId": None}, {"accountNumber": 5}, "x", []]})
    assert await ask(casso) == []


@pytest.mark.parametrize("status", [401, 403, 404])
async def test_a_refused_key_is_rejected(casso: Casso, status: int) -> None:
    casso.tell("/userInfo", {"error": status, "message": "Unauthorized Access"}, status)
    with pytest.raises(Rejected, match=str(status)) as refusal:
        await ask(casso)
    assert KEY not in str(refusal.value)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, "{}"),
        (503, "busy"),
        (429, "{}"),
        (302, ""),
        (204, ""),
        (200, "<html>"),
        (200, "[" * 100_000),
        (200, f'{{"pad":"{"x" * BODY_LIMIT}"}}'),
    ],
    ids=str,
)
async def test_trouble_over_there_is_later(casso: Casso, status: int, body: str) -> None:
    casso.tell("/userInfo", body, status)
    with pytest.raises(Later):
        await ask(casso)
    assert len(casso.asked) == 1


async def test_a_deep_answer_is_looked_at_as_far_as_any_true_one_goes(casso: Casso) -> None:
    casso.tell("/userInfo", "[" * 500 + "]" * 500)
    casso.tell("/accounts", [])
    assert await ask(casso) == []


async def test_nobody_there_is_later_and_tells_no_key() -> None:
    async with ClientSession() as session:
        with pytest.raises(Later) as refusal:
            await linked_accounts(KEY, session, "http://127.0.0.1:1")
    assert KEY not in str(refusal.value)
    assert refusal.value.__suppress_context__


@pytest.mark.parametrize("key", ["a\nb", "khoá", "a\r\nX: y"])
async def test_what_no_header_can_carry_is_not_sent(casso: Casso, key: str) -> None:
    with pytest.raises(Rejected):
        await ask(casso, key)
    assert casso.asked == []
