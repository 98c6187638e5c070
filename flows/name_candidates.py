"""Which orders money without a code may be for: for an admin to look at, never for settling."""

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
    waiting = orders.waiting(unit, premises.shop.id, LOOKED_AT, sighting.currency)
    near = suggestions(sighting.memo, premises.shop.code_prefix, waiting)
    equal = [code for code, price in waiting.items() if price == Money(sighting.amount, sighting.currency)]
    codes = list(dict.fromkeys([*near, *equal]))[:MOST]
    return [Say("admin-candidate", {"code": code, "total": waiting[code]}) for code in codes] or [
        Say("admin-no-candidate")
    ]
