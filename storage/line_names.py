"""The names that lines of statements were given, found by how they begin."""

from collections.abc import Collection

from sqlalchemy import bindparam, text

from sales.ids import ShopId
from storage.members import Texts
from storage.unit import Unit

_BETWEEN = (
    "sightings ON sightings.shop_id = :shop AND sightings.source = :source"
    " AND sightings.ref BETWEEN wanted.value || :lowest AND wanted.value || :highest ORDER BY sightings.id"
)
# A range of the unique index for each beginning: a LIKE would read all lines of all years. SQLite changes the order of
# a plain JOIN; of a CROSS JOIN it does not.
_BEGINNING = {
    "sqlite": text(f"SELECT sightings.ref FROM json_each(:beginnings) AS wanted CROSS JOIN {_BETWEEN}"),  # noqa: S608
    "postgresql": text(f"SELECT sightings.ref FROM unnest(:beginnings) AS wanted(value) JOIN {_BETWEEN}"),  # noqa: S608
}


def names_beginning(unit: Unit, shop: ShopId, source: str, beginnings: Collection[str], rest: int) -> list[str]:
    """Names a source has given that begin so and end in `rest` hexadecimal letters, the oldest first.

    Letters and digits alone are sorted alike by every database, whatever language it was made for.
    """
    if not beginnings:
        return []
    query = _BEGINNING[unit.conn.dialect.name].bindparams(bindparam("beginnings", type_=Texts()))
    values = {"shop": shop, "source": source, "beginnings": beginnings, "lowest": "0" * rest, "highest": "f" * rest}
    return list(unit.conn.execute(query, values).scalars())
