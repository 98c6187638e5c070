"""What the web doors ask of the house; app/ fills it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import cache

from aiohttp import web

from gateways.gateway import Secrets
from locales import Texts
from sales.clock import Clock, utc_now
from sales.transfer import Sighting
from webhooks.metrics import Metrics


@dataclass(frozen=True, slots=True)
class Ear:
    """Who takes a chat platform's updates: whoever brings one must know `secret`.

    `keep(update)` takes decoded JSON and returns when it is on the disk; raises Malformed for what is no update,
    StoreBusy when it should come again.
    """

    secret: str = field(repr=False)
    keep: Callable[[object], Awaitable[None]]


def _no_ear(_shop: str) -> None:
    """Closed until app/ opens it."""


@dataclass(frozen=True, slots=True)
class Doors:
    """The callables behind the doors.

    `secrets(shop slug, gateway name)`: that gateway's secrets, or None when the shop is unknown or has none.
    `settle(shop slug, gateway name, sightings, raw body)`: returns when all of it is committed; raises
      StoreBusy or another Later when the gateway should send it again.
    `ready()`: each part of the house by name, and whether it works.
    `telegram(shop slug)`: who takes Telegram's updates, or None when they do not come by this door.
    `texts`: the words of the pages that buyers see.
    `patience`: seconds a body may take to arrive, and a check to answer.
    """

    secrets: Callable[[str, str], Secrets | None]
    settle: Callable[[str, str, tuple[Sighting, ...], bytes], Awaitable[None]]
    ready: Callable[[], Awaitable[Mapping[str, bool]]]
    clock: Clock = utc_now
    metrics: Metrics = field(default_factory=Metrics)
    patience: float = 10.0
    texts: Texts = field(default_factory=cache(Texts))
    telegram: Callable[[str], Ear | None] = _no_ear


DOORS = web.AppKey("doors", Doors)
