"""What the gateway that makes payment links is asked by."""

from aiohttp import ClientSession

from flows.premises import Premises
from gateways.gateway import Links, Reach
from sales.clock import Clock


def open_links(premises: Premises, session: ClientSession, clock: Clock) -> Links | None:
    """None for a gateway that makes no payment links; `session` must stay open as long as it is used.

    Raises Misconfigured for an insecure address.
    """
    plug = premises.plug(premises.gateway.name)
    if plug is None or plug.gateway.links is None:
        return None
    return plug.gateway.links(Reach(plug.secrets, plug.url, session, clock))
