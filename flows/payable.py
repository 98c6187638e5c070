"""What plans really cost on a channel: only the prices that one of the ways there takes."""

from collections.abc import Iterable, Sequence

from flows.premises import Premises
from flows.ways import ways
from sales.catalogue import CURRENCIES, Offer
from sales.ids import PlanId
from sales.money import Money
from sales.way import Way, allowed
from storage.unit import Unit


def payable(unit: Unit, premises: Premises, channel: str, offers: Iterable[Offer]) -> dict[PlanId, tuple[Money, ...]]:
    """Plan → the prices it can be paid at, the one to show first; one that cannot be paid at all keeps that one."""
    every = ways(unit, premises, channel, dict.fromkeys(CURRENCIES, 1), ())
    return {offer.plan: _payable(offer, channel, every) for offer in offers}


def _payable(offer: Offer, channel: str, every: Sequence[Way]) -> tuple[Money, ...]:
    taken = {way.currency for way in allowed(every, channel, [offer.rule])}
    return tuple(price for price in offer.prices if price.currency in taken) or (offer.price,)
