"""A new vault key for the whole shop, made so that a crash at any moment leaves a shop that opens.

The new key is on the disk beside the old one before anything is sealed with it, and takes its place only after the
commit. Whoever opens the shop between the two finds both keys and takes the one that fits (app/vault_key.py). In a file
that the seller names nobody looks for it: then the shop opens once VAULT_KEY holds it.
"""

import asyncio
import os
from contextlib import nullcontext
from pathlib import Path

from app.commands import with_store
from app.only_one import only_one
from app.opening import fitting, visit_shop
from app.settings import Settings
from app.vault_key import (
    forget_key,
    half_written,
    has_key_file,
    keep_key,
    key_file,
    next_key_file,
    old_keys,
    take_next_key,
    usual_key,
)
from app.words import said
from sales.clock import utc_now
from sales.errors import Misconfigured
from storage.reseal import others, reseal
from storage.store import Store
from storage.unit import Unit
from storage.vault import Vault, new_vault_key


def rotate(settings: Settings, to: Path | None = None) -> list[str]:
    """Make a new key and seal everything anew; answers what to say. `to`: where the key goes that is for VAULT_KEY.

    Raises Misconfigured, and has changed nothing then, when there is no shop yet, when it runs, when VAULT_KEY was not
    set to the last new key, or when the new one cannot be written.
    """
    if settings.nothing_there:
        raise Misconfigured("database-not-migrated")
    place = next_key_file(settings) if to is None else _free_place(settings, to)
    with only_one(settings.database) if settings.on_sqlite else nullcontext():
        count = asyncio.run(with_store(settings.database, lambda store: _rotate(store, settings, place)))
    if has_key_file(settings):
        places = {"path": str(key_file(settings)), "old": str(old_keys(settings)[-1])}
        return [said("vault-rotated", places | {"count": count}), said("vault-old-file", places)]
    told = {"path": str(place.absolute()), "count": count}
    return [said("vault-rotated-variable", told), said("vault-old-variable", {})]


def _free_place(settings: Settings, to: Path) -> Path:
    """The file that the seller names: whatever is there may be somebody's key, and is not written over."""
    if has_key_file(settings):
        raise Misconfigured("vault-to-needless", path=str(key_file(settings)))
    if os.path.lexists(to):
        raise Misconfigured("vault-to-taken", path=str(to))
    if os.path.lexists(half_written(to)):
        raise Misconfigured("vault-to-taken", path=str(half_written(to)))
    return to


async def _rotate(store: Store, settings: Settings, place: Path) -> int:
    old = (await visit_shop(store, settings)).vault
    fits = await fitting(store)
    if not has_key_file(settings) and not fits(Vault.from_text(usual_key(settings))):
        raise Misconfigured("vault-rotate-unfinished", path=str(next_key_file(settings)))
    take_next_key(settings, fits)
    await store.read(_must_be_alone)
    new = new_vault_key()
    _keep(settings, place, new)
    try:
        count = await store.alter(lambda conn: _anew(Unit(conn, utc_now()), old, Vault.from_text(new)))
    except Misconfigured:  # it was all taken back: that key will never be in force
        forget_key(place)
        raise
    take_next_key(settings, await fitting(store))
    return count


def _keep(settings: Settings, place: Path, key: str) -> None:
    try:
        keep_key(place, key)
    except OSError as error:
        message = "vault-key-unwritable" if has_key_file(settings) else "vault-next-unwritable"
        raise Misconfigured(message, path=str(place.absolute()), reason=error.strerror or "-") from error


def _anew(unit: Unit, old: Vault, new: Vault) -> int:
    count = reseal(unit, old, new)
    _must_be_alone(unit)
    return count


def _must_be_alone(unit: Unit) -> None:
    """A process that runs meanwhile would go on sealing with the old key."""
    if others(unit):
        raise Misconfigured("vault-rotate-running")
