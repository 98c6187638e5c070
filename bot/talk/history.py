"""My orders: what was bought, and the goods once more."""

from bot.scene import Scene, button
from bot.talk import browse
from flows.deliver_goods import deliver_again
from flows.end_watch import held_for
from flows.messages import Choice, Say, Value
from flows.show_card import show_card
from sales.codes import is_code
from sales.order import Payment
from sales.purchase import Order
from storage import orders

SHOWN = 10


def my_orders(scene: Scene) -> None:
    """The last orders as buttons."""
    shop = scene.premises.shop.id
    mine = orders.newest(scene.unit, shop, scene.peer.buyer, SHOWN)
    lines = orders.lines(scene.unit, shop, [order.id for order in mine])
    rows = tuple((_row(order, lines[order.id][0].product_name),) for order in mine)
    scene.say(Say("orders-page" if mine else "no-orders"), choices=(*rows, (button("plans", "start"),)))


def own(scene: Scene, code: str) -> Order | None:
    """The order of that code when it belongs to who asks; nobody learns of other people's orders."""
    shop = scene.premises.shop
    order = orders.by_code(scene.unit, shop.id, code) if is_code(code, shop.code_prefix) else None
    return order if order is not None and order.buyer == scene.peer.buyer else None


def show_order(scene: Scene, code: str) -> None:
    """One order as it stands: the goods, the card, or how to buy it again."""
    order = own(scene, code)
    if order is None:
        browse.dead_button(scene, code)
    else:
        show(scene, order)


def show(scene: Scene, order: Order) -> None:
    """Say how an order stands and hand over what belongs to that."""
    if order.payment is Payment.PAID:
        name = f"again:{scene.incoming.channel}:{scene.incoming.event}"
        deliver_again(scene.unit, scene.premises, order, scene.peer, name)
    elif order.payment is Payment.OPEN:
        show_card_again(scene, order)
    else:
        _show_ended(scene, order)


def _show_ended(scene: Scene, order: Order) -> None:
    """An order whose time is over: until when money still counts, what is held, and the QR for a rest."""
    watched = scene.unit.now <= order.watch_until
    end = f"order-is-{order.payment}" if watched else "order-is-over"
    lines = [Say(end, {"code": order.code, "watch": order.watch_until})]
    held = held_for(scene.unit, scene.premises, order)
    if held.minor:
        lines.append(Say("part-is-held", {"code": order.code, "came": held}))
    scene.say(*lines, choices=((button("buy-again", f"again:{order.code}"),), (button("my-orders", "orders"),)))
    if watched and orders.open_attempt(scene.unit, scene.premises.shop.id, order.id) is not None:
        show_card_again(scene, order)


def show_card_again(scene: Scene, order: Order) -> None:
    """The same card once more, further down in the chat."""
    attempt = orders.open_attempt(scene.unit, scene.premises.shop.id, order.id)
    assert attempt is not None, "an open order always has a card that can be paid"
    occasion = f"{scene.incoming.channel}:{scene.incoming.event}"
    scene.afterwards.append(lambda: show_card(scene.unit, scene.premises, scene.peer, order, attempt, occasion))


def buy_again(scene: Scene, code: str) -> None:
    """The same plan at today's price."""
    order = own(scene, code)
    if order is None:
        browse.dead_button(scene, code)
        return
    line = orders.lines(scene.unit, scene.premises.shop.id, [order.id])[order.id][0]
    browse.plan_card(scene, str(line.plan))


def _row(order: Order, product: str) -> Choice:
    values: dict[str, Value] = {"code": order.code, "product": product, "amount": order.total}
    return Choice(Say(f"order-button-{order.payment}", values), token=f"order:{order.code}")
