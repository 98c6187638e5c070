"""Refunds: asked for, approved, sent, settled; each move is a guarded UPDATE that says when somebody was first."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Row, case, exists, func, insert, literal, select, true, update

from sales.ids import OrderId, PeerId, RefundId, ShopId
from sales.money import Money
from sales.payee import Payee
from sales.posting import Account, Posting
from sales.refund import GONE, HELD, LAPSE, MOVES, OWED, Means, Refund, State, means_of
from sales.transfer import Payer
from storage.columns import UtcTime
from storage.members import among
from storage.schema.money import decisions, postings, refunds, reviews, transfers
from storage.unit import Unit

TRUE = true()
_CONFIRMED = (*sorted(OWED), *sorted(GONE))
_IDLE = refunds.c.request_key == ""
"""No gateway has been asked to send it: one that has may do so, whatever it has answered."""


def held(unit: Unit, shop: ShopId, order: OrderId, currency: str) -> dict[Account, int]:
    """Minor units of the order's money that can be given back, by the account they lie on."""
    mine = (postings.c.shop_id == shop) & (postings.c.order_id == order) & (postings.c.currency == currency)
    query = select(postings.c.account, -func.sum(postings.c.amount)).where(mine, postings.c.account.in_(HELD))
    rows = unit.conn.execute(query.group_by(postings.c.account))
    return {Account(account): int(minor) for account, minor in rows}


def held_in_all(unit: Unit, shop: ShopId, order: OrderId) -> dict[str, dict[Account, int]]:
    """The same in every currency in which any of the order's money can be given back, by its name."""
    mine = (postings.c.shop_id == shop) & (postings.c.order_id == order) & postings.c.account.in_(HELD)
    query = select(postings.c.currency, postings.c.account, -func.sum(postings.c.amount)).where(mine)
    found: dict[str, dict[Account, int]] = {}
    grouped = query.group_by(postings.c.currency, postings.c.account).order_by(postings.c.currency)
    for currency, account, minor in unit.conn.execute(grouped):
        found.setdefault(currency, {})[Account(account)] = int(minor)
    return {currency: lies for currency, lies in found.items() if sum(lies.values()) > 0}


def payers(unit: Unit, shop: ShopId, order: OrderId, currency: str = "VND") -> dict[int, Payer]:
    """Who paid for the order in that currency, as was said of each transfer (by our own id), oldest first.

    A transfer counts for the order that its last decision names; the bank may have named nobody.
    """
    later = decisions.alias()
    last = select(func.max(later.c.id)).where(later.c.transfer_id == transfers.c.id).scalar_subquery()
    query = (
        select(transfers)
        .join(decisions, decisions.c.transfer_id == transfers.c.id)
        .where(decisions.c.shop_id == shop, decisions.c.order_id == order, decisions.c.id == last)
        .where(transfers.c.amount > 0, transfers.c.currency == currency)
        .order_by(transfers.c.id)
    )
    rows = unit.conn.execute(query)
    return {row.id: Payer(row.payer_name, row.payer_account, row.payer_bank) for row in rows}


def ask(unit: Unit, shop: ShopId, order: OrderId | None, amount: Money, values: dict[str, Any]) -> Refund:
    """Write a refund that is asked for; `values`: held, reason, memo, asked_by, the account proposed, other means."""
    row = {"shop_id": shop, "order_id": order, "amount": amount.minor, "currency": amount.currency, "state": "asked"}
    row["means"] = means_of(amount.currency)
    asked = insert(refunds).values(row | values | {"created_at": unit.now}).returning(refunds)
    return refund_of(unit.conn.execute(asked).one())


def name(unit: Unit, shop: ShopId, refund: RefundId, code: str, memo: str) -> Refund:
    """Give it the code that its memo carries."""
    named = update(refunds).where(_same(shop, refund)).values(code=code, memo=memo).returning(refunds)
    return refund_of(unit.conn.execute(named).one())


def coded(unit: Unit, shop: ShopId, codes: Collection[str]) -> dict[str, Refund]:
    """The refunds of those codes, by code."""
    query = select(refunds).where(refunds.c.shop_id == shop, among(refunds.c.code, "codes"))
    return {row.code: refund_of(row) for row in unit.conn.execute(query, {"codes": codes})}


def by_id(unit: Unit, shop: ShopId, refund: RefundId) -> Refund | None:
    """A refund by our own id."""
    row = unit.conn.execute(select(refunds).where(_same(shop, refund))).one_or_none()
    return None if row is None else refund_of(row)


def marked(unit: Unit, shop: ShopId, mark: str) -> Refund | None:
    """The refund that a mark names; None when there is none, or another account has been named since."""
    number = mark.partition(":")[0]
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    found = by_id(unit, shop, RefundId(int(number)))
    return found if found is not None and found.mark == mark else None


def of_orders(unit: Unit, shop: ShopId, wanted: Collection[OrderId]) -> dict[OrderId, list[Refund]]:
    """What is owed or was sent for each of these orders, oldest first; orders without a refund are left out."""
    query = select(refunds).where(refunds.c.shop_id == shop, among(refunds.c.order_id, "wanted"))
    query = query.where(refunds.c.state.in_(_CONFIRMED)).order_by(refunds.c.id)
    found: dict[OrderId, list[Refund]] = {}
    for row in unit.conn.execute(query, {"wanted": wanted}):
        found.setdefault(OrderId(row.order_id), []).append(refund_of(row))
    return found


def owed(unit: Unit, shop: ShopId, limit: int) -> list[Refund]:
    """What is owed and not sent yet: first what can be sent at once, each oldest first."""
    query = select(refunds).where(refunds.c.shop_id == shop, refunds.c.state.in_(sorted(OWED)))
    ready = case((refunds.c.confirmed_at.is_not(None) & _IDLE, 0), else_=1)
    return [refund_of(row) for row in unit.conn.execute(query.order_by(ready, refunds.c.id).limit(limit))]


def payable(unit: Unit, shop: ShopId, means: Means) -> list[Refund]:
    """What is owed by those means to an account that somebody has confirmed, oldest first."""
    query = select(refunds).where(refunds.c.shop_id == shop, refunds.c.state.in_(sorted(OWED)))
    query = query.where(refunds.c.means == means, refunds.c.confirmed_at.is_not(None))
    return [refund_of(row) for row in unit.conn.execute(query.order_by(refunds.c.id))]


def all_of(unit: Unit, shop: ShopId) -> list[Refund]:
    """Everything that is owed or was sent, oldest first."""
    query = select(refunds).where(refunds.c.shop_id == shop, refunds.c.state.in_(_CONFIRMED))
    return [refund_of(row) for row in unit.conn.execute(query.order_by(refunds.c.id))]


def drop(unit: Unit, shop: ShopId, refund: RefundId) -> bool:
    """Take back what was only asked for."""
    return _move(unit, shop, refund, State.DROPPED, {State.ASKED})


def call_off(unit: Unit, shop: ShopId, refund: RefundId) -> bool:
    """Owe a refund no more that is not under way; whoever confirmed an account for it did so in vain."""
    nothing = dict.fromkeys(("owed_at", "confirmed_at", "confirmed_by", "sent_at", "sent_by"))
    return _move(unit, shop, refund, State.DROPPED, OWED, _IDLE, nothing)


def owe(unit: Unit, shop: ShopId, refund: RefundId) -> bool:
    """Approve a refund; False when it has lapsed or somebody was first. What a buyer wishes waits for its review."""
    fresh = (refunds.c.created_at > unit.now - LAPSE) | wished()
    return _move(unit, shop, refund, State.APPROVED, {State.ASKED}, fresh, owed_at=unit.now)


def wished() -> ColumnElement[bool]:
    """Whether a refund that is asked for was a buyer's wish: only of those a review is opened before they are owed."""
    return exists().where(reviews.c.refund_id == refunds.c.id, reviews.c.closed_at.is_(None))


def propose(unit: Unit, shop: ShopId, refund: RefundId, payee: Payee) -> bool:
    """Name another account while nobody has confirmed one."""
    waiting = _same(shop, refund) & _in(OWED) & _IDLE & refunds.c.confirmed_at.is_(None)
    return _change(unit, waiting, **_destination(payee))


def confirm(unit: Unit, shop: ShopId, refund: RefundId, payee: Payee, by: PeerId) -> bool:
    """Settle on an account; one that was confirmed before gives way, until the money is sent."""
    still_owed = _same(shop, refund) & _in(OWED) & _IDLE
    return _change(unit, still_owed, **_destination(payee), confirmed_at=unit.now, confirmed_by=by)


def choose_means(unit: Unit, shop: ShopId, refund: RefundId, means: Means) -> bool:
    """Send it another way; False once it is under way."""
    return _change(unit, _same(shop, refund) & _in(OWED | {State.ASKED}) & _IDLE, means=means)


def send(unit: Unit, shop: ShopId, refund: RefundId, by: PeerId | None) -> bool:
    """Note that it was sent; False when no account is confirmed or somebody was first."""
    payable = refunds.c.confirmed_at.is_not(None) & _IDLE
    return _move(unit, shop, refund, State.SENT, OWED, payable, sent_at=unit.now, sent_by=by, error="")


def settle(unit: Unit, shop: ShopId, refund: RefundId, by: int | None) -> bool:
    """Note that the money has gone by the word of a bank (`by`: its transfer) or of a gateway; False for no news.

    One that nobody has marked as sent was sent at that moment. A gateway that has sent it is asked on, for it may yet
    come back.
    """
    sent_at = func.coalesce(refunds.c.sent_at, literal(unit.now, UtcTime()))
    look_at = case((~_IDLE, refunds.c.look_at))
    told = {"settled_at": unit.now, "settled_by": by, "sent_at": sent_at, "look_at": look_at, "error": ""}
    return _move(unit, shop, refund, State.SETTLED, OWED | {State.SENT}, refunds.c.confirmed_at.is_not(None), told)


def come_back(unit: Unit, shop: ShopId, refund: RefundId, state: State, error: str) -> bool:
    """Owe it once more because it bounced (RETURNED) or did not go through (FAILED); whereto must be confirmed anew."""
    anew = dict.fromkeys(("confirmed_at", "confirmed_by", "settled_at", "settled_by", "look_at"))
    return _move(unit, shop, refund, state, GONE, values=anew, request_key="", request_ref="", error=error)


def request(unit: Unit, shop: ShopId, refund: RefundId, key: str) -> bool:
    """Keep the key by which a gateway will know this sending, before it is asked the first time; False if one is."""
    first = _same(shop, refund) & _in(OWED) & _IDLE
    return _change(unit, first, request_key=key)


def look_again(unit: Unit, shop: ShopId, refund: RefundId, look_at: datetime | None) -> bool:
    """Ask its gateway at that time, or no more."""
    return _change(unit, _same(shop, refund), look_at=look_at)


def to_look_at(unit: Unit, shop: ShopId, limit: int) -> list[Refund]:
    """Refunds under way whose gateway is to be asked by now, the longest due first."""
    query = select(refunds).where(refunds.c.shop_id == shop, refunds.c.look_at <= unit.now)
    return [refund_of(row) for row in unit.conn.execute(query.order_by(refunds.c.look_at, refunds.c.id).limit(limit))]


def post(unit: Unit, shop: ShopId, refund: Refund, lines: Sequence[Posting]) -> None:
    """Write what a refund does to the ledger."""
    rows = [
        {
            "shop_id": shop,
            "refund_id": refund.id,
            "order_id": refund.order,
            "account": line.account,
            "currency": line.amount.currency,
            "amount": line.amount.minor,
            "booked_at": unit.now,
        }
        for line in lines
    ]
    unit.conn.execute(insert(postings), rows)


def postings_of(unit: Unit, shop: ShopId, wanted: Collection[RefundId]) -> dict[RefundId, list[Posting]]:
    """Postings of several refunds."""
    query = select(postings).where(postings.c.shop_id == shop, among(postings.c.refund_id, "wanted"))
    found: dict[RefundId, list[Posting]] = {}
    for row in unit.conn.execute(query.order_by(postings.c.id), {"wanted": wanted}):
        line = Posting(Account(row.account), Money(row.amount, row.currency))
        found.setdefault(RefundId(row.refund_id), []).append(line)
    return found


def _same(shop: ShopId, refund: RefundId) -> ColumnElement[bool]:
    return (refunds.c.shop_id == shop) & (refunds.c.id == refund)


def _in(states: Collection[State]) -> ColumnElement[bool]:
    return refunds.c.state.in_(sorted(states))


def _move(
    unit: Unit,
    shop: ShopId,
    refund: RefundId,
    target: State,
    sources: Collection[State],
    where: ColumnElement[bool] = TRUE,
    values: Mapping[str, Any] = MappingProxyType({}),
    **more: Any,
) -> bool:
    """Move it to `target` when it is in one of `sources`, all of which the table of moves must allow."""
    assert all(target in MOVES[source] for source in sources), "no such move"
    return _change(unit, _same(shop, refund) & _in(sources) & where, state=target, **values, **more)


def _change(unit: Unit, where: ColumnElement[bool], **values: Any) -> bool:
    return unit.conn.execute(update(refunds).where(where).values(values)).rowcount == 1


def _destination(payee: Payee) -> dict[str, str]:
    return {"bin": payee.bin, "account": payee.account, "holder": payee.holder}


def refund_of(row: Row[Any]) -> Refund:
    """A refund as its row keeps it."""
    return Refund(
        RefundId(row.id),
        None if row.order_id is None else OrderId(row.order_id),
        Money(row.amount, row.currency),
        Money(row.held, row.currency),
        State(row.state),
        row.reason,
        row.memo,
        Payee(row.bin, row.account, row.holder),
        row.created_at,
        row.asked_by,
        row.owed_at,
        row.confirmed_at,
        row.confirmed_by,
        row.sent_at,
        row.sent_by,
        Means(row.means),
        row.code,
        row.transfer_id,
        row.request_key,
        row.request_ref,
        row.settled_at,
        row.error,
        row.settled_by,
    )
