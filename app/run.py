"""Opens the house and keeps it open until it is told to close."""

import asyncio
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from enum import Flag, auto
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from aiohttp import web

from app.announce import announce
from app.house import Errand, House, run_all
from app.long_life import live_long
from app.only_one import only_one
from app.open_files import allow_open_files
from app.opening import open_shop
from app.settings import Settings
from app.setup import Setup, real_setup
from flows.premises import Premises
from sales.errors import Misconfigured
from storage import work
from storage.errors import Conflict
from storage.store import Store, open_store
from webhooks.server import build_app, build_runner

if TYPE_CHECKING:
    from sandbox.street import Street

log = structlog.get_logger(__name__)


class Role(Flag):
    """What a process does: answer the web, or talk to people and work off the queues."""

    WEB = auto()
    WORKER = auto()
    ALL = WEB | WORKER


@dataclass(frozen=True, slots=True)
class Open:
    """An open house: its own address ("" without web), what must run in it, and the street in the sandbox.

    `new_key` is where a vault key was made just now.
    """

    house: House
    setup: Setup
    base: str
    errands: list[Errand]
    street: "Street | None"
    new_key: Path | None


async def run(settings: Settings, roles: Role) -> None:
    """Run the shop until SIGINT or SIGTERM; raises Misconfigured or BrokenShopFile when it cannot open."""
    allow_open_files()
    async with open_house(settings, roles) as opened:
        # Before it says that it is open: whoever hears that may close it again at once.
        told = _until_told()
        live_long()
        await announce(settings, opened.setup, opened.house, opened.base, opened.new_key)
        await run_all(opened.errands, told)


@asynccontextmanager
async def open_house(settings: Settings, roles: Role) -> AsyncIterator[Open]:
    """Open everything the roles need and close it again at the end, the last thing first."""
    if roles != Role.ALL and settings.on_sqlite:
        raise Misconfigured("roles-need-postgresql")
    async with AsyncExitStack() as stack:
        if settings.on_sqlite:
            stack.enter_context(only_one(settings.database))
        listener = _listen(settings) if Role.WEB in roles else None
        if listener is not None:
            stack.callback(listener.close)
        yield await _open(settings, roles, listener, stack)


async def _open(settings: Settings, roles: Role, listener: socket.socket | None, stack: AsyncExitStack) -> Open:
    base = f"http://127.0.0.1:{listener.getsockname()[1]}" if listener else ""
    street, setup = await _surroundings(settings, roles, base, stack)
    store = await open_store(settings.database, setup.clock)
    stack.push_async_callback(store.close)
    premises, new_key = await _premises(store, settings, setup)
    setup = replace(setup, gateways={each.gateway.name: each.secrets for each in premises.plugs})
    house = House(store, premises, setup)
    stack.push_async_callback(house.close)
    errands = house.employ() if Role.WORKER in roles else []
    if street is not None:
        street.clock.on_move.append(store.bell.ring)
    if listener is not None:
        await _serve(house, listener, street.app if street else None, stack)
    return Open(house, setup, base, errands, street, new_key)


async def _surroundings(
    settings: Settings, roles: Role, base: str, stack: AsyncExitStack
) -> tuple["Street | None", Setup]:
    """The real world, or the toy street when nothing real is configured."""
    if not settings.sandbox or roles != Role.ALL:
        return None, real_setup(settings)
    from app.street import open_street  # noqa: PLC0415 - a real shop never imports the sandbox

    street, setup = await open_street(settings, base)
    stack.push_async_callback(street.close)
    return street, setup


async def _premises(store: Store, settings: Settings, setup: Setup) -> tuple[Premises, Path | None]:
    """Found or refresh the shop; two processes that found it at once agree at the second try."""
    try:
        opened = await open_shop(store, settings, setup.bank, setup.admins, setup.given)
    except Conflict:
        opened = await open_shop(store, settings, setup.bank, setup.admins, setup.given)
    if settings.on_sqlite:
        await store.write(work.take_over)
    return opened.premises, opened.new_key


def _listen(settings: Settings) -> socket.socket:
    """Take the port before anything else; the sandbox is for this machine alone, whatever HOST says."""
    host = "127.0.0.1" if settings.sandbox else settings.host
    try:
        return socket.create_server((host, settings.port))
    except OSError as error:
        raise Misconfigured("port-taken", host=host, port=str(settings.port)) from error


async def _serve(house: House, listener: socket.socket, street: web.Application | None, stack: AsyncExitStack) -> None:
    app = build_app(house.doors())
    if street is not None:
        app.add_subapp("/sandbox", street)
        app.router.add_get("/", _to_the_sandbox)
    runner = build_runner(app)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.SockSite(runner, listener).start()


async def _to_the_sandbox(_request: web.Request) -> web.Response:
    raise web.HTTPFound("/sandbox")


def _until_told() -> asyncio.Event:
    """An event that SIGINT and SIGTERM set."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    return stop
