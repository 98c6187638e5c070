"""The seller's own test purchase: a true order with true money, of something that hands nothing over.

Its plan is a course without any address, put away from the shelf, and its buyer is whoever sits at the terminal. So
the money goes every way that a buyer's money goes, and no key is made.
"""

from flows.place_order import place_order
from flows.premises import Premises
from sales.catalogue import Kind, Offer, Plan, Product
from sales.money import Money
from sales.people import Peer
from sales.purchase import Order
from storage import buyers, catalogue
from storage.unit import Unit

CHANNEL = "terminal"
BUYER = "test"
SLUG = "_test"
"""No shop file can name it: slugs there have no underscore."""
PRICE = Money(1_000)


def place_test_order(unit: Unit, premises: Premises, product: str, plan: str) -> tuple[Peer, Order]:
    """Order the test plan, under these names; raises Tell as `place_order` does."""
    shop = premises.shop
    hidden = Product(SLUG, Kind.COURSE, product, "", "", "", (), (Plan(SLUG, plan, None, (PRICE,)),))
    [plan_id] = catalogue.put_away(unit, shop.id, hidden)
    offer = Offer(plan_id, SLUG, Kind.COURSE, product, plan, None, PRICE, "", "", "", ())
    peer = buyers.peer_at(unit, shop.id, CHANNEL, BUYER)
    if peer is None:
        peer = buyers.meet(unit, shop.id, CHANNEL, BUYER, product, shop.language)
    return peer, place_order(unit, premises, peer, offer, "")
