"""Whether somebody who is about to pay in the chat itself may do so; reads only, for the answer must not wait."""

from dataclasses import dataclass

from flows.messages import Say
from flows.premises import Premises
from gateways.stars import STARS
from gateways.stars_payload import Payload, read_payload
from sales.money import Money
from sales.order import Payment
from sales.people import Peer
from sales.purchase import Attempt, Order
from storage import buyers, orders
from storage.unit import Unit


@dataclass(frozen=True, slots=True)
class Checkout:
    """What the platform asks before it takes the money: `payer` is who presses, by the channel's id of the chat."""

    channel: str
    payer: str
    payload: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Leave:
    """`refusal` is None when the money may be taken; `language` is the payer's, "" for a stranger."""

    refusal: Say | None
    language: str


def check_checkout(unit: Unit, premises: Premises, asked: Checkout) -> Leave:
    """Say whether the payment is for an open order of this very person, at its price, and still in time."""
    shop = premises.shop.id
    peer = buyers.peer_at(unit, shop, asked.channel, asked.payer)
    named = read_payload(asked.payload)
    found = orders.attempt_numbered(unit, shop, named.number) if named else None
    if peer is None or named is None or found is None or not _meant(*found, named, peer):
        return Leave(Say("checkout-not-yours"), peer.language if peer else "")
    return Leave(_obstacle(unit, *found, asked), peer.language)


def _meant(attempt: Attempt, order: Order, named: Payload, peer: Peer) -> bool:
    """Whether it is the invoice it claims to be, in the hands of whom it was made for."""
    return attempt.gateway == STARS.name and order.code == named.code and order.buyer == peer.buyer


def _obstacle(unit: Unit, attempt: Attempt, order: Order, asked: Checkout) -> Say | None:
    about = {"code": order.code}
    if order.payment is Payment.PAID:
        return Say("checkout-paid-already", about)
    if not attempt.payable(order, unit.now):
        return Say("checkout-over", about)
    return None if attempt.amount == asked.amount else Say("checkout-wrong-amount", about)
