"""Secrets of gateways lie sealed, each in its own place; a gateway is switched off and on without losing them."""

import pytest
from sqlalchemy import select, update

from sales.errors import Misconfigured
from storage import gateways
from storage.schema.gateways import gateway_secrets
from storage.store import Store
from storage.unit import Unit
from storage.vault import Vault, new_vault_key
from tests.flows.shop import Shop, open_shop

SECRET = "dummy-hash-secret"


@pytest.fixture
async def shop(store: Store) -> Shop:
    return await open_shop(store)


async def put(shop: Shop, gateway: str, field: str, secret: str) -> None:
    vault, number = shop.premises.vault, shop.premises.shop.id
    await shop.store.write(lambda unit: gateways.put_secret(unit, number, vault, gateway, field, secret))


async def fill(shop: Shop, given: dict[str, dict[str, str]]) -> None:
    vault, number = shop.premises.vault, shop.premises.shop.id
    await shop.store.write(lambda unit: gateways.fill_secrets(unit, number, vault, given))


async def kept(shop: Shop, vault: Vault | None = None) -> dict[str, dict[str, str]]:
    opener, number = vault or shop.premises.vault, shop.premises.shop.id
    return await shop.store.read(lambda unit: gateways.secrets_of(unit, number, opener))


async def test_a_secret_is_kept_and_replaced(shop: Shop) -> None:
    assert await kept(shop) == {}
    await put(shop, "vnpay", "hash_secret", SECRET)
    await put(shop, "vnpay", "tmn_code", "SHOP0001")
    await put(shop, "sepay-pg", "secret", "dummy-other")
    await put(shop, "vnpay", "hash_secret", "dummy-newer")
    assert await kept(shop) == {
        "vnpay": {"hash_secret": "dummy-newer", "tmn_code": "SHOP0001"},
        "sepay-pg": {"secret": "dummy-other"},
    }


async def test_what_lies_there_is_not_filled_over(shop: Shop) -> None:
    await put(shop, "vnpay", "hash_secret", SECRET)
    await fill(shop, {"vnpay": {"hash_secret": "dummy-other", "tmn_code": "SHOP0001"}})
    await fill(shop, {"vnpay": {"tmn_code": "SHOP0002"}, "casso": {}})
    assert await kept(shop) == {"vnpay": {"hash_secret": SECRET, "tmn_code": "SHOP0001"}}


async def test_nothing_readable_lies_in_the_database(shop: Shop) -> None:
    await put(shop, "vnpay", "hash_secret", SECRET)
    [row] = await shop.store.read(lambda unit: unit.conn.execute(select(gateway_secrets)).all())
    assert SECRET.encode() not in row.sealed
    with pytest.raises(Misconfigured, match="vault-key-wrong"):
        await kept(shop, Vault.from_text(new_vault_key()))


async def test_a_sealed_value_opens_nowhere_else(shop: Shop) -> None:
    """Copied to another field or gateway, as one who may write the database but has no key could do."""
    await put(shop, "vnpay", "hash_secret", SECRET)
    for moved in ({"field": "tmn_code"}, {"gateway": "payos"}):
        await shop.store.write(lambda unit, moved=moved: unit.conn.execute(update(gateway_secrets).values(**moved)))
        with pytest.raises(Misconfigured, match="vault-key-wrong"):
            await kept(shop)
        back = {"gateway": "vnpay", "field": "hash_secret"}
        await shop.store.write(lambda unit, back=back: unit.conn.execute(update(gateway_secrets).values(**back)))
    assert await kept(shop) == {"vnpay": {"hash_secret": SECRET}}


async def test_each_shop_has_its_own(shop: Shop) -> None:
    other = await open_shop(shop.store, slug="other")
    await put(shop, "vnpay", "hash_secret", SECRET)
    await put(other, "vnpay", "hash_secret", "dummy-other")
    await switch(shop, off=True)
    assert (await kept(shop), await kept(other)) == (
        {"vnpay": {"hash_secret": SECRET}},
        {"vnpay": {"hash_secret": "dummy-other"}},
    )
    assert (await off(shop), await off(other)) == ({"vnpay"}, set())


async def switch(shop: Shop, *, off: bool) -> bool:
    number = shop.premises.shop.id

    def turn(unit: Unit) -> bool:
        return gateways.switch(unit, number, "vnpay", off=off)

    return await shop.store.write(turn)


async def off(shop: Shop) -> set[str]:
    return set(await shop.store.read(lambda unit: gateways.switched_off(unit, shop.premises.shop.id)))


async def test_a_gateway_is_switched_off_and_on_and_keeps_its_secrets(shop: Shop) -> None:
    await put(shop, "vnpay", "hash_secret", SECRET)
    assert not await switch(shop, off=False)
    assert [await switch(shop, off=True), await switch(shop, off=True), await off(shop)] == [True, False, {"vnpay"}]
    assert [await switch(shop, off=False), await off(shop)] == [True, set()]
    assert await kept(shop) == {"vnpay": {"hash_secret": SECRET}}
