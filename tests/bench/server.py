"""The servers that are compared, each in a process of its own: `python -m tests.bench.server floor|house FOLDER`.

Prints one line of JSON: its port, and the codes of orders that wait to be paid (79.000 đồng each).
"""

import asyncio
import json
import logging
import sys
from pathlib import Path

import structlog
from aiohttp import web

from app.house import House
from app.opening import open_shop
from app.settings import Settings
from app.setup import real_setup
from flows.place_order import place_order
from flows.premises import Premises
from gateways.casso import CASSO
from gateways.gateway import Request
from sales.clock import utc_now
from storage import buyers, catalogue
from storage.store import open_store
from storage.unit import Unit
from webhooks.server import build_app, build_runner

KEY = "bench-key"
BANK = {"bank_bin": "970422", "bank_account": "0000111122223333", "bank_holder": "NGUYEN VAN A"}
ORDERS = 12_000
SECRETS = {"checksum_key": KEY}


async def verify_only(request: web.Request) -> web.Response:
    """The floor: read, verify and parse, nothing else."""
    headers = tuple((name.lower(), value) for name, value in request.headers.items())
    CASSO.read(SECRETS, Request(await request.read(), headers), utc_now())
    return web.json_response({"success": True})


async def floor(_folder: Path) -> tuple[web.Application, list[str]]:
    app = web.Application()
    app.router.add_post("/webhooks/main/casso", verify_only)
    return app, []


async def house(folder: Path) -> tuple[web.Application, list[str]]:
    """Ours: all rows of the real path on SQLite with synchronous=FULL, committed before the answer."""
    settings = Settings(database_url=f"sqlite:///{folder / 'bench.db'}", casso_checksum_key=KEY, **BANK)  # type: ignore[arg-type]
    store = await open_store(settings.database, utc_now)
    opened = await open_shop(store, settings, settings.bank, ())
    codes: list[str] = []
    for _ in range(ORDERS // 500):
        codes += await store.write(lambda unit: some_orders(unit, opened.premises, 500))
    return build_app(House(store, opened.premises, real_setup(settings)).doors()), codes


def some_orders(unit: Unit, premises: Premises, count: int) -> list[str]:
    """Orders of as many buyers, each with an e-mail address."""
    offer = catalogue.offers(unit, premises.shop.id, "VND")[0]
    codes = []
    for _ in range(count):
        number = unit.conn.exec_driver_sql("SELECT count(*) FROM peers").scalar_one()
        peer = buyers.meet(unit, premises.shop.id, "telegram", str(number), "NGUYEN VAN A", "vi")
        codes.append(place_order(unit, premises, peer, offer, f"buyer{number}@example.com").code)
    return codes


async def serve(kind: str, folder: Path) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    app, codes = await (house if kind == "house" else floor)(folder)
    runner = build_runner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    print(json.dumps({"port": port, "codes": codes}), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], Path(sys.argv[2])))
