import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import insert

from sales.money import Money
from storage import money, orders, shops
from storage.errors import Conflict
from storage.schema.money import decisions, notices, postings, refunds, sightings, transfers
from storage.unit import Unit
from tests.clock import FrozenClock
from tests.flows.shop import ACCOUNT, FILE, PRICE, Shop
from tests.storage.shop import refuses, refuses_change


def transfer(shop: Shop, amount: int = PRICE, memo: str = "") -> dict[str, Any]:
    return {
        "shop_id": shop.premises.shop.id,
        "account": ACCOUNT,
        "currency": "VND",
        "amount": amount,
        "memo": memo,
        "payer_name": "",
        "payer_account": "",
        "payer_bank": "",
        "bank_account_id": None,
        "booked_at": None,
        "seen_at": FrozenClock().now,
        "told_by": "casso",
    }


def decision(shop: Shop, transfer_id: int, meaning: str, order: int | None = None) -> dict[str, Any]:
    row = {"shop_id": shop.premises.shop.id, "transfer_id": transfer_id, "meaning": meaning, "order_id": order}
    return row | {"decided_by": "rule", "decided_at": FrozenClock().now, "reason": ""}


def seen(shop: Shop, transfer_id: int, ref: str = "1") -> dict[str, Any]:
    row = {"shop_id": shop.premises.shop.id, "source": "casso", "ref": ref, "notice_id": None}
    return row | {"transfer_id": transfer_id, "virtual_account": "", "reference": "", "seen_at": FrozenClock().now}


def notice(digest: str, gateway: str = "casso") -> dict[str, str]:
    return {"gateway": gateway, "digest": digest, "body": f"body of {digest}"}


async def keep(shop: Shop, rows: Sequence[dict[str, str]]) -> list[int]:
    def written(unit: Unit) -> list[int]:
        return money.keep_notices(unit, shop.premises.shop.id, money.draw(unit, len(rows)).notices, rows)

    return await shop.store.write(written)


def add_transfers(unit: Unit, rows: Sequence[dict[str, Any]]) -> list[int]:
    ids = money.draw(unit, len(rows)).transfers
    money.add_transfers(unit, [row | {"id": id_} for row, id_ in zip(rows, ids, strict=True)])
    return ids


def add_decisions(unit: Unit, rows: Sequence[dict[str, Any]]) -> list[int]:
    ids = money.draw(unit, len(rows)).decisions
    money.add_decisions(unit, [row | {"id": id_} for row, id_ in zip(rows, ids, strict=True)])
    return ids


async def test_transfers_are_written_under_the_ids_drawn_for_them(shop: Shop) -> None:
    rows = [transfer(shop, 1 + n, f"memo {n}") for n in range(1_500)]
    ids = await shop.store.write(lambda unit: add_transfers(unit, rows))
    kept = {row.id: row.memo for row in await shop.rows(transfers)}
    assert [kept[id_] for id_ in ids] == [row["memo"] for row in rows]


async def test_ids_go_on_where_they_ended(shop: Shop) -> None:
    drawn = [await shop.store.write(lambda unit: add_transfers(unit, [transfer(shop)] * 3)) for _ in range(2)]
    assert len(set(drawn[0] + drawn[1])) == 6
    assert max(drawn[0]) < min(drawn[1])


async def test_decisions_are_written_under_the_ids_drawn_for_them(shop: Shop) -> None:
    ids = await shop.store.write(lambda unit: add_transfers(unit, [transfer(shop)] * 300))
    told = [decision(shop, id_, "unmatched") for id_ in reversed(ids)]
    decided = await shop.store.write(lambda unit: add_decisions(unit, told))
    kept = {row.id: row.transfer_id for row in await shop.rows(decisions)}
    assert [kept[id_] for id_ in decided] == ids[::-1]


async def test_nothing_to_write_is_no_error(shop: Shop) -> None:
    def write_nothing(unit: Unit) -> money.Drawn:
        for write in (money.add_transfers, money.add_sightings, money.add_decisions, money.add_postings):
            write(unit, [])
        return money.draw(unit, 0)

    assert await shop.store.write(write_nothing) == money.Drawn([], [], [])
    assert await keep(shop, []) == []


async def test_known_movements_are_known_by_source_and_name_together(shop: Shop) -> None:
    await shop.settle(sighting := shop.sighting("nobody"))
    asked = [("casso", sighting.ref), ("payos", sighting.ref), ("casso", "unheard of")]
    found = await shop.store.read(lambda unit: money.known(unit, shop.premises.shop.id, asked))
    assert found == {("casso", sighting.ref)}
    assert await shop.store.read(lambda unit: money.known(unit, shop.premises.shop.id, [])) == set()


async def test_a_movement_is_told_once_by_each_source(shop: Shop) -> None:
    (id_,) = await shop.store.write(lambda unit: add_transfers(unit, [transfer(shop)]))
    await shop.store.write(lambda unit: money.add_sightings(unit, [seen(shop, id_)]))
    with pytest.raises(Conflict):
        await shop.store.write(lambda unit: money.add_sightings(unit, [seen(shop, id_, "2"), seen(shop, id_)]))
    assert len(await shop.rows(sightings)) == 1


async def test_bills_tell_what_is_missing(shop: Shop) -> None:
    one, two = await shop.order(), await shop.order()
    await shop.settle(shop.sighting(one.code, 50_000), shop.sighting(one.code, 4_000))
    found = await shop.store.write(
        lambda unit: money.bills(unit, shop.premises.shop.id, [two.code, "KX2222222", one.code])
    )
    assert {code: bill.missing for code, bill in found.items()} == {one.code: Money(25_000), two.code: Money(PRICE)}


async def test_a_paid_order_has_no_deposit_left(shop: Shop) -> None:
    order = await shop.order()
    await shop.settle(shop.sighting(order.code, 50_000), shop.sighting(order.code, 29_000))
    left = await shop.store.read(lambda unit: money.deposits(unit, shop.premises.shop.id, [order.id]))
    assert left == {}


async def test_nobody_sees_another_shops_bills(shop: Shop) -> None:
    order = await shop.order()
    other = await shop.store.write(lambda unit: shops.create(unit, "other", FILE, shop.premises.vault))
    assert await shop.store.write(lambda unit: money.bills(unit, other.id, [order.code])) == {}


async def test_a_bill_that_is_read_is_locked_until_the_unit_ends(shop: Shop) -> None:
    order = await shop.order()

    def pay(unit: Unit) -> bool:
        bill = money.bills(unit, shop.premises.shop.id, [order.code])[order.code]
        return bill.state == "open" and len(orders.pay(unit, shop.premises.shop.id, [bill.order])) == 1

    assert sorted(await asyncio.gather(*(shop.store.write(pay) for _ in range(10)))) == [False] * 9 + [True]


async def test_notices_answer_their_ids_in_order_known_or_new(shop: Shop) -> None:
    first = await keep(shop, [notice("b")])
    ids = await keep(shop, [notice("a"), notice("b"), notice("c")])
    assert ids[1] == first[0]
    assert {row.id: row.digest for row in await shop.rows(notices)} == dict(zip(ids, "abc", strict=True))


async def test_the_same_body_from_two_gateways_is_two_notices(shop: Shop) -> None:
    assert len(set(await keep(shop, [notice("a"), notice("a", "payos")]))) == 2


async def fail(shop: Shop, digest: str, error: str = "KeyError") -> bool:
    return await shop.store.write(
        lambda unit: money.fail_notice(unit, shop.premises.shop.id, "casso", digest, "body", error)
    )


async def test_a_failed_notice_is_kept_once_and_settled_when_it_brings_its_money(shop: Shop) -> None:
    assert await fail(shop, "a")
    assert not await fail(shop, "a", "ValueError")
    assert [(row.state, row.error) for row in await shop.rows(notices)] == [("failed", "KeyError")]
    await keep(shop, [notice("a")])
    assert [(row.state, row.error) for row in await shop.rows(notices)] == [("settled", None)]
    assert not await fail(shop, "a")


async def test_a_failed_notice_is_settled_when_others_brought_its_money(shop: Shop) -> None:
    await fail(shop, "a")
    await fail(shop, "b")
    await shop.store.write(lambda unit: money.settle_failed(unit, shop.premises.shop.id, "casso", "a"))
    assert [row.state for row in await shop.rows(notices)] == ["settled", "failed"]


async def test_a_transfer_is_listed_once_with_its_latest_decision(shop: Shop) -> None:
    order = await shop.order()
    await shop.settle(shop.sighting("nobody"))
    (moved,) = await shop.rows(transfers)
    later = decision(shop, moved.id, "second", order.id)
    await shop.store.write(lambda unit: add_decisions(unit, [later]))
    listed = await shop.store.read(lambda unit: money.movements(unit, shop.premises.shop.id))
    assert [(row.meaning, row.code) for row in listed] == [("second", order.code)]


async def test_a_decision_that_does_not_balance_is_found(shop: Shop) -> None:
    await shop.settle(shop.sighting("nobody"))
    shop_id = shop.premises.shop.id
    assert await shop.store.read(lambda unit: money.unbalanced(unit, shop_id)) == []
    (kept,) = await shop.rows(decisions)
    row = {"shop_id": shop_id, "decision_id": kept.id, "account": "credit", "currency": "VND", "amount": 1}
    await shop.store.write(lambda unit: unit.conn.execute(insert(postings).values(row)))
    assert await shop.store.read(lambda unit: money.unbalanced(unit, shop_id)) == [(kept.id, None)]


async def test_rows_that_make_no_sense_are_refused(shop: Shop) -> None:
    await shop.settle(shop.sighting("nobody"))
    await refuses(shop.store, transfers, "amount", transfer(shop, 0))
    await refuses_change(shop.store, decisions, "meaning", meaning="maybe")
    await refuses_change(shop.store, postings, "account", account="pocket")
    await refuses_change(shop.store, postings, "amount", amount=0)
    await refuses_change(shop.store, notices, "state", state="lost")
    (moved,) = await shop.rows(transfers)
    asked = {"shop_id": moved.shop_id, "transfer_id": moved.id, "currency": "VND", "created_at": moved.seen_at}
    await refuses(shop.store, refunds, "amount", asked | {"amount": 0, "state": "asked", "reason": ""})
    await refuses(shop.store, refunds, "state", asked | {"amount": 1, "state": "maybe", "reason": ""})
