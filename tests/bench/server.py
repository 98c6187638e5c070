"""Floor and house, each in a process of its own: `python -m tests.bench.server floor|house DATABASE PORT`."""

import asyncio
import logging
import sys
from pathlib import Path

import structlog
from aiohttp import web

from app.house import House
from app.long_life import live_long
from app.setup import real_setup
from gateways.casso import CASSO
from gateways.gateway import Request
from sales.clock import utc_now
from tests.bench.shop import SECRETS, open_at, settings
from webhooks.server import build_app, build_runner


async def verify_only(request: web.Request) -> web.Response:
    """The floor: read, verify and parse, nothing else."""
    headers = tuple((name.lower(), value) for name, value in request.headers.items())
    CASSO.read(SECRETS, Request(await request.read(), headers), utc_now())
    return web.json_response({"success": True})


async def floor(_database: Path) -> web.Application:
    app = web.Application()
    app.router.add_post("/webhooks/main/casso", verify_only)
    return app


async def house(database: Path) -> web.Application:
    """Ours: all rows of the real path on SQLite with synchronous=FULL, committed before the answer."""
    url = f"sqlite:///{database}"
    store, opened = await open_at(url)
    return build_app(House(store, opened.premises, real_setup(settings(url))).doors())


async def serve(kind: str, database: Path, port: int) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    runner = build_runner(await (house if kind == "house" else floor)(database))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    if kind == "house":
        live_long()  # as the house does once it is open
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])))
