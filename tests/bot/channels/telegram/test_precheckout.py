"""Telegram's question before it takes money, as it comes off the wire."""

from typing import Any

import pytest

from bot.channels.telegram.precheckout import Decision, pre_checkout
from flows.check_checkout import Checkout
from sales.money import Money
from tests.bot.channels.telegram import acts

QUERY: dict[str, Any] = acts.asked_to_pay("KX2345678:12", 100).to_dict()


def changed(**fields: Any) -> dict[str, Any]:
    query = QUERY["pre_checkout_query"] | fields
    return QUERY | {"pre_checkout_query": {name: value for name, value in query.items() if value is not None}}


def test_it_says_who_asks_for_what() -> None:
    query = pre_checkout(QUERY)
    assert query is not None
    assert (query.id, query.language) == ("query-9", "vi")
    assert query.asked == Checkout("telegram", "42", "KX2345678:12", Money(100, "XTR"))


@pytest.mark.parametrize(
    "update",
    [
        None,
        [],
        {},
        {"pre_checkout_query": None},
        {"pre_checkout_query": "x"},
        acts.wrote("x").to_dict(),
        changed(id=None),
        changed(id=""),
        changed(id=9),
        changed(total_amount=None),
        changed(total_amount="100"),
        changed(total_amount=1.5),
        changed(total_amount=2**63),
        changed(**{"from": None}),
        changed(**{"from": {"id": "42"}}),
    ],
)
def test_what_cannot_be_answered_is_none(update: object) -> None:
    assert pre_checkout(update) is None


def test_what_is_missing_beside_is_only_empty() -> None:
    query = pre_checkout(changed(currency=None, invoice_payload=7, **{"from": {"id": 42}}))
    assert query is not None
    assert (query.asked.payload, query.asked.amount.currency, query.language) == ("", "", "")


def test_a_decision_is_a_call_that_an_http_answer_can_carry() -> None:
    assert Decision("q").call == {"method": "answerPreCheckoutQuery", "pre_checkout_query_id": "q", "ok": True}
    assert Decision("q", "no").call["error_message"] == "no"
    assert (Decision("q", "no").call["ok"], Decision("q", "no").may_pay) == (False, False)
