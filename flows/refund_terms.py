"""What can be given back of an order, and to whom: in one currency at a time, and by that currency's own means."""

from collections.abc import Mapping
from dataclasses import dataclass

from gateways.stars_payment import SOURCE as STARS
from gateways.stars_payment import refund_ref
from sales.errors import Tell
from sales.ids import ShopId
from sales.money import Money
from sales.payee import Payee, known_payee
from sales.posting import Account
from sales.purchase import Order
from sales.refund import Means, means_of
from sales.refund_amount import write_amount
from sales.vietqr import LARGEST
from storage import charges, money, refunds
from storage.charges import Charge
from storage.unit import Unit

BY_HAND = "-"
"""The account of money that goes back as the admin sees to it, where nobody has told whence it came."""


@dataclass(frozen=True, slots=True)
class Terms:
    """`amount` of what is `held` in its currency; `payee` came by the transfer of that id, as far as one is known."""

    amount: Money
    held: int
    payee: Payee
    transfer: int | None

    @property
    def values(self) -> Mapping[str, object]:
        """As a refund keeps them."""
        named = {"bin": self.payee.bin, "account": self.payee.account, "holder": self.payee.holder}
        return {**named, "transfer_id": self.transfer, "held": self.held}


def refund_currency(unit: Unit, shop: ShopId, order: Order, named: str | None = None) -> str:
    """The currency that is given back: the one named, the only one held, or the one in which nothing was bought.

    Raises Tell, with what is held, when nothing is held in the one named, and when several may be meant.
    """
    held = refunds.held_in_all(unit, shop, order.id)
    if not held:
        return named or order.total.currency
    meant = [named] if named else _meant(held)
    if len(meant) != 1 or meant[0] not in held:
        amounts = [write_amount(Money(sum(lies.values()), currency)) for currency, lies in held.items()]
        raise Tell("refund-which-currency", code=order.code, held=", ".join(amounts), currency=min(held))
    return meant[0]


def _meant(held: Mapping[str, Mapping[Account, int]]) -> list[str]:
    """The only currency, or of several those that bought nothing: they go first."""
    return [currency for currency, lies in held.items() if len(held) == 1 or not lies.get(Account.REVENUE)]


def refund_terms(
    unit: Unit, shop: ShopId, order: Order, minor: int | None, named: str | None = None, transfer: int | None = None
) -> Terms:
    """The terms for so many minor units, or for all that can go back at once, in the currency `named` or meant.

    They are of that `transfer`'s money, where it is known.

    Raises Tell when nothing is held, for more than is held, one VietQR carries, or Telegram gives back, and as
    `refund_currency` does.
    """
    currency = refund_currency(unit, shop, order, named)
    held = sum(refunds.held(unit, shop, order.id, currency).values())
    if held <= 0:
        raise Tell("refund-nothing-held", code=order.code)
    if means_of(currency) is Means.STARS:
        return _whole_charge(unit, shop, order, held, minor)
    most = Money(min(held, LARGEST) if means_of(currency) is Means.VIETQR else held, currency)
    amount = most if minor is None else Money(minor, currency)
    if amount.minor > most.minor:
        raise Tell("refund-too-much", code=order.code, amount=amount, most=most)
    return Terms(amount, held, *_proposal(unit, shop, order, currency, transfer))


def _whole_charge(unit: Unit, shop: ShopId, order: Order, held: int, minor: int | None) -> Terms:
    """The newest payment of that amount; Telegram gives back a payment as it came, and no part of it."""
    left = [each for each in _charges_left(unit, shop, order) if _can_return(each, held)]
    wanted = [each for each in left if minor in (None, each.amount.minor)]
    if not wanted:
        raise Tell("refund-stars-whole", code=order.code)
    charge = wanted[-1]
    return Terms(charge.amount, held, Payee("", charge.payer, charge.name), charge.transfer)


def _charges_left(unit: Unit, shop: ShopId, order: Order) -> list[Charge]:
    """Those of the order's payments that Telegram has not taken back of its own accord."""
    came = charges.of_order(unit, shop, order.id, STARS)
    taken = money.known(unit, shop, [(STARS, refund_ref(each.ref)) for each in came])
    return [each for each in came if (STARS, refund_ref(each.ref)) not in taken]


def _can_return(charge: Charge, held: int) -> bool:
    return not charge.returning and charge.amount.currency == "XTR" and charge.amount.minor <= held


def _proposal(unit: Unit, shop: ShopId, order: Order, currency: str, transfer: int | None) -> tuple[Payee, int | None]:
    """The account that all of the order's money came from; several, or one that nobody knows, propose none.

    Anybody can send an order a little money: that must not choose where all of it goes. Of one `transfer` it is its own
    payer's, which stays named though nobody knows that account.
    """
    payers = refunds.payers(unit, shop, order.id, currency)
    payers = {transfer: payers[transfer]} if transfer in payers else payers
    if means_of(currency) is Means.BY_HAND:
        newest = max(payers, default=None)
        if newest is None:  # it came as credit from another order
            return Payee("", BY_HAND, ""), None
        return Payee("", payers[newest].account or BY_HAND, payers[newest].name), newest
    payees = {name: known_payee(each.bank, each.account, each.name) for name, each in payers.items()}
    one = len({(payee.bin, payee.account) for payee in payees.values()}) == 1
    newest, payee = max(payees.items()) if one else (None, Payee())
    return payee, newest if payee or transfer is not None else None
