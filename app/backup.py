"""Makes a backup of the shop while it runs: one file that either database can be filled from."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app import __version__
from app.archive import FORMAT, Manifest, Part, write_archive
from app.commands import with_store
from app.new_file import new_file
from app.opening import FIRST_SHOP
from app.settings import Settings
from app.vault_key import fitting_key, key_file, usual_key
from sales.errors import Misconfigured
from storage import shops
from storage.backup import Copy, copy_all
from storage.store import Store
from storage.unit import Unit


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that is on the disk; `key` is where the vault key lies that its sealed keys need, None: it is inside.

    The key's place is "VAULT_KEY" or the path of its file.
    """

    path: Path
    manifest: Manifest
    key: str | None


def place(named: str) -> Path:
    """Where a backup named so goes; raises Misconfigured when it looks like a folder that is not there.

    A slash at its end says so, and so does a name without suffix.
    """
    path = Path(named)
    if (named.endswith("/") or not path.suffix) and not path.is_dir():
        raise Misconfigured("backup-no-folder", path=named)
    return path


async def make_backup(settings: Settings, target: Path | None, *, with_key: bool) -> Made:
    """Write a backup to `target` (a new file, or a folder to put it into; None: here).

    It is on the disk whole or not at all, and only its owner may read it. Raises Misconfigured when there is no shop
    yet, the file exists or cannot be written, or the key is wanted and not there.
    """
    if settings.nothing_there:
        raise Misconfigured("database-not-migrated")
    if with_key:
        usual_key(settings)

    async def write(store: Store) -> Made:
        return await store.read(lambda unit: _write(unit, settings, target or Path(), with_key=with_key), bounded=False)

    return await with_store(settings.database, write)


def _write(unit: Unit, settings: Settings, target: Path, *, with_key: bool) -> Made:
    copy = copy_all(unit)
    key = _key(unit, settings) if with_key else ""
    path = _named(target, copy, unit.now)
    with new_file(path) as file:
        manifest = write_archive(file, copy, lambda parts: _manifest(unit, settings, copy, parts), key)
    return Made(path, manifest, None if key else _place_of_key(settings))


def _key(unit: Unit, settings: Settings) -> str:
    """The key that opens what is copied, also between the two halves of its rotation."""
    sealed = shops.vault_check(unit, FIRST_SHOP)
    return fitting_key(settings, lambda vault: shops.opens(vault, sealed))


def _manifest(unit: Unit, settings: Settings, copy: Copy, parts: tuple[Part, ...]) -> Manifest:
    return Manifest(
        format=FORMAT,
        program=f"chotdon {__version__}",
        made_at=unit.now,
        revision=copy.revision,
        shops=copy.shops,
        sandbox=settings.sandbox,
        tables=parts,
    )


def _named(target: Path, copy: Copy, now: datetime) -> Path:
    """A folder gets a file named for the shop and the moment (UTC)."""
    if not target.is_dir():
        return target
    return target / f"{'-'.join(('chotdon', *copy.shops[:1]))}-{now:%Y%m%d-%H%M%S}.zip"


def _place_of_key(settings: Settings) -> str:
    return "VAULT_KEY" if settings.vault_key is not None or not settings.on_sqlite else str(key_file(settings))
