"""Who a buyer is, for whoever runs the shop: a name, and where to write to them."""

from flows.messages import Say
from flows.premises import Premises
from sales.ids import OrderId
from sales.people import Peer
from storage import buyers, orders
from storage.unit import Unit


def buyer_of(unit: Unit, premises: Premises, order: OrderId) -> Say:
    """Who placed an order."""
    shop = premises.shop.id
    return name_buyer(buyers.peer(unit, shop, orders.by_id(unit, shop, order).peer))


def name_buyer(peer: Peer) -> Say:
    """A buyer's name, @handle, channel and id there."""
    who = " ".join(each for each in (peer.name, peer.handle and f"@{peer.handle}") if each)
    return Say("admin-buyer", {"who": who or peer.external, "channel": peer.channel, "id": peer.external})
