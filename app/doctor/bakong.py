"""Bakong: does the account look like one, is the token good, and until when."""

from datetime import timedelta

from app.doctor.finding import Finding, Mark, Patient, broken, missing, works
from app.holdings import Holding
from gateways.bakong import BAKONG
from gateways.bakong_api import try_token
from gateways.bakong_token import ends
from gateways.gateway import Reach
from sales.errors import GiveUp, Later, Misconfigured
from sales.khqr import is_account

WARNING = timedelta(days=14)
"""How long before its end a token is told of: renewing it takes an e-mail."""


async def check(patient: Patient) -> list[Finding]:
    """Say nothing of a shop that does not use it."""
    held = patient.held_for(BAKONG)
    if not held.open:
        return []
    account = held.secrets["account"].strip()
    told = [*_end(patient, held), await _tried(patient, held)]
    if is_account(account):
        return told
    # A good token is no good news while nobody can pay.
    return [broken("doctor-bakong-account", account=account), *(each for each in told if each.mark is not Mark.WORKS)]


def _end(patient: Patient, held: Holding) -> list[Finding]:
    """The token's end by its own word, once it is near."""
    end, now = ends(held.secrets["token"]), patient.clock()
    if end is None or end > now + WARNING:
        return []
    return [missing("doctor-bakong-ends", end=end)] if end > now else [broken("doctor-bakong-ended", end=end)]


async def _tried(patient: Patient, held: Holding) -> Finding:
    """Ask for a code that does not exist: nothing is changed."""
    try:
        await try_token(Reach(held.secrets, held.url, patient.session, patient.clock))
    except Misconfigured as error:
        return broken(error.message, **error.values)
    except Later as error:
        return broken("doctor-bakong-silent", reason=str(error))
    except GiveUp as error:
        return broken("doctor-bakong-refused", reason=str(error))
    return works("doctor-bakong", account=held.secrets["account"].strip())
