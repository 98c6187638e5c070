import pytest
from sqlalchemy import bindparam, select

from sales.ids import OrderId
from storage import money, orders
from storage.identities import draw_ids
from storage.members import among, constant
from storage.schema.orders import orders as table
from storage.store import Store
from storage.unit import Unit
from tests.storage.tables import metadata, things

BY_LABEL = select(things.c.label).where(among(things.c.label, "labels")).order_by(things.c.label)
BY_NUMBER = select(things.c.label).where(among(things.c.number, "numbers")).order_by(things.c.label)


@pytest.fixture
async def stocked(store: Store) -> Store:
    await store.alter(metadata.create_all)
    rows = [{"label": label, "number": number} for label, number in [("a'b", 2**60), ('"ô"', -1), ("", 0)]]
    await store.write(lambda unit: unit.conn.execute(things.insert(), rows) and None)
    return store


async def found(store: Store, **values: object) -> list[str]:
    query = BY_LABEL if "labels" in values else BY_NUMBER
    return await store.read(lambda unit: list(unit.conn.execute(query, values).scalars()))


async def test_one_parameter_holds_the_whole_list(stocked: Store) -> None:
    assert await found(stocked, labels=['"ô"', "a'b", "nobody"]) == sorted(['"ô"', "a'b"])
    assert await found(stocked, labels={""}) == [""]
    assert await found(stocked, numbers=(2**60, 0)) == ["", "a'b"]


async def test_among_nothing_is_nothing(stocked: Store) -> None:
    assert await found(stocked, labels=[]) == []
    assert await found(stocked, numbers=()) == []


async def test_constants_stand_in_the_statement_itself(stocked: Store) -> None:
    query = select(things.c.number).where(constant(things.c.label, "", '"ô"')).order_by(things.c.number)
    assert await stocked.read(lambda unit: list(unit.conn.execute(query).scalars())) == [-1, 0]


async def test_no_boolean_is_compared_where_an_index_should_be_used(store: Store) -> None:
    query = select(table.c.id).where(table.c.shop_id == bindparam("shop"), among(table.c.id, "wanted"))
    assert "= 1" not in await store.read(lambda unit: str(query.compile(dialect=unit.conn.dialect)))


async def test_ids_are_drawn_beyond_all_that_were_written(stocked: Store) -> None:
    def draw_and_write(unit: Unit) -> list[int]:
        ids = draw_ids(unit, {things: 3})[things]
        unit.conn.execute(things.insert(), [{"id": id_, "label": f"drawn {id_}"} for id_ in ids])
        return ids

    first, second = [await stocked.write(draw_and_write) for _ in range(2)]
    assert first == sorted(set(first))
    assert min(first) > 3
    assert min(second) > max(first)


async def test_an_id_of_a_deleted_row_is_not_drawn_again(stocked: Store) -> None:
    ids = await stocked.write(lambda unit: draw_ids(unit, {things: 1})[things])
    await stocked.write(lambda unit: unit.conn.execute(things.insert(), [{"id": ids[0], "label": "x"}]) and None)
    await stocked.write(lambda unit: unit.conn.execute(things.delete()) and None)
    assert (await stocked.write(lambda unit: draw_ids(unit, {things: 1})[things]))[0] > ids[0]


async def test_drawing_none_draws_none(stocked: Store) -> None:
    assert await stocked.write(lambda unit: draw_ids(unit, {things: 0})) == {things: []}


async def test_empty_lists_find_no_orders(store: Store) -> None:
    def look(unit: Unit) -> tuple[object, ...]:
        shop = 1
        return orders.by_ids(unit, shop, []), money.bills(unit, shop, set()), money.deposits(unit, shop, [OrderId(1)])  # type: ignore[arg-type]

    assert await store.write(look) == ({}, {}, {})
