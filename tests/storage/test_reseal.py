"""Everything that a vault key has closed is closed anew by another one; nothing is forgotten."""

import asyncio

import pytest
from sqlalchemy import LargeBinary, func, select, update

from flows.invite_admins import invite_admin
from sales.clock import utc_now
from sales.errors import Misconfigured
from storage import gateways, goods, reseal, shops
from storage.schema import metadata
from storage.schema.admins import invites
from storage.schema.gateways import gateway_secrets
from storage.schema.goods import grants
from storage.schema.shop import shops as shop_rows
from storage.store import Store, open_store
from storage.unit import Unit
from storage.vault import Vault, new_vault_key
from tests.flows.shop import Shop, open_shop

NEW = Vault.from_text(new_vault_key())

RESEALED = {"shops.vault_check", "grants.key_sealed", "grants.key_hash", "gateway_secrets.sealed", "invites.token_hash"}
NEVER_SEALED = {"shops.code_key"}


async def renew(store: Store, old: Vault, new: Vault) -> int:
    return await store.alter(lambda conn: reseal.reseal(Unit(conn, utc_now()), old, new))


async def sold(shop: Shop, count: int) -> list[str]:
    """Orders that are paid; answers their keys."""
    orders = [await shop.order() for _ in range(count)]
    await shop.settle(*(shop.sighting(order.code, order.total.minor) for order in orders))
    number, vault = shop.premises.shop.id, shop.premises.vault
    found = await shop.store.read(lambda unit: [goods.grants_of(unit, number, order.id, vault) for order in orders])
    return [grant.key for each in found for grant in each]


async def keys(shop: Shop, vault: Vault) -> list[str]:
    rows = await shop.rows(grants)
    return [
        vault.unseal(goods.place_of_key(row.shop_id, row.line_id), row.key_sealed) for row in rows if row.key_sealed
    ]


def test_every_column_of_bytes_is_known() -> None:
    """A new one must be sealed anew as well, or named here as one that no vault key has closed."""
    found = {
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    assert found == RESEALED | NEVER_SEALED


async def test_licence_keys_open_and_are_found_with_the_new_key_alone(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reseal, "PAGE", 2)
    shop = await open_shop(store)
    known = await sold(shop, 5)
    assert await renew(store, shop.premises.vault, NEW) == 6
    assert await keys(shop, NEW) == known
    rows = await shop.rows(grants)
    assert [row.key_hash for row in rows] == [goods.hash_of_key(NEW, key) for key in known]
    with pytest.raises(Misconfigured, match="vault-key-wrong"):
        await keys(shop, shop.premises.vault)


async def test_every_shop_is_tried_with_the_new_key(store: Store) -> None:
    one = await open_shop(store)
    vault = one.premises.vault
    other = await open_shop(store, slug="other")
    change = update(shop_rows).where(shop_rows.c.id == other.premises.shop.id)
    check = vault.seal(shops.CHECK_PLACE, "open sesame")
    await store.write(lambda unit: unit.conn.execute(change.values(vault_check=check)))
    for shop, secret in ((one, "dummy-one"), (other, "dummy-other")):
        number = shop.premises.shop.id
        await store.write(
            lambda unit, number=number, secret=secret: gateways.put_secret(
                unit, number, vault, "vnpay", "hash_secret", secret
            )
        )
    assert await renew(store, vault, NEW) == 4
    for shop, secret in ((one, "dummy-one"), (other, "dummy-other")):
        number = shop.premises.shop.id
        await store.read(lambda unit, shop=shop: shops.try_vault(unit, shop.premises.shop, NEW))
        kept = await store.read(lambda unit, number=number: gateways.secrets_of(unit, number, NEW))
        assert kept == {"vnpay": {"hash_secret": secret}}


async def test_one_value_that_does_not_open_undoes_everything(store: Store) -> None:
    shop = await open_shop(store)
    known = await sold(shop, 2)
    stranger = Vault.from_text(new_vault_key())
    row = {"shop_id": shop.premises.shop.id, "gateway": "vnpay", "field": "hash_secret", "updated_at": utc_now()}
    place = gateways.place_of_secret(shop.premises.shop.id, "vnpay", "hash_secret")
    spoilt = gateway_secrets.insert().values(**row, sealed=stranger.seal(place, "dummy"))
    await store.write(lambda unit: unit.conn.execute(spoilt))
    with pytest.raises(Misconfigured, match="vault-key-wrong"):
        await renew(store, shop.premises.vault, NEW)
    assert await keys(shop, shop.premises.vault) == known


async def test_open_invitations_end(store: Store) -> None:
    shop = await open_shop(store)
    await store.write(lambda unit: invite_admin(unit, shop.premises, "token"))
    await renew(store, shop.premises.vault, NEW)
    assert await store.read(lambda unit: unit.conn.scalar(select(func.count()).select_from(invites))) == 0


async def test_a_secret_is_kept_before_or_after_but_never_with_the_old_key(store: Store, store_url: str) -> None:
    """Whoever seals while the key changes is refused, and seals nothing that would not open."""
    from flows.keep_secrets import keep_secret

    shop = await open_shop(store)
    await renew(store, shop.premises.vault, NEW)
    with pytest.raises(Misconfigured, match="vault-key-wrong"):
        await store.write(lambda unit: keep_secret(unit, shop.premises, "vnpay", "hash_secret", "dummy"))
    assert await shop.rows(gateway_secrets) == []


async def test_other_processes_are_seen_on_postgresql(postgres_url: str) -> None:
    first = await open_store(postgres_url, utc_now)
    second = await open_store(postgres_url, utc_now)
    try:
        await asyncio.gather(*(first.read(reseal.others) for _ in range(4)))
        await second.read(reseal.others)
        assert await first.read(reseal.others) == 1
        assert await second.read(reseal.others) == 1
    finally:
        await second.close()
    try:
        async with asyncio.timeout(10):
            while await first.read(reseal.others):
                await asyncio.to_thread(lambda: None)
    finally:
        await first.close()


async def test_on_sqlite_a_lock_tells_and_not_the_database(sqlite_url: str) -> None:
    store = await open_store(sqlite_url, utc_now)
    assert await store.read(reseal.others) == 0
    await store.close()
