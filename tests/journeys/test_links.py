"""The shop that sells by payment links: the street plays the gateway's API, its page and its notices."""

from pathlib import Path

import pytest

from app.settings import Settings
from tests.journeys.people import KEY, Town, buttons, said


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(database_url=f"sqlite:///{tmp_path / 'shop.db'}", port=0, sandbox_gateway="payos")


async def test_a_card_shows_the_links_qr_and_page_and_the_key_comes_when_it_is_paid(town: Town) -> None:
    code = await town.buyer.order()
    card = (await town.buyer.cards(1))[-1]
    (attempt,) = (await town.order(code))["attempts"]
    assert (attempt["gateway"], attempt["state"]) == ("payos", "open")
    assert [each["url"] for each in buttons(card) if "url" in each] == [attempt["link_url"]]
    assert attempt["memo"] in said(card)
    await town.pay()
    assert KEY.search(said(await town.buyer.sees("🎁")))
    story = await town.order(code)
    assert (story["order"]["payment"], [each["state"] for each in story["attempts"]]) == ("paid", ["paid"])
    assert (await town.ledger())["balanced"]


async def test_a_part_closes_the_link_and_opens_one_for_the_rest(town: Town) -> None:
    code = await town.buyer.order()
    await town.pay(amount=20_000)
    cards = await town.buyer.cards(2)
    old, rest = (await town.order(code))["attempts"]
    assert (old["state"], rest["state"], rest["amount"]) == ("replaced", "open", 59_000)
    assert "59.000" in said(cards[-1])
    assert old["link_id"] != rest["link_id"]
    await town.pay()
    assert KEY.search(said(await town.buyer.sees("🎁")))


async def test_the_gateways_page_leads_back_to_a_page_of_ours(town: Town) -> None:
    async with town.http.get("/back?status=PAID&orderCode=1") as answer:
        assert (answer.status, answer.content_type) == (200, "text/html")
