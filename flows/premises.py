"""What every flow needs to know of the shop it works for."""

from dataclasses import dataclass, field

from gateways.gateway import Gateway
from sales.shop import Shop
from storage.vault import Vault


@dataclass(frozen=True, slots=True)
class Admin:
    """Somebody who runs the shop, at one mouth."""

    channel: str
    external: str


@dataclass(frozen=True, slots=True)
class Premises:
    """A shop with its vault, the gateway that makes its invoices, and the people who run it.

    `spare` draws the shop's own QR while a gateway that makes payment links cannot; None where there is none.
    """

    shop: Shop
    vault: Vault = field(repr=False)
    gateway: Gateway
    admins: tuple[Admin, ...] = ()
    spare: Gateway | None = None
