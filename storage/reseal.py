"""A new vault key: everything that is sealed or hashed with the old one is opened and sealed anew."""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Row, Table, bindparam, delete, select, text, update

from storage import goods
from storage.gateways import place_of_secret
from storage.schema.admins import invites
from storage.schema.gateways import gateway_secrets
from storage.schema.goods import grants
from storage.schema.shop import shops
from storage.shops import CHECK_PLACE
from storage.unit import Unit
from storage.vault import Vault

PAGE = 500
"""Rows that are held in memory at once."""

_OTHERS = text(
    "SELECT count(DISTINCT application_name) FROM pg_stat_activity WHERE datname = current_database()"
    " AND application_name LIKE 'chotdon %' AND application_name <> current_setting('application_name')"
)

Renew = Callable[[Row[Any]], dict[str, bytes]]
"""The columns of a row as the new key leaves them."""


def reseal(unit: Unit, old: Vault, new: Vault) -> int:
    """Seal every shop's secrets anew; answers how many. Raises Misconfigured when one does not open with `old`.

    Invitations that are still open end: of their tokens only the hash is known.
    """

    def again(place: str, sealed: bytes) -> bytes:
        return new.seal(place, old.unseal(place, sealed))

    def shop(row: Row[Any]) -> dict[str, bytes]:
        return {"vault_check": again(CHECK_PLACE, row.vault_check)}

    def grant(row: Row[Any]) -> dict[str, bytes]:
        key = old.unseal(place := goods.place_of_key(row.shop_id, row.line_id), row.key_sealed)
        return {"key_sealed": new.seal(place, key), "key_hash": goods.hash_of_key(new, key)}

    def secret(row: Row[Any]) -> dict[str, bytes]:
        return {"sealed": again(place_of_secret(row.shop_id, row.gateway, row.field), row.sealed)}

    unit.conn.execute(delete(invites).where(invites.c.used_at.is_(None)))
    return sum((_renew(unit, shops, shop), _renew(unit, grants, grant), _renew(unit, gateway_secrets, secret)))


def others(unit: Unit) -> int:
    """How many other processes of ours are connected; on SQLite a lock beside the file tells, and not this."""
    return int(unit.conn.scalar(_OTHERS) or 0) if unit.conn.dialect.name == "postgresql" else 0


def _renew(unit: Unit, table: Table, renew: Renew) -> int:
    count = 0
    for page in _pages(unit, table):
        changes = [{"row": row.id} | renew(row) for row in page]
        named: dict[str, Any] = {name: bindparam(name) for name in changes[0] if name != "row"}
        unit.conn.execute(update(table).where(table.c.id == bindparam("row")).values(named), changes)
        count += len(changes)
    return count


def _pages(unit: Unit, table: Table) -> Iterator[list[Row[Any]]]:
    """The rows that hold something sealed, by id."""
    query = select(table).where(table.c.id > bindparam("last")).order_by(table.c.id).limit(PAGE)
    if table is grants:
        query = query.where(grants.c.key_sealed.is_not(None))
    last = -1
    while found := list(unit.conn.execute(query, {"last": last})):
        yield found
        last = found[-1].id
