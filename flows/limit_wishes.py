"""How often a buyer may wish for money back: each wish is put before every admin, and one left can come again."""

from datetime import timedelta

from flows.premises import Premises
from sales.errors import Tell
from sales.people import Peer
from storage import wishes
from storage.unit import Unit

MOST_A_DAY = 5
"""Wishes of one buyer in 24 hours, whatever became of them."""

DAY = timedelta(days=1)


def may_wish(unit: Unit, premises: Premises, buyer: Peer) -> None:
    """Raise Tell when the buyer has made too many wishes today."""
    if wishes.made_since(unit, premises.shop.id, buyer.buyer, unit.now - DAY) >= MOST_A_DAY:
        raise Tell("refund-wishes-today", count=MOST_A_DAY)
