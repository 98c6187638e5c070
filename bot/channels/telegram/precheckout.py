"""The question Telegram asks before it takes Stars: whether it may. Free of aiogram, as a web door needs it.

Bot API, PreCheckoutQuery: unless it is answered within ten seconds, nothing is paid. So it waits in no queue.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flows.check_checkout import Checkout
from sales.money import Money

KIND = "pre_checkout_query"

_LARGEST = 2**63


@dataclass(frozen=True, slots=True)
class PreCheckout:
    """A query by its id; `language` is what the person's app speaks, "" when it does not say."""

    id: str
    asked: Checkout
    language: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What a query is answered: `refusal` are words for the person, "" when the money may be taken."""

    query: str
    refusal: str = ""

    @property
    def may_pay(self) -> bool:
        """Whether the money may be taken."""
        return not self.refusal

    @property
    def call(self) -> Mapping[str, object]:
        """As a call of the Bot API that an HTTP answer may carry ("Making requests when getting updates")."""
        told = {} if self.may_pay else {"error_message": self.refusal}
        return {"method": "answerPreCheckoutQuery", "pre_checkout_query_id": self.query, "ok": self.may_pay} | told


Decide = Callable[[PreCheckout], Awaitable[Decision]]
"""Decides in time; raises nothing."""


def pre_checkout(update: object) -> PreCheckout | None:
    """Read a query out of a raw update; None for any other update, and for one that cannot be answered."""
    query = update.get(KIND) if isinstance(update, dict) else None
    if not isinstance(query, dict) or not isinstance(query.get("from"), dict):
        return None
    number, payer, amount = _text(query, "id"), query["from"].get("id"), query.get("total_amount")
    if not number or not isinstance(payer, int) or not isinstance(amount, int) or abs(amount) >= _LARGEST:
        return None
    money = Money(amount, _text(query, "currency"))
    asked = Checkout("telegram", str(payer), _text(query, "invoice_payload"), money)
    return PreCheckout(number, asked, _text(query["from"], "language_code"))


def _text(thing: Mapping[str, Any], name: str) -> str:
    value = thing.get(name)
    return value if isinstance(value, str) else ""
