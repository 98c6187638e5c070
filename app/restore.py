"""Fills an empty database from a backup; nothing is ever overwritten, and nothing is left half done."""

import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from app.archive import Archive, Manifest, open_archive
from app.commands import with_store
from app.only_one import only_one
from app.opening import FIRST_SHOP
from app.settings import Settings
from app.to_disk import keep_names
from app.vault_key import keep_key, key_file
from sales.clock import utc_now
from sales.errors import Misconfigured
from storage import shops
from storage.restore import known, occupied, restore
from storage.store import Store, migrate
from storage.unit import Unit
from storage.vault import Vault

SIDES = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a file that is open."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored; `key` says what became of the vault key, as an id in locales/, and `place` where it lies."""

    manifest: Manifest
    key: str
    place: str


async def restore_backup(settings: Settings, path: Path) -> Restored:
    """Restore `path` into the database of these settings, and bring it to the newest schema.

    Raises Misconfigured, and has changed nothing then: when the database holds anything, when the file is damaged,
    of a newer program, or of a sandbox where this is a real shop (and the other way round), or when the vault key
    at hand is another one.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise Misconfigured("restore-unreadable", path=str(path), reason=error.strerror or "") from error
    with file, open_archive(file) as archive:
        _judge(archive.manifest, settings)
        key, said = _key(settings, archive)
        if settings.on_sqlite:
            await _into_file(settings, archive, key)
        else:
            await with_store(settings.database, _filled(archive, key))
        return Restored(archive.manifest, said, str(key_file(settings)) if settings.on_sqlite else "")


def _judge(manifest: Manifest, settings: Settings) -> None:
    if manifest.sandbox != settings.sandbox:
        raise Misconfigured("restore-played" if manifest.sandbox else "restore-real")
    if not known(manifest.revision):
        raise Misconfigured("restore-newer")


def _key(settings: Settings, archive: Archive) -> tuple[str, str]:
    """The vault key that the shop will open with ("" when there is none yet), and what is to be said of it."""
    if settings.vault_key is not None:
        return settings.vault_key.get_secret_value(), "restore-key-fits"
    if not settings.on_sqlite:
        return archive.key, "restore-key-inside" if archive.key else "restore-key-variable"
    if key_file(settings).exists():
        return key_file(settings).read_text(encoding="ascii", errors="replace"), "restore-key-fits"
    return archive.key, "restore-key-kept" if archive.key else "restore-key-file"


async def _into_file(settings: Settings, archive: Archive, key: str) -> None:
    """Fill a file beside the one that is wanted and rename it at the end: a power cut leaves nothing half done."""
    path = Path(settings.database.removeprefix("sqlite:///"))
    with only_one(settings.database):
        if not settings.nothing_there:
            await with_store(settings.database, _must_be_empty)
        _must_have_room(path.parent, archive.manifest)
        new = path.with_name(f"{path.name}.restoring")
        _remove(new)
        try:
            await with_store(f"sqlite:///{new}", _filled(archive, key))
            if key and not key_file(settings).exists() and settings.vault_key is None:
                keep_key(key_file(settings), key)
            _remove(path)
            new.rename(path)
            keep_names(path.parent)
        finally:
            _remove(new)


def _filled(archive: Archive, key: str) -> Callable[[Store], Awaitable[None]]:
    """What fills a store from the archive, in one transaction."""

    async def fill(store: Store) -> None:
        await store.alter(lambda conn: restore(conn, archive.copy(), utc_now(), lambda unit: _try_key(unit, key)))
        await migrate(store)

    return fill


def _try_key(unit: Unit, key: str) -> None:
    """A wrong key is noticed before anything is kept."""
    shop = shops.find(unit, FIRST_SHOP)
    if key and shop is not None:
        shops.try_vault(unit, shop, Vault.from_text(key))


async def _must_be_empty(store: Store) -> None:
    if await store.read(lambda unit: occupied(unit.conn)):
        raise Misconfigured("restore-not-empty")


def _must_have_room(folder: Path, manifest: Manifest) -> None:
    """A file that claims to unpack to more than the disk holds is refused before a byte of it is read."""
    if manifest.bytes > shutil.disk_usage(folder).free:
        raise Misconfigured("restore-no-room", needed=str(manifest.bytes // 1024**2))


def _remove(path: Path) -> None:
    for side in ("", *SIDES):
        path.with_name(path.name + side).unlink(missing_ok=True)
