"""Killed twelve times while money pours in: nothing that was acknowledged is lost, nothing is doubled."""

import asyncio
import signal
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from app.opening import open_shop
from app.settings import Settings
from flows.place_order import place_order
from flows.premises import Premises
from gateways.casso import CASSO
from gateways.registry import GATEWAYS
from sales.clock import utc_now
from storage import buyers, catalogue
from storage.store import open_store
from storage.unit import Unit
from storage.vault import new_vault_key
from tests.crash.bearers import SECRETS, Bearers, load_for
from tests.crash.outside import PRICE, Outside
from tests.crash.shop import Shop

KILLS = 12
ORDERS = 240
MOST_ANSWERS = 60
"""A life ends after one to this many answers and a moment more, so that it may end anywhere in the next notices."""

MOMENT = 0.005
NOTIFYING = [gateway for gateway in GATEWAYS if gateway.bank]
"""Those that watch the account: every payment is told of by each of them."""

SEED = 20261121


@pytest.fixture
async def shop(tmp_path: Path, outside: Outside) -> AsyncIterator[Shop]:
    """A shop with every gateway and with mail; its chat, which takes seconds to start, stays closed."""
    named = {name: value for name, value in outside.environment.items() if not name.startswith("TELEGRAM")}
    keys = {
        f"{gateway.name}_{name}".upper(): SECRETS[gateway.name][name]
        for gateway in NOTIFYING
        for name in gateway.secrets[0]
    }
    made = Shop(tmp_path, named | keys | {"VAULT_KEY": new_vault_key()})
    yield made
    await made.kill_if_alive()
    print(made.log.read_text()[-5000:])


async def test_nothing_acknowledged_is_lost(shop: Shop) -> None:
    random = Random(SEED)
    codes = await orders_of(shop)
    told = [(number, code, gateway) for number, code in enumerate(codes, start=1) for gateway in NOTIFYING]
    loads = [load_for(code, number, gateway) for number, code, gateway in random.sample(told, len(told))]
    bearers = Bearers(loads, random)
    for _ in range(KILLS):
        await live_and_die(shop, bearers, random)
        assert bearers.taken <= kept(shop), "an acknowledged notice is lost"
        assert shop.rows("PRAGMA integrity_check") == [("ok",)]
    assert bearers.taken

    await shop.start()
    await bearers.bring_the_rest(shop.base)
    shop.kill()
    assert await shop.dies() == -signal.SIGKILL
    everything_once(shop, {load.ref for load in loads})
    await balanced(shop)


async def orders_of(shop: Shop) -> list[str]:
    """Found the shop and let as many people order; answers the codes."""
    settings = Settings.model_validate({name.lower(): value for name, value in shop.environment.items()})
    store = await open_store(settings.database, utc_now)
    opened = await open_shop(store, settings, settings.bank, ())
    # Every order gets the shop's own QR: payment links would have to be asked for first.
    premises = replace(opened.premises, gateway=CASSO)
    codes = await store.write(lambda unit: [place(unit, premises, number) for number in range(ORDERS)])
    await store.close()
    return codes


def place(unit: Unit, premises: Premises, number: int) -> str:
    offer = next(each for each in catalogue.offers(unit, premises.shop.id, "telegram") if each.price.minor == PRICE)
    peer = buyers.meet(unit, premises.shop.id, "telegram", str(number), "NGUYEN VAN A", "vi")
    return place_order(unit, premises, peer, offer, f"buyer{number}@example.com").code


async def live_and_die(shop: Shop, bearers: Bearers, random: Random) -> None:
    """Open, take notices, and be killed after some of them with others under way."""
    enough = asyncio.Event()
    await shop.start()
    bringing = asyncio.create_task(bearers.bring_until_cut(shop.base, random.randint(1, MOST_ANSWERS), enough))
    await enough.wait()
    asyncio.get_running_loop().call_later(random.uniform(0, MOMENT), shop.kill)
    await bringing
    assert await shop.dies() == -signal.SIGKILL


def kept(shop: Shop) -> set[tuple[str, str]]:
    return {(source, ref) for source, ref in shop.rows("SELECT source, ref FROM sightings")}


def everything_once(shop: Shop, refs: set[tuple[str, str]]) -> None:
    """Each payment, told of by every gateway, is one transfer; each order is paid, with one grant and deliveries."""
    assert shop.rows("PRAGMA integrity_check") == [("ok",)]
    assert (kept(shop), shop.rows("SELECT count(*) FROM sightings")) == (refs, [(len(refs),)])
    assert shop.rows("SELECT count(*), count(DISTINCT id) FROM transfers") == [(ORDERS, ORDERS)]
    # Equal amounts of different orders are in doubt until both sources have told of them; in the end none is.
    latest = "SELECT max(id) FROM decisions GROUP BY transfer_id"
    meant = f"SELECT meaning, count(DISTINCT order_id), count(*) FROM decisions WHERE id IN ({latest}) GROUP BY meaning"
    assert shop.rows(meant) == [("exact", ORDERS, ORDERS)]
    assert shop.rows("SELECT payment, count(*) FROM orders GROUP BY payment") == [("paid", ORDERS)]
    assert shop.rows("SELECT count(DISTINCT order_id), count(*) FROM grants") == [(ORDERS, ORDERS)]
    assert shop.rows("SELECT channel, count(DISTINCT order_id), count(*) FROM deliveries GROUP BY channel") == [
        ("email", ORDERS, ORDERS),
        ("telegram", ORDERS, ORDERS),
    ]


async def balanced(shop: Shop) -> None:
    ledger = await shop.told("ledger")
    assert ledger["balanced"]
    totals = {name: held for name, held in ledger["totals"]["VND"].items() if held}
    assert totals == dict.fromkeys(["received", "revenue"], ORDERS * PRICE)
