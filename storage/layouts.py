"""How bank statements are read: what somebody of the shop has said their columns mean, found again by the header."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from sales.ids import ShopId
from storage.schema.money import layouts
from storage.unit import Unit


@dataclass(frozen=True, slots=True)
class KeptLayout:
    """What was said of one bank's file: `columns` are names of roles → places from 0, `used_at` is UTC."""

    id: int
    bank: str
    header: str
    columns: Mapping[str, int]
    used_at: datetime


def keep(unit: Unit, shop: ShopId, bank: str, header: str, columns: Mapping[str, int]) -> None:
    """Keep a mapping in the place of the one that this bank's header had, if any, and note that it is used now."""
    same = (layouts.c.shop_id == shop) & (layouts.c.bank == bank) & (layouts.c.header == header)
    values = {"columns": dict(columns), "used_at": unit.now}
    if not unit.conn.execute(update(layouts).where(same).values(values)).rowcount:
        unit.conn.execute(insert(layouts).values(values | {"shop_id": shop, "bank": bank, "header": header}))


def with_header(unit: Unit, shop: ShopId, header: str) -> list[KeptLayout]:
    """What is known of files with this header, the last used first: banks may share one."""
    query = select(layouts).where(layouts.c.shop_id == shop, layouts.c.header == header)
    return [_kept(row) for row in unit.conn.execute(query.order_by(layouts.c.used_at.desc(), layouts.c.id.desc()))]


def kept(unit: Unit, shop: ShopId) -> list[KeptLayout]:
    """All of them, the oldest first."""
    query = select(layouts).where(layouts.c.shop_id == shop).order_by(layouts.c.id)
    return [_kept(row) for row in unit.conn.execute(query)]


def forget(unit: Unit, shop: ShopId, layout: int) -> bool:
    """Let one go; False when there is none of that id."""
    same = (layouts.c.shop_id == shop) & (layouts.c.id == layout)
    return unit.conn.execute(delete(layouts).where(same)).rowcount == 1


def _kept(row: Row[Any]) -> KeptLayout:
    return KeptLayout(row.id, row.bank, row.header, row.columns, row.used_at)
