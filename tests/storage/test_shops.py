import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from sales.errors import Misconfigured
from storage import shops
from storage.errors import Conflict
from storage.schema.shop import shops as table
from storage.vault import Vault, new_vault_key
from tests.flows.shop import FILE, Shop
from tests.storage.shop import refuses_change


async def test_a_shop_is_found_by_its_slug_as_it_was_founded(shop: Shop) -> None:
    found = await shop.store.read(lambda unit: shops.find(unit, "main"))
    assert found == shop.premises.shop
    assert (found.name, found.zone, found.code_prefix) == (FILE.name, FILE.zone, FILE.code_prefix)
    assert (found.payment_window, found.monitoring) == (FILE.payment_window, FILE.monitoring)
    assert await shop.store.read(lambda unit: shops.find(unit, "other")) is None


async def test_each_shop_gets_a_code_key_of_its_own(shop: Shop) -> None:
    other = await shop.store.write(lambda unit: shops.create(unit, "other", FILE, shop.premises.vault))
    assert len(other.code_key) == 32
    assert other.code_key != shop.premises.shop.code_key
    assert repr(other.code_key) not in repr(other)


async def test_a_slug_is_given_once(shop: Shop) -> None:
    with pytest.raises(Conflict):
        await shop.store.write(lambda unit: shops.create(unit, "main", FILE, shop.premises.vault))


async def test_a_changed_file_changes_the_shop_but_never_its_codes(shop: Shop) -> None:
    changed = replace(FILE, name="Mới", payment_window=timedelta(minutes=5), email_optional=False, contact="@moi")
    new = await shop.store.write(lambda unit: shops.reconcile(unit, shop.premises.shop, changed))
    assert (new.name, new.payment_window, new.email_optional) == ("Mới", timedelta(minutes=5), False)
    assert (shop.premises.shop.contact, new.contact) == ("", "@moi")
    assert (new.code_key, new.code_prefix) == (shop.premises.shop.code_key, "KX")
    assert await shop.store.read(lambda unit: shops.find(unit, "main")) == new


async def test_the_code_prefix_is_fixed(shop: Shop) -> None:
    with pytest.raises(Misconfigured, match="shop-prefix-fixed"):
        await shop.store.write(lambda unit: shops.reconcile(unit, shop.premises.shop, replace(FILE, code_prefix="HT")))


async def test_the_wrong_vault_is_noticed_before_anything_is_sealed_with_it(shop: Shop) -> None:
    await shop.store.read(lambda unit: shops.try_vault(unit, shop.premises.shop, shop.premises.vault))
    wrong = Vault.from_text(new_vault_key())
    with pytest.raises(Misconfigured, match="vault-key-wrong"):
        await shop.store.read(lambda unit: shops.try_vault(unit, shop.premises.shop, wrong))


async def test_counters_never_repeat_whoever_counts_at_once(shop: Shop) -> None:
    shop_id = shop.premises.shop.id
    draws = [shop.store.write(lambda unit: shops.next_order_number(unit, shop_id)) for _ in range(40)]
    assert sorted(await asyncio.gather(*draws)) == list(range(40))
    attempts = [shop.store.write(lambda unit: shops.next_attempt_number(unit, shop_id)) for _ in range(10)]
    drawn = sorted(await asyncio.gather(*attempts))
    assert drawn == list(range(drawn[0], drawn[0] + 10))


async def test_each_shop_counts_for_itself(shop: Shop) -> None:
    other = await shop.store.write(lambda unit: shops.create(unit, "other", FILE, shop.premises.vault))
    for shop_id in (shop.premises.shop.id, other.id):
        assert await shop.store.write(lambda unit, id_=shop_id: shops.next_order_number(unit, id_)) == 0


@pytest.mark.parametrize("changes", [{"payment_seconds": 0}, {"monitoring_seconds": -1}])
async def test_times_that_make_no_sense_are_refused(shop: Shop, changes: dict[str, int]) -> None:
    await refuses_change(shop.store, table, "times", **changes)
