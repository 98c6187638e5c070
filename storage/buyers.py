"""Buyers, the mouths they speak through, their addresses, and where a talk with them stands."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update

from sales.ids import BuyerId, OrderId, PeerId, ShopId
from sales.people import Peer
from storage.members import among
from storage.schema.orders import orders
from storage.schema.people import buyers, emails, peers, talks
from storage.unit import Unit

_PEER = select(
    peers.c.id,
    peers.c.buyer_id,
    peers.c.channel,
    peers.c.external_id,
    buyers.c.language,
    peers.c.reachable,
    peers.c.name,
    peers.c.handle,
).select_from(peers.join(buyers))
_OF_ORDERS = (
    _PEER.add_columns(orders.c.id.label("order_id"))
    .join(orders, orders.c.peer_id == peers.c.id)
    .where(orders.c.shop_id == bindparam("shop"), among(orders.c.id, "wanted"))
)


@dataclass(frozen=True, slots=True)
class Talk:
    """Where a talk stands; `version` guards it against a second writer."""

    step: str = ""
    data: Mapping[str, Any] | None = None
    version: int = 0


def peer_at(unit: Unit, shop: ShopId, channel: str, external: str) -> Peer | None:
    """Who speaks from that chat, if the shop has met them."""
    query = _PEER.where(peers.c.shop_id == shop, peers.c.channel == channel, peers.c.external_id == external)
    row = unit.conn.execute(query).one_or_none()
    return None if row is None else _peer(row)


def peer(unit: Unit, shop: ShopId, peer_id: PeerId) -> Peer:
    """A person by our own id."""
    return _peer(unit.conn.execute(_PEER.where(peers.c.shop_id == shop, peers.c.id == peer_id)).one())


def peers_of(unit: Unit, shop: ShopId, wanted: Collection[OrderId]) -> dict[OrderId, Peer]:
    """Who placed each of these orders."""
    rows = unit.conn.execute(_OF_ORDERS, {"shop": shop, "wanted": wanted})
    return {OrderId(row.order_id): _peer(row) for row in rows}


def name_of(unit: Unit, shop: ShopId, buyer: BuyerId) -> str:
    """What a buyer calls themselves at the mouth they came by first; "" for nobody."""
    mine = select(peers.c.name).where(peers.c.shop_id == shop, peers.c.buyer_id == buyer)
    return unit.conn.execute(mine.order_by(peers.c.id).limit(1)).scalar() or ""


def meet(unit: Unit, shop: ShopId, channel: str, external: str, name: str, language: str, handle: str = "") -> Peer:
    """Take in somebody new, with the language their app speaks."""
    buyer = insert(buyers).values(shop_id=shop, language=language, created_at=unit.now).returning(buyers.c.id)
    row = {
        "shop_id": shop,
        "buyer_id": unit.conn.execute(buyer).scalar_one(),
        "channel": channel,
        "external_id": external,
        "name": name,
        "handle": handle,
        "reachable": True,
        "created_at": unit.now,
    }
    peer_id = unit.conn.execute(insert(peers).values(row).returning(peers.c.id)).scalar_one()
    return peer(unit, shop, PeerId(peer_id))


def rename(unit: Unit, shop: ShopId, peer_id: PeerId, name: str, handle: str) -> None:
    """Note what somebody calls themselves by now."""
    same = (peers.c.shop_id == shop) & (peers.c.id == peer_id)
    unit.conn.execute(update(peers).where(same).values(name=name, handle=handle))


def set_language(unit: Unit, shop: ShopId, buyer: BuyerId, language: str) -> None:
    """Remember the language a buyer has chosen."""
    unit.conn.execute(update(buyers).where(buyers.c.shop_id == shop, buyers.c.id == buyer).values(language=language))


def set_reachable(unit: Unit, shop: ShopId, channel: str, external: str, reachable: bool) -> None:
    """Note whether this chat still takes our messages."""
    same = (peers.c.shop_id == shop) & (peers.c.channel == channel) & (peers.c.external_id == external)
    unit.conn.execute(update(peers).where(same, peers.c.reachable != reachable).values(reachable=reachable))


def last_email(unit: Unit, shop: ShopId, buyer: BuyerId) -> str | None:
    """The address the buyer used last."""
    mine = select(emails.c.address).where(emails.c.shop_id == shop, emails.c.buyer_id == buyer)
    return unit.conn.execute(mine.order_by(emails.c.used_at.desc(), emails.c.id.desc()).limit(1)).scalar()


def remember_email(unit: Unit, shop: ShopId, buyer: BuyerId, address: str) -> None:
    """Keep the address for one tap next time."""
    same = (emails.c.shop_id == shop) & (emails.c.buyer_id == buyer) & (emails.c.address == address)
    if not unit.conn.execute(update(emails).where(same).values(used_at=unit.now)).rowcount:
        unit.conn.execute(insert(emails).values(shop_id=shop, buyer_id=buyer, address=address, used_at=unit.now))


def talk(unit: Unit, shop: ShopId, peer_id: PeerId) -> Talk:
    """Where the talk with this person stands; a new one when there was none."""
    row = unit.conn.execute(select(talks).where(talks.c.shop_id == shop, talks.c.peer_id == peer_id)).one_or_none()
    return Talk(row.step, row.data, row.version) if row else Talk()


def move_talk(unit: Unit, shop: ShopId, peer_id: PeerId, was: Talk, step: str, data: Mapping[str, Any]) -> bool:
    """Write the new step; False when somebody else moved the talk since `was` was read.

    Two first steps at once: the second fails with Conflict, and all of it is done again.
    """
    if was.version == 0:
        row = {"shop_id": shop, "peer_id": peer_id, "step": step, "data": dict(data), "version": 1}
        unit.conn.execute(insert(talks).values(row))
        return True
    same = (talks.c.shop_id == shop) & (talks.c.peer_id == peer_id) & (talks.c.version == was.version)
    moved = update(talks).where(same).values(step=step, data=dict(data), version=was.version + 1)
    return unit.conn.execute(moved).rowcount == 1


def _peer(row: Row[*tuple[Any, ...]]) -> Peer:
    known = (row.channel, row.external_id, row.language, row.reachable, row.name, row.handle)
    return Peer(PeerId(row.id), BuyerId(row.buyer_id), *known)
