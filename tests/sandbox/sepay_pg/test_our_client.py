"""Our own asking against the street's API, whatever is wrong with it."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession

from gateways.gateway import Asking, Reach
from gateways.sepay_pg import SEPAY_PG
from sales.errors import Later, Rejected
from sales.transfer import Standing
from tests.gateways.asked import question
from tests.sandbox.house import House
from tests.sandbox.sepay_pg.seller import INVOICE, KEYS, ask, opened, press

REF = f"{INVOICE}:1"


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


@pytest.fixture
def look(house: House, session: ClientSession) -> Asking:
    return looking(house, session)


def looking(house: House, session: ClientSession, **keys: str) -> Asking:
    assert SEPAY_PG.ask is not None
    return SEPAY_PG.ask(Reach(KEYS | keys, house.base + house.street.sepay_url, session, house.clock))


async def seen(look: Asking) -> list[tuple[str, int, Standing, str]]:
    return [(each.ref, each.amount, each.standing, each.reverses) for each in await look.ask([question()])]


async def test_it_sees_an_order_from_its_form_to_its_void(house: House, look: Asking) -> None:
    assert await seen(look) == []
    page = await opened(house)
    assert await seen(look) == []
    await press(house, page, "CARD")
    assert await seen(look) == [(REF, 199_000, Standing.ARRIVED, "")]
    [said] = await look.ask([question()])
    assert (said.number, said.memo, said.currency) == (251022001, "KX7R2M9CF", "VND")
    assert said.booked_at == house.clock().replace(microsecond=0)
    await press(house, page, "void")
    assert await seen(look) == [(f"void:{REF}", -199_000, Standing.REVERSED, REF)]


async def test_a_cancelled_order_has_failed(house: House, look: Asking) -> None:
    await press(house, await opened(house), "cancel")
    assert [standing for _, _, standing, _ in await seen(look)] == [Standing.FAILED]


async def test_orders_are_found_by_both_names_and_in_the_list(house: House) -> None:
    await opened(house)
    _, listed = await ask(house, f"order?q={INVOICE}")
    [row] = listed["data"]
    for name in (INVOICE, row["order_id"]):
        assert (await ask(house, f"order/detail/{name}"))[1]["data"]["order_invoice_number"] == INVOICE
    assert (await ask(house, "order?q=OTHER"))[1]["data"] == []
    assert (await ask(house, "order/detail/OTHER"))[0] == 404


async def test_wrong_keys_are_rejected(house: House, session: ClientSession) -> None:
    with pytest.raises(Rejected):
        await seen(looking(house, session, secret="x"))
    assert (await ask(house, "order", headers={}))[0] == 401


@pytest.mark.parametrize("trouble", ["down", "busy", "html", "wrong"])
async def test_it_asks_again_once_the_trouble_is_over(house: House, look: Asking, trouble: str) -> None:
    await press(house, await opened(house), "CARD")
    await house.post("sources", source="sepay-pg", trouble=trouble)
    with pytest.raises(Later) as later:
        await seen(look)
    assert later.value.seconds == (20 if trouble == "busy" else None)
    await house.post("sources", source="sepay-pg", trouble="none")
    assert await seen(look) == [(REF, 199_000, Standing.ARRIVED, "")]
