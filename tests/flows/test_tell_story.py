import re
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import update

from flows.compose_story import MOST_ITEMS
from flows.messages import Say
from flows.refund_order import ask_refund, confirm_refund
from flows.story_events import TOLD, event_values
from flows.tell_story import tell_story
from gateways.registry import GATEWAYS
from locales import Texts, plain
from sales.errors import Rejected
from sales.people import Peer
from storage import buyers
from storage.schema.money import refunds
from storage.schema.work import events
from tests.clock import FrozenClock
from tests.flows.shop import ADMIN, PRICE, Shop
from tests.flows.test_pairing import told_by_two

KEY = re.compile(r"[2-9A-HJ-NP-Z]{4}(?:-[2-9A-HJ-NP-Z]{4}){3}")
TEXTS = Texts()
FROZEN = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


async def someone(shop: Shop) -> Peer:
    """Who runs the shop."""
    peer = await shop.store.read(lambda unit: buyers.peer_at(unit, shop.premises.shop.id, "telegram", ADMIN.external))
    return peer or await shop.meet(ADMIN.external)


async def story(shop: Shop, code: str) -> list[Say] | None:
    admin = await someone(shop)
    return await shop.store.write(lambda unit: tell_story(unit, shop.premises, admin, code))


def read(told: list[Say] | None, language: str = "vi") -> str:
    assert told is not None
    return "\n".join(TEXTS.say(language, say.id, say.values) for say in told)


def first(told: list[Say] | None) -> str:
    return plain(read(told).partition("\n")[0])


async def give_back(shop: Shop, code: str, minor: int | None) -> None:
    admin = await someone(shop)
    asked = await shop.store.write(lambda unit: ask_refund(unit, shop.premises, admin, code, minor, ""))
    await shop.store.write(lambda unit: confirm_refund(unit, shop.premises, admin, asked.refund.id))


async def test_the_whole_story_is_told_without_the_key(shop: Shop, clock: FrozenClock) -> None:
    order = await shop.order(await shop.meet(), email="an@example.com")
    await shop.settle(shop.sighting(order.code, 9_000))
    clock.move(timedelta(minutes=10))
    await shop.settle(shop.sighting(order.code, PRICE - 9_000, reference="FT1"))
    shop.mouths["email"].trouble = Rejected("550")
    await shop.work()
    words = read(told := await story(shop, f"  {order.code.lower()} "))
    for each in (
        f"Đơn <b>{order.code}</b> · ✅ đã thanh toán",
        "Người mua: An (telegram <code>42</code>)",
        "<code>an@example.com</code>",
        "Tạo lúc 16:00, 21/11/2026",
        "Thanh toán lúc 16:10, 21/11/2026",
        "9.000\u00a0₫</b>, trả một phần; từ NGUYEN VAN A 0987654321 VCB",
        "70.000\u00a0₫</b>, trả đủ đơn",
        "mã kích hoạt, đã cấp",
        "telegram <code>42</code>, đã tới",
        "email <code>an@example.com</code>, không tới được Rejected",
        "tiền về 70.000\u00a0₫ qua casso, đủ tiền của đơn",
    ):
        assert each in words
    assert KEY.search(words) is None
    assert KEY.search(read(told, "en")) is None
    assert "licence key, handed over" in read(told, "en")


async def test_an_open_order_has_a_short_story(shop: Shop) -> None:
    order = await shop.order(await shop.meet())
    told = await story(shop, order.code)
    assert [say.id for say in told or []] == [
        "story-order",
        "story-line",
        "admin-buyer",
        "story-times",
        "story-attempts",
        "story-attempt",
        "story-events",
        "story-event",
    ]


async def test_a_part_that_is_held_is_told(sqlite_shop: Shop) -> None:
    order = await sqlite_shop.order(await sqlite_shop.meet())
    await sqlite_shop.settle(sqlite_shop.sighting(order.code, 9_000))
    assert "Đang giữ phần đã trả: <b>9.000\u00a0₫</b>" in read(await story(sqlite_shop, order.code))


async def test_money_is_told_with_its_meaning_memo_and_source(sqlite_shop: Shop) -> None:
    order = await sqlite_shop.order(await sqlite_shop.meet())
    for _ in range(2):
        await sqlite_shop.settle(sqlite_shop.sighting(f"<b>{order.code}</b> & co"))
    words = read(await story(sqlite_shop, order.code))
    assert "trả thêm lần nữa" in words
    assert f'nội dung "CT &lt;b&gt;{order.code}&lt;/b&gt; &amp; co nhanh" (casso ' in words


async def test_both_sources_of_the_same_money_are_named(sqlite_shop: Shop) -> None:
    order = await sqlite_shop.order(await sqlite_shop.meet())
    bank, link = await told_by_two(sqlite_shop, order)
    told = await story(sqlite_shop, order.code) or []
    sources = [say.values["sources"] for say in told if say.id == "story-transfer"]
    assert sources == [f"casso {bank.ref}, payos {link.ref}"]


async def test_refunds_are_part_of_the_story(sqlite_shop: Shop) -> None:
    premises, admin = sqlite_shop.premises, await sqlite_shop.meet(ADMIN.external)
    order = await sqlite_shop.order(await sqlite_shop.meet())
    await sqlite_shop.settle(sqlite_shop.sighting(order.code))
    asked = await sqlite_shop.store.write(
        lambda unit: ask_refund(unit, premises, admin, order.code, 9_000, "Khách đổi ý")
    )
    assert "Hoàn tiền" not in read(await story(sqlite_shop, order.code))
    await sqlite_shop.store.write(lambda unit: confirm_refund(unit, premises, admin, asked.refund.id))
    assert f"9.000\u00a0₫</b>, còn phải trả; {asked.refund.code}; Khách đổi ý" in read(
        await story(sqlite_shop, order.code)
    )


async def test_goods_taken_back_name_the_hour_in_which_they_were_given(sqlite_shop: Shop, clock: FrozenClock) -> None:
    order = await sqlite_shop.order(await sqlite_shop.meet())
    await sqlite_shop.settle(sqlite_shop.sighting(order.code))
    clock.move(timedelta(hours=2))
    await give_back(sqlite_shop, order.code, None)
    told = await story(sqlite_shop, order.code)
    assert "mã kích hoạt, cấp lúc 16:00, 21/11/2026, đã thu hồi\n" in read(told)
    assert "licence key, handed over at 16:00, 21 Nov 2026, taken back since\n" in read(told, "en")


async def test_the_first_line_says_when_all_is_given_back(sqlite_shop: Shop) -> None:
    order = await sqlite_shop.order(await sqlite_shop.meet())
    await sqlite_shop.settle(sqlite_shop.sighting(order.code))
    await give_back(sqlite_shop, order.code, 9_000)
    assert first(await story(sqlite_shop, order.code)) == f"🧾 Đơn {order.code} · ✅ đã thanh toán · 79.000\u00a0₫"
    await give_back(sqlite_shop, order.code, None)
    assert "· ✅ đã thanh toán · ↩️ còn phải trả lại toàn bộ ·" in first(await story(sqlite_shop, order.code))
    sent = update(refunds).values(state="sent", sent_at=FROZEN, confirmed_at=FROZEN, account="0071000123456")
    await sqlite_shop.store.write(lambda unit: unit.conn.execute(sent))
    assert "· ✅ đã thanh toán · ↩️ đã hoàn toàn bộ ·" in first(await story(sqlite_shop, order.code))


async def test_what_happened_is_told_in_sentences(sqlite_shop: Shop) -> None:
    order = await sqlite_shop.order(await sqlite_shop.meet())
    await sqlite_shop.settle(sqlite_shop.sighting(order.code, PRICE + 10_000))
    await sqlite_shop.work()
    await give_back(sqlite_shop, order.code, 10_000)
    told = await story(sqlite_shop, order.code)
    for words in (read(told), read(told, "en")):
        happened = words.partition("Diễn biến</b>\n")[2] or words.partition("What happened</b>\n")[2]
        assert len(happened.splitlines()) == 5
        assert not re.search(r"money\.|order\.|goods\.|admin\.|\w=", happened)
    assert "came by casso: too much for this order" in read(told, "en").replace("\u00a0", " ")


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("kind", TOLD)
def test_each_common_event_has_a_sentence_with_whatever_is_known_of_it(kind: str, language: str) -> None:
    """Rows of long ago may know less."""
    for detail in ({}, {"amount": 5_000, "currency": "VND", "source": "casso"}, {"amount": 5_000}):
        row = SimpleNamespace(kind=kind, at=FROZEN, actor="shop", detail=detail)
        said = TEXTS.say(language, "story-event", event_values(row))
        assert kind not in said


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("vnpay.VND.0", "VNPay, VND"),
        ("stars.XTR.0", "Telegram Stars, XTR"),
        ("casso.VND.12", "bank transfer, VND"),
        ("sepay-pg.VND.0", "SePay checkout, VND"),
        ("moon.USD.0", "moon, USD"),
    ],
)
def test_another_way_to_pay_is_told_by_its_name(key: str, words: str) -> None:
    row = SimpleNamespace(kind="order.way", at=FROZEN, actor="buyer", detail={"way": key})
    assert TEXTS.say("en", "story-event", event_values(row)).endswith(f"another way to pay: {words} (buyer)")
    assert key not in TEXTS.say("vi", "story-event", event_values(row))


def test_every_gateway_that_can_be_chosen_has_a_name_of_its_own() -> None:
    for name in (each.name for each in GATEWAYS if each.currencies):
        row = SimpleNamespace(kind="order.way", at=FROZEN, actor="buyer", detail={"way": f"{name}.VND.0"})
        for language in ("vi", "en"):
            assert f": {name}," not in TEXTS.say(language, "story-event", event_values(row))


def test_money_that_was_taken_back_is_told_without_a_sign() -> None:
    detail = {"amount": -100, "currency": "XTR", "source": "stars"}
    row = SimpleNamespace(kind="money.reversed", at=FROZEN, actor="stars", detail=detail)
    assert ": 100\u00a0⭐ was taken back" in TEXTS.say("en", "story-event", event_values(row))


def test_an_event_nobody_has_words_for_stays_as_it_is() -> None:
    row = SimpleNamespace(kind="moon.landed", at=FROZEN, actor="shop", detail={"crew": 3})
    assert "<code>moon.landed</code> shop crew=3" in TEXTS.say("vi", "story-event", event_values(row))


async def test_a_long_story_keeps_its_end(sqlite_shop: Shop) -> None:
    order = await sqlite_shop.order(await sqlite_shop.meet())
    await sqlite_shop.settle(*(sqlite_shop.sighting(order.code) for _ in range(MOST_ITEMS + 3)))
    told = await story(sqlite_shop, order.code) or []
    money = [say for say in told if say.id == "story-transfer"]
    assert len(money) == MOST_ITEMS
    assert "exact" not in {say.values["meaning"] for say in money}
    assert {say.values["count"] for say in told if say.id == "story-older"} == {3, 4}


async def test_looking_is_logged_and_no_part_of_the_story(shop: Shop) -> None:
    order = await shop.order(await shop.meet())
    first = await story(shop, order.code)
    assert await story(shop, order.code) == first
    looked = [row for row in await shop.rows(events) if row.kind == "admin.order"]
    assert [(row.actor, row.order_id) for row in looked] == [(f"admin:telegram:{ADMIN.external}", order.id)] * 2


async def test_what_is_no_code_of_the_shop_has_no_story(shop: Shop) -> None:
    await shop.order()
    for typed in ("", "1", "KX2222222", "\0", "x" * 4000, "' OR 1=1"):
        assert await story(shop, typed) is None
    assert len([row for row in await shop.rows(events) if row.kind == "admin.order"]) == 6
