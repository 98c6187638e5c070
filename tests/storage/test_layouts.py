"""Layouts of statements on both databases."""

from datetime import timedelta

from storage import layouts
from storage.layouts import KeptLayout
from storage.store import Store
from tests.clock import FrozenClock
from tests.flows.shop import Shop, open_shop

HEADER = "ngay|so tien|noi dung"


async def keep(shop: Shop, bank: str, **columns: int) -> None:
    number = shop.premises.shop.id
    await shop.store.write(lambda unit: layouts.keep(unit, number, bank, HEADER, columns))


async def found(shop: Shop, header: str = HEADER) -> list[KeptLayout]:
    number = shop.premises.shop.id
    return await shop.store.read(lambda unit: layouts.with_header(unit, number, header))


async def kept(shop: Shop) -> list[KeptLayout]:
    number = shop.premises.shop.id
    return await shop.store.read(lambda unit: layouts.kept(unit, number))


async def test_a_layout_is_found_by_its_header_the_last_used_first(shop: Shop, clock: FrozenClock) -> None:
    for bank in ("Bank A", "Bank B", "Bank A"):
        await keep(shop, bank, date=0, amount=1)
        clock.move(timedelta(minutes=1))
    first, second = await found(shop)
    assert (first.bank, second.bank) == ("Bank A", "Bank B")
    assert first.used_at == clock.now - timedelta(minutes=1)
    assert await found(shop, "other") == []


async def test_a_mapping_said_anew_takes_the_place_of_the_old_one(shop: Shop) -> None:
    await keep(shop, "Bank A", date=0)
    await keep(shop, "Bank A", date=0, memo=2)
    [layout] = await kept(shop)
    assert (layout.bank, layout.header, layout.columns) == ("Bank A", HEADER, {"date": 0, "memo": 2})


async def test_a_layout_is_forgotten_once_and_of_its_own_shop_alone(shop: Shop, store: Store) -> None:
    other = await open_shop(store, slug="other")
    await keep(shop, "Bank A", date=0)
    [layout] = await kept(shop)
    assert await kept(other) == await found(other) == []

    async def forget(of: Shop) -> bool:
        number = of.premises.shop.id
        return await store.write(lambda unit: layouts.forget(unit, number, layout.id))

    assert [await forget(other), await forget(shop), await forget(shop)] == [False, True, False]
    assert await kept(shop) == []
