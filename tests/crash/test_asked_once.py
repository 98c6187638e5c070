"""Killed while it works off what a buyer did, a shop that comes back answers it, and only once."""

import signal

import pytest

from tests.crash.outside import Outside
from tests.crash.shop import Shop

LAST_UPDATE = "SELECT state FROM inbox ORDER BY id DESC LIMIT 1"
ORDERS = "SELECT count(*) FROM orders"

POINTS = {
    "kept but unconfirmed": ({"ready", "running"}, 0),
    "kept but unanswered": ({"running"}, 0),
    "answered but unsaid": ({"done"}, 1),
}
"""Point → how the update must be found, and how many orders it has made by then."""


@pytest.mark.parametrize("point", POINTS)
async def test_killed_and_started_again(shop: Shop, outside: Outside, point: str) -> None:
    states, orders = POINTS[point]
    await shop.start(point)
    await outside.ask_for_order()
    assert await shop.dies() == -signal.SIGKILL
    assert shop.rows(LAST_UPDATE)[0][0] in states
    assert (shop.rows(ORDERS), outside.cards()) == ([(orders,)], [])
    unconfirmed = len(outside.telegram.queue)

    await shop.start()
    await outside.code()
    await outside.until(lambda: len(outside.telegram.queue) == 0)
    assert await shop.close() == 0
    assert (shop.rows(ORDERS), len(outside.cards())) == ([(1,)], 1)
    assert set(shop.rows("SELECT state FROM inbox")) == {("done",)}
    assert unconfirmed == 1 or point != "kept but unconfirmed"
