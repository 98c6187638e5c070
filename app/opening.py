"""Opening the shop: schema, vault, shop file and bank account, so that flows find everything in its place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app.holdings import Given, Holding, given_by, merge, plugs, unwatched
from app.invoicing import invoicing
from app.settings import Settings
from app.shop_file import read_shop_file
from app.vault_key import Fits, open_vault, take_next_key
from flows.premises import Admin, Premises
from gateways.gateway import Secrets
from sales.catalogue import FiledAccount, ShopFile
from sales.errors import Misconfigured
from sales.shop import Shop
from storage import accounts, catalogue, gateways, shops
from storage.store import Store, at_head, migrate
from storage.unit import Unit
from storage.vault import Vault

FIRST_SHOP = "main"

Bank = tuple[str, str, str]
"""BIN, account number, holder."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The shop as it stands, and the vault key's path when one was made just now."""

    premises: Premises
    new_key: Path | None


async def open_shop(
    store: Store, settings: Settings, bank: Bank | None, admins: tuple[Admin, ...], given: Given | None = None
) -> Opened:
    """Migrate, found the shop or take over what its file says today; raises Misconfigured or BrokenShopFile.

    `given` is what comes from outside for its gateways; None: what the settings say.
    """
    outside = given or given_by(settings)
    file = read_shop_file(settings.shop_file)
    await migrate(store)
    known = await store.read(lambda unit: shops.find(unit, FIRST_SHOP))
    fits = await fitting(store)
    vault, new_key = open_vault(settings, founded=known is not None, fits=fits)
    if known is not None:
        take_next_key(settings, fits)
    # The sandbox makes its keys anew at each start: they are not kept.
    kept = {} if settings.sandbox else outside.secrets
    shop = await store.write(lambda unit: _furnish(unit, file, vault, bank, kept))
    held = await store.read(lambda unit: holdings(unit, shop, vault, outside))
    return Opened(_premises(settings, shop, vault, admins, held, outside.base), new_key)


async def visit_shop(store: Store, settings: Settings) -> Premises:
    """Look at a shop that is there already, changing nothing; raises Misconfigured when there is none."""
    if not await at_head(store):
        raise Misconfigured("database-not-migrated")
    shop = await store.read(lambda unit: shops.find(unit, FIRST_SHOP))
    if shop is None:
        raise Misconfigured("shop-not-founded")
    vault, _ = open_vault(settings, founded=True, fits=await fitting(store))
    await store.read(lambda unit: shops.try_vault(unit, shop, vault))
    outside = given_by(settings)
    held = await store.read(lambda unit: holdings(unit, shop, vault, outside))
    return _premises(settings, shop, vault, settings.admins, held, outside.base)


async def fitting(store: Store) -> Fits:
    """What tells whether a vault is the shop's."""
    sealed = await store.read(lambda unit: shops.vault_check(unit, FIRST_SHOP))
    return lambda vault: shops.opens(vault, sealed)


async def look_at_holdings(store: Store, settings: Settings) -> tuple[Holding, ...]:
    """What is in force for each gateway of a shop that is there already; raises what `visit_shop` raises."""
    there = await visit_shop(store, settings)
    return await store.read(lambda unit: holdings(unit, there.shop, there.vault, given_by(settings)))


def holdings(unit: Unit, shop: Shop, vault: Vault, outside: Given) -> tuple[Holding, ...]:
    """What is in force for each gateway; raises Misconfigured when what lies sealed does not open."""
    return merge(outside, gateways.secrets_of(unit, shop.id, vault), gateways.switched_off(unit, shop.id))


def _premises(
    settings: Settings, shop: Shop, vault: Vault, admins: tuple[Admin, ...], held: Sequence[Holding], base: str
) -> Premises:
    open_plugs = plugs(held)
    wanted = settings.sandbox_gateway if settings.sandbox else ""
    gateway, spare = invoicing([each.gateway for each in open_plugs], wanted)
    return Premises(shop, vault, gateway, admins, spare, open_plugs, base, unwatched(held))


def _furnish(unit: Unit, file: ShopFile, vault: Vault, bank: Bank | None, secrets: Mapping[str, Secrets]) -> Shop:
    """One Unit, so that a broken start leaves the shop as it was."""
    known = shops.find(unit, FIRST_SHOP)
    if known is None:
        shop = shops.create(unit, FIRST_SHOP, file, vault)
    else:
        shops.try_vault(unit, known, vault)
        shop = shops.reconcile(unit, known, file)
    gateways.fill_secrets(unit, shop.id, vault, secrets)
    catalogue.stock_shelf(unit, shop.id, file.products)
    if shown := accounts_of(file, bank):
        accounts.show_accounts(unit, shop.id, shown)
    return shop


def accounts_of(file: ShopFile, bank: Bank | None) -> list[FiledAccount]:
    """The accounts that buyers are shown, that of the settings first; what its bank needs may stand in the file."""
    if bank is None:
        return list(file.accounts)
    number, account, holder = bank
    filed = {(each.bin, each.account): each for each in file.accounts}
    first = replace(filed.pop((number, account), FiledAccount(*bank)), holder=holder)
    return [first, *filed.values()]
