"""Can this shop sell at all: may somebody pay, and is it noticed when they have."""

from collections.abc import Sequence

from app.holdings import Holding
from app.invoicing import invoicing
from app.settings import Settings
from gateways.gateway import Gateway


def used(holdings: Sequence[Holding]) -> list[Gateway]:
    """The gateways that the shop uses."""
    return [each.gateway for each in holdings if each.open]


def nobody_can_pay(settings: Settings, holdings: Sequence[Holding]) -> bool:
    """Neither an account to draw a QR for, nor a gateway that is paid elsewhere."""
    gateway, _ = invoicing(used(holdings))
    return settings.bank is None and gateway.open_invoice is not None and not _paid_elsewhere(holdings)


def money_is_unnoticed(settings: Settings, holdings: Sequence[Holding]) -> bool:
    """Nobody watches the account that buyers may pay to, or there is nobody at all who tells of money."""
    gateway, _ = invoicing(used(holdings))
    return gateway not in used(holdings) and (settings.bank is not None or not _paid_elsewhere(holdings))


def obstacles(settings: Settings, holdings: Sequence[Holding]) -> list[str]:
    """Ids in locales/ of what keeps a real shop from selling."""
    found = {"doctor-nobody-can-pay": nobody_can_pay, "doctor-money-unnoticed": money_is_unnoticed}
    return [message for message, stands in found.items() if stands(settings, holdings)]


def _paid_elsewhere(holdings: Sequence[Holding]) -> bool:
    """Whether there is one that is no watcher; what needs no secrets stands open even if nothing is sold by it."""
    return any(each.names and not each.bank for each in used(holdings))
