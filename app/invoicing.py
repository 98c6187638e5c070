"""Which gateway makes the shop's invoices."""

from app.settings import Settings
from gateways.gateway import Gateway
from gateways.registry import GATEWAYS


def invoicing(settings: Settings) -> tuple[Gateway, Gateway | None]:
    """The gateway that makes the invoices, and the one that draws the shop's own QR while that one cannot.

    A gateway that makes payment links goes first, once all its secrets are there; in the sandbox, which has the
    secrets of all, the settings say which one it is.
    """
    opened = [each for each in GATEWAYS if settings.sandbox or each.opened_by(_secrets(settings, each))]
    drawing = [each for each in GATEWAYS if each.open_invoice is not None]
    linking = [each for each in opened if each.open_invoice is None and _wanted(settings, each)]
    if not linking:
        return drawing[0], None
    return linking[0], next((each for each in drawing if each in opened), None)


def _wanted(settings: Settings, gateway: Gateway) -> bool:
    return not settings.sandbox or settings.sandbox_gateway == gateway.name


def _secrets(settings: Settings, gateway: Gateway) -> dict[str, str]:
    return settings.gateway_secrets.get(gateway.name, {})
