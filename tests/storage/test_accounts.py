from sales.catalogue import FiledAccount
from storage import accounts, shops
from storage.schema.shop import bank_accounts
from storage.store import Store
from storage.vault import Vault, new_vault_key
from tests.flows.shop import ACCOUNT, BANK, FILE, Shop

FIRST = FiledAccount(*BANK)
SECOND = FiledAccount("970436", "77", "TRAN THI B")
VIETIN = FiledAccount("970415", "88", "LE VAN C", word="SEVQR")
BIDV = FiledAccount("970418", "99", "PHAM THI D", virtual="96247VA99")


async def shown(shop: Shop) -> list[FiledAccount]:
    found = await shop.store.read(lambda unit: accounts.shown_accounts(unit, shop.premises.shop.id))
    return [FiledAccount(each.bin, each.account, each.holder, each.word, each.virtual) for each in found]


async def own(shop: Shop) -> dict[str, int]:
    return await shop.store.read(lambda unit: accounts.own_accounts(unit, shop.premises.shop.id))


async def test_several_are_shown_as_they_were_given(shop: Shop) -> None:
    for given in ([FIRST, SECOND, BIDV], [BIDV, VIETIN, FIRST], [SECOND]):
        await shop.show_accounts(*given)
        assert await shown(shop) == given
        first = await shop.store.read(lambda unit: accounts.shown_account(unit, shop.premises.shop.id))
        assert first is not None
        assert first.account == given[0].account


async def test_what_is_shown_no_more_stays_the_shops_own(shop: Shop) -> None:
    shop_id = shop.premises.shop.id
    old = await shop.store.read(lambda unit: accounts.shown_account(unit, shop_id))
    assert old is not None
    await shop.show_accounts(SECOND)
    new = await shop.store.read(lambda unit: accounts.shown_account(unit, shop_id))
    assert new is not None
    assert await own(shop) == {ACCOUNT: old.id, "77": new.id}
    assert await shop.store.read(lambda unit: accounts.account(unit, shop_id, old.id)) == old


async def test_an_account_shown_again_is_the_same_row_put_right(shop: Shop) -> None:
    await shop.show_accounts(SECOND)
    await shop.show_accounts(FiledAccount(BANK[0], ACCOUNT, "NGUYEN VAN C", "SEVQR", "VA1"))
    assert [(row.account, row.holder, row.shown, row.word, row.virtual) for row in await shop.rows(bank_accounts)] == [
        (ACCOUNT, "NGUYEN VAN C", True, "SEVQR", "VA1"),
        ("77", "TRAN THI B", False, "", ""),
    ]


async def test_one_number_at_two_banks_is_two_accounts(shop: Shop) -> None:
    await shop.show_accounts(SECOND, FiledAccount("970407", "77", "TRAN THI B"))
    assert [each.bin for each in await shown(shop)] == ["970436", "970407"]


async def test_a_virtual_number_leads_to_the_real_account(shop: Shop) -> None:
    await shop.show_accounts(BIDV, SECOND)
    owned = await own(shop)
    assert owned["96247VA99"] == owned["99"] != owned["77"]


async def test_a_real_number_is_never_taken_for_a_virtual_one(shop: Shop) -> None:
    await shop.show_accounts(FIRST, FiledAccount("970418", "99", "A", virtual=ACCOUNT))
    rows = {row.account: row.id for row in await shop.rows(bank_accounts)}
    assert (await own(shop))[ACCOUNT] == rows[ACCOUNT]


async def test_none_may_be_shown(shop: Shop) -> None:
    await shop.show_accounts()
    assert await shown(shop) == []
    assert list(await own(shop)) == [ACCOUNT]


async def test_another_shops_accounts_are_none_of_ours(shop: Shop) -> None:
    vault = Vault.from_text(new_vault_key())
    other = await shop.store.write(lambda unit: shops.create(unit, "other", FILE, vault))
    await shop.store.write(lambda unit: accounts.show_accounts(unit, other.id, [FIRST, BIDV]))
    await shop.show_accounts(SECOND)
    there = await shop.store.read(lambda unit: accounts.shown_accounts(unit, other.id))
    assert [each.account for each in there] == [ACCOUNT, "99"]
    assert set(await own(shop)) == {ACCOUNT, "77"}


async def test_a_shop_without_an_account_shows_none(store: Store) -> None:
    vault = Vault.from_text(new_vault_key())
    shop = await store.write(lambda unit: shops.create(unit, "main", FILE, vault))
    assert await store.read(lambda unit: accounts.shown_account(unit, shop.id)) is None
    assert await store.read(lambda unit: accounts.own_accounts(unit, shop.id)) == {}
