from typing import Any

import pytest
from sqlalchemy import update

from sales.errors import Misconfigured
from sales.purchase import Grant, Order
from storage import goods, orders
from storage.errors import Conflict
from storage.schema.goods import deliveries, grants
from storage.vault import Vault, new_vault_key
from tests.clock import FrozenClock
from tests.flows.shop import COURSE, Shop
from tests.storage.shop import refuses_change

KEY = "2345-6789-ABCD-EFGH"


async def row(shop: Shop, order: Order, key: str = KEY, **changes: Any) -> dict[str, Any]:
    """A grant of the order's line, as settlement writes it."""
    shop_id, vault = shop.premises.shop.id, shop.premises.vault
    (line,) = (await shop.store.read(lambda unit: orders.lines(unit, shop_id, [order.id])))[order.id]
    sealed = {
        "key_sealed": vault.seal(goods.place_of_key(shop_id, line.id), key),
        "key_hash": vault.hash("licence", key),
    }
    whole = {"shop_id": shop_id, "order_id": order.id, "line_id": line.id, "state": "granted", "links": []}
    whole |= {"activation": "", "download_url": "", "granted_at": FrozenClock().now, "expires_at": None}
    return whole | sealed | changes


async def add(shop: Shop, *rows: dict[str, Any]) -> None:
    await shop.store.write(lambda unit: goods.add_grants(unit, rows))


async def opened(shop: Shop, order: Order, vault: Vault | None = None) -> list[Grant]:
    with_key = vault or shop.premises.vault
    return await shop.store.read(lambda unit: goods.grants_of(unit, shop.premises.shop.id, order.id, with_key))


async def test_a_key_is_sealed_where_it_lies_and_opens_there(shop: Shop) -> None:
    order = await shop.order()
    await add(shop, await row(shop, order))
    (grant,) = await opened(shop, order)
    assert grant.key == KEY
    (kept,) = await shop.rows(grants)
    assert KEY.encode() not in kept.key_sealed
    assert KEY not in repr(grant)


async def test_a_sealed_key_copied_to_another_row_does_not_open_there(shop: Shop) -> None:
    mine, other = await shop.order(), await shop.order()
    await add(shop, await row(shop, mine), await row(shop, other, "HGFE-DCBA-9876-5432"))
    (stolen, _) = await shop.rows(grants)
    copy = update(grants).where(grants.c.order_id == other.id).values(key_sealed=stolen.key_sealed)
    await shop.store.write(lambda unit: unit.conn.execute(copy))
    with pytest.raises(Misconfigured, match="vault-key-wrong"):
        await opened(shop, other)


async def test_another_vault_opens_nothing(shop: Shop) -> None:
    order = await shop.order()
    await add(shop, await row(shop, order))
    with pytest.raises(Misconfigured, match="vault-key-wrong"):
        await opened(shop, order, Vault.from_text(new_vault_key()))


@pytest.mark.parametrize("damaged", [b"", b"short"])
async def test_a_damaged_key_is_never_taken_for_no_key(shop: Shop, damaged: bytes) -> None:
    order = await shop.order()
    await add(shop, await row(shop, order, key_sealed=damaged))
    with pytest.raises(Misconfigured, match="vault-key-wrong"):
        await opened(shop, order)


async def test_a_course_has_links_and_no_key(shop: Shop) -> None:
    order = await shop.order(plan=2)
    links = [{"title": link.title, "url": link.url} for link in COURSE.links]
    await add(shop, await row(shop, order, key_sealed=None, key_hash=None, links=links))
    (grant,) = await opened(shop, order)
    assert (grant.key, grant.links) == ("", COURSE.links)


async def test_a_line_is_granted_once(shop: Shop) -> None:
    order = await shop.order()
    await add(shop, await row(shop, order))
    with pytest.raises(Conflict):
        await add(shop, await row(shop, order, "another key"))


async def test_a_key_is_given_once_in_a_shop(shop: Shop) -> None:
    one, two = await shop.order(), await shop.order()
    with pytest.raises(Conflict):
        await add(shop, await row(shop, one), await row(shop, two))
    assert await shop.rows(grants) == []


async def test_deliveries_written_together_answer_their_ids_in_order(shop: Shop) -> None:
    order = await shop.order()
    rows = [
        {"shop_id": shop.premises.shop.id, "order_id": order.id, "channel": "telegram", "address": str(n)}
        for n in range(200)
    ]
    ids = await shop.store.write(lambda unit: goods.add_deliveries(unit, rows))
    kept = {each.id: each.address for each in await shop.rows(deliveries)}
    assert [kept[id_] for id_ in ids] == [each["address"] for each in rows]
    assert await shop.store.write(lambda unit: goods.add_deliveries(unit, [])) == []


@pytest.mark.parametrize(("message", "error", "state"), [("77", None, "sent"), (None, "Blocked", "failed")])
async def test_a_delivery_ends_one_way_or_the_other(
    shop: Shop, clock: FrozenClock, message: str | None, error: str | None, state: str
) -> None:
    order = await shop.order()
    shop_id = shop.premises.shop.id
    rows = [{"shop_id": shop_id, "order_id": order.id, "channel": "email", "address": "a@x.vn"}]
    (id_,) = await shop.store.write(lambda unit: goods.add_deliveries(unit, rows))
    waiting = await shop.store.read(lambda unit: goods.delivery(unit, shop_id, id_))
    assert (waiting.state, waiting.ended_at) == ("waiting", None)
    await shop.store.write(lambda unit: goods.end_delivery(unit, shop_id, id_, message, error))
    (ended,) = await shop.store.read(lambda unit: goods.deliveries_of(unit, shop_id, order.id))
    assert (ended.state, ended.message, ended.error, ended.ended_at) == (state, message, error, clock.now)


async def test_rows_that_make_no_sense_are_refused(shop: Shop) -> None:
    order = await shop.order()
    await shop.settle(shop.sighting(order.code))
    await refuses_change(shop.store, grants, "state", state="maybe")
    await refuses_change(shop.store, grants, "key", key_hash=None)
    await refuses_change(shop.store, deliveries, "state", state="lost")
