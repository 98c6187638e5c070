"""All gateways of the house; a new one is a line here."""

from gateways.casso import CASSO
from gateways.gateway import Gateway
from gateways.payos import PAYOS

GATEWAYS: tuple[Gateway, ...] = (CASSO, PAYOS)


def gateway(name: str) -> Gateway | None:
    """Find a gateway by its name in addresses and rows."""
    return next((each for each in GATEWAYS if each.name == name), None)
