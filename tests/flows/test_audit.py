"""Who did what, when, before and after: of an order and of a refund, for nobody but admins."""

from datetime import timedelta

from flows.audit import Entry, audit
from flows.cancel_order import cancel_order
from flows.expire_orders import expire_order
from flows.refund_order import ask_refund, confirm_refund
from flows.tell_audit import SIZE, Page, audit_lines, audit_values, tell_audit
from locales import Texts
from sales.people import Peer
from storage.schema.work import events
from tests.clock import FrozenClock
from tests.flows.queue import Queue
from tests.flows.shop import ADMIN, PRICE, Shop

WHO = f"admin:telegram:{ADMIN.external}"
TEXTS = Texts()


async def entries(shop: Shop, code: str) -> list[Entry]:
    found = await shop.store.read(lambda unit: audit(unit, shop.premises, code))
    assert found is not None
    return found


async def page(shop: Shop, admin: Peer, code: str, number: int | None = None) -> Page | None:
    return await shop.store.write(lambda unit: tell_audit(unit, shop.premises, admin, code, number))


def changes(found: list[Entry]) -> list[tuple[str, str, list[tuple[str, str]]]]:
    return [(each.kind, each.actor, each.changes) for each in found]


async def test_money_that_a_person_placed_is_told_from_its_beginning(shop: Shop, clock: FrozenClock) -> None:
    queue, order = await Queue.open(shop), await shop.order()
    clock.move(timedelta(minutes=1))
    await shop.settle(shop.sighting("không mã"))
    clock.move(timedelta(minutes=1))
    await queue.assign(await queue.only(), order.code)
    found = await entries(shop, order.code)
    assert [each.at for each in found] == sorted(each.at for each in found)
    told = changes(found)
    assert told[0] == ("order.placed", f"buyer:{order.buyer}", [("", "open")])
    assert ("money.unmatched", "rule", [("", "unmatched")]) in told
    assert ("review.opened", "rule", [("", "waiting")]) in told
    assert ("review.closed", WHO, [("waiting", "assigned")]) in told
    assert ("money.exact", WHO, [("unmatched", "exact"), ("open", "paid")]) in told
    assert [kind for kind, *_ in told].count("review.closed") == 1


async def test_what_was_discarded_keeps_its_reason_with_the_order_it_named(shop: Shop, clock: FrozenClock) -> None:
    queue, order = await Queue.open(shop), await shop.order()
    await shop.settle(shop.sighting(order.code, 500, currency="USD"))
    clock.move(timedelta(minutes=1))
    await queue.discard(await queue.only(), "tiền lạ")
    last = (await entries(shop, order.code))[-2:]
    assert {(each.kind, each.detail["reason"]) for each in last} == {
        ("money.discarded", "tiền lạ"),
        ("review.closed", "tiền lạ"),
    }
    assert {tuple(each.changes) for each in last} == {
        (("wrong_currency", "discarded"),),
        (("waiting", "discarded"),),
    }


async def test_every_move_of_an_order_says_where_it_came_from(sqlite_shop: Shop) -> None:
    shop = sqlite_shop
    lapsed, dropped, paid = await shop.order(), await shop.order(peer := await shop.meet()), await shop.order()
    await shop.store.write(lambda unit: expire_order(unit, shop.premises, lapsed.id))
    await shop.store.write(lambda unit: cancel_order(unit, shop.premises, peer, dropped, "buyer:1"))
    await shop.settle(shop.sighting(paid.code))
    assert (await entries(shop, lapsed.code))[-1].changes == [("open", "expired")]
    assert (await entries(shop, dropped.code))[-1].changes == [("open", "cancelled")]
    assert [("open", "paid")] in [each.changes[1:] for each in await entries(shop, paid.code)]


async def test_a_refund_has_an_audit_of_its_own(shop: Shop) -> None:
    queue, order = await Queue.open(shop), await shop.order()
    await shop.settle(shop.sighting(order.code))
    premises, admin = shop.premises, queue.admin
    asked = await shop.store.write(lambda unit: ask_refund(unit, premises, admin, order.code, 9_000, "xin lỗi"))
    await shop.store.write(lambda unit: confirm_refund(unit, premises, admin, asked.refund.id))
    code = asked.refund.code
    assert code is not None
    found = await entries(shop, code)
    assert changes(found) == [
        ("admin.refund_asked", WHO, [("", "asked")]),
        ("admin.refund_owed", WHO, [("asked", "approved")]),
    ]
    assert found[0].detail["reason"] == "xin lỗi"


async def test_it_is_paged_and_read_in_every_language(sqlite_shop: Shop, clock: FrozenClock) -> None:
    shop = sqlite_shop
    queue, order = await Queue.open(shop), await shop.order()
    for _ in range(SIZE):
        clock.move(timedelta(minutes=1))
        await shop.settle(shop.sighting(order.code, 1_000))
    last = await page(shop, queue.admin, order.code.lower())
    assert last is not None
    assert [choice.token for row in last.choices for choice in row] == [f"audit:{order.code}:0"]
    first = await page(shop, queue.admin, order.code, 0)
    assert first is not None
    assert [choice.token for row in first.choices for choice in row] == [f"audit:{order.code}:1"]
    beyond = await page(shop, queue.admin, order.code, 99)
    assert beyond is not None
    assert beyond.says[0].values == last.says[0].values
    assert first.says[0].values == {"code": order.code, "from": 1, "to": SIZE, "count": SIZE + 1}
    for language in ("vi", "en"):
        spoken = [TEXTS.say(language, each.id, each.values) for each in (*first.says, *last.says)]
        assert not [each for each in spoken if "{" in each]
    looks = [row for row in await shop.rows(events) if row.kind == "admin.audit"]
    assert {(row.actor, row.order_id) for row in looks} == {(WHO, order.id)}
    assert len(await entries(shop, order.code)) == SIZE + 1, "looking is no part of what happened"


async def test_a_code_of_nothing_and_of_another_shop_has_none(sqlite_shop: Shop) -> None:
    queue = await Queue.open(sqlite_shop)
    for code in ("KX2222222", "RF2222222", "", "\0", "<b>" * 30):
        assert await page(sqlite_shop, queue.admin, code) is None
    rows = [row for row in await sqlite_shop.rows(events) if row.kind == "admin.audit"]
    assert max(len(row.detail["unknown"]) for row in rows) == 20


async def test_programs_read_the_same(sqlite_shop: Shop) -> None:
    order = await sqlite_shop.order()
    await sqlite_shop.settle(sqlite_shop.sighting(order.code))
    found = await entries(sqlite_shop, order.code)
    told = audit_values(found)["entries"]
    assert [each["kind"] for each in told] == [each.kind for each in found]
    assert told[-1]["detail"]["amount"] == PRICE
    says = await sqlite_shop.store.read(lambda unit: audit_lines(unit, sqlite_shop.premises, found))
    assert len([each for each in says if each.id == "story-event"]) == len(found)
