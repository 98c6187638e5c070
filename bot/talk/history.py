"""My orders: what was bought, and the goods once more."""

from bot.scene import Scene, button
from bot.talk import browse
from bot.talk.ways_page import ask_way_again
from flows.credit import is_over
from flows.credit_choices import credit_choices
from flows.deliver_goods import deliver_again
from flows.end_watch import parts_of
from flows.held_money import held_money
from flows.messages import Choice, Say, Value
from flows.name_contact import contact_lines
from flows.refund_words import tell_refund
from flows.show_card import show_card
from sales.codes import is_code
from sales.money import Money
from sales.order import Payment
from sales.purchase import Line, Order
from storage import goods, orders, refunds

SHOWN = 10


def my_orders(scene: Scene) -> None:
    """The last orders as buttons."""
    _list(scene, None)


def turn_orders(scene: Scene, code: str) -> None:
    """The orders made before that one; the last ones when none is named."""
    last = own(scene, code)
    if code and last is None:
        browse.dead_button(scene, code)
    else:
        _list(scene, last)


def _list(scene: Scene, before: Order | None) -> None:
    shop = scene.premises.shop.id
    found = orders.newest(scene.unit, shop, scene.peer.buyer, SHOWN + 1, before.id if before else None)
    mine = found[:SHOWN]
    lines = orders.lines(scene.unit, shop, [order.id for order in mine])
    back = refunds.of_orders(scene.unit, shop, [order.id for order in mine])
    rows = [(_row(order, lines[order.id][0], order.id in back),) for order in mine]
    if len(found) > SHOWN:
        rows.append((button("older-orders", f"orders:{mine[-1].code}"),))
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
    shop = scene.premises.shop.id
    back = [tell_refund(each, order.code) for each in refunds.of_orders(scene.unit, shop, [order.id]).get(order.id, [])]
    if back:
        scene.say(*back, choices=((button("buy-again", f"again:{order.code}"), button("my-orders", "orders")),))
    if back and order.payment is Payment.PAID and _nothing_left(scene, order):
        return
    if order.payment is Payment.PAID:
        name = f"again:{scene.incoming.channel}:{scene.incoming.event}"
        deliver_again(scene.unit, scene.premises, order, scene.peer, name)
    elif order.payment is Payment.OPEN:
        show_card_again(scene, order)
    else:
        _show_ended(scene, order)


def _nothing_left(scene: Scene, order: Order) -> bool:
    """Whether all that was handed over has been taken back."""
    rows = goods.grant_rows(scene.unit, scene.premises.shop.id, order.id)
    return all(row.state == "revoked" for row in rows)


def _show_ended(scene: Scene, order: Order) -> None:
    """An order whose time is over: until when money still counts, what is held, and the QR for a rest."""
    watched = order.watched(scene.unit.now)
    end = f"order-is-{order.payment}" if watched else "order-is-over"
    lines = [Say(end, {"code": order.code, "watch": order.watch_until})]
    parts = parts_of(scene.unit, scene.premises, order)
    lines += [Say("part-is-held", {"code": order.code, "came": part}) for part in parts]
    if parts or not watched:
        lines += contact_lines(scene.premises)
    pay = ((button("pay-again", f"ways:{order.code}"),),) if parts and order.payable(scene.unit.now) else ()
    claim = (button("claim", f"claim:{order.code}"),)
    mine = parts if is_over(scene.unit, order) else []
    keep = [row for part in mine for row in credit_choices(order.code, part.currency)]
    choices = (*pay, *keep, (button("buy-again", f"again:{order.code}"),), claim, (button("my-orders", "orders"),))
    scene.say(*lines, choices=choices)
    if watched and orders.open_attempt(scene.unit, scene.premises.shop.id, order.id) is not None:
        show_card_again(scene, order)


def show_card_again(scene: Scene, order: Order, *words: Say) -> None:
    """The same card once more, further down in the chat, under `words`; or when its QR is not made yet, only that.

    While a gateway holds money for it back nobody is led to pay once more. When the last attempt came to nothing, there
    is none: then the buyer chooses how to go on.
    """
    attempt = orders.open_attempt(scene.unit, scene.premises.shop.id, order.id)
    if attempt is None:
        ask_way_again(scene, order)
        return
    if attempt.state == "asked":
        scene.say(Say("qr-being-made", {"code": order.code}))
        return
    if (held := held_money(scene.unit, scene.premises, order, attempt)) is not None:
        say_held(scene, order, held)
        return
    if words:
        scene.say(*words)
    occasion = f"{scene.incoming.channel}:{scene.incoming.event}"
    scene.afterwards.append(lambda: show_card(scene.unit, scene.premises, scene.peer, order, attempt, occasion))


def say_held(scene: Scene, order: Order, held: Money) -> None:
    """Say that money for an order is held back, and whose turn it is."""
    choices = ((button("other-way", f"ways:{order.code}"),), (button("my-orders", "orders"),))
    scene.say(Say("payment-held", {"code": order.code, "amount": held}), choices=choices)


def buy_again(scene: Scene, code: str) -> None:
    """The same plan at today's price."""
    order = own(scene, code)
    if order is None:
        browse.dead_button(scene, code)
        return
    line = orders.lines(scene.unit, scene.premises.shop.id, [order.id])[order.id][0]
    browse.plan_card(scene, str(line.plan))


def _row(order: Order, line: Line, refunded: bool) -> Choice:
    what = {"product": line.product_name, "plan": line.plan_name}
    values: dict[str, Value] = {"code": order.code, "amount": order.total, **what}
    return Choice(Say(f"order-button-{'refunded' if refunded else order.payment}", values), token=f"order:{order.code}")
