from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text, update

from app.doctor import admins, database
from app.doctor.finding import Mark
from storage import work
from storage.probe import takes_writes
from storage.schema.work import outbox
from storage.store import open_store
from storage.work import Job
from tests.app.doctor.patients import KEY, patient, told
from tests.clock import FrozenClock
from tests.flows.shop import Shop, open_shop

FINE = [(Mark.WORKS, "doctor-database"), (Mark.WORKS, "doctor-queues")]


async def founded(url: str, clock: FrozenClock) -> Shop:
    return await open_shop(await open_store(url, clock), key=KEY, admins=())


async def test_a_shop_in_good_health(store_url: str, clock: FrozenClock) -> None:
    shop = await founded(store_url, clock)
    async with patient(clock, database_url=store_url, casso_checksum_key="dummy", vault_key=KEY) as looked_at:
        assert told(await database.check(looked_at)) == FINE
        assert told(await admins.check(looked_at)) == [(Mark.MISSING, "start-no-admins")]
    await shop.store.close()


async def test_work_that_is_given_up_or_belated_is_told(sqlite_url: str, clock: FrozenClock) -> None:
    shop = await founded(sqlite_url, clock)
    jobs = [Job("reply", "one", {}), Job("reply", "two", {})]
    await shop.store.write(lambda unit: work.enqueue(unit, shop.premises.shop.id, jobs))
    buried = update(outbox).where(outbox.c.dedupe == "one").values(state="dead")
    await shop.store.write(lambda unit: unit.conn.execute(buried) and None)
    clock.move(timedelta(minutes=16))
    async with patient(clock, database_url=sqlite_url, casso_checksum_key="dummy", vault_key=KEY) as looked_at:
        found = await database.check(looked_at)
    assert told(found) == [*FINE, (Mark.MISSING, "doctor-buried"), (Mark.MISSING, "doctor-belated")]
    assert (found[1].values["waiting"], found[2].values["dead"]) == (1, 1)
    await shop.store.close()


@pytest.mark.parametrize(
    ("changes", "mark", "message"),
    [
        ({"vault_key": "B" * 43}, Mark.BROKEN, "vault-key-wrong"),
        ({"vault_key": None}, Mark.BROKEN, "vault-key-lost"),
        ({"database_url": "postgresql://127.0.0.1:1/x"}, Mark.BROKEN, "database-unreachable"),
    ],
)
async def test_a_shop_that_cannot_be_opened(
    sqlite_url: str, clock: FrozenClock, changes: dict[str, str], mark: Mark, message: str
) -> None:
    await (await founded(sqlite_url, clock)).store.close()
    settings = {"database_url": sqlite_url, "casso_checksum_key": "dummy", "vault_key": KEY} | changes
    async with patient(clock, **settings) as looked_at:
        assert told(await database.check(looked_at)) == [(mark, message)]
        assert told(await admins.check(looked_at)) == [(Mark.MISSING, "start-no-admins")]


async def test_before_the_first_start_nothing_is_broken_and_nothing_is_made(tmp_path: Path, sqlite_url: str) -> None:
    fresh = tmp_path / "none.db"
    for url, message in ((f"sqlite:///{fresh}", "database-not-migrated"), (sqlite_url, "shop-not-founded")):
        async with patient(database_url=url, casso_checksum_key="dummy") as looked_at:
            assert told(await database.check(looked_at)) == [(Mark.MISSING, message)]
            assert told(await admins.check(looked_at)) == [(Mark.MISSING, "start-no-admins")]
    assert not fresh.exists()


async def test_a_database_that_only_reads_is_noticed(postgres_url: str, clock: FrozenClock) -> None:
    """As a standby of PostgreSQL is."""
    shop = await founded(postgres_url, clock)
    assert await takes_writes(shop.store) is True
    name = postgres_url.partition("?")[0].rpartition("/")[2]
    only_reads = text(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    await shop.store.write(lambda unit: unit.conn.execute(only_reads) and None)
    await shop.store.close()
    async with patient(clock, database_url=postgres_url, casso_checksum_key="dummy", vault_key=KEY) as looked_at:
        assert told(await database.check(looked_at)) == [(Mark.BROKEN, "doctor-read-only")]


async def test_admins_of_the_settings_count_and_broken_ones_are_named() -> None:
    async with patient(admin_chat_ids="telegram:1, telegram:2", database_url="sqlite:///none/none.db") as looked_at:
        found = await admins.check(looked_at)
    assert (told(found), found[0].values["count"]) == ([(Mark.WORKS, "doctor-admins")], 2)
    async with patient(admin_chat_ids="somebody", database_url="sqlite:///none/none.db") as looked_at:
        assert told(await admins.check(looked_at)) == [(Mark.BROKEN, "admins-malformed")]
