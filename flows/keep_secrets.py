"""The seller's hand on the gateways: a secret is sealed, a gateway switched off or on again.

The event log tells which, never what the secret is.
"""

from flows.premises import Premises
from storage import gateways, shops, work
from storage.unit import Unit
from storage.work import Event

SELLER = "seller"
"""The actor of what is done at the command line."""


def keep_secret(unit: Unit, premises: Premises, gateway: str, field: str, secret: str) -> None:
    """Seal a secret in the place of the one that lies there, if any.

    Raises Misconfigured when the vault key has changed since the shop was looked at.
    """
    shops.try_vault(unit, premises.shop, premises.vault, hold=True)
    gateways.put_secret(unit, premises.shop.id, premises.vault, gateway, field, secret)
    event = Event("gateway.secret_kept", actor=SELLER, detail={"gateway": gateway, "field": field})
    work.log(unit, premises.shop.id, [event])


def switch_gateway(unit: Unit, premises: Premises, gateway: str, *, off: bool) -> bool:
    """Switch a gateway off, or on again; False when it stands so already. Its secrets stay."""
    changed = gateways.switch(unit, premises.shop.id, gateway, off=off)
    if changed:
        kind = "gateway.switched_off" if off else "gateway.switched_on"
        work.log(unit, premises.shop.id, [Event(kind, actor=SELLER, detail={"gateway": gateway})])
    return changed
