"""Orders of a buyer that wait already when another is wanted: paid first, given up, or left beside it."""

from collections.abc import Sequence

from bot.scene import Scene, button
from bot.talk import history
from flows.messages import Say
from sales.catalogue import Offer
from sales.ids import OrderId
from sales.purchase import Line, Order
from storage import orders


def in_the_way(scene: Scene, offer: Offer, *, also: bool) -> bool:
    """Answer with the orders that wait, where they keep this one from being made; `also`: the buyer wants both.

    A second tap finds the order that the first one made.
    """
    shop = scene.premises.shop
    waiting = orders.open_orders(scene.unit, shop.id, scene.peer.buyer, shop.most_open)
    lines = {order: found[0] for order, found in _lines(scene, waiting).items()}
    same = next((order for order in waiting if lines[order.id].plan == offer.plan), None)
    full = len(waiting) >= shop.most_open
    if same is not None:
        history.show_card_again(scene, same, Say("order-still-open", {"code": same.code}))
    elif full and shop.most_open > 1:
        _all_of_them(scene, waiting)
    elif waiting and (full or not also):
        _which(scene, waiting[0], lines[waiting[0].id], offer, full=full)
    else:
        return False
    return True


def wants_both(scene: Scene, offer: Offer) -> bool:
    """Whether the buyer has said, in this very talk, that they want this plan beside what waits."""
    kept = scene.talk.data or {}
    return bool(kept.get("also")) and kept.get("plan") == offer.plan


def _which(scene: Scene, waiting: Order, line: Line, offer: Offer, *, full: bool) -> None:
    named = {"code": waiting.code, "product": line.product_name, "plan": line.plan_name}
    both = () if full else ((button("buy-also", f"also:{offer.plan}", plan=offer.plan_name),),)
    choices = (
        (button("pay-that", f"order:{waiting.code}", code=waiting.code),),
        (button("swap", f"swap:{waiting.code}:{offer.plan}", plan=offer.plan_name),),
        *both,
    )
    scene.turn_page(Say("another-order-open", named), choices=choices)


def _all_of_them(scene: Scene, waiting: Sequence[Order]) -> None:
    """The way out: pay one of them, or give it up."""
    choices = tuple(
        (
            button("pay-that", f"order:{order.code}", code=order.code),
            button("cancel-that", f"cancel:{order.code}", code=order.code),
        )
        for order in waiting
    )
    scene.turn_page(Say("order-too-many-open", {"count": len(waiting)}), choices=choices)


def _lines(scene: Scene, waiting: Sequence[Order]) -> dict[OrderId, list[Line]]:
    return orders.lines(scene.unit, scene.premises.shop.id, [order.id for order in waiting])
