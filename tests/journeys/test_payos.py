"""A shop that sells by payOS links while Casso watches the same account."""

from pathlib import Path
from typing import Any

import pytest

from app.settings import Settings
from tests.journeys.people import KEY, Town, buttons, said


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(database_url=f"sqlite:///{tmp_path / 'shop.db'}", port=0, sandbox_gateway="payos")


async def links(town: Town) -> list[dict[str, Any]]:
    """How the links stand at payOS, the oldest first."""
    return list((await town.state())["payos"]["links"])


async def statuses(town: Town) -> list[str]:
    return [link["status"] for link in await links(town)]


async def books(town: Town) -> tuple[list[str], dict[str, int]]:
    """What the ledger says of each transfer, and its totals; it must always balance."""
    told = await town.ledger()
    assert told["balanced"]
    return [each["decision"] for each in told["transfers"]], told["totals"]["VND"]


async def test_a_buyer_pays_a_link_and_gets_the_key(town: Town) -> None:
    code = await town.buyer.order()
    (card,) = await town.buyer.cards(1)
    (link,) = await links(town)
    pages = [each["url"] for each in buttons(card) if "url" in each]
    assert [url for url in pages if link["id"] in url]
    payment = await town.pay()
    assert [report["source"] for report in payment["reports"]] == ["payos", "casso"]
    assert payment["answers"] == [200, 200]
    assert code in payment["memo"]
    goods = await town.buyer.sees("🎁")
    assert KEY.search(said(goods))
    assert await statuses(town) == ["PAID"]
    story = await town.order(code)
    assert story["order"]["payment"] == "paid"
    assert [(attempt["gateway"], attempt["state"]) for attempt in story["attempts"]] == [("payos", "paid")]


async def test_the_same_money_seen_by_both_counts_once(town: Town) -> None:
    code = await town.buyer.order()
    await town.pay()
    await town.buyer.sees("🎁")
    decisions, totals = await books(town)
    assert decisions == ["exact"]
    assert (totals["received"], totals["revenue"], totals["credit"]) == (79_000, 79_000, 0)
    assert len((await town.order(code))["grants"]) == 1


async def test_two_equal_payments_of_one_link_stay_two(town: Town) -> None:
    await town.buyer.order()
    await town.pay()
    await town.buyer.sees("🎁")
    await town.pay()
    await town.buyer.sees("nhận thêm một khoản")
    decisions, totals = await books(town)
    assert decisions == ["exact", "second"]
    assert (totals["received"], totals["credit"]) == (2 * 79_000, 79_000)


@pytest.mark.parametrize("source", ["payos", "casso"])
async def test_either_source_alone_is_enough(town: Town, source: str) -> None:
    await town.buyer.order()
    payment = await town.pay(sources=[source])
    assert payment["answers"] == [200]
    await town.buyer.sees("🎁")
    assert (await books(town))[0] == ["exact"]


async def test_too_little_closes_the_link_and_opens_one_for_the_rest(town: Town) -> None:
    code = await town.buyer.order()
    await town.pay("short")
    await town.buyer.sees("còn thiếu")
    await town.buyer.cards(2)
    await town.until(lambda state: state["payos"]["links"][0]["status"] == "CANCELLED")
    old, new = await links(town)
    assert (old["paid"], new["amount"], new["status"]) == (69_000, 10_000, "PENDING")
    assert old["number"] != new["number"]
    rest = await town.pay()
    assert rest["amount"] == 10_000
    await town.buyer.sees("🎁")
    decisions, totals = await books(town)
    assert decisions == ["short", "exact"]
    assert (totals["received"], totals["revenue"], totals["deposit"]) == (79_000, 79_000, 0)
    assert [attempt["state"] for attempt in (await town.order(code))["attempts"]] == ["replaced", "paid"]


@pytest.mark.parametrize("fault", ["garbled", "memo_lost"])
async def test_payos_knows_the_link_whatever_becomes_of_the_memo(town: Town, fault: str) -> None:
    await town.buyer.order()
    await town.pay(fault, sources=["payos"])
    await town.buyer.sees("🎁")
    assert (await books(town))[0] == ["exact"]


async def test_a_notice_that_comes_twice_gives_one_key(town: Town) -> None:
    code = await town.buyer.order()
    payment = await town.pay("twice")
    assert payment["answers"] == [200] * 4
    await town.buyer.sees("🎁")
    assert (await books(town))[0] == ["exact"]
    assert len((await town.order(code))["grants"]) == 1


async def test_a_forged_notice_leaves_no_trace(town: Town) -> None:
    code = await town.buyer.order()
    payment = await town.pay("forged")
    assert payment["answers"] == [401, 401]
    assert (await town.ledger())["transfers"] == []
    assert (await town.order(code))["order"]["payment"] == "open"


async def test_money_on_a_foreign_account_pays_nothing(town: Town) -> None:
    code = await town.buyer.order()
    payment = await town.pay("wrong_account")
    assert [report["source"] for report in payment["reports"]] == ["casso"]
    assert [each["decision"] for each in (await town.ledger())["transfers"]] == ["foreign_account"]
    assert (await town.order(code))["order"]["payment"] == "open"


async def test_a_link_ends_with_the_time_to_pay(town: Town) -> None:
    await town.buyer.order()
    await town.forward(minutes=31)
    await town.buyer.sees("đã hết thời gian thanh toán")
    assert (await statuses(town))[0] in ("EXPIRED", "CANCELLED")
    await town.pay()
    await town.buyer.sees("🎁")


async def test_a_busy_payos_is_asked_again(town: Town) -> None:
    await town.ask("faults", payos_limit_next=True)
    await town.buyer.order()
    assert await statuses(town) == ["PENDING"]
    await town.pay()
    await town.buyer.sees("🎁")
