"""The line to the gateway that makes payment links."""

from dataclasses import dataclass, field

from aiohttp import ClientSession

from app.setup import Setup
from gateways import payos_api
from gateways.gateway import Gateway, Links
from gateways.payos import PAYOS


@dataclass(slots=True)
class Line:
    """What the gateway is asked by, over a connection of its own that is closed with the house."""

    links: Links
    session: ClientSession = field(repr=False)


def open_line(setup: Setup, gateway: Gateway) -> Line | None:
    """Open the line inside a running loop; None for a gateway that makes no payment links."""
    if gateway is not PAYOS:
        return None
    session = ClientSession()
    secrets = setup.gateways[gateway.name]
    return Line(payos_api.links(secrets, setup.payos_url, session, setup.clock), session)
