"""The page a gateway sends the buyer back to."""

import pytest

from tests.webhooks.house import Visitor

LYING = "?code=00&id=abc&cancel=false&status=PAID&orderCode=123%3Cscript%3E"


@pytest.mark.parametrize(
    ("asked", "language", "word"),
    [
        ({}, "vi", "đóng trang này"),
        ({"Accept-Language": "vi-VN,vi;q=0.9"}, "vi", "đóng trang này"),
        ({"Accept-Language": "en-US,en;q=0.9"}, "en", "close this page"),
        ({"Accept-Language": "en;q=0.9"}, "en", "close this page"),
        ({"Accept-Language": "xx, en"}, "vi", "đóng trang này"),
    ],
)
async def test_it_speaks_the_browsers_language(
    visitor: Visitor, asked: dict[str, str], language: str, word: str
) -> None:
    answer = await visitor.ask("GET", "/back", headers=asked)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert f'<html lang="{language}">' in answer.body.decode()
    assert word in answer.body.decode()


@pytest.mark.parametrize(("query", "language"), [("l=vi", "vi"), ("l=en", "en"), ("l=xx", "en"), ("l=", "en")])
async def test_it_speaks_the_buyers_language_where_the_address_names_one(
    visitor: Visitor, query: str, language: str
) -> None:
    answer = await visitor.ask("GET", f"/back?{query}", headers={"Accept-Language": "en"})
    assert f'<html lang="{language}">' in answer.body.decode()


async def test_nothing_behind_the_address_is_believed_or_repeated(visitor: Visitor) -> None:
    plain = await visitor.ask("GET", "/back")
    told = await visitor.ask("GET", f"/back{LYING}")
    assert told.body == plain.body


async def test_it_runs_no_script_and_loads_nothing(visitor: Visitor) -> None:
    answer = await visitor.ask("GET", "/back")
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    body = answer.body.decode()
    assert "<script" not in body
    assert "http" not in body


async def test_it_can_only_be_looked_at(visitor: Visitor) -> None:
    assert (await visitor.ask("POST", "/back")).status == 405
