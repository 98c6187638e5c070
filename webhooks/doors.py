"""What the web doors ask of the house; app/ fills it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from aiohttp import web

from gateways.gateway import Secrets
from sales.clock import Clock, utc_now
from sales.transfer import Sighting
from webhooks.metrics import Metrics


@dataclass(frozen=True, slots=True)
class Doors:
    """The callables behind the doors.

    `secrets(shop slug, gateway name)`: that gateway's secrets, or None when the shop is unknown or has none.
    `settle(shop slug, gateway name, sightings, raw body)`: returns when all of it is committed; raises
      StoreBusy or another Later when the gateway should send it again.
    `ready()`: each part of the house by name, and whether it works.
    `patience`: seconds a body may take to arrive, and a check to answer.
    """

    secrets: Callable[[str, str], Secrets | None]
    settle: Callable[[str, str, tuple[Sighting, ...], bytes], Awaitable[None]]
    ready: Callable[[], Awaitable[Mapping[str, bool]]]
    clock: Clock = utc_now
    metrics: Metrics = field(default_factory=Metrics)
    patience: float = 10.0


DOORS = web.AppKey("doors", Doors)
