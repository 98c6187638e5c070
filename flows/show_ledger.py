"""Where each đồng is: every transfer with its meaning, and what the accounts add up to."""

from collections.abc import Mapping, Sequence
from typing import Any

from flows.premises import Premises
from sales.ids import OrderId, ShopId
from sales.posting import Account, Posting
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


def show_movements(unit: Unit, shop: ShopId, rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Transfers as plain values; an amount is signed, negative went out.

    `told`: every source that has told of it, the first one first; `reference` is the bank's own name for it.
    """
    postings = money.postings_of(unit, shop, [row.decision_id for row in rows])
    told = money.told_of(unit, shop, [row.id for row in rows])
    return [_movement(row, told[row.id], postings.get(row.decision_id, [])) for row in rows]


def _movement(row: Any, told: Sequence[Any], postings: Sequence[Any]) -> dict[str, Any]:
    return {
        "told": [{"source": each.source, "ref": each.ref, "reference": each.reference} for each in told],
        "amount": row.amount,
        "currency": row.currency,
        "account": row.account,
        "memo": row.memo,
        "payer": {"name": row.payer_name, "account": row.payer_account, "bank": row.payer_bank},
        "booked_at": row.booked_at.isoformat() if row.booked_at else None,
        "seen_at": row.seen_at.isoformat(),
        "decision": row.meaning,
        "order": row.code,
        "postings": [{"account": each.account, "amount": each.amount} for each in postings],
    }


def refund_story(refund: Refund, code: str, postings: Sequence[Posting]) -> dict[str, Any]:
    """One refund as plain values; of its account only the end, for this is printed and copied."""
    return {
        "id": refund.id,
        "code": refund.code,
        "order": code,
        "amount": refund.amount.minor,
        "currency": refund.amount.currency,
        "state": refund.state,
        "reason": refund.reason,
        "means": refund.means,
        "error": refund.error or None,
        "bank": refund.payee.bank or None,
        "account_tail": refund.payee.tail or None,
        "owed_at": refund.owed_at.isoformat() if refund.owed_at else None,
        "confirmed_at": refund.confirmed_at.isoformat() if refund.confirmed_at else None,
        "sent_at": refund.sent_at.isoformat() if refund.sent_at else None,
        "settled_at": refund.settled_at.isoformat() if refund.settled_at else None,
        "postings": [{"account": each.account, "amount": each.amount.minor} for each in postings],
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
