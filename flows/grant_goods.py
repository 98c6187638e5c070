"""Take the goods of paid orders: keys and links are written down with the payment, and sent afterwards."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from secrets import token_bytes
from typing import Any

from flows.deliver_goods import first_deliveries
from flows.premises import Premises
from sales.catalogue import Kind
from sales.ids import OrderId
from sales.licence import KEY_BYTES, expiry, format_key
from sales.people import Peer
from sales.purchase import Line, Order
from storage import catalogue, goods, orders
from storage.catalogue import Contents
from storage.unit import Unit
from storage.work import Job


def grant_goods(unit: Unit, premises: Premises, paid: Sequence[Order], peers: Mapping[OrderId, Peer]) -> list[Job]:
    """Write one grant for each line of the paid orders; answers the jobs that carry them."""
    shop = premises.shop.id
    lines = orders.lines(unit, shop, [order.id for order in paid])
    plans = sorted({line.plan for each in lines.values() for line in each})
    contents = catalogue.contents_of(unit, shop, plans)
    rows = [_grant(unit, premises, order, line, contents[line.plan]) for order in paid for line in lines[order.id]]
    goods.add_grants(unit, rows)
    return first_deliveries(unit, premises, paid, peers)


def _grant(unit: Unit, premises: Premises, order: Order, line: Line, contents: Contents) -> dict[str, Any]:
    row = {
        "shop_id": premises.shop.id,
        "order_id": order.id,
        "line_id": line.id,
        "state": "granted",
        "links": [asdict(link) for link in contents.links],
        "activation": contents.activation,
        "download_url": contents.download_url,
        "granted_at": unit.now,
        "expires_at": expiry(unit.now, line.days),
    }
    return row | _sealed_key(premises, line)


def _sealed_key(premises: Premises, line: Line) -> dict[str, bytes | None]:
    """A new licence key, sealed where it will lie; 80 bits make a second one like it unthinkable."""
    if line.kind is not Kind.LICENCE:
        return {"key_sealed": None, "key_hash": None}
    key = format_key(token_bytes(KEY_BYTES))
    vault, place = premises.vault, goods.place_of_key(premises.shop.id, line.id)
    return {"key_sealed": vault.seal(place, key), "key_hash": goods.hash_of_key(vault, key)}
