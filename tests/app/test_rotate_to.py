"""A new vault key where the folder of the start is closed: told before anything is changed, and written elsewhere."""

import asyncio
import os
from pathlib import Path

import pytest

from app.rotate import rotate
from app.vault_key import keep_key, key_file, key_to_set, next_key_file
from sales.errors import Misconfigured
from tests.app.command import Result
from tests.app.sealed_shop import SealedShop, sealed_shop

SEALED = {"casso": {"checksum_key": "dummy-casso"}}
KEY = "A" * 43


@pytest.fixture
def read_only(tmp_path: Path) -> Path:
    """A folder that takes nothing. Root obeys no mode, but the kernel's own folder takes nothing from root either."""
    if os.geteuid() == 0:
        return Path("/sys")
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o500)
    return folder


async def founded(url: str) -> SealedShop:
    """A shop whose key is in VAULT_KEY, and whose keys lie sealed and nowhere else."""
    shop = sealed_shop(url, CASSO_CHECKSUM_KEY="dummy-casso")
    shop.environment["VAULT_KEY"] = KEY
    await shop.start_once()
    del shop.environment["CASSO_CHECKSUM_KEY"]
    return shop


async def rotated(shop: SealedShop, to: Path | str, cwd: Path) -> Result:
    return await shop.say("vault", "rotate", "--to", str(to), cwd=cwd)


async def still_as_it_was(shop: SealedShop) -> bool:
    return shop.environment["VAULT_KEY"] == KEY and await shop.sealed() == SEALED


async def test_a_folder_that_takes_nothing_is_told_before_anything_is_changed(
    postgres_url: str, read_only: Path
) -> None:
    """As systemd's /srv and the read-only disk of a container are."""
    shop = await founded(postgres_url)
    told = await shop.say("vault", "rotate", cwd=read_only)
    assert (told.code, "Traceback" in told.err) == (2, False)
    assert f"cannot be written to {read_only}/data/shop.vault.key.next" in told.err
    assert "vault rotate --to FILE" in told.err
    assert await still_as_it_was(shop)


async def test_the_seller_names_the_file(store_url: str, read_only: Path, tmp_path: Path) -> None:
    shop, to = await founded(store_url), tmp_path / "kept" / "new.key"
    told = await rotated(shop, to, read_only)
    assert (told.code, told.err) == (0, "")
    assert f"set VAULT_KEY to the text of {to}" in told.out
    assert (to.stat().st_mode & 0o777, to.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert [each.name for each in to.parent.iterdir()] == ["new.key"]
    with pytest.raises(Misconfigured, match="vault-key-wrong"):
        await shop.sealed()
    shop.environment["VAULT_KEY"] = to.read_text("ascii")
    assert await shop.sealed() == SEALED
    await shop.start_once()


@pytest.mark.parametrize("inside", ["new.key", "folder/new.key"])
async def test_a_named_file_that_cannot_be_written_changes_nothing(
    sqlite_url: str, read_only: Path, tmp_path: Path, inside: str
) -> None:
    shop, file = await founded(sqlite_url), tmp_path / "file"
    file.touch()
    for to in (read_only / inside, file / inside):
        told = await rotated(shop, to, tmp_path)
        assert (told.code, "Traceback" in told.err, f"cannot be written to {to}" in told.err) == (2, False, True)
    assert await still_as_it_was(shop)


@pytest.mark.parametrize("named", ["there.key", "half.key", ".", "/", "", "link.key"])
async def test_what_is_there_is_not_written_over(sqlite_url: str, tmp_path: Path, named: str) -> None:
    """It may be a key of another time."""
    shop, there = await founded(sqlite_url), tmp_path / "there.key"
    (tmp_path / "half.key.new").touch()
    (tmp_path / "link.key").symlink_to("nowhere")
    there.write_text("precious")
    told = await rotated(shop, named, tmp_path)
    assert (told.code, "is there already" in told.err) == (2, True)
    assert there.read_text() == "precious"
    assert await still_as_it_was(shop)


async def test_a_key_in_a_file_of_ours_goes_nowhere_else(sqlite_url: str, tmp_path: Path) -> None:
    shop = sealed_shop(sqlite_url)
    await shop.start_once()
    told = await rotated(shop, tmp_path / "new.key", tmp_path)
    assert (told.code, "--to is for a key that is set as VAULT_KEY" in told.err) == (2, True)
    assert str(key_file(shop.settings)) in told.err
    assert not (tmp_path / "new.key").exists()


async def test_what_is_taken_back_leaves_no_key_behind(
    store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would be taken for the one to set."""

    def refuse(*_args: object) -> int:
        raise Misconfigured("vault-key-wrong")

    shop, to = await founded(store_url), tmp_path / "new.key"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("app.rotate.reseal", refuse)
    for place in (to, None):
        with pytest.raises(Misconfigured, match="vault-key-wrong"):
            await asyncio.to_thread(rotate, shop.settings, place)
    assert not to.exists()
    assert not next_key_file(shop.settings).exists()
    assert await still_as_it_was(shop)


def test_where_nobody_may_look_no_key_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that root has made is closed to the shop's own user: no reason to stay closed itself."""
    settings = sealed_shop("postgresql://x/y").settings
    monkeypatch.chdir(tmp_path)
    assert key_to_set(settings) is None
    keep_key(next_key_file(settings), KEY)
    assert key_to_set(settings) == next_key_file(settings)

    def refused(*_args: object, **_values: object) -> None:
        raise PermissionError

    with monkeypatch.context() as closed:
        closed.setattr(os, "stat", refused)
        assert key_to_set(settings) is None
