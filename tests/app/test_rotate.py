"""A new vault key: everything opens with it, nothing with the old one, and a crash at any moment loses nothing."""

import asyncio
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from app.commands import with_store
from app.vault_key import key_file, next_key_file, old_keys
from sales.errors import Misconfigured
from storage.schema.gateways import gateway_secrets
from storage.store import Store
from storage.vault import Vault
from tests.app.command import Result, clean_environment
from tests.app.rotating import KILLED
from tests.app.sealed_shop import SealedShop, sealed_shop
from tests.house.source import ROOT

KEYS = {"CASSO_CHECKSUM_KEY": "dummy-casso"}
SEALED = {"casso": {"checksum_key": "dummy-casso"}}
MOMENTS = (
    "before the new key",
    "half of the new key",
    "after the new key",
    "in the transaction",
    "before the commit",
    "after the commit",
    "before the swap",
    "after the swap",
)
COMMITTED = MOMENTS[5:]


@pytest.fixture
async def shop(sqlite_url: str) -> SealedShop:
    """Its keys lie sealed and nowhere else, and its vault key in a file."""
    made = sealed_shop(sqlite_url, **KEYS)
    await made.start_once()
    del made.environment["CASSO_CHECKSUM_KEY"]
    return made


def text(path: Path) -> str:
    return path.read_text(encoding="ascii")


async def killed(shop: SealedShop, moment: str) -> int:
    words = [sys.executable, "-m", "tests.app.rotating", moment]
    environment = clean_environment(**shop.environment)
    done = await asyncio.to_thread(
        subprocess.run, words, cwd=ROOT, env=environment, capture_output=True, timeout=60, check=False
    )
    return done.returncode


async def sealed_rows(shop: SealedShop) -> list[bytes]:
    async def look(store: Store) -> list[bytes]:
        return await store.read(lambda unit: list(unit.conn.scalars(select(gateway_secrets.c.sealed))))

    return await with_store(shop.settings.database, look)


async def test_everything_is_sealed_anew_and_the_old_key_opens_nothing(shop: SealedShop) -> None:
    place = key_file(shop.settings)
    old, rows = text(place), await sealed_rows(shop)
    told = await shop.say("vault", "rotate")
    assert (told.code, told.err) == (0, "")
    assert str(place) in told.out
    assert f"{place}.old-1" in told.out
    assert "Backups made before now open only with the old key" in told.out
    assert text(place) not in told.out + old
    assert text(old_keys(shop.settings)[0]) == old
    assert not next_key_file(shop.settings).exists()
    assert place.stat().st_mode & 0o077 == old_keys(shop.settings)[0].stat().st_mode & 0o077 == 0
    assert set(await sealed_rows(shop)).isdisjoint(rows)
    assert await shop.sealed() == SEALED
    shop.environment["VAULT_KEY"] = old
    with pytest.raises(Misconfigured, match="vault-key-wrong"):
        await shop.visit()


async def test_it_can_be_done_again_and_again(shop: SealedShop) -> None:
    keys = [text(key_file(shop.settings))]
    for _ in range(2):
        assert (await shop.say("vault", "rotate")).code == 0
        keys.append(text(key_file(shop.settings)))
    assert [text(each) for each in old_keys(shop.settings)] == keys[:2]
    assert len(set(keys)) == 3
    await shop.start_once()


@pytest.mark.parametrize("moment", MOMENTS)
async def test_a_crash_leaves_a_shop_that_opens(shop: SealedShop, moment: str) -> None:
    old = text(key_file(shop.settings))
    assert await killed(shop, moment) == KILLED
    assert await shop.sealed() == SEALED  # who only looks finds it too, and changes nothing
    await shop.start_once()
    assert await shop.sealed() == SEALED
    assert (text(key_file(shop.settings)) != old) is (moment in COMMITTED)
    assert not next_key_file(shop.settings).exists()
    assert [text(each) for each in old_keys(shop.settings)] == ([old] if moment in COMMITTED else [])
    assert (await shop.say("vault", "rotate")).code == 0
    assert await shop.sealed() == SEALED


@pytest.mark.parametrize("moment", ["after the new key", "after the commit"])
async def test_a_rotation_that_was_cut_off_is_finished_by_the_next_one(shop: SealedShop, moment: str) -> None:
    assert await killed(shop, moment) == KILLED
    told = await shop.say("vault", "rotate")
    assert (told.code, told.err) == (0, "")
    assert await shop.sealed() == SEALED
    assert len(old_keys(shop.settings)) == (2 if moment in COMMITTED else 1)


async def test_a_backup_between_commit_and_swap_holds_the_key_that_opens_it(shop: SealedShop, tmp_path: Path) -> None:
    assert await killed(shop, "after the commit") == KILLED
    kept = str(tmp_path / "kept.zip")
    assert (await shop.say("backup", kept, "--with-key")).code == 0
    other = SealedShop(shop.environment | {"DATABASE_URL": f"sqlite:///{tmp_path}/other/shop.db"})
    assert (await other.say("restore", kept)).code == 0
    assert await other.sealed() == SEALED


async def test_an_old_backup_opens_with_the_old_key(shop: SealedShop, tmp_path: Path) -> None:
    kept, other = str(tmp_path / "kept.zip"), tmp_path / "other" / "shop.db"
    assert (await shop.say("backup", kept)).code == 0
    assert (await shop.say("vault", "rotate")).code == 0
    restored = SealedShop(shop.environment | {"DATABASE_URL": f"sqlite:///{other}"})
    assert (await restored.say("restore", kept)).code == 0
    shutil.copy(old_keys(shop.settings)[-1], key_file(restored.settings))
    assert await restored.sealed() == SEALED


async def test_a_shop_that_runs_keeps_its_key(shop: SealedShop) -> None:
    old = text(key_file(shop.settings))
    async with shop.open():
        told = await shop.say("vault", "rotate")
    assert told.code == 2
    assert "already" in told.err
    assert text(key_file(shop.settings)) == old
    assert not next_key_file(shop.settings).exists()


async def in_variable(url: str, tmp_path: Path) -> tuple[SealedShop, Path]:
    """A shop whose key is in VAULT_KEY, run in a folder of its own, and where its next key would lie."""
    shop = sealed_shop(url, **KEYS)
    await shop.start_once()
    del shop.environment["CASSO_CHECKSUM_KEY"]
    return shop, tmp_path / next_key_file(shop.settings)


async def rotated(shop: SealedShop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Result:
    monkeypatch.chdir(tmp_path)
    return await shop.say("vault", "rotate", cwd=tmp_path)


async def test_a_key_in_the_environment_is_the_sellers_to_change(
    store_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("VAULT_KEY", "A" * 43)
    shop, next_key = await in_variable(store_url, tmp_path)
    shop.environment.setdefault("VAULT_KEY", "A" * 43)
    told = await rotated(shop, monkeypatch, tmp_path)
    assert (told.code, told.err) == (0, "")
    assert "set VAULT_KEY to the text of" in told.out
    new = text(next_key)
    assert new not in told.out
    assert await shop.sealed() == SEALED  # until it is set, the shop opens by the file
    again = await rotated(shop, monkeypatch, tmp_path)
    assert (again.code, "is not finished" in again.err) == (2, True)
    assert text(next_key) == new
    shop.environment["VAULT_KEY"] = new
    next_key.unlink()
    await shop.start_once()
    assert await shop.sealed() == SEALED


async def test_processes_on_postgresql_must_stop_first(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shop, next_key = await in_variable(postgres_url, tmp_path)
    async with shop.open():
        told = await rotated(shop, monkeypatch, tmp_path)
    assert (told.code, "Stop all of its processes" in told.err) == (2, True)
    assert not next_key.exists()
    assert (await rotated(shop, monkeypatch, tmp_path)).code == 0


async def test_a_value_that_does_not_open_stops_it_all(shop: SealedShop) -> None:
    """What was sealed with yet another key cannot be sealed anew: nothing is changed then."""
    old, stranger = text(key_file(shop.settings)), Vault.from_text("B" * 43)

    async def spoil(store: Store) -> None:
        change = gateway_secrets.update().values(sealed=stranger.seal("1/gateway_secrets/casso/checksum_key", "x"))
        await store.write(lambda unit: unit.conn.execute(change))

    rows = await sealed_rows(shop)
    await with_store(shop.settings.database, spoil)
    told = await shop.say("vault", "rotate")
    assert (told.code, rows != await sealed_rows(shop)) == (2, True)
    assert text(key_file(shop.settings)) == old
