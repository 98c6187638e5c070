"""Whatever is wrong in the books is found, by its name, and the admins hear of it once a day."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Table, delete, insert, update
from sqlalchemy.sql import Executable

from flows.check_books import CHECKS, Finding, alarm_of_books, check_books
from flows.messages import unpack
from sales.posting import Account
from sales.settlement import Meaning
from storage.schema.goods import grants
from storage.schema.money import decisions, postings, refunds, reviews, sightings, transfers
from storage.schema.orders import orders
from tests.clock import FrozenClock
from tests.flows.desk import Desk
from tests.flows.shop import PRICE, Shop


async def found(shop: Shop) -> dict[str, tuple[str, ...]]:
    findings = await shop.store.read(lambda unit: check_books(unit, shop.premises))
    return {each.kind: each.about for each in findings}


async def change(shop: Shop, *statements: Executable) -> None:
    """Write what no flow would."""

    def run(unit: object) -> None:
        for statement in statements:
            unit.conn.execute(statement)  # type: ignore[attr-defined]

    await shop.store.write(run)


async def busy(shop: Shop) -> Desk:
    """Books with a bit of everything: a sale, credit, money of nobody, a refund that was sent and one that waits."""
    desk = await Desk.open(shop)
    order = await desk.paid(PRICE + 5_000)
    await shop.settle(shop.sighting("nobody", 9_000), shop.sighting("x", -1), shop.sighting("y", 1, account="other"))
    await desk.close(await desk.confirm_as_admin(await desk.owed(order, 5_000)))
    await desk.owed(order, 10_000)
    return desk


async def test_books_in_which_everything_happened_are_well(shop: Shop) -> None:
    await busy(shop)
    assert await found(shop) == {}


def posting(account: Account, amount: int, **cause: int) -> Executable:
    return insert(postings).values(shop_id=1, account=account, amount=amount, currency="VND", **cause)


def first(table: Table, **values: object) -> Executable:
    return update(table).where(table.c.id == 1).values(values)


WRONG: dict[str, tuple[Callable[[], Executable], ...]] = {
    "sums": (lambda: posting(Account.REVENUE, -7, decision_id=1, order_id=1),),
    "causes": (
        lambda: posting(Account.REVENUE, -7, decision_id=1, order_id=1),
        lambda: posting(Account.REVENUE, 7, decision_id=2, order_id=1),
    ),
    "received": (lambda: first(transfers, amount=1),),
    "decided": (lambda: delete(sightings).where(sightings.c.transfer_id == 1),),
    "waiting": (lambda: delete(reviews),),
    "refunds": (lambda: update(refunds).where(refunds.c.state == "sent").values(amount=1),),
    "earned": (lambda: first(orders, total=1),),
    "goods": (lambda: delete(grants),),
    "parts": (
        lambda: posting(Account.DEPOSIT, 7, decision_id=1, order_id=1),
        lambda: posting(Account.CREDIT, -7, decision_id=1, order_id=1),
    ),
    "credit": (
        lambda: posting(Account.CREDIT, 7, decision_id=1, order_id=1),
        lambda: posting(Account.DEPOSIT, -7, decision_id=1, order_id=1),
    ),
}
"""The finding, and how the books come to break that rule."""


@pytest.mark.parametrize("kind", CHECKS)
async def test_what_does_not_hold_is_found_by_its_name(shop: Shop, kind: str) -> None:
    await busy(shop)
    await change(shop, *(statement() for statement in WRONG[kind]))
    told = await found(shop)
    assert kind in told
    assert told[kind]


@pytest.mark.parametrize("meaning", [Meaning.OUT, Meaning.FOREIGN_ACCOUNT])
async def test_money_that_never_was_the_shops_must_not_be_booked(sqlite_shop: Shop, meaning: Meaning) -> None:
    await busy(sqlite_shop)
    await change(sqlite_shop, first(decisions, meaning=meaning))
    assert (await found(sqlite_shop))["received"] == ("transfer 1",)


async def test_a_transfer_without_a_decision_is_named(sqlite_shop: Shop) -> None:
    await busy(sqlite_shop)
    row = dict.fromkeys(("account", "memo", "payer_name", "payer_account", "payer_bank", "told_by"), "")
    now = (await sqlite_shop.rows(transfers))[0].seen_at
    await change(sqlite_shop, insert(transfers).values(shop_id=1, currency="VND", amount=1, seen_at=now, **row))
    assert (await found(sqlite_shop))["decided"] == ("transfer 5",)


async def test_a_few_dong_too_few_are_no_finding_and_many_are(sqlite_shop: Shop) -> None:
    desk = await Desk.open(sqlite_shop)
    await desk.paid()
    await change(sqlite_shop, first(orders, total=PRICE + 500))
    assert await found(sqlite_shop) == {}
    await change(sqlite_shop, first(orders, total=PRICE * 2))
    assert await found(sqlite_shop) == {"earned": ("order 1",)}


async def test_the_admins_are_told_once_a_day_what_to_run(shop: Shop, clock: FrozenClock) -> None:
    wrong = [Finding("sums", ("VND",)), Finding("goods", ("order 1", "order 2"))]
    for _ in range(2):
        await shop.store.write(lambda unit: alarm_of_books(unit, shop.premises, wrong))
    told = [unpack(job.payload["reply"]) for job in await shop.jobs("reply")]
    assert [[line.id for line in each.lines] for each in told] == [
        ["admin-books-wrong", "books-finding", "admin-books-look"]
    ] * 2
    assert [each.lines[1].values["about"] for each in told] == ["VND", "order 1, order 2"]
    clock.move(timedelta(hours=7, minutes=59))
    await shop.store.write(lambda unit: alarm_of_books(unit, shop.premises, wrong))
    assert len(await shop.jobs("reply")) == 2, "it is still the same day where the shop is"
    clock.move(timedelta(minutes=1))
    await shop.store.write(lambda unit: alarm_of_books(unit, shop.premises, wrong))
    assert len(await shop.jobs("reply")) == 4
