"""The ledger as people read it: a line for everything that was booked, and what it adds up to, in the shop's time."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.ledger_text import LedgerText
from flows.check_books import CHECKS, Finding
from flows.open_ledger import UNEXPLAINED, Ledger
from sales.entry import Cause, Entry, Step
from sales.money import Money
from sales.settlement import Meaning
from tests.clock import FrozenClock
from tests.flows.desk import Desk
from tests.flows.shop import PRICE, Shop
from tests.flows.test_pairing import by_payos, link_of, told_by_two

ZONE = "Asia/Ho_Chi_Minh"
SPACE = "\N{NO-BREAK SPACE}"
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.setenv("LANG", "en_US.UTF-8")


async def lines(shop: Shop, day: date | None = None, currency: str | None = None, zone: str = ZONE) -> list[str]:
    """All that is said, up to the verdict."""

    def read(unit: object) -> list[str]:
        ledger = Ledger(unit, shop.premises, day, currency)  # type: ignore[arg-type]
        return [line.replace(SPACE, " ") for line in LedgerText(zone).lines(ledger)]

    return await shop.store.read(read)


async def test_each_line_says_what_it_did_to_which_account(shop: Shop) -> None:
    order = await shop.order()
    paid, lost = shop.sighting(order.code, PRICE + 5_000), shop.sighting("nobody knows", 5_000)
    await shop.settle(paid, lost)
    first, second, gap, end = await lines(shop)
    assert first == (
        f"16:00, 21 Nov 2026 · +84,000 ₫ · {order.code} · too much →"
        f" received +84,000 ₫, sold +79,000 ₫, buyers' credit +5,000 ₫ · casso {paid.ref}"
    )
    assert second == (
        "16:00, 21 Nov 2026 · +5,000 ₫ · - · placed nowhere →"
        f" received +5,000 ₫, not placed +5,000 ₫ · casso {lost.ref}"
    )
    assert (gap, end) == (
        "",
        "In all: received 89,000 ₫ = sold 79,000 ₫ + buyers' credit 5,000 ₫ + not placed 5,000 ₫",
    )


async def test_a_day_has_what_stood_before_it_and_a_refund_each_of_its_steps(shop: Shop, clock: FrozenClock) -> None:
    desk = await Desk.open(shop)
    order = await desk.paid()
    clock.move(timedelta(days=1))
    refund = await desk.confirm_as_admin(await desk.owed(order, 10_000))
    clock.move(timedelta(days=1))
    await desk.close(refund)
    head, before, owed, _, after = await lines(shop, date(2026, 11, 22))
    assert (head, before) == ("2026-11-22 (Asia/Ho_Chi_Minh)", "Before: received 79,000 ₫ = sold 79,000 ₫")
    assert owed == (
        f"16:00, 22 Nov 2026 · -10,000 ₫ · {order.code} · refund owed →"
        f" refunds owed +10,000 ₫, sold -10,000 ₫ · {refund.code} · “sorry”"
    )
    assert after == "In all: received 79,000 ₫ = sold 69,000 ₫ + refunds owed 10,000 ₫"
    _, before, sent, _, after = await lines(shop, date(2026, 11, 23))
    assert before == after.replace("paid", "owed").replace("In all", "Before")
    assert "refund sent → refunds owed -10,000 ₫, refunds paid +10,000 ₫" in sent


async def test_a_decision_that_is_revised_is_a_line_on_its_own_day(shop: Shop, clock: FrozenClock) -> None:
    order = await shop.order()
    link = await link_of(shop, order)
    await shop.settle(shop.sighting("garbled", booked_at=clock.now))
    booked = clock.now
    clock.move(timedelta(days=1))
    await shop.settle(by_payos(shop, link, booked_at=booked))
    first, second, *_ = await lines(shop)
    assert first.startswith("16:00, 21 Nov 2026 · +79,000 ₫ · - · placed nowhere → received +79,000 ₫")
    assert second.startswith(f"16:00, 22 Nov 2026 · +79,000 ₫ · {order.code} · decided anew: ")
    assert "not placed -79,000 ₫" in second
    assert (await lines(shop, date(2026, 11, 21)))[-1] == "In all: received 79,000 ₫ = not placed 79,000 ₫"


async def test_every_source_that_told_of_a_transfer_is_named(shop: Shop) -> None:
    bank, link = await told_by_two(shop, await shop.order())
    assert (await lines(shop))[0].endswith(f" · casso {bank.ref}, payos {link.ref}")


async def test_times_and_days_are_the_shops(shop: Shop, clock: FrozenClock) -> None:
    clock.now = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)
    await shop.settle(shop.sighting("x", 5_000))
    assert (await lines(shop))[0].startswith("00:00, 22 Nov 2026 ")
    assert (await lines(shop, date(2026, 11, 21)))[1] == "No money has moved."
    assert (await lines(shop, date(2026, 11, 22)))[1].startswith("00:00, 22 Nov 2026 ")


async def test_one_currency_leaves_the_others_out(shop: Shop) -> None:
    await shop.settle(shop.sighting("x", 5_000), shop.sighting("y", 320, currency="USD"))
    told = await lines(shop, currency="USD")
    assert [line for line in told if line] == [told[0], "In all: received $3.20 = not placed $3.20"]
    assert "not placed +$3.20" in told[0]


async def test_before_any_money_it_says_so(shop: Shop) -> None:
    assert await lines(shop) == ["No money has moved.", ""]


def test_books_that_do_not_add_up_say_why() -> None:
    words = LedgerText(ZONE)
    assert words.verdict([])[0].startswith("✔ ")
    bad, why = words.verdict([Finding("received", ("transfer 3", "transfer 9"))])
    assert bad.startswith("✘ ")
    assert why == "• more or less was booked than moved: transfer 3, transfer 9"


@pytest.mark.parametrize("kind", [*CHECKS, UNEXPLAINED])
def test_every_finding_has_words(kind: str) -> None:
    assert LedgerText(ZONE).verdict([Finding(kind, ("x",))])[1] != f"• {kind}: x"


@pytest.mark.parametrize("meaning", [*Meaning, *Step])
def test_every_meaning_has_words(meaning: str) -> None:
    entry = Entry(NOW, Cause.DECISION, 1, meaning, Money(1), (), by="admin:telegram:9", reason="\x1b[31mred")
    (line,) = LedgerText(ZONE)._entry(entry, None)
    said = line.split(" · ")[3].partition(" →")[0]
    assert said
    assert said != meaning
    assert line.endswith(" · by admin:telegram:9 · “[31mred”")
