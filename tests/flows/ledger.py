"""A shop's books as plain values, for tests to compare: every transfer with its meaning, and what the accounts hold."""

from collections.abc import Mapping
from typing import Any

from flows.premises import Premises
from flows.show_movements import refund_story, show_movements
from sales.ids import OrderId
from sales.posting import Account
from sales.purchase import Order
from sales.refund import Refund
from storage import money, orders, refunds
from storage.unit import Unit


def show_ledger(unit: Unit, premises: Premises) -> dict[str, Any]:
    """The shop's books.

    `totals`: currency → account → minor units, all counted positive: `received` is the sum of the others.
    `balanced`: whether the postings of every decision and refund, and all together, sum to zero.
    """
    shop = premises.shop.id
    sums = money.totals(unit, shop)
    return {
        "transfers": show_movements(unit, shop, money.movements(unit, shop)),
        "refunds": _refunds(unit, premises),
        "totals": {currency: _positive(accounts) for currency, accounts in sums.items()},
        "balanced": not money.unbalanced(unit, shop) and not any(sum(each.values()) for each in sums.values()),
    }


def _refunds(unit: Unit, premises: Premises) -> list[dict[str, Any]]:
    shop = premises.shop.id
    found = refunds.all_of(unit, shop)
    postings = refunds.postings_of(unit, shop, [refund.id for refund in found])
    named = orders.by_ids(unit, shop, {refund.order for refund in found if refund.order is not None})
    return [refund_story(refund, _called(refund, named), postings[refund.id]) for refund in found]


def _called(refund: Refund, named: Mapping[OrderId, Order]) -> str:
    """The code of its order, or its own where it has none."""
    return named[refund.order].code if refund.order is not None else refund.code or ""


def _positive(accounts: dict[str, int]) -> dict[str, int]:
    signs = {account: 1 if account is Account.RECEIVED else -1 for account in Account}
    return {account: signs[account] * accounts.get(account, 0) for account in Account}
