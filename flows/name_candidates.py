"""Which orders money without a code may be for: for an admin to look at, never for settling."""

from collections.abc import Sequence

from flows.messages import Say
from flows.premises import Premises
from sales.memo import suggestions
from sales.money import Money
from sales.transfer import Sighting
from storage import orders
from storage.unit import Unit

MOST = 3
"""Orders that are named."""

LOOKED_AT = 500
"""Open orders that are looked at, the newest: this is done while payments wait."""


def candidate_lines(unit: Unit, premises: Premises, sighting: Sighting) -> list[Say]:
    """A line for each: first orders whose code is nearly in the memo, then those of exactly that amount."""
    waiting = orders.waiting(unit, premises.shop.id, LOOKED_AT)
    near = suggestions(sighting.memo, premises.shop.code_prefix, waiting)
    came = Money(sighting.amount, sighting.currency)
    equal = [code for code, prices in waiting.items() if came in prices]
    codes = list(dict.fromkeys([*near, *equal]))[:MOST]
    named = [Say("admin-candidate", {"code": code, "total": _price(waiting[code], came)}) for code in codes]
    return named or [Say("admin-no-candidate")]


def _price(prices: Sequence[Money], came: Money) -> Money:
    """What an order costs in the currency that came, or else in the one it is being paid at."""
    return next((price for price in prices if price.currency == came.currency), prices[0])
