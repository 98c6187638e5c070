"""The ways a buyer can pay, as the shop's gateways, the seller's rules and the prices leave them."""

from collections.abc import Collection, Iterable, Mapping

from flows.premises import Plug, Premises
from sales.purchase import Order
from sales.vietqr import LARGEST
from sales.way import Rule, Way, allowed
from storage import accounts, orders, rules
from storage.unit import Unit


def ways(unit: Unit, premises: Premises, channel: str, prices: Mapping[str, int], limits: Iterable[Rule]) -> list[Way]:
    """The ways for buyers on that channel, the transfer to the shop's bank account first; `prices` by currency."""
    # Above that no bank carries it in an instant; a gateway of its own may still take it.
    carried = 0 < prices.get("VND", 0) <= LARGEST
    bank = _bank_ways(unit, premises) if carried and not premises.unwatched else []
    other = [way for plug in premises.plugs for way in _plug_ways(premises, plug, channel, prices)]
    return allowed([*bank, *other], channel, limits)


def order_ways(unit: Unit, premises: Premises, order: Order, channel: str) -> list[Way]:
    """The ways to pay an order, at the prices of its day and by the rules of today."""
    lines = orders.lines(unit, premises.shop.id, [order.id])[order.id]
    limits = rules.of_plans(unit, premises.shop.id, {line.plan for line in lines})
    return ways(unit, premises, channel, order.prices, limits.values())


def _bank_ways(unit: Unit, premises: Premises) -> list[Way]:
    """A gateway that makes payment links knows itself where its money goes; otherwise every account that is shown."""
    name = premises.gateway.name
    if premises.gateway.open_invoice is None:
        return [Way(name, "VND", bank=True)]
    return [Way(name, "VND", account.id, bank=True) for account in accounts.shown_accounts(unit, premises.shop.id)]


def _plug_ways(premises: Premises, plug: Plug, channel: str, prices: Collection[str]) -> list[Way]:
    gateway = plug.gateway
    if gateway.bank or gateway.open_invoice is None or (gateway.at_web and not premises.base):
        return []
    if gateway.channels and channel not in gateway.channels:
        return []
    return [Way(gateway.name, currency) for currency in gateway.currencies if currency in prices]
