"""Refunds and their postings as they lie there; every move happens once."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Insert, func, insert, inspect, select, text, update
from sqlalchemy.exc import IntegrityError

from sales.ids import RefundId, ShopId
from sales.money import Money
from sales.payee import Payee
from sales.people import Peer
from sales.posting import Account
from sales.purchase import Order
from sales.refund import LAPSE, Refund, State, owing, sending
from sales.transfer import Payer
from storage import money, refunds, shops
from storage.migrations.upgrade import upgrade
from storage.schema.money import decisions, postings
from storage.schema.money import refunds as table
from storage.store import Store, open_store
from storage.unit import Unit
from tests.clock import FrozenClock
from tests.flows.shop import FILE, PRICE, Shop
from tests.storage.shop import refuses, refuses_change

PAYEE = Payee("970436", "0071000123456", "NGUYEN VAN A")


async def paid(shop: Shop, *amounts: int) -> Order:
    order = await shop.order()
    await shop.settle(*(shop.sighting(order.code, amount) for amount in amounts or (PRICE,)))
    return order


def values(by: Peer) -> dict[str, Any]:
    return {"held": PRICE, "reason": "", "memo": "HOAN", "asked_by": by.id, "bin": "", "account": "", "holder": ""}


async def asked(shop: Shop, order: Order, by: Peer, minor: int = PRICE) -> Refund:
    id_ = shop.premises.shop.id
    return await shop.store.write(lambda unit: refunds.ask(unit, id_, order.id, Money(minor), values(by)))


async def do(shop: Shop, move: Any, refund: Refund, *more: Any) -> bool:
    done: bool = await shop.store.write(lambda unit: move(unit, shop.premises.shop.id, refund.id, *more))
    return done


async def look(shop: Shop, refund: Refund) -> Refund:
    found = await shop.store.read(lambda unit: refunds.by_id(unit, shop.premises.shop.id, refund.id))
    assert found is not None
    return found


async def test_a_refund_goes_from_asked_to_owed_to_sent_and_tells_who_did_it(shop: Shop) -> None:
    admin = await shop.meet("999")
    refund = await asked(shop, await paid(shop), admin)
    assert (refund.state, refund.asked_by, refund.payable) == (State.ASKED, admin.id, False)
    assert not await do(shop, refunds.send, refund, admin.id)
    assert await do(shop, refunds.owe, refund)
    assert not await do(shop, refunds.send, refund, admin.id), "nobody has confirmed an account"
    assert await do(shop, refunds.confirm, refund, PAYEE, admin.id)
    assert (await look(shop, refund)).payable
    assert await do(shop, refunds.send, refund, admin.id)
    assert not await do(shop, refunds.send, refund, admin.id)
    assert not await do(shop, refunds.confirm, refund, PAYEE, admin.id)
    sent = await look(shop, refund)
    assert (sent.state, sent.payee, sent.confirmed_by, sent.sent_by) == (State.SENT, PAYEE, admin.id, admin.id)


async def test_ten_who_confirm_at_once_are_one(shop: Shop) -> None:
    refund = await asked(shop, await paid(shop), await shop.meet("999"))
    owed = await asyncio.gather(*(do(shop, refunds.owe, refund) for _ in range(10)))
    assert sorted(owed) == [False] * 9 + [True]


async def test_what_was_asked_for_lapses(shop: Shop, clock: FrozenClock) -> None:
    order, admin = await paid(shop), await shop.meet("999")
    late, early = await asked(shop, order, admin), await asked(shop, order, admin)
    clock.move(LAPSE - timedelta(seconds=1))
    assert await do(shop, refunds.owe, early)
    clock.move(timedelta(seconds=1))
    assert not await do(shop, refunds.owe, late)


async def test_what_was_dropped_is_not_owed_and_what_is_owed_is_not_dropped(shop: Shop) -> None:
    order, admin = await paid(shop), await shop.meet("999")
    one, two = await asked(shop, order, admin), await asked(shop, order, admin)
    assert await do(shop, refunds.drop, one)
    assert not await do(shop, refunds.owe, one)
    assert await do(shop, refunds.owe, two)
    assert not await do(shop, refunds.drop, two)


async def test_an_account_is_proposed_only_until_one_is_confirmed(shop: Shop) -> None:
    admin = await shop.meet("999")
    refund = await asked(shop, await paid(shop), admin)
    assert not await do(shop, refunds.propose, refund, PAYEE)
    await do(shop, refunds.owe, refund)
    assert await do(shop, refunds.propose, refund, PAYEE)
    assert await do(shop, refunds.confirm, refund, PAYEE, admin.id)
    assert not await do(shop, refunds.propose, refund, Payee("970422", "123456", "AB"))
    assert (await look(shop, refund)).payee == PAYEE


async def test_a_mark_names_the_refund_to_that_account_alone(shop: Shop) -> None:
    refund, id_ = await asked(shop, await paid(shop), await shop.meet("999")), shop.premises.shop.id
    await do(shop, refunds.owe, refund)

    async def marked(mark: str) -> Refund | None:
        return await shop.store.read(lambda unit: refunds.marked(unit, id_, mark))

    assert await marked(refund.mark)
    await do(shop, refunds.propose, refund, PAYEE)
    assert await marked(refund.mark) is None
    assert await marked((await look(shop, refund)).mark)
    for wrong in ("", ":", "x:y", f"{refund.id}", f"{refund.id}:", f"٣:{PAYEE.mark}", f"{'9' * 40}:{PAYEE.mark}"):
        assert await marked(wrong) is None


async def test_what_is_held_is_what_came_for_the_order_less_what_is_owed(shop: Shop) -> None:
    order, id_ = await paid(shop, 30_000, 50_000), shop.premises.shop.id

    async def held() -> dict[Account, int]:
        found = await shop.store.read(lambda unit: refunds.held(unit, id_, order.id, "VND"))
        return {account: minor for account, minor in found.items() if minor}

    assert await held() == {Account.REVENUE: PRICE, Account.CREDIT: 1_000}
    refund = await asked(shop, order, await shop.meet("999"), 5_000)
    before = await held()
    await shop.store.write(lambda unit: refunds.post(unit, id_, refund, owing(before, refund.amount)))
    assert await held() == {Account.REVENUE: PRICE - 4_000}
    assert await shop.store.read(lambda unit: refunds.held(unit, id_, order.id, "USD")) == {}


async def test_everybody_who_paid_is_known_as_far_as_the_bank_has_named_them(shop: Shop) -> None:
    order, other, id_ = await shop.order(), await shop.order(), shop.premises.shop.id

    async def payers() -> list[Payer]:
        return list((await shop.store.read(lambda unit: refunds.payers(unit, id_, order.id))).values())

    assert await payers() == []
    one, two = Payer("X", "1", "VCB"), Payer("TRAN THI B", "111122223333", "MB")
    await shop.settle(shop.sighting(order.code, 1_000, payer=one), shop.sighting(other.code, payer=Payer("Y", "2", "")))
    await shop.settle(shop.sighting(order.code, 1_000, payer=two), shop.sighting(order.code, 1_000, payer=Payer()))
    assert await payers() == [one, two, Payer()]
    await shop.store.write(lambda unit: unit.conn.execute(_moved(id_, other)))
    assert await payers() == [two, Payer()]


def _moved(shop: ShopId, order: Order) -> Insert:
    """A later decision by which the first transfer pays another order."""
    first = select(func.min(decisions.c.transfer_id)).scalar_subquery()
    return insert(decisions).values(
        shop_id=shop,
        transfer_id=first,
        order_id=order.id,
        meaning="held",
        decided_by="test",
        decided_at=FrozenClock()(),
    )


async def test_only_what_is_owed_or_sent_is_listed(shop: Shop) -> None:
    order, admin, id_ = await paid(shop), await shop.meet("999"), shop.premises.shop.id
    all_ = [await asked(shop, order, admin, 1_000) for _ in range(4)]
    await do(shop, refunds.drop, all_[1])
    for refund in all_[2:]:
        await do(shop, refunds.owe, refund)
    await do(shop, refunds.confirm, all_[3], PAYEE, admin.id)
    await do(shop, refunds.send, all_[3], admin.id)

    def ids(found: list[Refund]) -> list[RefundId]:
        return [each.id for each in found]

    assert ids(await shop.store.read(lambda unit: refunds.owed(unit, id_, 10))) == ids(all_[2:3])
    assert ids(await shop.store.read(lambda unit: refunds.all_of(unit, id_))) == ids(all_[2:])
    told = await shop.store.read(lambda unit: refunds.of_orders(unit, id_, [order.id]))
    assert {key: ids(found) for key, found in told.items()} == {order.id: ids(all_[2:])}


async def test_nobody_sees_or_moves_another_shops_refunds(shop: Shop) -> None:
    refund = await asked(shop, await paid(shop), await shop.meet("999"))
    other = await shop.store.write(lambda unit: shops.create(unit, "other", FILE, shop.premises.vault))
    assert not await shop.store.write(lambda unit: refunds.owe(unit, other.id, refund.id))
    assert not await shop.store.write(lambda unit: refunds.drop(unit, other.id, refund.id))
    assert await shop.store.read(lambda unit: refunds.by_id(unit, other.id, refund.id)) is None
    assert await shop.store.read(lambda unit: refunds.held(unit, other.id, refund.order, "VND")) == {}


async def test_a_refund_that_does_not_balance_is_found(shop: Shop) -> None:
    id_ = shop.premises.shop.id
    refund = await asked(shop, await paid(shop), await shop.meet("999"))
    await shop.store.write(lambda unit: refunds.post(unit, id_, refund, sending(refund.amount)))
    assert await shop.store.read(lambda unit: money.unbalanced(unit, id_)) == []
    await shop.store.write(lambda unit: refunds.post(unit, id_, refund, sending(refund.amount)[:1]))
    assert await shop.store.read(lambda unit: money.unbalanced(unit, id_)) == [(None, refund.id)]
    found = await shop.store.read(lambda unit: refunds.postings_of(unit, id_, [refund.id]))
    assert [line.amount.minor for line in found[refund.id]] == [PRICE, -PRICE, PRICE]


async def test_a_posting_has_one_cause(shop: Shop) -> None:
    refund = await asked(shop, await paid(shop), await shop.meet("999"))
    (decided,) = await shop.rows(decisions)
    row = {"shop_id": shop.premises.shop.id, "account": "credit", "currency": "VND", "amount": 1}
    await refuses(shop.store, postings, "cause", row)
    await refuses(shop.store, postings, "cause", row | {"decision_id": decided.id, "refund_id": refund.id})
    with pytest.raises(IntegrityError):
        await shop.store.write(lambda unit: unit.conn.execute(insert(postings).values(row | {"refund_id": 10**6})))


async def test_states_without_their_times_are_refused(shop: Shop, clock: FrozenClock) -> None:
    await asked(shop, await paid(shop), await shop.meet("999"))
    await refuses_change(shop.store, table, "state", state="maybe")
    await refuses_change(shop.store, table, "amount", amount=0)
    await refuses_change(shop.store, table, "owed_at", state="approved")
    await refuses_change(shop.store, table, "owed_at", owed_at=clock())
    await refuses_change(shop.store, table, "confirmed_at", state="sent", owed_at=clock(), sent_at=clock())
    await refuses_change(shop.store, table, "sent_at", sent_at=clock(), confirmed_at=clock(), account="1")
    await refuses_change(shop.store, table, "account", confirmed_at=clock())


async def test_what_was_booked_before_there_were_refunds_survives(empty_url: str, clock: FrozenClock) -> None:
    store = await open_store(empty_url, clock)
    await store.alter(lambda connection: upgrade(connection, "0008"))
    await store.write(fill_as_0008)
    await store.alter(lambda connection: upgrade(connection, "0009"))
    kept = await store.read(lambda unit: unit.conn.execute(text("SELECT * FROM postings ORDER BY id")).mappings().all())
    assert [(row["id"], row["decision_id"], row["refund_id"], row["amount"]) for row in kept] == [
        (5, 3, None, 100),
        (7, 3, None, -100),
    ]
    (refund,) = await store.read(lambda unit: unit.conn.execute(text("SELECT * FROM refunds")).mappings().all())
    assert (refund["id"], refund["transfer_id"], refund["state"], refund["account"]) == (4, 2, "asked", "")
    assert await foreign_keys(store) == {"shops", "decisions", "refunds", "orders"}
    await store.write(lambda unit: unit.conn.execute(update(table).values(transfer_id=None)) and None)
    await store.close()


async def foreign_keys(store: Store) -> set[str]:
    def look(unit: Unit) -> set[str]:
        return {key["referred_table"] for key in inspect(unit.conn).get_foreign_keys("postings")}

    return await store.read(look)


def fill_as_0008(unit: Unit) -> None:
    """A shop with a transfer, its decision, two postings and a refund, written as that version would."""
    shop = (
        "INSERT INTO shops (id, slug, name, zone, language, code_prefix, code_key, vault_check, email_optional,"
        " payment_seconds, monitoring_seconds, order_seq, attempt_seq, created_at)"
        " VALUES (1, 's', 's', 'UTC', 'vi', 'KX', :key, :key, 1, 1, 1, 0, 0, 0)"
    )
    unit.conn.execute(text(shop), {"key": b"k"})
    rows = {
        "transfers": "id, shop_id, account, currency, amount, memo, payer_name, payer_account, payer_bank, seen_at",
        "decisions": "id, shop_id, transfer_id, meaning, decided_by, decided_at",
        "postings": "id, shop_id, decision_id, account, currency, amount",
        "refunds": "id, shop_id, transfer_id, currency, amount, state, reason, created_at",
    }
    values = {
        "transfers": ["2, 1, 'a', 'VND', 100, '', '', '', '', 0"],
        "decisions": ["3, 1, 2, 'late', 'rule', 0"],
        "postings": ["5, 1, 3, 'received', 'VND', 100", "7, 1, 3, 'unplaced', 'VND', -100"],
        "refunds": ["4, 1, 2, 'VND', 100, 'asked', '', 0"],
    }
    for name, columns in rows.items():
        for row in values[name]:
            unit.conn.execute(text(f"INSERT INTO {name} ({columns}) VALUES ({row})"))
