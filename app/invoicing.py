"""Which gateway makes the shop's invoices."""

from collections.abc import Sequence

from gateways.gateway import Gateway
from gateways.registry import GATEWAYS


def invoicing(opened: Sequence[Gateway], wanted: str = "") -> tuple[Gateway, Gateway | None]:
    """The gateway that makes the invoices, and the one that draws the shop's own QR while that one cannot.

    A gateway that makes payment links goes first; else, or beside it, the first that watches the shop's account.
    `wanted` is the name of the one to go first in the sandbox, where all are open.
    """
    linking = [each for each in opened if each.links is not None and wanted in ("", each.name)]
    drawing = sorted((each for each in opened if _draws(each)), key=lambda each: each.name != wanted)
    spare = next(iter(drawing), None)
    if linking:
        return linking[0], spare
    return spare or next(each for each in GATEWAYS if _draws(each)), None


def _draws(gateway: Gateway) -> bool:
    return gateway.bank and gateway.open_invoice is not None
