"""What every flow needs to know of the shop it works for."""

from dataclasses import dataclass, field

from gateways.gateway import Gateway, Secrets
from sales.shop import Shop
from storage.vault import Vault


@dataclass(frozen=True, slots=True)
class Admin:
    """Somebody who runs the shop, at one mouth."""

    channel: str
    external: str


@dataclass(frozen=True, slots=True)
class Plug:
    """A gateway that the shop uses, with what it needs and where it is."""

    gateway: Gateway
    secrets: Secrets = field(repr=False)
    url: str = ""


@dataclass(frozen=True, slots=True)
class Premises:
    """A shop with its vault, its gateways, and the people who run it.

    `gateway` asks for transfers to the shop's bank account; `spare` draws the shop's own QR while one that makes
    payment links cannot; None where there is none. `plugs` are all gateways that are open and not switched off. `base`
    is the address that buyers' browsers reach our web door at, "" when they do not. `unwatched`: the seller has
    switched off what watched the bank account, so that no transfer is asked for.
    """

    shop: Shop
    vault: Vault = field(repr=False)
    gateway: Gateway
    admins: tuple[Admin, ...] = ()
    spare: Gateway | None = None
    plugs: tuple[Plug, ...] = ()
    base: str = ""
    unwatched: bool = False

    def plug(self, name: str) -> Plug | None:
        """The gateway of that name, when the shop uses it."""
        return next((each for each in self.plugs if each.gateway.name == name), None)
