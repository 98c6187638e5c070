"""The clock of the second look: tasks that have gateways asked when a payment is due."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from aiohttp import ClientSession

from flows.check_payments import Asker, check_payments
from flows.premises import Plug, Premises
from flows.till import Till
from gateways.gateway import Reach
from gateways.registry import tells_of
from sales.clock import Clock
from sales.errors import StoreBusy
from storage.store import Store

EVERY = 1.0
"""Seconds between two looks at what is due; how often a gateway is really asked, its payments say."""

log = structlog.get_logger(__name__)


def open_askers(premises: Premises, session: ClientSession, clock: Clock) -> list[Asker]:
    """Those gateways of the shop that can be asked over `session`, which must stay open as long as they are used."""
    return [asker for plug in premises.plugs if (asker := _asker(plug, session, clock))]


def _asker(plug: Plug, session: ClientSession, clock: Clock) -> Asker | None:
    gateway = plug.gateway
    asking = gateway.ask(Reach(plug.secrets, plug.url, session, clock)) if gateway.ask else None
    return Asker(gateway.name, tells_of(gateway.name), asking) if asking else None


def lookouts(store: Store, premises: Premises, till: Till, askers: list[Asker]) -> list[Callable[[], Awaitable[None]]]:
    """One errand for those who know of the same payments, so that one which hangs keeps no other waiting."""

    def errand(group: list[Asker]) -> Callable[[], Awaitable[None]]:
        async def run() -> None:
            while True:
                await _round(store, premises, till, group)

        return run

    kinds = dict.fromkeys(each.about for each in askers)
    return [errand([each for each in askers if each.about == about]) for about in kinds]


async def _round(store: Store, premises: Premises, till: Till, group: list[Asker]) -> None:
    """Ask at once again when more is due than one call can be about."""
    names, most = [each.gateway for each in group], min(each.asking.most for each in group)
    try:
        asked = await check_payments(store, premises, till, group)
    except StoreBusy as busy:
        log.warning("look.store_busy", gateways=names, reason=str(busy))
        asked = 0
    except Exception as error:
        log.error("look.broken", gateways=names, exc_info=error)
        asked = 0
    pause = max(each.asking.gap for each in group).total_seconds()
    await asyncio.sleep(EVERY if asked < most else min(pause, EVERY))
