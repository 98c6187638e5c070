"""What tells whether money is news: attempts by number, accounts behind others, transfers that lack a source."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Row, and_, bindparam, func, select, update

from sales.ids import AttemptId, OrderId, ShopId
from sales.memo import codes_in
from sales.money import Money
from sales.order import Payment
from sales.pairing import Lone
from sales.posting import Account, Posting
from sales.settlement import Meaning
from storage.members import among
from storage.schema.money import decisions, postings, sightings, transfers
from storage.schema.orders import attempts, orders
from storage.unit import Unit

_SHOP: BindParameter[int] = bindparam("shop")
_ASKED = (
    select(
        attempts.c.id,
        attempts.c.number,
        attempts.c.gateway,
        attempts.c.link_id,
        attempts.c.bank_account_id,
        attempts.c.currency,
        attempts.c.amount,
        attempts.c.state,
        orders.c.code,
        orders.c.payment,
    )
    .join(orders, orders.c.id == attempts.c.order_id)
    .where(attempts.c.shop_id == _SHOP, among(attempts.c.number, "numbers"))
)
_BEHIND = (
    select(attempts.c.bank_account_id)
    .where(
        attempts.c.shop_id == _SHOP,
        attempts.c.account == bindparam("account"),
        attempts.c.bank_account_id.is_not(None),
    )
    .order_by(attempts.c.id.desc())
    .limit(1)
)
_later = decisions.alias("later")
_LONE = (
    select(transfers, decisions.c.meaning, decisions.c.order_id, sightings.c.reference)
    .join(decisions, decisions.c.transfer_id == transfers.c.id)
    .join(sightings, sightings.c.transfer_id == transfers.c.id)
    .where(
        transfers.c.shop_id == _SHOP,
        among(transfers.c.bank_account_id, "accounts"),
        among(transfers.c.amount, "amounts"),
        among(transfers.c.told_by, "told_by"),
        transfers.c.seen_at >= bindparam("since"),
        func.coalesce(transfers.c.booked_at, transfers.c.seen_at) <= bindparam("until"),
        decisions.c.id == select(func.max(_later.c.id)).where(_later.c.transfer_id == transfers.c.id).scalar_subquery(),
    )
    .order_by(transfers.c.id)
)
_BOOKED = (
    select(postings.c.account, postings.c.currency, func.sum(postings.c.amount).label("amount"))
    .join(decisions, decisions.c.id == postings.c.decision_id)
    .where(postings.c.shop_id == _SHOP, decisions.c.transfer_id == bindparam("transfer"))
    .group_by(postings.c.account, postings.c.currency)
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A payment attempt as its gateway names it: `link` is the gateway's id ("" for none), `code` the order's.

    `paid`: whether its order is, by whatever way.
    """

    attempt: AttemptId
    code: str
    gateway: str
    link: str
    bank_account: int | None
    amount: Money
    state: str
    paid: bool


def asked(unit: Unit, shop: ShopId, numbers: Collection[int]) -> dict[int, Asked]:
    """The payment attempts of these numbers."""
    if not numbers:
        return {}
    return {row.number: _asked(row) for row in unit.conn.execute(_ASKED, {"shop": shop, "numbers": numbers})}


def transfer_named(unit: Unit, shop: ShopId, source: str, ref: str) -> tuple[int, str | None] | None:
    """The movement that a source has named so, with the code of the order it was decided to be for."""
    named = and_(sightings.c.shop_id == shop, sightings.c.source == source, sightings.c.ref == ref)
    query = (
        select(sightings.c.transfer_id, orders.c.code)
        .join(decisions, decisions.c.transfer_id == sightings.c.transfer_id)
        .outerjoin(orders, orders.c.id == decisions.c.order_id)
        .where(named)
        .order_by(decisions.c.id.desc())
        .limit(1)
    )
    row = unit.conn.execute(query).one_or_none()
    return None if row is None else (row.transfer_id, row.code)


def accounts_behind(unit: Unit, shop: ShopId, numbers: Iterable[str]) -> dict[str, int]:
    """Virtual account number → our own account behind it, as the newest payment link on it says.

    One look a number: a virtual account may stand on one link or on all of them.
    """
    looks = {number: unit.conn.scalar(_BEHIND, {"shop": shop, "account": number}) for number in numbers}
    return {number: account for number, account in looks.items() if account is not None}


def lone(
    unit: Unit,
    shop: ShopId,
    accounts: Collection[int],
    amounts: Collection[int],
    told_by: Collection[str],
    within: tuple[datetime, datetime],
    going_back: str,
) -> list[Lone]:
    """Transfers on these accounts, of these amounts, that only the named sets of sources have told of.

    `within`: not seen before the one moment, nor booked after the other: a statement may be of long ago.
    `going_back`: what codes of refunds begin with.
    """
    named = {"accounts": accounts, "amounts": amounts, "told_by": told_by}
    since, until = within
    found: dict[int, list[Row[Any]]] = {}
    for row in unit.conn.execute(_LONE, {"shop": shop, "since": since, "until": until} | named):
        found.setdefault(row.id, []).append(row)
    return [_lone(rows, going_back) for rows in found.values()]


def tell_of(unit: Unit, shop: ShopId, transfer: int, told_by: str) -> None:
    """Note that one more source has told of a transfer."""
    same = (transfers.c.shop_id == shop) & (transfers.c.id == transfer)
    unit.conn.execute(update(transfers).where(same).values(told_by=told_by))


def booked(unit: Unit, shop: ShopId, transfer: int) -> tuple[Posting, ...]:
    """How a transfer stands in the ledger by all that was decided of it, refunds apart."""
    rows = unit.conn.execute(_BOOKED, {"shop": shop, "transfer": transfer})
    return tuple(Posting(Account(row.account), Money(int(row.amount), row.currency)) for row in rows if row.amount)


def _asked(row: Any) -> Asked:
    return Asked(
        AttemptId(row.id),
        row.code,
        row.gateway,
        row.link_id or "",
        row.bank_account_id,
        Money(row.amount, row.currency),
        row.state,
        row.payment == Payment.PAID,
    )


def _lone(rows: list[Row[Any]], going_back: str) -> Lone:
    row = rows[0]
    return Lone(
        transfer=row.id,
        account=row.bank_account_id,
        amount=row.amount,
        currency=row.currency,
        sources=frozenset(row.told_by.split()),
        references=frozenset(each.reference for each in rows),
        meaning=Meaning(row.meaning),
        order=None if row.order_id is None else OrderId(row.order_id),
        booked_at=row.booked_at,
        seen_at=row.seen_at,
        refunds=frozenset(codes_in(row.memo, going_back)),
    )
