"""What was handed over, sealed where it is secret, and the ways it went out."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select, update

from sales.catalogue import Link
from sales.ids import OrderId, ShopId
from sales.purchase import Grant
from storage.bulk import Bulk, names
from storage.identities import draw_ids
from storage.schema.goods import deliveries, grants
from storage.unit import Unit
from storage.vault import Vault

_ADD_GRANTS = Bulk(grants, names(grants))
_ADD_DELIVERIES = Bulk(deliveries, ("id", "shop_id", "order_id", "channel", "address", "state", "created_at"))


def place_of_key(shop: ShopId, line: int) -> str:
    """Where a line's licence key lies in the vault."""
    return f"{shop}/grants/key/{line}"


def hash_of_key(vault: Vault, key: str) -> bytes:
    """By which a licence key is found without being opened."""
    return vault.hash("licence", key)


def add_grants(unit: Unit, rows: Sequence[dict[str, Any]]) -> None:
    """Write grants; a second grant of one line fails the whole Unit."""
    _ADD_GRANTS(unit, rows)


def grants_of(unit: Unit, shop: ShopId, order: OrderId, vault: Vault) -> list[Grant]:
    """The grants of an order with their keys opened."""
    return [_grant(row, vault) for row in grant_rows(unit, shop, order)]


def grant_rows(unit: Unit, shop: ShopId, order: OrderId) -> list[Row[Any]]:
    """The grants of an order as they lie there, sealed."""
    query = select(grants).where(grants.c.shop_id == shop, grants.c.order_id == order).order_by(grants.c.line_id)
    return list(unit.conn.execute(query))


def revoke(unit: Unit, shop: ShopId, order: OrderId) -> int:
    """Take back all that an order has handed over; answers how much of it was still valid."""
    valid = (grants.c.shop_id == shop) & (grants.c.order_id == order) & (grants.c.state != "revoked")
    return unit.conn.execute(update(grants).where(valid).values(state="revoked")).rowcount


def add_deliveries(unit: Unit, rows: Sequence[dict[str, Any]]) -> list[int]:
    """Write deliveries that are to go out; ids in the order of `rows`."""
    ids = draw_ids(unit, {deliveries: len(rows)})[deliveries]
    born = {"state": "waiting", "created_at": unit.now}
    _ADD_DELIVERIES(unit, [row | born | {"id": id_} for row, id_ in zip(rows, ids, strict=True)])
    return ids


def delivery(unit: Unit, shop: ShopId, delivery_id: int) -> Row[Any]:
    """One delivery by its id."""
    query = select(deliveries).where(deliveries.c.shop_id == shop, deliveries.c.id == delivery_id)
    return unit.conn.execute(query).one()


def deliveries_of(unit: Unit, shop: ShopId, order: OrderId) -> list[Row[Any]]:
    """All deliveries of an order, oldest first."""
    query = select(deliveries).where(deliveries.c.shop_id == shop, deliveries.c.order_id == order)
    return list(unit.conn.execute(query.order_by(deliveries.c.id)))


def end_delivery(unit: Unit, shop: ShopId, delivery_id: int, message: str | None, error: str | None) -> None:
    """Note how a delivery ended: the channel's message id, or why it never will be delivered."""
    same = (deliveries.c.shop_id == shop) & (deliveries.c.id == delivery_id)
    values = {"state": "failed" if error else "sent", "message": message, "error": error, "ended_at": unit.now}
    unit.conn.execute(update(deliveries).where(same).values(values))


def _grant(row: Row[Any], vault: Vault) -> Grant:
    key = vault.unseal(place_of_key(row.shop_id, row.line_id), row.key_sealed) if row.key_sealed is not None else ""
    links = tuple(Link(**link) for link in row.links)
    return Grant(row.line_id, row.state, key, links, row.activation, row.download_url, row.granted_at, row.expires_at)
