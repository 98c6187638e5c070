"""An admin asks for the whole story of one order."""

from flows.admins import actor
from flows.compose_story import LOOK, story_of_order
from flows.messages import Say
from flows.premises import Premises
from sales.codes import is_code
from sales.people import Peer
from sales.visible import visible
from storage import orders, work
from storage.unit import Unit
from storage.work import Event

LONGEST = 20
"""Characters of what was no code that the event log keeps."""


def tell_story(unit: Unit, premises: Premises, peer: Peer, typed: str) -> list[Say] | None:
    """The story of the order whose code was typed, in letters of any size; None when there is none."""
    shop, code = premises.shop, typed.strip().upper()
    order = orders.by_code(unit, shop.id, code) if is_code(code, shop.code_prefix) else None
    who = actor(peer.channel, peer.external)
    if order is None:
        work.log(unit, shop.id, [Event(LOOK, actor=who, detail={"unknown": visible(code)[:LONGEST]})])
        return None
    work.log(unit, shop.id, [Event(LOOK, order.id, who)])
    return story_of_order(unit, premises, order)
