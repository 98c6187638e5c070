"""The page on which a buyer chooses how to pay: one button a way, with what it costs that way."""

from collections.abc import Iterable, Sequence

from bot.scene import Scene, button
from flows.credit import spendable
from flows.messages import Choice, Rows, Say, Value
from flows.ways import order_ways
from sales.banks import bank_by_bin
from sales.catalogue import Offer
from sales.credit import rest
from sales.money import Money
from sales.purchase import Order
from sales.way import Way
from storage import accounts, money


def ask_way(scene: Scene, offer: Offer, found: Sequence[Way], email: str, *, also: bool = False) -> None:
    """Ask how a new order is to be paid, each way at what credit leaves of its price; the talk keeps the rest."""
    scene.expect("way", plan=offer.plan, email=email, also=also)
    have, tolerance = spendable(scene.unit, scene.premises, scene.peer.buyer), scene.premises.shop.tolerance
    costs = {price.currency: rest(price, have, tolerance) for price in offer.prices}
    token = f"way:{offer.plan}"
    covered = {way.currency: way for way in reversed(found) if not costs[way.currency].minor}
    prices = {price.currency: price for price in offer.prices}
    rows = [(_by_credit(way, prices[way.currency], token),) for way in found if covered.get(way.currency) == way]
    rows += [(_way(scene, way, found, costs[way.currency], token),) for way in found if way.currency not in covered]
    named = {"product": offer.product_name, "plan": offer.plan_name}
    scene.turn_page(Say("choose-way", named), choices=(*rows, (button("back", f"plan:{offer.plan}"),)))


def ask_way_again(scene: Scene, order: Order) -> None:
    """Ask how what is missing of an order is to be paid."""
    found = order_ways(scene.unit, scene.premises, order, scene.peer.channel)
    if not found:
        scene.say(Say("shop-cannot-take-money"), choices=_to_order(order))
        return
    bill = money.bills(scene.unit, scene.premises.shop.id, [order.code])[order.code]
    token = f"pay:{order.code}"
    rows = [(_way(scene, way, found, bill.missing_in(way.currency), token),) for way in found]
    scene.say(Say("choose-way-again", {"code": order.code}), choices=(*rows, *_to_order(order)))


def named_way(found: Iterable[Way], key: str) -> Way | None:
    """The way that a button names, when it can still be gone."""
    return next((way for way in found if way.key == key), None)


def _by_credit(way: Way, price: Money, token: str) -> Choice:
    """Nothing is left to be paid by any gateway, whichever way of that currency is named."""
    return Choice(Say("way-credit", {"price": price}), token=f"{token}:{way.key}")


def _way(scene: Scene, way: Way, found: Sequence[Way], price: Money, token: str) -> Choice:
    return Choice(_label(scene, way, found, price), token=f"{token}:{way.key}")


def _label(scene: Scene, way: Way, found: Sequence[Way], price: Money) -> Say:
    """By the gateway's name and currency, or by its name; transfers to the shop's bank account all read the same."""
    values: dict[str, Value] = {"price": price}
    if way.bank:
        several = sum(each.bank for each in found) > 1
        return Say("way-bank-named", values | {"bank": _bank(scene, way)}) if several else Say("way-bank", values)
    ids = (f"way-{way.gateway}-{way.currency.lower()}", f"way-{way.gateway}")
    known = next((id_ for id_ in ids if scene.texts.knows(id_)), None)
    return Say(known, values) if known else Say("way-other", values | {"gateway": way.gateway})


def _bank(scene: Scene, way: Way) -> str:
    """What people call the bank of an account, and where its number ends: a shop may have two at one bank."""
    account = accounts.account(scene.unit, scene.premises.shop.id, way.account)
    bank = bank_by_bin(account.bin)
    return f"{bank.short_name if bank else account.bin} …{account.account[-4:]}"


def _to_order(order: Order) -> Rows:
    return ((Choice(Say("see-order"), token=f"order:{order.code}"), Choice(Say("my-orders"), token="orders")),)
