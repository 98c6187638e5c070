"""Buying: the e-mail address, the order, and what a buyer may say about paying it."""

from collections.abc import Sequence

from email_validator import EmailNotValidError, validate_email

from bot.scene import Scene, button
from bot.talk import browse, history
from bot.talk.credit import credit_lines
from bot.talk.open_orders import in_the_way, wants_both
from bot.talk.ways_page import ask_way
from flows.cancel_order import cancel_order
from flows.check_payments import check_now
from flows.credit_choices import credit_choices
from flows.end_watch import parts_of
from flows.hear_claim import hear_claim
from flows.held_money import held_money
from flows.messages import Choice, Say
from flows.place_order import may_order, place_order
from sales.catalogue import Offer
from sales.money import Money
from sales.order import Payment
from sales.purchase import Order
from sales.way import Way
from storage import buyers, money, orders

LONGEST_ADDRESS = 254


def buy(scene: Scene, plan: str) -> None:
    """Ask for an e-mail address; a buyer who still owes an order is asked about that one first."""
    _buy(scene, plan, also=False)


def buy_also(scene: Scene, plan: str) -> None:
    """Buy it beside the orders that wait."""
    _buy(scene, plan, also=True)


def _buy(scene: Scene, plan: str, *, also: bool) -> None:
    offer = browse.wanted(scene, plan)
    if offer is None:
        browse.dead_button(scene, plan)
    elif not in_the_way(scene, offer, also=also):
        found = may_order(scene.unit, scene.premises, scene.peer, offer)
        _ask_email(scene, offer, found, also=also)


def swap(scene: Scene, rest: str) -> None:
    """Cancel the order that waits and buy the other plan instead, but only if that one can be bought."""
    code, _, plan = rest.partition(":")
    order = history.own(scene, code)
    offer = browse.wanted(scene, plan)
    waits = order is not None and order.payment is Payment.OPEN
    if order is not None and offer is not None:
        may_order(scene.unit, scene.premises, scene.peer, offer, instead=int(waits))
        cancel_order(scene.unit, scene.premises, scene.peer, order, f"buyer:{scene.peer.buyer}")
    _buy(scene, plan, also=waits)


def typed_email(scene: Scene) -> None:
    """Take the typed address when it is one."""
    offer = browse.wanted(scene, str((scene.talk.data or {}).get("plan", "")))
    if offer is None:
        browse.dead_button(scene, "")
        return
    address = _address(scene.incoming.text)
    if address is None:
        scene.expect("email", plan=offer.plan, also=wants_both(scene, offer))
        scene.say(Say("email-wrong"), choices=_email_choices(scene, offer))
        return
    _order(scene, offer, address)


def use_remembered(scene: Scene, plan: str) -> None:
    """One tap for the address of last time."""
    offer = browse.wanted(scene, plan)
    address = buyers.last_email(scene.unit, scene.premises.shop.id, scene.peer.buyer)
    if offer is None or address is None:
        browse.dead_button(scene, plan)
        return
    _order(scene, offer, address)


def without_email(scene: Scene, plan: str) -> None:
    """Go on without an address, where the shop permits it."""
    offer = browse.wanted(scene, plan)
    if offer is None or not scene.premises.shop.email_optional:
        browse.dead_button(scene, plan)
        return
    _order(scene, offer, "")


def claims_to_have_paid(scene: Scene, code: str) -> None:
    """The buyer's word settles nothing: the gateways are asked at once, and the admins hear of it."""
    order = history.own(scene, code)
    if order is None:
        browse.dead_button(scene, code)
        return
    check_now(scene.unit, scene.premises, order)
    if order.watched(scene.unit.now):
        scene.toast = Say("toast-waiting")
        _hear_claim(scene, order)
    else:
        history.show(scene, order)


def _hear_claim(scene: Scene, order: Order) -> None:
    """Of money that its gateway holds back the admins know already."""
    attempt = orders.open_attempt(scene.unit, scene.premises.shop.id, order.id)
    held = held_money(scene.unit, scene.premises, order, attempt) if attempt else None
    if held is not None:
        history.say_held(scene, order, held)
        return
    amount = attempt.amount if attempt else _missing(scene, order)
    says = [Say("waiting-for-bank", {"code": order.code, "amount": amount})]
    if attempt is not None and attempt.state == "asked":
        says.append(Say("qr-being-made", {"code": order.code}))
    scene.say(*says, choices=((button("claim", f"claim:{order.code}"),),))
    hear_claim(scene.unit, scene.premises, order)


def _missing(scene: Scene, order: Order) -> Money:
    return money.bills(scene.unit, scene.premises.shop.id, [order.code])[order.code].missing


def ask_to_cancel(scene: Scene, code: str) -> None:
    """Ask once before an order is taken back."""
    order = history.own(scene, code)
    if order is None:
        browse.dead_button(scene, code)
    elif order.payment is not Payment.OPEN:
        history.show(scene, order)
    else:
        choices = ((button("cancel-yes", f"cancelled:{code}"), button("cancel-no", f"order:{code}")),)
        says = [Say("cancel-sure", {"code": order.code})]
        parts = parts_of(scene.unit, scene.premises, order)
        says += [Say("part-is-held", {"code": order.code, "came": part}) for part in parts]
        scene.say(*says, choices=choices)


def cancel(scene: Scene, code: str) -> None:
    """Take the order back."""
    order = history.own(scene, code)
    if order is None:
        browse.dead_button(scene, code)
    elif cancel_order(scene.unit, scene.premises, scene.peer, order, f"buyer:{scene.peer.buyer}"):
        parts = parts_of(scene.unit, scene.premises, order)
        says = [Say("part-is-held", {"code": order.code, "came": part}) for part in parts]
        rows = [row for part in parts for row in credit_choices(order.code, part.currency)]
        scene.turn_page(Say("order-cancelled", {"code": order.code}), *says, choices=(*rows, *browse.way_out()))
    else:
        history.show(scene, order)


def cancel_typed(scene: Scene) -> None:
    """/cancel: drop what is being asked, or ask about the order that waits."""
    waiting = orders.open_order(scene.unit, scene.premises.shop.id, scene.peer.buyer)
    if scene.talk.step or waiting is None:
        scene.say(Say("cancelled-talk" if scene.talk.step else "nothing-to-cancel"), choices=browse.way_out())
    else:
        ask_to_cancel(scene, waiting.code)


def _ask_email(scene: Scene, offer: Offer, found: Sequence[Way], *, also: bool) -> None:
    scene.expect("email", plan=offer.plan, also=also)
    ask = "ask-email-optional" if scene.premises.shop.email_optional else "ask-email"
    taken = {way.currency for way in found}
    helps = credit_lines(scene, [price for price in offer.prices if price.currency in taken])
    scene.turn_page(Say(ask, {"product": offer.product_name}), *helps, choices=_email_choices(scene, offer))


def _email_choices(scene: Scene, offer: Offer) -> tuple[tuple[Choice, ...], ...]:
    rows = []
    known = buyers.last_email(scene.unit, scene.premises.shop.id, scene.peer.buyer)
    if known is not None:
        rows.append((button("use-email", f"mail:{offer.plan}", address=known),))
    if scene.premises.shop.email_optional:
        rows.append((button("skip", f"nomail:{offer.plan}"),))
    return (*rows, (button("back", f"plan:{offer.plan}"),))


def _address(text: str) -> str | None:
    """The typed address in its normal form, or None when it cannot be one.

    Whether mail arrives there is not asked of the net: the letter will tell.
    """
    typed = text.strip()
    if len(typed) > LONGEST_ADDRESS:
        return None
    try:
        valid = validate_email(typed, check_deliverability=False, test_environment=True, strict=True)
    except EmailNotValidError:
        return None
    return valid.normalized if "." in valid.domain else None


def _order(scene: Scene, offer: Offer, email: str) -> None:
    """Place the order, or ask first how it is to be paid; a second tap that comes while one is open gets that one."""
    also, kept = wants_both(scene, offer), scene.talk.data or {}
    if scene.talk.step != "email" or kept.get("plan") != offer.plan:
        # A tap that comes once more after credit has paid the order, or on an old message: it orders nothing unasked.
        _buy(scene, str(offer.plan), also=also)
        return
    if in_the_way(scene, offer, also=also):
        return
    found = may_order(scene.unit, scene.premises, scene.peer, offer)
    if len(found) > 1:
        ask_way(scene, offer, found, email, also=also)
    else:
        place_order(scene.unit, scene.premises, scene.peer, offer, email, found[0])
