"""Admins who joined by invitation, and the invitations."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select, update

from sales.ids import ShopId
from storage.columns import insert_ignore
from storage.schema.admins import admins, invites
from storage.unit import Unit


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody who became an admin by invitation, at one mouth."""

    channel: str
    external: str
    name: str
    added_at: datetime


def joined(unit: Unit, shop: ShopId) -> list[Joined]:
    """Everybody who joined, in the order of joining."""
    query = select(admins).where(admins.c.shop_id == shop).order_by(admins.c.id)
    return [_joined(row) for row in unit.conn.execute(query)]


def has_joined(unit: Unit, shop: ShopId, channel: str, external: str) -> bool:
    """Whether somebody joined from that chat."""
    same = (admins.c.shop_id == shop) & (admins.c.channel == channel) & (admins.c.external_id == external)
    return unit.conn.execute(select(admins.c.id).where(same)).scalar() is not None


def join(unit: Unit, shop: ShopId, channel: str, external: str, name: str) -> None:
    """Take somebody in; nothing changes for who is there already."""
    row = {"shop_id": shop, "channel": channel, "external_id": external, "name": name, "added_at": unit.now}
    unit.conn.execute(insert_ignore(admins).values(row))


def part(unit: Unit, shop: ShopId, channel: str, external: str) -> bool:
    """Let an admin go; False when there is none of that name."""
    same = (admins.c.shop_id == shop) & (admins.c.channel == channel) & (admins.c.external_id == external)
    return unit.conn.execute(delete(admins).where(same)).rowcount == 1


def invite(unit: Unit, shop: ShopId, token_hash: bytes, expires_at: datetime, most: int) -> None:
    """Write an invitation; of the open ones only the newest `most` stay."""
    row = {"shop_id": shop, "token_hash": token_hash, "created_at": unit.now, "expires_at": expires_at}
    unit.conn.execute(insert_ignore(invites).values(row))
    still_open = (invites.c.shop_id == shop) & invites.c.used_at.is_(None)
    kept = select(invites.c.id).where(still_open).order_by(invites.c.id.desc()).limit(most)
    unit.conn.execute(delete(invites).where(still_open, invites.c.id.not_in(kept)))


def take_invite(unit: Unit, shop: ShopId, token_hash: bytes, by: str) -> bool:
    """Use up the open invitation of that hash; False when there is none, or it was used, or its time is over."""
    same = (invites.c.shop_id == shop) & (invites.c.token_hash == token_hash)
    is_open = invites.c.used_at.is_(None) & (invites.c.expires_at > unit.now)
    return unit.conn.execute(update(invites).where(same, is_open).values(used_at=unit.now, used_by=by)).rowcount == 1


def forget_invites(unit: Unit) -> int:
    """Remove the invitations whose time is over, used or not; answers how many. The event log remembers them."""
    return unit.conn.execute(delete(invites).where(invites.c.expires_at <= unit.now)).rowcount


def _joined(row: Row[Any]) -> Joined:
    return Joined(row.channel, row.external_id, row.name, row.added_at)
