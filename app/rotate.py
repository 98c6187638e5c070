"""A new vault key for the whole shop, made so that a crash at any moment leaves a shop that opens.

The new key is on the disk beside the old one before anything is sealed with it, and takes its place only after the
commit. Whoever opens the shop between the two finds both keys and takes the one that fits (app/vault_key.py).
"""

import asyncio
from contextlib import nullcontext

from app.commands import with_store
from app.only_one import only_one
from app.opening import fitting, visit_shop
from app.settings import Settings
from app.vault_key import has_key_file, keep_key, key_file, next_key_file, old_keys, take_next_key, usual_key
from app.words import said
from sales.clock import utc_now
from sales.errors import Misconfigured
from storage.reseal import others, reseal
from storage.store import Store
from storage.unit import Unit
from storage.vault import Vault, new_vault_key


def rotate(settings: Settings) -> list[str]:
    """Make a new key and seal everything anew; answers what to say.

    Raises Misconfigured, and has changed nothing then, when there is no shop yet, when it runs, or when VAULT_KEY was
    not set to the last new key.
    """
    if settings.nothing_there:
        raise Misconfigured("database-not-migrated")
    with only_one(settings.database) if settings.on_sqlite else nullcontext():
        count = asyncio.run(with_store(settings.database, lambda store: _rotate(store, settings)))
    if has_key_file(settings):
        places = {"path": str(key_file(settings)), "old": str(old_keys(settings)[-1])}
        return [said("vault-rotated", places | {"count": count}), said("vault-old-file", places)]
    place = {"path": str(next_key_file(settings))}
    return [said("vault-rotated-variable", place | {"count": count}), said("vault-old-variable", {})]


async def _rotate(store: Store, settings: Settings) -> int:
    old = (await visit_shop(store, settings)).vault
    fits = await fitting(store)
    if not has_key_file(settings) and not fits(Vault.from_text(usual_key(settings))):
        raise Misconfigured("vault-rotate-unfinished", path=str(next_key_file(settings)))
    take_next_key(settings, fits)
    await store.read(_must_be_alone)
    new = new_vault_key()
    keep_key(next_key_file(settings), new)
    count = await store.alter(lambda conn: _anew(Unit(conn, utc_now()), old, Vault.from_text(new)))
    take_next_key(settings, await fitting(store))
    return count


def _anew(unit: Unit, old: Vault, new: Vault) -> int:
    count = reseal(unit, old, new)
    _must_be_alone(unit)
    return count


def _must_be_alone(unit: Unit) -> None:
    """A process that runs meanwhile would go on sealing with the old key."""
    if others(unit):
        raise Misconfigured("vault-rotate-running")
