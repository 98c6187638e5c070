"""Claims of buyers, and the money nobody could place that they may be about."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from sales.claim import Claim, ClaimState, Loose
from sales.ids import BuyerId, OrderId, PeerId, ShopId
from sales.money import Money
from sales.people import Peer
from sales.settlement import Meaning
from sales.transfer import Payer
from storage.schema.money import claims, decisions, reviews, transfers
from storage.unit import Unit

MOST_LOOSE = 200
"""How much money of one amount is looked through, the oldest first."""


def add(
    unit: Unit, shop: ShopId, peer: Peer, order: OrderId | None, amount: Money, moved_at: datetime, tail: str
) -> Claim:
    """Keep what a buyer says; nobody has decided of it yet."""
    row = {
        "shop_id": shop,
        "buyer_id": peer.buyer,
        "peer_id": peer.id,
        "order_id": order,
        "currency": amount.currency,
        "amount": amount.minor,
        "moved_at": moved_at,
        "tail": tail,
        "state": ClaimState.OPEN,
        "created_at": unit.now,
    }
    return _claim(unit.conn.execute(insert(claims).values(row).returning(claims)).one())


def by_id(unit: Unit, shop: ShopId, claim: int) -> Claim | None:
    """One of them, open or decided."""
    row = unit.conn.execute(select(claims).where(claims.c.shop_id == shop, claims.c.id == claim)).one_or_none()
    return None if row is None else _claim(row)


def decide(unit: Unit, shop: ShopId, claim: int, state: ClaimState, transfer: int | None = None) -> bool:
    """Note what an admin has decided; False when somebody was first."""
    waiting = (claims.c.shop_id == shop) & (claims.c.id == claim) & (claims.c.state == ClaimState.OPEN)
    decided = update(claims).where(waiting).values(state=state, transfer_id=transfer)
    return unit.conn.execute(decided).rowcount == 1


def count_open(unit: Unit, shop: ShopId, buyer: BuyerId) -> int:
    """How many claims of that buyer wait for an admin."""
    mine = (claims.c.shop_id == shop) & (claims.c.buyer_id == buyer) & (claims.c.state == ClaimState.OPEN)
    return int(unit.conn.execute(select(func.count()).select_from(claims).where(mine)).scalar_one())


def made_since(unit: Unit, shop: ShopId, buyer: BuyerId, since: datetime) -> int:
    """How many claims that buyer has made since then."""
    mine = (claims.c.shop_id == shop) & (claims.c.buyer_id == buyer) & (claims.c.created_at >= since)
    return int(unit.conn.execute(select(func.count()).select_from(claims).where(mine)).scalar_one())


def made_by_all(unit: Unit, shop: ShopId, since: datetime) -> int:
    """How many claims all buyers together have made since then."""
    made = (claims.c.shop_id == shop) & (claims.c.created_at >= since)
    return int(unit.conn.execute(select(func.count()).select_from(claims).where(made)).scalar_one())


def loose(unit: Unit, shop: ShopId, amount: Money) -> list[Loose]:
    """Money of exactly this amount that waits for a person; what its gateway holds back has not come yet."""
    later = decisions.alias("later")
    latest = select(func.max(later.c.id)).where(later.c.transfer_id == transfers.c.id).scalar_subquery()
    query = (
        select(transfers, reviews.c.id.label("review_id"))
        .join(reviews, reviews.c.transfer_id == transfers.c.id)
        .join(decisions, decisions.c.id == latest)
        .where(reviews.c.shop_id == shop, reviews.c.closed_at.is_(None), decisions.c.meaning != Meaning.HELD)
        .where(transfers.c.amount == amount.minor, transfers.c.currency == amount.currency)
        .order_by(reviews.c.id)
        .limit(MOST_LOOSE)
    )
    return [_loose(row) for row in unit.conn.execute(query)]


def _claim(row: Row[Any]) -> Claim:
    return Claim(
        row.id,
        BuyerId(row.buyer_id),
        PeerId(row.peer_id),
        None if row.order_id is None else OrderId(row.order_id),
        Money(row.amount, row.currency),
        row.moved_at,
        row.tail,
        ClaimState(row.state),
        row.created_at,
        row.transfer_id,
    )


def _loose(row: Row[Any]) -> Loose:
    payer = Payer(row.payer_name, row.payer_account, row.payer_bank)
    at = row.booked_at or row.seen_at
    return Loose(row.id, row.review_id, Money(row.amount, row.currency), row.memo, payer, at)
