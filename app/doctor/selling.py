"""Can this shop sell at all: may somebody pay, and is it noticed when they have."""

from app.invoicing import invoicing
from app.settings import Settings


def nobody_can_pay(settings: Settings) -> bool:
    """Neither an account to draw a QR for, nor a gateway that makes payment links."""
    gateway, _ = invoicing(settings)
    return settings.bank is None and gateway.open_invoice is not None


def money_is_unnoticed(settings: Settings) -> bool:
    """Neither Casso nor a complete payOS tells of money."""
    gateway, _ = invoicing(settings)
    return "casso" not in settings.gateway_secrets and gateway.open_invoice is not None


def obstacles(settings: Settings) -> list[str]:
    """Ids in locales/ of what keeps a real shop from selling."""
    found = {"doctor-nobody-can-pay": nobody_can_pay, "doctor-money-unnoticed": money_is_unnoticed}
    return [message for message, stands in found.items() if stands(settings)]
