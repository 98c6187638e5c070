"""Transfers and refunds as plain values, with what each has booked."""

from collections.abc import Sequence
from typing import Any

from sales.ids import ShopId
from sales.posting import Posting
from sales.refund import Refund
from storage import money
from storage.unit import Unit


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
