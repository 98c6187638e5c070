"""What the web doors ask of the house; app/ fills it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import cache

from aiohttp import web

from flows.show_pay_page import PayPage
from gateways.gateway import Secrets
from locales import Texts
from sales.clock import Clock, utc_now
from sales.settlement import Outcome
from sales.transfer import Sighting
from webhooks.metrics import Metrics


@dataclass(frozen=True, slots=True)
class Ear:
    """Who takes a chat platform's updates: whoever brings one must know `secret`.

    `keep(update)` takes decoded JSON and returns when it is on the disk; raises Malformed for what is no update,
    StoreBusy when it should come again. What cannot wait is not kept: then it answers what the platform is to hear.
    """

    secret: str = field(repr=False)
    keep: Callable[[object], Awaitable[Mapping[str, object] | None]]


def _no_ear(_shop: str) -> None:
    """Closed until app/ opens it."""


async def _no_language(_shop: str, _gateway: str, _number: int) -> str | None:
    """Nobody is known until app/ looks."""
    return None


async def _no_pay_page(_shop: str, _gateway: str, _token: str) -> PayPage:
    """Over until app/ opens it."""
    return PayPage()


@dataclass(frozen=True, slots=True)
class Doors:
    """The callables behind the doors.

    `secrets(shop slug, gateway name)`: that gateway's secrets, or None when the shop is unknown or has none.
    `settle(shop slug, gateway name, sightings, raw body)`: answers when all of it is committed; raises
      StoreBusy or another Later when the gateway should send it again.
    `ready()`: each part of the house by name, and whether it works.
    `telegram(shop slug)`: who takes Telegram's updates, or None when they do not come by this door.
    `pay_page(shop slug, gateway name, token)`: what the page shows whose address ends so.
    `language_of(shop slug, gateway name, number)`: the language of whom that payment was asked of; None for nobody.
    `texts`: the words of the pages that buyers see.
    `patience`: seconds a body may take to arrive, and a check to answer.
    """

    secrets: Callable[[str, str], Secrets | None]
    settle: Callable[[str, str, tuple[Sighting, ...], bytes], Awaitable[Outcome]]
    ready: Callable[[], Awaitable[Mapping[str, bool]]]
    clock: Clock = utc_now
    metrics: Metrics = field(default_factory=Metrics)
    patience: float = 10.0
    texts: Texts = field(default_factory=cache(Texts))
    telegram: Callable[[str], Ear | None] = _no_ear
    pay_page: Callable[[str, str, str], Awaitable[PayPage]] = _no_pay_page
    language_of: Callable[[str, str, int], Awaitable[str | None]] = _no_language


DOORS = web.AppKey("doors", Doors)
