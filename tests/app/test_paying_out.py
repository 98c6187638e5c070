"""Which gateways can give money back, and the errand that follows what they do."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest
from aiohttp import ClientSession

from app import paying_out
from app.holdings import given_by, merge, plugs
from app.invoicing import invoicing
from app.paying_out import follower, open_givers
from app.settings import Settings
from flows.premises import Plug
from gateways.casso import CASSO
from gateways.giving import Stage
from gateways.payos_payout import PAYOS_PAYOUT
from gateways.stars import STARS
from gateways.vnpay import VNPAY
from sales.errors import Misconfigured
from sales.refund import Means
from storage.store import Store
from tests.app.workplace import PATIENCE
from tests.clock import FrozenClock
from tests.flows.desk import Desk
from tests.flows.giving import LONGEST, Counter
from tests.flows.shop import Shop

KEYS = {"payos_payout_client_id": "dummy", "payos_payout_api_key": "dummy", "payos_payout_checksum_key": "dummy"}
PAYOUT = Plug(PAYOS_PAYOUT, {"client_id": "c", "api_key": "a", "checksum_key": "k"}, PAYOS_PAYOUT.url)
CARD = Plug(VNPAY, {"tmn_code": "t", "hash_secret": "h"}, VNPAY.url)


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paying_out, "EVERY", 0)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_its_keys_stand_in_variables_of_their_own_and_make_no_invoices() -> None:
    settings = Settings.model_validate({**KEYS, "casso_checksum_key": "dummy", "payos_api_url": "http://127.0.0.1:1"})
    opened = plugs(merge(given_by(settings), {}, ()))
    assert {each.gateway.name: each.url for each in opened if each.gateway.secrets != STARS.secrets} == {
        "casso": CASSO.url,
        "payos-payout": "http://127.0.0.1:1",
    }
    assert invoicing([each.gateway for each in opened]) == (CASSO, None)
    assert not settings.sandbox
    assert PAYOS_PAYOUT not in [each.gateway for each in plugs(merge(given_by(settings), {}, ("payos-payout",)))]


@pytest.mark.parametrize("lacking", KEYS)
def test_in_part_they_pay_nothing_out(lacking: str) -> None:
    settings = Settings.model_validate({name: value for name, value in KEYS.items() if name != lacking})
    held = next(each for each in merge(given_by(settings), {}, ()) if each.gateway is PAYOS_PAYOUT)
    assert (held.open, held.begun, held.lacking) == (False, True, (lacking.upper(),))


async def test_only_gateways_that_can_give_money_back_do(shop: Shop, clock: FrozenClock) -> None:
    async with ClientSession() as session:
        assert open_givers(shop.premises, session, clock) == {}
        shop.premises = replace(shop.premises, plugs=(Plug(CASSO, {}, CASSO.url), PAYOUT, CARD))
        assert set(open_givers(shop.premises, session, clock)) == {Means.PAYOUT, Means.VNPAY}
        shop.premises = replace(shop.premises, plugs=(replace(PAYOUT, url="http://payos.example"),))
        with pytest.raises(Misconfigured):
            open_givers(shop.premises, session, clock)


async def test_what_is_under_way_is_followed_whatever_breaks(shop: Shop, clock: FrozenClock) -> None:
    counter = Counter.open(await Desk.open(shop))
    refund = await counter.send(await counter.payable())
    counter.till.deaf = RuntimeError("a bug")
    errand = asyncio.ensure_future(follower(shop.store, shop.premises, shop.givers)())
    async with asyncio.timeout(PATIENCE):
        await _until(shop.store, clock, lambda: len(counter.till.looks) > 2)
        counter.till.deaf = None
        counter.till.ends(Stage.ARRIVED)
        while (await counter.desk.look(refund)).state != "settled":
            clock.move(LONGEST)
    errand.cancel()
    await asyncio.gather(errand, return_exceptions=True)


async def _until(store: Store, clock: FrozenClock, enough: Callable[[], bool]) -> None:
    while not enough():
        clock.move(LONGEST)
        await store.read(lambda _: None)
