"""All gateways of the house; a new one is a line here."""

from collections.abc import Mapping

from gateways.bakong import BAKONG
from gateways.casso import CASSO
from gateways.gateway import Gateway
from gateways.payos import PAYOS
from gateways.payos_payout import PAYOS_PAYOUT
from gateways.sepay import SEPAY
from gateways.sepay_pg import SEPAY_PG
from gateways.stars import STARS
from gateways.statement_row import STATEMENT
from gateways.vnpay import VNPAY

GATEWAYS: tuple[Gateway, ...] = (CASSO, PAYOS, SEPAY, SEPAY_PG, VNPAY, BAKONG, STARS, PAYOS_PAYOUT)


def gateway(name: str) -> Gateway | None:
    """Find a gateway by its name in addresses and rows."""
    return next((each for each in GATEWAYS if each.name == name), None)


SPEAKERS: Mapping[str, str] = {
    name: each.name for each in GATEWAYS if each.bank for name in (each.name, *each.sources)
} | {STATEMENT: STATEMENT}
"""Under which names the shop's own bank account is told of, and who speaks under each: a gateway, or a file."""

SOURCES: tuple[str, ...] = tuple(SPEAKERS)
"""Those names: what two of them say may be one movement."""


def tells_of(source: str) -> tuple[str, ...]:
    """The gateways whose payments a source tells of: its own, or all that are paid to the account it watches."""
    name = SPEAKERS.get(source, source)
    drawn = tuple(each.name for each in GATEWAYS if each.bank and each.open_invoice is not None)
    return drawn if name in drawn else (name,)
