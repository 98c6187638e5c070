"""What has happened to an order, as the sentence `story-event` is filled: common events have words of their own."""

from typing import Any

from flows.messages import Value
from sales.money import Money

TOLD = (
    "order.placed",
    "order.expired",
    "order.cancelled",
    "order.way",
    "payment.failed",
    "link.opened",
    "link.closed",
    "link.failed",
    "money.exact",
    "money.short",
    "money.over",
    "money.second",
    "money.late",
    "money.wrong_currency",
    "money.held",
    "money.reversed",
    "money.seen_again",
    "claim.made",
    "claim.accepted",
    "claim.refused",
    "credit.spent",
    "credit.returned",
    "goods.delivered",
    "goods.undeliverable",
    "admin.refund_asked",
    "admin.refund_dropped",
    "admin.refund_owed",
    "admin.refund_account",
    "admin.refund_sent",
    "refund.account_confirmed",
    "refund.stars_sent",
    "refund.stars_heard",
    "admin.refund_given",
    "refund.gateway_sent",
    "refund.gateway_refused",
    "refund.called_off",
    "refund.wished",
    "refund.settled",
    "refund.returned",
    "refund.failed",
    "refund.card_shown",
)
"""Kinds of events that the sentence has words for; any other is shown as it was logged."""


def event_values(row: Any) -> dict[str, Value]:
    """Fill the sentence from a row of the log, of which `detail` may know more or less."""
    detail: dict[str, Any] = row.detail
    values: dict[str, Value] = {"at": row.at, "kind": row.kind, "actor": row.actor, "name": row.kind.replace(".", "-")}
    values["detail"] = " ".join(f"{name}={value}" for name, value in detail.items())
    # "Taken back" says already which way it went.
    values["amount"] = Money(abs(detail["amount"]), detail.get("currency", "VND")) if "amount" in detail else None
    values["way"], _, rest = str(detail.get("way", "")).partition(".")
    values["currency"] = rest.partition(".")[0]
    return values | {name: str(detail.get(name, "")) for name in ("source", "channel", "reason")}
