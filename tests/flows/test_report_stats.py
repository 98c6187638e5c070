"""What a span is by the clocks of the shop, and that its figures are those of the span."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from flows.compose_stats import page_of_stats, share
from flows.refund_order import ask_refund, confirm_refund
from flows.report_stats import SPANS, Stats, begins, report_stats
from locales import Texts
from sales.errors import Blocked
from sales.money import Money
from sales.order import Payment
from sales.payee import Payee
from storage import refunds
from storage.stats import Problems, Waits
from storage.store import Store
from tests.clock import FrozenClock
from tests.flows.many_prices import BY_CARD, IN_DOLLARS, order_by, sell_in_all, told_by
from tests.flows.shop import ADMIN, FILE, PRICE, Shop, open_shop

TEXTS = Texts()
NBSP = "\u00a0"
MOMENT = timedelta(milliseconds=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


async def stats(shop: Shop, span: str = "today") -> Stats:
    return await shop.store.read(lambda unit: report_stats(unit, shop.premises, span))


@pytest.mark.parametrize(
    ("span", "now", "zone", "since"),
    [
        # Viet Nam is seven hours ahead, the whole year.
        ("today", "2026-11-21T16:59:59", "Asia/Ho_Chi_Minh", "2026-11-20T17:00"),
        ("today", "2026-11-21T17:00:00", "Asia/Ho_Chi_Minh", "2026-11-21T17:00"),
        ("7d", "2026-11-21T09:00:00", "Asia/Ho_Chi_Minh", "2026-11-14T17:00"),
        ("30d", "2026-11-21T09:00:00", "Asia/Ho_Chi_Minh", "2026-10-22T17:00"),
        # Berlin's clocks went back on 25 October 2026: midnight before it was at 22:00 UTC, after it at 23:00.
        ("today", "2026-10-25T12:00:00", "Europe/Berlin", "2026-10-24T22:00"),
        ("today", "2026-10-26T12:00:00", "Europe/Berlin", "2026-10-25T23:00"),
        ("7d", "2026-10-28T12:00:00", "Europe/Berlin", "2026-10-21T22:00"),
        ("today", "2026-11-21T03:00:00", "America/New_York", "2026-11-20T05:00"),
    ],
)
def test_a_span_begins_at_midnight_by_the_clocks_of_the_shop(span: str, now: str, zone: str, since: str) -> None:
    assert begins(span, at(now), zone) == at(since)


def test_everything_has_no_beginning() -> None:
    assert begins("all", at("2026-11-21T09:00"), "Asia/Ho_Chi_Minh") is None


async def test_an_empty_shop_has_a_page_too(shop: Shop) -> None:
    for span in SPANS:
        told = await stats(shop, span)
        assert (told.placed, told.received, told.sent, told.failed, told.waits.count) == (0, (), 0, 0, 0)
        words = said(told)
        assert f"Tiền về: <b>0{NBSP}₫</b>" in words
        assert "(–)" in words
        assert "Không có việc gì" in words


@pytest.mark.parametrize(("zone", "midnight"), [("Asia/Ho_Chi_Minh", "17:00"), ("Europe/Berlin", "23:00")])
async def test_the_day_turns_at_the_shop_s_midnight(store: Store, clock: FrozenClock, zone: str, midnight: str) -> None:
    shop = await open_shop(store, replace(FILE, zone=zone))
    clock.now = at(f"2026-11-21T{midnight}") - MOMENT
    yesterday = await shop.order()
    await shop.settle(shop.sighting(yesterday.code))
    assert (await stats(shop)).orders[Payment.PAID] == 1
    clock.move(MOMENT)
    assert (await stats(shop)).placed == 0
    await shop.order()
    await shop.work()
    today, week = await stats(shop), await stats(shop, "7d")
    assert (today.placed, today.received, today.sent, today.waits) == (1, (), 1, Waits(1, MOMENT, MOMENT))
    assert (week.placed, week.received) == (2, (Money(PRICE),))
    assert today.since == clock.now


async def test_a_day_in_figures(shop: Shop, clock: FrozenClock) -> None:
    paid = [await shop.order(email="an@example.com"), await shop.order()]
    await shop.order()
    await shop.work()
    await shop.settle(*(shop.sighting(order.code) for order in paid), shop.sighting("no code", 5_000))
    clock.move(timedelta(seconds=4))
    shop.mouths["email"].trouble = Blocked("gone")
    await shop.work()
    told = await stats(shop)
    assert told.orders == {Payment.OPEN: 1, Payment.PAID: 2, Payment.EXPIRED: 0, Payment.CANCELLED: 0}
    assert told.received == (Money(2 * PRICE + 5_000),)
    assert (told.sent, told.failed) == (2, 1)
    assert told.waits == Waits(2, timedelta(seconds=4), timedelta(seconds=4))
    assert told.problems == Problems({"unmatched": 1}, goods=0, jobs=1, notices=0)
    words = said(told)
    for each in ("đã thanh toán: 2 (66%)", "2 trên 3 (66%)", f"163.000{NBSP}₫", "4 giây", "không rõ đơn nào: 1"):
        assert each in words


async def test_sums_of_different_currencies_stand_side_by_side(shop: Shop) -> None:
    sell_in_all(shop)
    dear = await order_by(shop, IN_DOLLARS)
    await shop.settle(
        await told_by(shop, dear), await told_by(shop, await order_by(shop, BY_CARD, await shop.meet("b")))
    )
    told = await stats(shop)
    assert told.received == (Money(320, "USD"), Money(PRICE))
    words = said(told)
    assert f"Tiền về: <b>3,20{NBSP}US$</b>" in words
    assert f"Tiền về: <b>79.000{NBSP}₫</b>" in words


async def test_money_that_is_given_back_waits_for_nobody(sqlite_shop: Shop, clock: FrozenClock) -> None:
    premises, admin = sqlite_shop.premises, await sqlite_shop.meet(ADMIN.external)
    order = await sqlite_shop.order()
    clock.move(timedelta(days=60))
    await sqlite_shop.settle(sqlite_shop.sighting(order.code, 9_000))
    assert (await stats(sqlite_shop)).problems.money == {"late": 1}
    asked = await sqlite_shop.store.write(lambda unit: ask_refund(unit, premises, admin, order.code, 9_000, ""))
    assert (await stats(sqlite_shop)).problems.money == {"late": 1}
    await sqlite_shop.store.write(lambda unit: confirm_refund(unit, premises, admin, asked.refund.id))
    assert (await stats(sqlite_shop)).problems.money == {}


async def test_what_was_given_back_has_a_line_on_the_day_it_was_sent(shop: Shop, clock: FrozenClock) -> None:
    premises, admin = shop.premises, await shop.meet(ADMIN.external)
    order = await shop.order()
    await shop.settle(shop.sighting(order.code))
    asked = await shop.store.write(lambda unit: ask_refund(unit, premises, admin, order.code, 9_000, ""))
    await shop.store.write(lambda unit: confirm_refund(unit, premises, admin, asked.refund.id))
    assert (await stats(shop)).returned == ()
    assert "hoàn" not in said(await stats(shop))
    clock.move(timedelta(days=1))
    payee = Payee("970436", "0071000123456", "NGUYEN VAN A")
    await shop.store.write(lambda unit: refunds.confirm(unit, premises.shop.id, asked.refund.id, payee, admin.id))
    await shop.store.write(lambda unit: refunds.send(unit, premises.shop.id, asked.refund.id, admin.id))
    today, week = await stats(shop), await stats(shop, "7d")
    assert (today.received, today.returned) == ((), (Money(9_000),))
    assert (week.received, week.returned) == ((Money(PRICE),), (Money(9_000),))
    assert f"Đã hoàn lại: <b>9.000{NBSP}₫</b>" in said(week)
    clock.move(timedelta(days=1))
    assert (await stats(shop)).returned == ()


async def test_the_page_has_a_button_for_each_span(sqlite_shop: Shop) -> None:
    page = page_of_stats("Tiệm Mẫu", await stats(sqlite_shop, "7d"), "100")
    assert [choice.token for row in page.choices for choice in row] == [f"stats:{span}" for span in SPANS]
    assert page.lines[0].id == "stats-title-7d"
    assert page.replace == "100"


@pytest.mark.parametrize(
    ("part", "whole", "words"), [(0, 0, "–"), (0, 5, "0%"), (2, 3, "66%"), (999, 1000, "99%"), (7, 7, "100%")]
)
def test_all_is_said_only_of_all(part: int, whole: int, words: str) -> None:
    assert share(part, whole) == words


def said(told: Stats) -> str:
    page = page_of_stats("Tiệm Mẫu", told)
    labels = [choice.label for row in page.choices for choice in row]
    assert all(TEXTS.say("en", say.id, say.values) for say in (*page.lines, *labels))
    return "\n".join(TEXTS.say("vi", say.id, say.values) for say in (*page.lines, *labels))


def test_every_problem_has_words() -> None:
    money = dict.fromkeys(["unmatched", "ambiguous", "late", "wrong_currency", "held"], 1)
    orders = dict.fromkeys(Payment, 0)
    waiting = Problems(money, goods=1, jobs=1, notices=1, refunds=1, claims=1)
    full = Stats("all", None, orders, (), 0, 0, Waits(0, None, None), waiting)
    page = page_of_stats("Tiệm Mẫu", full)
    assert len(page.lines) == 5 + 1 + 10
    assert said(full)
