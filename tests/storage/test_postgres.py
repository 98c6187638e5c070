"""What is PostgreSQL's own: collisions, bells between processes, and a server that goes and comes."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlalchemy.util import await_only

from sales.errors import Misconfigured, StoreBusy
from storage import postgres
from storage.postgres import PostgresStore
from storage.store import Store, open_store
from storage.unit import Unit
from tests.clock import FrozenClock
from tests.postgres import CannotStart, Server, running_server
from tests.storage.tables import get_counter, metadata, names, read_then_write, set_counter

COLLIDE = text("DO $$ BEGIN RAISE EXCEPTION 'collided' USING ERRCODE = '40001'; END $$")


@pytest.fixture
async def store(postgres_url: str, clock: FrozenClock) -> AsyncIterator[Store]:
    opened = await open_store(postgres_url, clock)
    yield opened
    await opened.close()


@pytest.fixture
def server() -> Iterator[Server]:
    """A server that this test alone may stop."""
    try:
        with running_server() as own:
            yield own
    except CannotStart as reason:
        pytest.skip(f"no PostgreSQL: {reason}")


def ring(unit: Unit) -> None:
    unit.ring = True


async def setting(store: Store, name: str) -> str:
    value = await store.write(lambda unit: unit.conn.exec_driver_sql(f"SHOW {name}").scalar())
    return str(value)


async def test_writes_are_serializable_and_reads_are_not_writes(scratch: Store) -> None:
    assert await setting(scratch, "transaction_isolation") == "serializable"
    assert await scratch.read(lambda unit: unit.conn.exec_driver_sql("SHOW transaction_read_only").scalar()) == "on"


@pytest.mark.parametrize("name", ["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"])
async def test_nothing_waits_for_ever(scratch: Store, name: str) -> None:
    assert await setting(scratch, name) != "0"


async def test_a_decision_about_many_rows_is_never_made_twice(scratch: Store) -> None:
    """Ten units each look whether the shop has a counter and make one if not; each would pick another name."""

    def only_one(number: int) -> Callable[[Unit], None]:
        return lambda unit: None if names(unit) else set_counter(str(number), 1)(unit)

    await asyncio.gather(*(scratch.write(only_one(number)) for number in range(10)))
    assert len(await scratch.read(names)) == 1


async def test_a_collision_is_tried_again(scratch: Store) -> None:
    runs: list[int] = []

    def collide_twice(unit: Unit) -> int:
        runs.append(1)
        set_counter("a", len(runs))(unit)
        if len(runs) < 3:
            unit.conn.execute(COLLIDE)
        return len(runs)

    assert await scratch.write(collide_twice) == 3
    assert await scratch.read(get_counter("a")) == 3


async def test_a_collision_without_end_is_busy(scratch: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.postgres._RETRIES", 2)
    runs: list[int] = []

    def collide(unit: Unit) -> None:
        runs.append(1)
        unit.conn.execute(COLLIDE)

    with pytest.raises(StoreBusy):
        await scratch.write(collide)
    assert len(runs) == 4


async def test_two_hundred_who_want_the_same_row_all_get_it(scratch: Store) -> None:
    await scratch.write(set_counter("a", 0))
    answers = await asyncio.gather(*(scratch.write(read_then_write("a")) for _ in range(200)))
    assert sorted(answers) == list(range(1, 201))


async def test_a_deadlock_is_tried_again(scratch: Store, postgres_url: str, clock: FrozenClock) -> None:
    await scratch.write(set_counter("a", 0))
    await scratch.write(set_counter("b", 0))
    other = await open_store(postgres_url, clock)

    def crossed(*order: str) -> Callable[[Unit], None]:
        def work(unit: Unit) -> None:
            for name in order:
                read_then_write(name)(unit)

        return work

    await asyncio.gather(
        *(scratch.write(crossed("a", "b")) for _ in range(3)),
        *(other.write(crossed("b", "a")) for _ in range(3)),
    )
    await other.close()
    assert await scratch.read(get_counter("a")) == await scratch.read(get_counter("b")) == 6


async def test_a_held_lock_is_busy(
    scratch: Store, postgres_url: str, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await scratch.write(set_counter("a", 0))
    monkeypatch.setitem(postgres._SERVER_SETTINGS, "lock_timeout", "50ms")
    impatient = PostgresStore(postgres_url, clock)

    def hold(unit: Unit) -> StoreBusy:
        read_then_write("a")(unit)
        with pytest.raises(StoreBusy, match="55P03") as caught:
            await_only(impatient.write(read_then_write("a")))
        return caught.value

    assert isinstance(await scratch.write(hold), StoreBusy)
    await impatient.close()


async def test_a_ring_is_heard_by_another_process(scratch: Store, postgres_url: str, clock: FrozenClock) -> None:
    other = await open_store(postgres_url, clock)
    assert await other.bell.wait(20, since=0)  # it has begun to listen
    seen = other.bell.rings
    await scratch.write(ring)
    assert await other.bell.wait(20, since=seen)
    await other.close()


async def test_no_ring_is_heard_of_what_was_undone(scratch: Store, postgres_url: str, clock: FrozenClock) -> None:
    other = await open_store(postgres_url, clock)
    assert await other.bell.wait(20, since=0)
    seen = other.bell.rings

    def undone(unit: Unit) -> None:
        unit.ring = True
        unit.conn.execute(text("SELECT * FROM nowhere"))

    with pytest.raises(DBAPIError):
        await scratch.write(undone)
    await scratch.write(ring)  # notices come in order: when this one is here, the other would have been
    assert await other.bell.wait(20, since=seen)
    assert other.bell.rings == seen + 1
    await other.close()


async def test_our_own_ring_is_heard_once(scratch: Store, postgres_url: str, clock: FrozenClock) -> None:
    other = await open_store(postgres_url, clock)
    assert await scratch.bell.wait(20, since=0)
    assert await other.bell.wait(20, since=0)
    seen = scratch.bell.rings
    await scratch.write(ring)
    await other.write(ring)
    while scratch.bell.rings < seen + 2:
        assert await scratch.bell.wait(20, since=seen + 1)
    assert scratch.bell.rings == seen + 2
    await other.close()


async def test_a_cut_connection_is_busy_once_and_then_replaced(scratch: Store) -> None:
    def cut(unit: Unit) -> None:
        unit.conn.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")

    with pytest.raises(StoreBusy):
        await scratch.write(cut)
    await scratch.write(set_counter("a", 1))


async def test_idle_connections_that_were_cut_are_not_noticed(scratch: Store) -> None:
    await asyncio.gather(*(scratch.read(names) for _ in range(5)))

    def cut_all_others(unit: Unit) -> None:
        unit.conn.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )

    await scratch.write(cut_all_others)
    await asyncio.gather(*(scratch.write(set_counter(str(number), 1)) for number in range(5)))


async def test_a_server_that_is_down_is_busy_and_its_return_is_noticed(
    server: Server, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.listener._RETRY_SECONDS", 0.05)
    store = await open_store(server.url, clock)
    await store.alter(metadata.create_all)
    await store.write(set_counter("a", 0))
    server.stop()
    for _ in range(2):
        with pytest.raises(StoreBusy):
            await store.write(read_then_write("a"))
        with pytest.raises(StoreBusy):
            await store.read(get_counter("a"))
    seen = store.bell.rings
    await asyncio.to_thread(server.start)
    assert await store.bell.wait(20, since=seen)  # whoever waited looks again at once
    assert await store.write(read_then_write("a")) == 1
    await store.close()


async def test_a_store_can_be_opened_before_its_server_is_up(server: Server, clock: FrozenClock) -> None:
    server.stop()
    store = await open_store(server.url, clock)
    with pytest.raises(StoreBusy):
        await store.read(names)
    server.start()
    assert await store.read(lambda unit: unit.now) == clock.now
    await store.close()


async def test_a_unit_that_takes_too_long_is_busy(scratch: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.postgres._UNIT_SECONDS", 0.1)
    with pytest.raises(StoreBusy, match="Timeout"):
        await scratch.write(lambda unit: unit.conn.exec_driver_sql("SELECT pg_sleep(9)"))


@pytest.mark.parametrize("scheme", ["postgres", "postgresql+asyncpg"])
async def test_other_names_of_the_scheme_are_understood(postgres_url: str, clock: FrozenClock, scheme: str) -> None:
    store = await open_store(postgres_url.replace("postgresql", scheme, 1), clock)
    assert store.dialect == "postgresql"
    assert await store.read(lambda unit: unit.conn.exec_driver_sql("SELECT 1").scalar()) == 1
    await store.close()


async def test_a_database_that_is_gone_is_busy_until_it_is_back(postgres_url: str, clock: FrozenClock) -> None:
    store = await open_store(postgres_url.replace("chotdon_test_", "chotdon_gone_"), clock)
    with pytest.raises(StoreBusy, match="3D000"):
        await store.read(names)
    await store.close()


def close_under(unit: Unit) -> None:
    """Take the connection away once the transaction is begun, as a cut line does."""
    unit.conn.exec_driver_sql("SELECT 1")
    unit.conn.connection.driver_connection.terminate()  # type: ignore[union-attr]


async def test_a_connection_that_is_lost_before_the_commit_is_busy(scratch: Store) -> None:
    with pytest.raises(StoreBusy):
        await scratch.write(close_under)
    await scratch.write(set_counter("a", 1))


@pytest.mark.parametrize("words", ["another operation is in progress", "connection is closed"])
async def test_what_the_driver_says_without_a_code_is_busy(scratch: Store, words: str) -> None:
    def fail(unit: Unit) -> None:
        driver = unit.conn.dialect.loaded_dbapi.InterfaceError(words)  # type: ignore[attr-defined]
        raise InterfaceError("SELECT 1", None, driver)

    with pytest.raises(StoreBusy, match="connection lost"):
        await scratch.write(fail)
    with pytest.raises(StoreBusy, match="connection lost"):
        await scratch.read(fail)


async def test_a_value_of_a_wrong_type_stays_a_bug(scratch: Store) -> None:
    with pytest.raises(DBAPIError):
        await scratch.read(lambda unit: unit.conn.execute(text("SELECT CAST(:x AS integer)"), {"x": "abc"}))


@pytest.mark.parametrize("tail", ["sslmode=odd", "port=abc"])
async def test_an_address_the_driver_cannot_use_is_the_sellers_to_mend(
    postgres_url: str, clock: FrozenClock, tail: str
) -> None:
    store = await open_store(f"{postgres_url}{'&' if '?' in postgres_url else '?'}{tail}", clock)
    with pytest.raises(Misconfigured, match="database-url-unusable"):
        await store.read(names)
    await store.close()
