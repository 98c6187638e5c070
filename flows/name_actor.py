"""Who has done something, as the log names them, for a person to read."""

from flows.premises import Premises
from sales.ids import BuyerId
from storage import buyers
from storage.unit import Unit


def name_actor(unit: Unit, premises: Premises, actor: str) -> str:
    """The name of an admin or a buyer, or what stands for them while none is known; a rule or source as it is."""
    kind, _, rest = actor.partition(":")
    if kind == "admin":
        channel, _, external = rest.partition(":")
        peer = buyers.peer_at(unit, premises.shop.id, channel, external)
        return peer.name if peer is not None and peer.name else external
    if kind == "buyer" and rest.isdigit():
        return buyers.name_of(unit, premises.shop.id, BuyerId(int(rest))) or actor
    return actor
