"""For gateways without a door: they send no notices, so nothing that claims to be one is theirs."""

from datetime import datetime
from typing import NoReturn

from gateways.gateway import Answer, Request, Secrets, Verdict
from sales.errors import Forged
from sales.transfer import Sighting


def read(_secrets: Secrets, _request: Request, _now: datetime) -> tuple[Sighting, ...]:
    """Refuse whatever came; raises Forged."""
    raise Forged("this gateway sends no notices")


def acknowledge(_verdict: Verdict) -> Answer:
    """Say that there is nothing here."""
    return Answer(404)


def forge(_secrets: Secrets, _sighting: Sighting, _now: datetime) -> NoReturn:
    """There is no true notice to make; raises LookupError."""
    raise LookupError("this gateway sends no notices")
