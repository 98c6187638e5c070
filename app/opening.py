"""Opening the shop: schema, vault, shop file and bank account, so that flows find everything in its place."""

from dataclasses import dataclass
from pathlib import Path

from app.invoicing import invoicing
from app.settings import Settings
from app.shop_file import read_shop_file
from app.vault_key import open_vault
from flows.premises import Admin, Premises
from sales.catalogue import ShopFile
from sales.errors import Misconfigured
from sales.shop import Shop
from storage import catalogue, shops
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


async def open_shop(store: Store, settings: Settings, bank: Bank | None, admins: tuple[Admin, ...]) -> Opened:
    """Migrate, found the shop or take over what its file says today; raises Misconfigured or BrokenShopFile."""
    file = read_shop_file(settings.shop_file)
    await migrate(store)
    known = await store.read(lambda unit: shops.find(unit, FIRST_SHOP))
    vault, new_key = open_vault(settings, founded=known is not None)
    shop = await store.write(lambda unit: _furnish(unit, file, vault, bank))
    return Opened(_premises(settings, shop, vault, admins), new_key)


async def visit_shop(store: Store, settings: Settings) -> Premises:
    """Look at a shop that is there already, changing nothing; raises Misconfigured when there is none."""
    if not await at_head(store):
        raise Misconfigured("database-not-migrated")
    shop = await store.read(lambda unit: shops.find(unit, FIRST_SHOP))
    if shop is None:
        raise Misconfigured("shop-not-founded")
    vault, _ = open_vault(settings, founded=True)
    await store.read(lambda unit: shops.try_vault(unit, shop, vault))
    return _premises(settings, shop, vault, settings.admins)


def _premises(settings: Settings, shop: Shop, vault: Vault, admins: tuple[Admin, ...]) -> Premises:
    gateway, spare = invoicing(settings)
    return Premises(shop, vault, gateway, admins, spare)


def _furnish(unit: Unit, file: ShopFile, vault: Vault, bank: Bank | None) -> Shop:
    """One Unit, so that a broken start leaves the shop as it was."""
    known = shops.find(unit, FIRST_SHOP)
    if known is None:
        shop = shops.create(unit, FIRST_SHOP, file, vault)
    else:
        shops.try_vault(unit, known, vault)
        shop = shops.reconcile(unit, known, file)
    catalogue.stock_shelf(unit, shop.id, file.products)
    if bank is not None:
        shops.show_account(unit, shop.id, *bank)
    return shop
