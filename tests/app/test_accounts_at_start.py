"""Which bank accounts buyers are shown once the shop is open: that of the settings, then those of the shop file."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.commands import with_store
from app.opening import accounts_of
from sales.catalogue import FiledAccount
from sales.shop import BankAccount
from storage import accounts
from storage.store import Store
from tests.app.sealed_shop import SealedShop, sealed_shop
from tests.flows.shop import FILE
from tests.house.source import ROOT

BANK = ("970422", "0000111122223333", "NGUYEN VAN A")
VIETIN = FiledAccount("970415", "88", "LE VAN C", word="SEVQR")
BIDV = FiledAccount("970418", "99", "PHAM THI D", virtual="96247VA99")


def shown(*filed: FiledAccount, bank: tuple[str, str, str] | None = BANK) -> list[FiledAccount]:
    return accounts_of(replace(FILE, accounts=filed), bank)


def test_the_account_of_the_settings_comes_first() -> None:
    assert shown(VIETIN, BIDV) == [FiledAccount(*BANK), VIETIN, BIDV]
    assert shown() == [FiledAccount(*BANK)]


def test_the_file_alone_may_name_them() -> None:
    assert shown(VIETIN, BIDV, bank=None) == [VIETIN, BIDV]
    assert shown(bank=None) == []


def test_what_a_bank_needs_may_stand_in_the_file_for_the_account_of_the_settings() -> None:
    assert shown(BIDV, VIETIN, bank=("970415", "88", "LE VAN E")) == [replace(VIETIN, holder="LE VAN E"), BIDV]


def test_the_same_number_at_another_bank_is_another_account() -> None:
    assert len(shown(replace(VIETIN, account=BANK[1]))) == 2


@pytest.fixture
def shop(store_url: str) -> SealedShop:
    return sealed_shop(store_url, BANK_BIN=BANK[0], BANK_ACCOUNT=BANK[1], BANK_HOLDER=BANK[2])


async def in_the_shop(shop: SealedShop) -> list[BankAccount]:
    premises = await shop.visit()

    async def look(store: Store) -> list[BankAccount]:
        return await store.read(lambda unit: accounts.shown_accounts(unit, premises.shop.id))

    return await with_store(shop.settings.database, look)


async def test_a_start_shows_what_is_named_and_the_next_one_what_is_named_then(
    shop: SealedShop, tmp_path: Path
) -> None:
    file = tmp_path / "shop.toml"
    filed = '\n[[account]]\nbank = "BIDV"\naccount = "99"\nholder = "PHAM THI D"\nvirtual = "96247VA99"\n'
    file.write_text((ROOT / "shop.toml").read_text("utf-8") + filed, "utf-8")
    shop.environment["SHOP_FILE"] = str(file)
    await shop.start_once()
    first, second = await in_the_shop(shop)
    assert (first.account, second.account, second.virtual) == (BANK[1], "99", "96247VA99")
    for name in ("BANK_BIN", "BANK_ACCOUNT", "BANK_HOLDER"):
        del shop.environment[name]
    await shop.start_once()
    assert await in_the_shop(shop) == [second]
    shop.environment["SHOP_FILE"] = str(ROOT / "shop.toml")
    await shop.start_once()
    assert await in_the_shop(shop) == [second], "with none named at all, nothing is taken away"
