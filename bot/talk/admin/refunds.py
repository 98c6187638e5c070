"""/refund: an admin asks for money to be given back, is shown what will happen, and confirms once."""

from bot.scene import Scene, button
from bot.talk import browse
from bot.talk.admin.refund_account import account_choices, where_to
from bot.talk.refund import wanted
from flows.look_up_refunds import list_owed
from flows.messages import Choice, Rows, Say, Value
from flows.refund_order import Prospect, ask_refund, confirm_refund, currency_of_refund, drop_refund
from flows.refund_surplus import surplus_of
from flows.refund_transfer import confirm_refund_of_transfer
from flows.refund_words import about, called
from flows.send_refund import refund_card
from flows.ways_out import way_rows
from flows.wish_refund import wish_choices
from sales.errors import Tell
from sales.refund import TO_AN_ACCOUNT, Refund, State
from sales.refund_amount import Wish, read_amount, read_wish
from sales.visible import visible
from storage import buyers, orders

LONGEST = 300
"""Characters of the command that are read."""


def command(scene: Scene) -> None:
    """/refund CODE [amount or "surplus"] [currency] [reason]; alone it tells how, and what is still to be sent."""
    words = visible(scene.incoming.text)[:LONGEST].split(maxsplit=4)
    if len(words) == 1:
        _list_owed(scene)
        return
    code, wish = words[1].upper(), read_wish(words[2:])
    minor, currency = _amount(scene, code, wish)
    ask_once(scene, ask_refund(scene.unit, scene.premises, scene.peer, code, minor, wish.reason, currency))


def confirm(scene: Scene, number: str) -> None:
    """Yes: from now on it is owed."""
    found = wanted(scene, number)
    if found is None:
        browse.dead_button(scene, number)
        return
    owe = confirm_refund if found.order is not None else confirm_refund_of_transfer
    owe(scene.unit, scene.premises, scene.peer, found.id)
    if found.means not in TO_AN_ACCOUNT:
        card = refund_card(found, called(scene.unit, scene.premises, found))
        scene.turn_page(*card.lines, choices=card.choices)
        return
    told = Say("refund-now-owed", about(scene.unit, scene.premises, found))
    more = way_rows(scene.unit, scene.premises, found.id)
    scene.turn_page(told, where_to(found), choices=(*account_choices(found), *more))


def drop(scene: Scene, number: str) -> None:
    """No: leave it."""
    found = wanted(scene, number)
    if found is None or found.state is State.DROPPED:
        browse.dead_button(scene, number)
        return
    drop_refund(scene.unit, scene.premises, scene.peer, found)
    scene.turn_page(Say("refund-left"))


def _amount(scene: Scene, code: str, wish: Wish) -> tuple[int | None, str]:
    """So many minor units of a currency, or None for all of it."""
    if wish.surplus:
        surplus = surplus_of(scene.unit, scene.premises, code, wish.currency)
        return surplus.minor, surplus.currency
    currency = currency_of_refund(scene.unit, scene.premises, code, wish.currency)
    return _minor(wish.amount, currency), currency


def _minor(amount: str, currency: str) -> int | None:
    """So many minor units, or None for all; what is no amount must not be taken for all."""
    minor = read_amount(amount, currency)
    if amount and minor is None:
        raise Tell("refund-amount-wrong", text=amount)
    return minor


def ask_once(scene: Scene, prospect: Prospect) -> None:
    """Show what will happen, and ask."""
    refund, order = prospect.refund, prospect.order
    shop = scene.premises.shop.id
    line, buyer = orders.lines(scene.unit, shop, [order.id])[order.id][0], buyers.peer(scene.unit, shop, order.peer)
    values: dict[str, Value] = {
        "code": order.code,
        "amount": refund.amount,
        "held": refund.held,
        "product": line.product_name,
        "plan": line.plan_name,
        "name": buyer.name,
    }
    says = [Say("refund-sure", values)]
    if refund.reason:
        says.append(Say("refund-sure-reason", {"reason": refund.reason}))
    if prospect.whole:
        says.append(Say("refund-sure-revokes"))
    if prospect.cancels:
        says.append(Say("refund-sure-cancels"))
    if prospect.closes:
        says.append(Say("refund-sure-closes"))
    scene.say(*says, choices=wish_choices(refund))


def _list_owed(scene: Scene) -> None:
    owed = list_owed(scene.unit, scene.premises, scene.peer)
    rows: Rows = tuple((_row(refund, code),) for refund, code in owed)
    scene.say(Say("refund-usage"), Say("refunds-owed" if owed else "refunds-none"), choices=rows)


def _row(refund: Refund, code: str) -> Choice:
    back = "refund-row-back" if refund.state in (State.RETURNED, State.FAILED) else "refund-row-waits"
    label = "refund-row-ready" if refund.payable else back
    return button(label, f"refund-open:{refund.id}", code=code, amount=refund.amount)
