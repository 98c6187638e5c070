"""Which orders money without a code may be for: for an admin to look at, never for settling."""

from collections.abc import Collection
from dataclasses import dataclass

from flows.premises import Premises
from sales.memo import suggestions
from sales.money import Money
from sales.transfer import Sighting
from storage import movements, orders
from storage.unit import Unit

MOST = 3
"""Orders that are named."""

LOOKED_AT = 500
"""Open orders that are looked at, the newest: this is done while payments wait."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An order that money may be for, at its price, and what speaks for it: "code", "payer", "amount"."""

    code: str
    total: Money
    why: tuple[str, ...]


def candidates(unit: Unit, premises: Premises, sighting: Sighting) -> list[Candidate]:
    """The likeliest first: whose code is nearly in the memo, whose buyer that payer has paid for, of that amount.

    Where several things speak for an order it goes before those for which only the same one does.
    """
    shop = premises.shop
    waiting = orders.waiting(unit, shop.id, LOOKED_AT, sighting.currency)
    came = Money(sighting.amount, sighting.currency)
    signs: dict[str, Collection[str]] = {
        "code": suggestions(sighting.memo, shop.code_prefix, waiting),
        "payer": frozenset(movements.paid_before(unit, shop.id, waiting, sighting.payer)),
        "amount": frozenset(code for code, price in waiting.items() if price == came),
    }
    found = [_candidate(code, waiting[code], signs) for code in dict.fromkeys((*signs["code"], *waiting))]
    return sorted((each for each in found if each.why), key=_rank)[:MOST]


def _candidate(code: str, total: Money, signs: dict[str, Collection[str]]) -> Candidate:
    return Candidate(code, total, tuple(sign for sign, codes in signs.items() if code in codes))


def _rank(each: Candidate) -> tuple[bool, bool, bool]:
    return "code" not in each.why, "payer" not in each.why, "amount" not in each.why
