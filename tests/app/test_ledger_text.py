"""The ledger as people read it: totals first, then one line a movement, in the shop's time."""

from datetime import UTC, datetime

import pytest

from app.ledger_text import ledger_lines
from flows.show_ledger import show_ledger
from sales.settlement import Meaning
from tests.flows.shop import Shop
from tests.flows.test_pairing import told_by_two

ZONE = "Asia/Ho_Chi_Minh"
SPACE = "\N{NO-BREAK SPACE}"
MORNING = datetime(2026, 11, 21, 3, 0, tzinfo=UTC).isoformat()


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.setenv("LANG", "en_US.UTF-8")


def books(**told: object) -> dict[str, object]:
    return {"transfers": [], "refunds": [], "totals": {}, "balanced": True} | told


async def lines(shop: Shop, zone: str = ZONE) -> list[str]:
    told = await shop.store.read(lambda unit: show_ledger(unit, shop.premises))
    return [line.replace(SPACE, " ") for line in ledger_lines(told, zone)]


async def test_totals_come_first_and_a_transfer_is_one_line(shop: Shop) -> None:
    order = await shop.order()
    night = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
    paid = shop.sighting(order.code, order.total.minor, booked_at=night)
    lost = shop.sighting("nobody knows", 5_000, booked_at=night)
    await shop.settle(paid, lost)
    received, sold, unplaced, balanced, gap, first, second = await lines(shop)
    price = f"{order.total.minor // 1000},000 ₫"
    assert received == f"Received: {(order.total.minor + 5_000) // 1000},000 ₫, of it"
    assert sold == f"• sold: {price}"
    assert unplaced == "• nobody can place: 5,000 ₫"
    assert (balanced, gap) == ("✔ The ledger sums to zero.", "")
    assert first == f"03:00, 22 Nov 2026 · {price} · {order.code} · pays the order · casso {paid.ref}"
    assert second == f"03:00, 22 Nov 2026 · 5,000 ₫ · - · placed nowhere · casso {lost.ref}"


async def test_every_source_that_told_of_a_transfer_is_named(shop: Shop) -> None:
    order = await shop.order()
    bank, link = await told_by_two(shop, order)
    assert (await lines(shop))[-1].endswith(f" · casso {bank.ref}, payos {link.ref}")


async def test_times_are_of_the_zone_that_is_asked_for(shop: Shop) -> None:
    await shop.settle(shop.sighting("x", 5_000, booked_at=datetime(2026, 11, 21, 20, 0, tzinfo=UTC)))
    assert (await lines(shop, "UTC"))[-1].startswith("20:00, 21 Nov 2026 ")


async def test_before_any_money_it_says_so(shop: Shop) -> None:
    assert await lines(shop) == ["✔ The ledger sums to zero.", "", "No money has moved yet."]


def test_a_ledger_that_does_not_balance_says_so() -> None:
    assert ledger_lines(books(balanced=False), ZONE)[0].startswith("✘ ")


@pytest.mark.parametrize(("state", "end"), [("owed", "refund, still to be sent"), ("sent", "refund, sent")])
def test_a_refund_is_one_line_once_it_is_owed(state: str, end: str) -> None:
    refund = {"order": "KX2345678", "amount": 1000, "currency": "VND", "state": state}
    owed = refund | {"owed_at": MORNING, "sent_at": MORNING if state == "sent" else None}
    asked = refund | {"owed_at": None, "sent_at": None}
    (line,) = ledger_lines(books(refunds=[owed, asked]), ZONE)[2:]
    assert line.replace(SPACE, " ") == f"10:00, 21 Nov 2026 · 1,000 ₫ · KX2345678 · {end}"


@pytest.mark.parametrize("meaning", Meaning)
def test_every_meaning_has_words(meaning: Meaning) -> None:
    seen = {"booked_at": None, "seen_at": MORNING, "amount": 1, "currency": "VND", "order": None}
    transfer = seen | {"decision": meaning, "told": [{"source": "casso", "ref": "1"}]}
    told = ledger_lines(books(transfers=[transfer]), ZONE)[2].split(" · ")
    assert told[3] != meaning
