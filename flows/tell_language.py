"""The language of whoever a payment was asked of, for pages that they see outside the chat."""

from flows.premises import Premises
from storage import buyers, orders
from storage.unit import Unit


def tell_language(unit: Unit, premises: Premises, gateway: str, number: int) -> str | None:
    """The buyer's own language, by the gateway and our number of the attempt; None for no attempt of theirs."""
    found = orders.attempt_numbered(unit, premises.shop.id, number)
    if found is None or found[0].gateway != gateway:
        return None
    return buyers.peer(unit, premises.shop.id, found[1].peer).language
