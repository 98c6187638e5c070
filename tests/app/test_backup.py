"""Backups: made from either database while it is written to, never over anything, for their owner's eyes only."""

import asyncio
import json
from pathlib import Path
from zipfile import ZipFile

import pytest

from app.backup import make_backup, place
from sales.errors import Misconfigured, StoreBusy
from storage.migrations.revision import newest
from storage.schema import metadata
from storage.store import open_store
from tests.app.backups import KEY, found, leftovers, opened, rows, settings
from tests.app.command import command
from tests.clock import FrozenClock


async def test_everything_is_in_it_and_nothing_of_the_key(store_url: str, tmp_path: Path, clock: FrozenClock) -> None:
    await found(store_url, clock)
    made = await make_backup(settings(store_url), tmp_path / "kept.zip", with_key=False)
    there = await rows(store_url, clock)
    assert {part.name: part.rows for part in made.manifest.tables} == {name: len(each) for name, each in there.items()}
    assert (made.manifest.revision, made.manifest.shops, made.manifest.sandbox) == (newest(), ("main",), False)
    assert (made.key, made.manifest.rows > 50) == ("VAULT_KEY", True)
    with ZipFile(made.path) as archive:
        assert sorted(archive.namelist()) == sorted(["manifest.json", *(f"tables/{name}.jsonl" for name in there)])
        assert not any(KEY.encode() in archive.read(name) for name in archive.namelist())


async def test_the_key_is_inside_only_when_it_is_asked_for(sqlite_url: str, tmp_path: Path, clock: FrozenClock) -> None:
    await found(sqlite_url, clock)
    made = await make_backup(settings(sqlite_url), tmp_path / "kept.zip", with_key=True)
    with ZipFile(made.path) as archive:
        assert (archive.read("vault.key").decode(), made.key) == (KEY, None)


async def test_a_key_that_is_wanted_and_missing_is_named(sqlite_url: str, tmp_path: Path, clock: FrozenClock) -> None:
    await found(sqlite_url, clock)
    with pytest.raises(Misconfigured, match="vault-key-lost"):
        await make_backup(settings(sqlite_url, vault_key=None), tmp_path / "kept.zip", with_key=True)
    assert not (tmp_path / "kept.zip").exists()


async def test_only_the_owner_may_read_it(sqlite_url: str, tmp_path: Path) -> None:
    made = await make_backup(settings(sqlite_url), tmp_path / "kept.zip", with_key=False)
    assert made.path.stat().st_mode & 0o777 == 0o600


async def test_a_file_that_is_there_is_never_overwritten(sqlite_url: str, tmp_path: Path) -> None:
    (tmp_path / "kept.zip").write_text("precious")
    with pytest.raises(Misconfigured, match="backup-exists"):
        await make_backup(settings(sqlite_url), tmp_path / "kept.zip", with_key=False)
    assert (tmp_path / "kept.zip").read_text() == "precious"


async def test_a_file_that_comes_meanwhile_is_not_overwritten_either(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.fsync", lambda _handle: (tmp_path / "kept.zip").write_text("precious"))
    with pytest.raises(Misconfigured, match="backup-exists"):
        await make_backup(settings(sqlite_url), tmp_path / "kept.zip", with_key=False)
    assert ((tmp_path / "kept.zip").read_text(), leftovers(tmp_path)) == ("precious", [])


@pytest.mark.parametrize("taken", [False, True])
async def test_a_disk_without_second_names_will_do(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, taken: bool
) -> None:
    def refuse(*_names: object) -> None:
        if taken:
            (tmp_path / "kept.zip").write_text("precious")
        raise PermissionError("no links here")

    monkeypatch.setattr("os.link", refuse)
    if taken:
        with pytest.raises(Misconfigured, match="backup-exists"):
            await make_backup(settings(sqlite_url), tmp_path / "kept.zip", with_key=False)
    else:
        assert (await make_backup(settings(sqlite_url), tmp_path / "kept.zip", with_key=False)).path.exists()
    assert leftovers(tmp_path) == []


async def test_a_folder_gets_a_file_named_for_shop_and_moment(
    sqlite_url: str, tmp_path: Path, clock: FrozenClock
) -> None:
    await found(sqlite_url, clock)
    made = await make_backup(settings(sqlite_url), tmp_path, with_key=False)
    assert made.path.parent == tmp_path
    assert made.path.name == f"chotdon-main-{made.manifest.made_at:%Y%m%d-%H%M%S}.zip"


@pytest.mark.parametrize("named", ["nowhere/", "nowhere", "no.where/", "a/b/"])
def test_a_folder_that_is_not_there_never_becomes_a_file(tmp_path: Path, named: str) -> None:
    with pytest.raises(Misconfigured, match="backup-no-folder"):
        place(f"{tmp_path}/{named}")
    assert place(f"{tmp_path}/") == tmp_path
    assert place(f"{tmp_path}/kept.zip") == tmp_path / "kept.zip"
    assert place("") == Path()


async def test_a_place_that_cannot_be_written_is_named(sqlite_url: str, tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="backup-unwritable"):
        await make_backup(settings(sqlite_url), tmp_path / "nowhere" / "kept.zip", with_key=False)


async def test_without_a_database_there_is_nothing_to_keep(empty_postgres_url: str, tmp_path: Path) -> None:
    for url in (f"sqlite:///{tmp_path}/none.db", empty_postgres_url):
        with pytest.raises(Misconfigured, match="database-not-migrated"):
            await make_backup(settings(url), tmp_path / "kept.zip", with_key=False)
    assert leftovers(tmp_path) == []


async def test_a_backup_under_writing_is_one_moment(store_url: str, tmp_path: Path, clock: FrozenClock) -> None:
    """Every order in it has its line, every transfer its sighting and decision, and the books balance."""
    await found(store_url, clock)
    selling = asyncio.Event()
    async with opened(store_url, clock) as shop:

        async def sell() -> None:
            for place in range(40):
                order = await shop.order()
                await shop.settle(shop.sighting(order.code))
                if place == 5:
                    selling.set()

        sale = asyncio.create_task(sell())
        await selling.wait()
        made = [await make_backup(settings(store_url), tmp_path / f"{each}.zip", with_key=False) for each in range(3)]
        await sale
    for each in made:
        parts = content(each.path)
        assert {line["order_id"] for line in parts["order_lines"]} == {order["id"] for order in parts["orders"]}
        assert {row["transfer_id"] for row in parts["decisions"]} == {row["id"] for row in parts["transfers"]}
        assert sum(row["amount"] for row in parts["postings"]) == 0


async def test_a_backup_may_take_its_time(
    postgres_url: str, tmp_path: Path, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cuts off a reading that somebody waits for does not cut off a backup."""
    await found(postgres_url, clock)
    monkeypatch.setattr("storage.postgres._UNIT_SECONDS", 0)
    store = await open_store(postgres_url, clock)
    with pytest.raises(StoreBusy):
        await store.read(lambda unit: unit.now)
    await store.close()
    made = await make_backup(settings(postgres_url), tmp_path / "kept.zip", with_key=False)
    assert made.manifest.rows > 50


def content(path: Path) -> dict[str, list[dict[str, object]]]:
    with ZipFile(path) as archive:
        told = json.loads(archive.read("manifest.json"))
        return {
            part["name"]: [
                dict(zip(part["columns"], json.loads(line), strict=True))
                for line in archive.read(f"tables/{part['name']}.jsonl").splitlines()
            ]
            for part in told["tables"]
        }


async def test_the_command_says_loudly_where_the_key_is(sqlite_url: str, tmp_path: Path, clock: FrozenClock) -> None:
    await found(sqlite_url, clock)
    environment = {"DATABASE_URL": sqlite_url, "CASSO_CHECKSUM_KEY": "dummy", "VAULT_KEY": KEY}
    apart = await asyncio.to_thread(command, "backup", str(tmp_path / "a.zip"), cwd=tmp_path, **environment)
    assert (apart.code, "the vault key is not inside. Keep a copy of VAULT_KEY" in apart.out) == (0, True)
    inside = await asyncio.to_thread(command, "backup", "--with-key", "b.zip", cwd=tmp_path, **environment)
    assert (inside.code, "the vault key is inside" in inside.out) == (0, True)
    again = await asyncio.to_thread(command, "backup", "b.zip", cwd=tmp_path, **environment)
    assert (again.code, "b.zip is there already" in again.err) == (2, True)
    nowhere = await asyncio.to_thread(command, "backup", "nowhere/", cwd=tmp_path, **environment)
    assert (nowhere.code, "There is no folder nowhere/" in nowhere.err) == (2, True)
    assert not (tmp_path / "nowhere").exists()
    assert KEY not in apart.out + inside.out + again.err


def test_every_table_of_the_shop_counts_by_id() -> None:
    """What reads pages by id would pass over a table without one."""
    assert [table.name for table in metadata.sorted_tables if "id" not in table.c] == []
