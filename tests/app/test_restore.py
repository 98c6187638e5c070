"""Restoring: from either database into either, into nothing but an empty one, whole or not at all."""

import asyncio
import sys
from datetime import timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlalchemy import insert, text

from app.backup import make_backup
from app.restore import restore_backup
from sales.errors import Misconfigured
from sales.order import Payment
from storage import gateways
from storage.migrations.upgrade import upgrade
from storage.schema.gateways import gateway_secrets, gateway_switches, looks
from storage.schema.orders import attempts, orders
from storage.schema.shop import shops
from storage.schema.work import outbox
from storage.store import at_head, open_store
from storage.unit import Unit
from storage.vault import Vault, new_vault_key
from tests.app.backups import KEY, found, leftovers, nothing_is_there, opened, rows, settings
from tests.app.command import clean_environment, command
from tests.clock import FrozenClock
from tests.flows.shop import PRICE, Shop
from tests.house.source import ROOT

SECRET = "a-hash-secret-of-the-seller"
GATEWAY_TABLES = (gateway_secrets, gateway_switches, looks)


async def test_all_rows_come_back_in_all_four_directions(
    store_url: str, target: str, kept: Path, clock: FrozenClock
) -> None:
    await found(store_url, clock)
    await make_backup(settings(store_url), kept, with_key=False)
    done = await restore_backup(settings(target), kept)
    before, after = await rows(store_url, clock), await rows(target, clock)
    place = list(outbox.c.keys()).index("state")
    assert "running" in {row[place] for row in before["outbox"]}
    assert "running" not in {row[place] for row in after["outbox"]}
    del before["outbox"]
    assert len(after.pop("outbox")) > 0
    counters = [list(shops.c.keys()).index(name) for name in ("order_seq", "attempt_seq")]
    [one, other] = [
        [value for place, value in enumerate(told.pop("shops")[0]) if place not in counters] for told in (before, after)
    ]
    assert one == other
    assert after == before
    assert done.key == "restore-key-fits"


async def test_the_shop_sells_on(store_url: str, target: str, kept: Path, clock: FrozenClock) -> None:
    """An order made before the backup is paid after the restoration, delivered, and a new one is placed."""
    *_, waiting = await found(store_url, clock)
    await make_backup(settings(store_url), kept, with_key=False)
    await restore_backup(settings(target), kept)
    async with opened(target, clock) as shop:
        before = await shop.totals()
        await shop.settle(shop.sighting(waiting.code))
        await shop.work()
        story = await shop.story(waiting)
        assert (story["order"]["payment"], story["grants"][0]["state"]) == (Payment.PAID, "granted")
        assert {each["state"] for each in story["deliveries"]} == {"sent"}
        assert (await shop.totals())["revenue"] == before["revenue"] + PRICE
        fresh = await shop.order()
        assert fresh.id > waiting.id
        assert fresh.code not in {row.code for row in (await shop.rows(orders))[:-1]}


async def test_what_gateways_need_comes_back_sealed_and_opens_with_the_same_key(
    store_url: str, target: str, kept: Path, clock: FrozenClock
) -> None:
    await found(store_url, clock)
    async with opened(store_url, clock) as shop:
        await shop.store.write(lambda unit: _set_up(unit, shop))
        before = {table.name: await shop.rows(table) for table in GATEWAY_TABLES}
    await make_backup(settings(store_url), kept, with_key=False)
    with ZipFile(kept) as archive:
        assert not any(SECRET.encode() in archive.read(name) for name in archive.namelist())
    await restore_backup(settings(target), kept)
    async with opened(target, clock) as shop:
        assert {table.name: await shop.rows(table) for table in GATEWAY_TABLES} == before
        assert all(before.values())
        id_, vault = shop.premises.shop.id, shop.premises.vault
        held = await shop.store.read(lambda unit: gateways.secrets_of(unit, id_, vault))
        assert held == {"vnpay": {"tmn_code": "SHOP0001", "hash_secret": SECRET}}
        assert await shop.store.read(lambda unit: gateways.switched_off(unit, id_)) == {"casso"}
        strange = Vault.from_text(new_vault_key())
        with pytest.raises(Misconfigured):
            await shop.store.read(lambda unit: gateways.secrets_of(unit, id_, strange))


def _set_up(unit: Unit, shop: Shop) -> None:
    """Keys, a switch, and a look that found the gateway in trouble."""
    id_ = shop.premises.shop.id
    for field, secret in (("tmn_code", "SHOP0001"), ("hash_secret", SECRET)):
        gateways.put_secret(unit, id_, shop.premises.vault, "vnpay", field, secret)
    gateways.switch(unit, id_, "casso", off=True)
    row = {"shop_id": id_, "gateway": "vnpay", "due_at": unit.now, "failures": 3, "error": "busy"}
    unit.conn.execute(insert(looks).values(row | {"asked_at": unit.now, "answered_at": None}))


async def test_ids_that_were_given_out_never_come_again(
    store_url: str, target: str, kept: Path, clock: FrozenClock
) -> None:
    """Not even those of rows that were deleted before the backup."""
    await found(store_url, clock)
    async with opened(store_url, clock) as shop:
        last = (await shop.jobs())[-1].id
        await shop.store.write(lambda unit: unit.conn.execute(text("DELETE FROM outbox")) and None)
    await make_backup(settings(store_url), kept, with_key=False)
    await restore_backup(settings(target), kept)
    async with opened(target, clock) as shop:
        await shop.order()
        assert min(row.id for row in await shop.jobs()) > last


async def test_what_was_given_out_after_the_backup_is_never_given_out_again(
    store_url: str, target: str, kept: Path, clock: FrozenClock
) -> None:
    """A late transfer for a lost order must not pay somebody else's, and a gateway takes no number twice."""
    await found(store_url, clock)
    await make_backup(settings(store_url), kept, with_key=False)
    clock.move(timedelta(hours=1))
    async with opened(store_url, clock) as shop:
        lost = [await shop.order() for _ in range(3)]
        spent = {row.number for row in await shop.rows(attempts)}
    await restore_backup(settings(target), kept)
    async with opened(target, clock) as shop:
        fresh = [await shop.order() for _ in range(3)]
        assert {order.code for order in fresh}.isdisjoint(order.code for order in lost)
        assert {row.number for row in (await shop.rows(attempts))[-3:]}.isdisjoint(spent)
        await shop.settle(shop.sighting(lost[0].code))
        assert (await shop.meanings())[-1] == "unmatched"


async def test_a_database_with_rows_is_never_overwritten(store_url: str, kept: Path, clock: FrozenClock) -> None:
    await found(store_url, clock)
    await make_backup(settings(store_url), kept, with_key=False)
    before = await rows(store_url, clock)
    with pytest.raises(Misconfigured, match="restore-not-empty"):
        await restore_backup(settings(store_url), kept)
    assert await rows(store_url, clock) == before


async def test_a_migrated_database_without_rows_is_empty(
    sqlite_url: str, postgres_url: str, tmp_path: Path, kept: Path, clock: FrozenClock
) -> None:
    """Hosts migrate at every release: such a database must do."""
    source = f"sqlite:///{tmp_path}/source.db"
    store = await open_store(source, clock)
    await store.alter(upgrade)
    await store.close()
    await found(source, clock)
    await make_backup(settings(source), kept, with_key=False)
    for url in (sqlite_url, postgres_url):
        await restore_backup(settings(url), kept)
        assert len((await rows(url, clock))["orders"]) == 5


async def test_an_older_backup_is_migrated_after_it_is_filled(target: str, tmp_path: Path, clock: FrozenClock) -> None:
    """A shop of the first six steps, with a QR made before payment links were known."""
    old, kept = f"sqlite:///{tmp_path}/old.db", tmp_path / "kept.zip"
    store = await open_store(old, clock)
    await store.alter(lambda connection: upgrade(connection, "0006"))
    await store.write(lambda unit: [unit.conn.execute(text(line)) for line in OLD_SHOP.strip().split(";\n")] and None)
    await store.close()
    made = await make_backup(settings(old), kept, with_key=False)
    assert made.manifest.revision == "0006"
    await restore_backup(settings(target, vault_key=None), kept)
    store = await open_store(target, clock)
    found = await store.read(lambda unit: unit.conn.execute(text("SELECT bin, account, holder FROM attempts")).all())
    assert (await at_head(store), [tuple(row) for row in found]) == (True, [("970422", "0000111122223333", "AN")])
    await store.close()


OLD_SHOP = """
INSERT INTO shops VALUES (1, 'main', 'S', 'Asia/Ho_Chi_Minh', 'vi', 'KX', x'00', x'00', 0, 60, 60, 1, 1, 0);
INSERT INTO bank_accounts VALUES (1, 1, '970422', '0000111122223333', 'AN', 1, 0);
INSERT INTO buyers VALUES (1, 1, 'vi', 0);
INSERT INTO peers VALUES (1, 1, 1, 'telegram', '42', 'An', 1, 0);
INSERT INTO orders VALUES (1, 1, 0, 'KX2345678', 1, 1, '', 'open', 'VND', 1000, 0, 1, 2, NULL);
INSERT INTO attempts (id, shop_id, order_id, gateway, number, bank_account_id, memo, qr, qr_md5, currency, amount,
  state, created_at, expires_at) VALUES (1, 1, 1, 'casso', 1, 1, 'KX2345678', 'q', 'm', 'VND', 1000, 'open', 0, 1)
"""


async def test_the_key_inside_is_put_where_the_shop_looks_for_it(
    sqlite_url: str, target: str, kept: Path, tmp_path: Path, clock: FrozenClock
) -> None:
    await found(sqlite_url, clock)
    await make_backup(settings(sqlite_url), kept, with_key=True)
    done = await restore_backup(settings(target, vault_key=None), kept)
    if target.startswith("sqlite"):
        file = tmp_path / "new" / "shop.vault.key"
        assert (file.read_text(), file.stat().st_mode & 0o777, done.key) == (KEY, 0o600, "restore-key-kept")
    else:
        assert done.key == "restore-key-inside"


async def test_the_new_name_is_on_the_disk_when_it_is_told(
    sqlite_url: str, kept: Path, tmp_path: Path, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A power cut after "restored" must not undo the renaming."""
    await found(sqlite_url, clock)
    await make_backup(settings(sqlite_url), kept, with_key=False)
    synced: list[list[str]] = []
    monkeypatch.setattr(
        "app.restore.keep_names", lambda folder: synced.append(sorted(path.name for path in folder.iterdir()))
    )
    await restore_backup(settings(f"sqlite:///{tmp_path}/new/shop.db"), kept)
    assert "shop.db" in synced[-1]
    assert "shop.db.restoring" not in synced[-1]


async def test_without_any_key_it_says_what_to_bring(
    sqlite_url: str, target: str, kept: Path, clock: FrozenClock
) -> None:
    await found(sqlite_url, clock)
    await make_backup(settings(sqlite_url), kept, with_key=False)
    done = await restore_backup(settings(target, vault_key=None), kept)
    assert done.key == ("restore-key-file" if target.startswith("sqlite") else "restore-key-variable")


async def test_another_shops_key_is_noticed_before_anything_is_kept(
    sqlite_url: str, target: str, kept: Path, clock: FrozenClock
) -> None:
    await found(sqlite_url, clock)
    await make_backup(settings(sqlite_url), kept, with_key=False)
    with pytest.raises(Misconfigured, match="vault-key-wrong"):
        await restore_backup(settings(target, vault_key="B" * 43), kept)
    await nothing_is_there(target, clock)


async def test_played_and_real_shops_do_not_mix(sqlite_url: str, kept: Path, tmp_path: Path) -> None:
    await make_backup(settings(sqlite_url), kept, with_key=False)
    toy = settings(f"sqlite:///{tmp_path}/toy.db", casso_checksum_key=None)
    with pytest.raises(Misconfigured, match="restore-real"):
        await restore_backup(toy, kept)
    store = await open_store(toy.database, FrozenClock())
    await store.alter(upgrade)
    await store.close()
    await make_backup(toy, tmp_path / "toy.zip", with_key=False)
    with pytest.raises(Misconfigured, match="restore-played"):
        await restore_backup(settings(f"sqlite:///{tmp_path}/real.db"), tmp_path / "toy.zip")


def test_without_a_token_it_says_where_it_goes(tmp_path: Path) -> None:
    told = command("restore", "kept.zip", cwd=tmp_path, DATABASE_URL=f"sqlite:///{tmp_path}/shop.db")
    assert (told.code, f"into the sandbox: sqlite:///{tmp_path}/shop.sandbox.db" in told.out) == (2, True)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    told = command("restore", "nowhere.zip", cwd=tmp_path, CASSO_CHECKSUM_KEY="dummy")
    assert (told.code, "nowhere.zip cannot be read" in told.err, "Traceback" in told.err) == (2, True, False)


async def test_a_kill_in_the_middle_leaves_nothing_half(
    sqlite_url: str, target: str, kept: Path, tmp_path: Path, clock: FrozenClock
) -> None:
    """Every row is written and nothing committed when the process dies; the next try succeeds."""
    await found(sqlite_url, clock)
    await make_backup(settings(sqlite_url), kept, with_key=False)
    environment = clean_environment(DATABASE_URL=target, CASSO_CHECKSUM_KEY="dummy", VAULT_KEY=KEY)
    dying = (
        "import os, signal, storage.restore as room\nfrom app.cli import main\n"
        "room._check_books = lambda unit: os.kill(os.getpid(), signal.SIGKILL)\n"
        f"main(['restore', {str(kept)!r}])"
    )
    assert await ended(["-c", dying], environment) == -9
    if target.startswith("sqlite"):
        assert not (tmp_path / "new" / "shop.db").exists()
    else:
        await nothing_is_there(target, clock)
    assert await ended(["-m", "app", "restore", str(kept)], environment) == 0
    assert len((await rows(target, clock))["orders"]) == 5
    if target.startswith("sqlite"):
        assert leftovers(tmp_path / "new") == []
        assert (tmp_path / "new" / "shop.db").stat().st_mode & 0o077 == 0


async def ended(words: list[str], environment: dict[str, str]) -> int:
    """Run a process of our own to its end."""
    return await (await asyncio.create_subprocess_exec(sys.executable, *words, cwd=ROOT, env=environment)).wait()
