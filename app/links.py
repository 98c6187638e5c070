"""The client of the gateway that makes payment links."""

from dataclasses import dataclass, field

from aiohttp import ClientSession

from app.setup import Setup
from gateways import payos_api
from gateways.gateway import Gateway, Links
from gateways.payos import PAYOS
from gateways.payos_wire import check_address


@dataclass(slots=True)
class LinkClient:
    """What the gateway is asked by, over a connection of its own that is closed with the house."""

    links: Links
    session: ClientSession = field(repr=False)


def open_client(setup: Setup, gateway: Gateway) -> LinkClient | None:
    """Open the client inside a running loop; None for a gateway that makes no payment links.

    Raises Misconfigured for an insecure address, and has opened nothing then.
    """
    if gateway is not PAYOS:
        return None
    check_address(setup.payos_url)
    session = ClientSession()
    secrets = setup.gateways[gateway.name]
    return LinkClient(payos_api.links(secrets, setup.payos_url, session, setup.clock), session)
