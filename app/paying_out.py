"""The gateways that give money back, and the clock by which what they do is followed."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import structlog
from aiohttp import ClientSession

from flows.follow_payouts import AT_ONCE, follow_payouts
from flows.premises import Premises
from flows.ways_out import SOURCES
from gateways.gateway import Reach
from gateways.giving import Giver
from sales.clock import Clock
from sales.errors import StoreBusy
from sales.refund import Means
from storage.store import Store

EVERY = 1.0
"""Seconds between two looks at what is due."""

log = structlog.get_logger(__name__)


def open_givers(premises: Premises, session: ClientSession, clock: Clock) -> dict[Means, Giver]:
    """By what each means sends, as far as its gateway is open; `session` must stay open as long as they are used."""
    found: dict[Means, Giver | None] = {}
    for plug in premises.plugs:
        reach = Reach(plug.secrets, plug.url, session, clock)
        if plug.gateway.payout is not None:
            found[Means.PAYOUT] = plug.gateway.payout(reach)
        for means, name in SOURCES.items():
            if plug.gateway.refund is not None and plug.gateway.name == name:
                found[means] = plug.gateway.refund(reach)
    return {means: giver for means, giver in found.items() if giver is not None}


def follower(store: Store, premises: Premises, givers: Mapping[Means, Giver]) -> Callable[[], Awaitable[None]]:
    """An errand that follows what is under way for as long as the house is open."""

    async def run() -> None:
        while True:
            await _round(store, premises, givers)

    return run


async def _round(store: Store, premises: Premises, givers: Mapping[Means, Giver]) -> None:
    """Look at once again when more is due than one round takes."""
    asked = 0
    try:
        asked = await follow_payouts(store, premises, givers)
    except StoreBusy as busy:
        log.warning("payout.store_busy", reason=str(busy))
    except Exception as error:
        log.error("payout.broken", exc_info=error)
    await asyncio.sleep(EVERY if asked < AT_ONCE else 0)
