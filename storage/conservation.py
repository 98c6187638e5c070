"""What must hold of the books at every hour, asked of the database: each question answers what breaks it.

Every answer is a list of names, empty when all is well and never longer than MOST. Nothing here changes a row.
"""

from typing import Any

from sqlalchemy import BindParameter, Select, Text, and_, bindparam, case, cast, func, or_, select, union_all

from sales.ids import ShopId
from sales.order import Payment
from sales.posting import Account
from sales.refund import GONE, OWED
from sales.settlement import Meaning
from storage.members import constant
from storage.schema.goods import grants
from storage.schema.money import decisions, postings, refunds, reviews, sightings, transfers
from storage.schema.orders import order_lines, orders
from storage.schema.shop import shops
from storage.unit import Unit

MOST = 20
"""Offenders that are named at most: one is enough to look."""

NEVER_OURS = (Meaning.OUT, Meaning.FOREIGN_ACCOUNT, Meaning.HELD, Meaning.RETURNED)
"""Meanings of money that is in no book as received: it left, was never the shop's, or had been received before."""

EITHER = (Meaning.REVERSED, Meaning.DISCARDED)
"""Money that was taken back, or that a person set aside, is booked as far as it had been booked before."""

_SHOP: BindParameter[int] = bindparam("shop")
_CAUSE = (postings.c.decision_id, postings.c.refund_id, postings.c.spend_id)


def sums(unit: Unit, shop: ShopId) -> list[str]:
    """Currencies in which all postings together do not sum to zero."""
    return [str(name) for name in unit.conn.scalars(_SUMS, {"shop": shop})]


def causes(unit: Unit, shop: ShopId) -> list[str]:
    """Decisions, refunds and spends whose postings do not sum to zero in some currency."""
    words = ("decision", "refund", "spend")
    rows = unit.conn.execute(_CAUSES, {"shop": shop}).all()
    return [f"{word} {id_}" for row in rows for word, id_ in zip(words, row, strict=True) if id_ is not None]


def received(unit: Unit, shop: ShopId) -> list[str]:
    """Transfers of which more or less was received than moved, by what they mean."""
    return _named(unit, shop, "transfer", _RECEIVED)


def decided(unit: Unit, shop: ShopId) -> list[str]:
    """Transfers that nobody has decided about, or that nobody has told of."""
    return _named(unit, shop, "transfer", _UNDECIDED)


def waiting(unit: Unit, shop: ShopId) -> list[str]:
    """Transfers that wait for a person, and of which no person was ever told by a review."""
    return _named(unit, shop, "transfer", _UNREVIEWED)


def given_back(unit: Unit, shop: ShopId) -> list[str]:
    """Orders ("-": none) whose refunds do not stand as the ledger says: owed on one account, gone on the other."""
    return _named(unit, shop, "order", _GIVEN_BACK)


def earned(unit: Unit, shop: ShopId) -> list[str]:
    """Orders that have earned what they should not: nothing while unpaid, else more than the price or far less.

    What is given back or taken back later leaves what was earned. How little may pay is the shop's tolerance, which may
    have been higher on that day: a tenth of the price raises no alarm.
    """
    return _named(unit, shop, "order", _EARNED)


def handed_over(unit: Unit, shop: ShopId) -> list[str]:
    """Orders paid without goods, and orders with goods that were never paid."""
    return _named(unit, shop, "order", _HANDED_OVER)


def parts(unit: Unit, shop: ShopId) -> list[str]:
    """Orders on which less than nothing lies as a part."""
    return _named(unit, shop, "order", _PARTS)


def overdrawn(unit: Unit, shop: ShopId) -> list[str]:
    """Buyers of whose credit more is gone than there was, though no gateway has taken money of theirs back."""
    return _named(unit, shop, "buyer", _OVERDRAWN)


def _named(unit: Unit, shop: ShopId, word: str, query: Select[Any]) -> list[str]:
    return [f"{word} {name}" for name in unit.conn.scalars(query, {"shop": shop})]


def _latest() -> Select[Any]:
    """Each transfer that was decided about, with its latest decision."""
    later = decisions.alias("later")
    superseded = select(later.c.id).where(later.c.transfer_id == decisions.c.transfer_id, later.c.id > decisions.c.id)
    return (
        select(transfers.c.id)
        .join(decisions, decisions.c.transfer_id == transfers.c.id)
        .where(transfers.c.shop_id == _SHOP, ~superseded.exists())
    )


def _received() -> Select[Any]:
    booked = (
        select(decisions.c.transfer_id, postings.c.currency, func.sum(postings.c.amount).label("minor"))
        .join(decisions, decisions.c.id == postings.c.decision_id)
        .where(postings.c.shop_id == _SHOP, postings.c.account == Account.RECEIVED)
        .group_by(decisions.c.transfer_id, postings.c.currency)
        .subquery()
    )
    came = func.coalesce(booked.c.minor, 0)
    right = case(
        (constant(decisions.c.meaning, *NEVER_OURS), came == 0),
        (constant(decisions.c.meaning, *EITHER), or_(came == 0, came == transfers.c.amount)),
        else_=came == transfers.c.amount,
    )
    return (
        _latest()
        .outerjoin(booked, booked.c.transfer_id == transfers.c.id)
        .where(or_(~right, booked.c.currency != transfers.c.currency))
    )


def _undecided() -> Select[Any]:
    judged = select(decisions.c.id).where(decisions.c.transfer_id == transfers.c.id)
    told = select(sightings.c.id).where(sightings.c.transfer_id == transfers.c.id)
    return select(transfers.c.id).where(transfers.c.shop_id == _SHOP, or_(~judged.exists(), ~told.exists()))


def _unreviewed() -> Select[Any]:
    kept = select(postings.c.id).where(
        postings.c.decision_id == decisions.c.id, postings.c.account == Account.UNPLACED, postings.c.amount < 0
    )
    reviewed = select(reviews.c.id).where(reviews.c.transfer_id == transfers.c.id)
    return _latest().where(or_(decisions.c.meaning == Meaning.HELD, kept.exists()), ~reviewed.exists())


def _given_back() -> Select[Any]:
    said = select(
        refunds.c.order_id,
        refunds.c.currency,
        case((constant(refunds.c.state, *sorted(OWED)), refunds.c.amount), else_=0).label("owed"),
        case((constant(refunds.c.state, *sorted(GONE)), refunds.c.amount), else_=0).label("gone"),
    ).where(refunds.c.shop_id == _SHOP)
    booked = select(
        postings.c.order_id,
        postings.c.currency,
        case((postings.c.account == Account.REFUND_OWED, postings.c.amount), else_=0),
        case((postings.c.account == Account.REFUND_PAID, postings.c.amount), else_=0),
    ).where(postings.c.shop_id == _SHOP, constant(postings.c.account, Account.REFUND_OWED, Account.REFUND_PAID))
    both = union_all(said, booked).subquery()
    return (
        select(func.coalesce(cast(both.c.order_id, Text), "-"))
        .group_by(both.c.order_id, both.c.currency)
        .having(or_(func.sum(both.c.owed) != 0, func.sum(both.c.gone) != 0))
    )


def _earned() -> Select[Any]:
    brought = (
        select(postings.c.order_id, postings.c.currency, func.sum(-postings.c.amount).label("minor"))
        .outerjoin(decisions, decisions.c.id == postings.c.decision_id)
        .where(postings.c.shop_id == _SHOP, postings.c.account == Account.REVENUE, postings.c.refund_id.is_(None))
        .where(or_(decisions.c.id.is_(None), decisions.c.meaning != Meaning.REVERSED))
        # What else was paid for goods that are taken back has become credit.
        .where(or_(postings.c.spend_id.is_(None), postings.c.amount < 0))
        .group_by(postings.c.order_id, postings.c.currency)
        .subquery()
    )
    got, due = func.coalesce(brought.c.minor, 0), orders.c.total
    nearly = and_(orders.c.currency == "VND", or_(got * 10 >= due * 9, got + shops.c.tolerance >= due))
    paid = and_(got <= due, or_(got == due, nearly))
    return (
        select(orders.c.id)
        .join(shops, shops.c.id == orders.c.shop_id)
        .outerjoin(brought, and_(brought.c.order_id == orders.c.id, brought.c.currency == orders.c.currency))
        .where(orders.c.shop_id == _SHOP, ~case((orders.c.payment == Payment.PAID, paid), else_=got == 0))
    )


def _handed_over() -> Select[Any]:
    granted = select(grants.c.id).where(grants.c.line_id == order_lines.c.id).exists()
    paid = case((orders.c.payment == Payment.PAID, 1), else_=0)
    return (
        select(orders.c.id)
        .distinct()
        .join(order_lines, order_lines.c.order_id == orders.c.id)
        .where(orders.c.shop_id == _SHOP, case((granted, 1), else_=0) != paid)
    )


def _overdrawn() -> Select[Any]:
    theirs = orders.alias("theirs")
    robbed = (
        select(theirs.c.buyer_id)
        .join(decisions, decisions.c.order_id == theirs.c.id)
        .where(theirs.c.shop_id == _SHOP, constant(decisions.c.meaning, Meaning.REVERSED))
    )
    return (
        select(orders.c.buyer_id)
        .join(postings, postings.c.order_id == orders.c.id)
        .where(orders.c.shop_id == _SHOP, postings.c.account == Account.CREDIT)
        .where(orders.c.buyer_id.not_in(robbed))
        .group_by(orders.c.buyer_id, postings.c.currency)
        .having(func.sum(postings.c.amount) > 0)
    )


def _parts() -> Select[Any]:
    return (
        select(postings.c.order_id)
        .where(postings.c.shop_id == _SHOP, postings.c.account == Account.DEPOSIT)
        .group_by(postings.c.order_id, postings.c.currency)
        .having(func.sum(postings.c.amount) > 0)
    )


# Built once: to build one costs several times what the database needs for a small shop.
_SUMS = (
    select(postings.c.currency)
    .where(postings.c.shop_id == _SHOP)
    .group_by(postings.c.currency)
    .having(func.sum(postings.c.amount) != 0)
    .limit(MOST)
)
_CAUSES = (
    select(*_CAUSE)
    .where(postings.c.shop_id == _SHOP)
    .group_by(*_CAUSE, postings.c.currency)
    .having(func.sum(postings.c.amount) != 0)
    .limit(MOST)
)
_RECEIVED = _received().limit(MOST)
_UNDECIDED = _undecided().limit(MOST)
_UNREVIEWED = _unreviewed().limit(MOST)
_GIVEN_BACK = _given_back().limit(MOST)
_EARNED = _earned().limit(MOST)
_HANDED_OVER = _handed_over().limit(MOST)
_PARTS = _parts().limit(MOST)
_OVERDRAWN = _overdrawn().limit(MOST)
