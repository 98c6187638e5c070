"""How to pay: the buyer's choice for a new order, and another one for an order that can still be paid."""

from bot.scene import Scene
from bot.talk import browse, checkout, history
from bot.talk.open_orders import in_the_way
from bot.talk.ways_page import ask_way, ask_way_again, named_way
from flows.change_way import change_way
from flows.messages import Say
from flows.place_order import may_order, place_order
from flows.ways import order_ways
from sales.order import Payment


def choose(scene: Scene, rest: str) -> None:
    """Place the order that is being made, to be paid this way.

    A second tap finds the order that the first one made. An address that the talk has forgotten meanwhile is asked for
    again, and a way that is gone is chosen anew.
    """
    plan, _, key = rest.partition(":")
    offer = browse.wanted(scene, plan)
    kept = scene.talk.data or {}
    if offer is None:
        browse.dead_button(scene, plan)
    elif scene.talk.step != "way" or kept.get("plan") != offer.plan:
        checkout.buy(scene, plan)
    elif not in_the_way(scene, offer, also=bool(kept.get("also"))):
        found, email = may_order(scene.unit, scene.premises, scene.peer, offer), str(kept.get("email", ""))
        way = named_way(found, key)
        if way is None:
            scene.toast = Say("toast-way-gone")
            ask_way(scene, offer, found, email, also=bool(kept.get("also")))
        else:
            order = place_order(scene.unit, scene.premises, scene.peer, offer, email, way)
            # Credit may have paid it: then nothing is left to do.
            chosen = "way-chosen" if order.payment is Payment.OPEN else "order-placed"
            scene.turn_page(Say(chosen, {"code": order.code}))


def other_way(scene: Scene, code: str) -> None:
    """Ask how an order is to be paid instead, as long as it can be."""
    order = history.own(scene, code)
    if order is None:
        browse.dead_button(scene, code)
    elif not order.payable(scene.unit.now):
        history.show(scene, order)
    else:
        ask_way_again(scene, order)


def change(scene: Scene, rest: str) -> None:
    """Let the order be paid that way from now on; asked for that way already, its card is shown once more."""
    code, _, key = rest.partition(":")
    order = history.own(scene, code)
    if order is None or not order.payable(scene.unit.now):
        other_way(scene, code)
        return
    way = named_way(order_ways(scene.unit, scene.premises, order, scene.peer.channel), key)
    if way is None:
        scene.toast = Say("toast-way-gone")
        ask_way_again(scene, order)
    elif change_way(scene.unit, scene.premises, scene.peer, order, way, f"buyer:{scene.peer.buyer}"):
        scene.turn_page(Say("way-chosen", {"code": order.code}))
    else:
        history.show(scene, order)
