"""What an order of SePay's tells, by its transactions: arrived, taken back, or nothing yet."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateways.sepay_pg import SEPAY_PG
from gateways.sepay_pg_order import sightings
from sales.errors import Later
from sales.transfer import Sighting, Standing
from tests.gateways.asked import question

ASKED = question()
REF = "KX7R2M9CF-251022001:189"
ARRIVED = Sighting(
    source="sepay-pg",
    ref=REF,
    amount=199_000,
    currency="VND",
    account="",
    memo="KX7R2M9CF",
    reference="189",
    booked_at=datetime(2025, 8, 28, 8, 43, 41, tzinfo=UTC),
    number=251022001,
)

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


def transaction(**changes: object) -> dict[str, Any]:
    """A payment by card, in the fields of the reference's own sample."""
    sample = {
        "id": "189",
        "payment_method": "CARD",
        "transaction_type": "PAYMENT",
        "transaction_amount": "199000",
        "transaction_currency": "VND",
        "transaction_status": "APPROVED",
        "authentication_status": "AUTHENTICATION_SUCCESSFUL",
        "card_number": "512345xxxxxx0008",
        "card_holder_name": "NGUYEN VAN A",
        "transaction_date": "2025-08-28 15:43:41",
        "transaction_last_updated_date": "2025-08-28 15:43:41",
    }
    return sample | changes


def order(*transactions: object, **changes: object) -> dict[str, Any]:
    """An order that is paid, unless something else is said."""
    sample: dict[str, Any] = {
        "id": "1",
        "customer_id": None,
        "order_id": "SEPAY-68B01673A77FF",
        "order_invoice_number": "KX7R2M9CF-251022001",
        "order_status": "CAPTURED",
        "order_amount": "199000.00",
        "order_currency": "VND",
        "order_description": "KX7R2M9CF",
        "transactions": list(transactions),
    }
    return sample | changes


VOID = transaction(id="190", transaction_type="VOID")


def refs(told: object) -> list[tuple[str, int, Standing]]:
    return [(each.ref, each.amount, each.standing) for each in sightings(ASKED, told)]


def test_a_paid_order_tells_of_its_payment() -> None:
    assert sightings(ASKED, order(transaction())) == (ARRIVED,)


def test_an_order_that_waits_tells_nothing() -> None:
    waiting = order(order_status="AUTHENTICATION_NOT_NEEDED")
    assert sightings(ASKED, waiting) == ()
    del waiting["transactions"]
    assert sightings(ASKED, waiting) == ()


@pytest.mark.parametrize(
    "change",
    [
        {"transaction_status": "DECLINED"},
        {"transaction_status": "PENDING"},
        {"transaction_status": None},
        {"transaction_status": ["APPROVED"]},
        {"transaction_type": "REFUND"},
        {"transaction_type": None},
    ],
    ids=str,
)
def test_only_a_payment_that_went_through_counts(change: dict[str, object]) -> None:
    unreadable = change | {"transaction_amount": "?", "id": None}
    assert sightings(ASKED, order(transaction(**change), transaction(**unreadable))) == ()
    assert sightings(ASKED, order(transaction(**unreadable), transaction())) == (ARRIVED,)


@pytest.mark.parametrize("status", ["AUTHENTICATION_NOT_NEEDED", "PENDING", "captured", ""])
def test_an_order_must_say_that_it_is_paid(status: str) -> None:
    assert sightings(ASKED, order(transaction(), order_status=status)) == ()


@pytest.mark.parametrize("status", ["CAPTURED", "CANCELLED", "VOIDED"])
def test_a_void_takes_the_payment_back(status: str) -> None:
    assert refs(order(transaction(), VOID, order_status=status)) == [(f"void:{REF}", -199_000, Standing.REVERSED)]
    [taken] = sightings(ASKED, order(VOID, transaction(), order_status=status))
    assert (taken.reverses, taken.number, taken.memo) == (REF, 251022001, "KX7R2M9CF")


def test_a_cancelled_order_has_no_payment_left() -> None:
    told = order(transaction(), order_status="CANCELLED")
    assert refs(told) == [(f"void:{REF}", -199_000, Standing.REVERSED)]


def test_a_cancelled_order_that_nobody_paid_has_failed() -> None:
    [failed] = sightings(ASKED, order(order_status="CANCELLED"))
    assert (failed.standing, failed.reason, failed.number) == (Standing.FAILED, "CANCELLED", 251022001)
    assert failed.reason in SEPAY_PG.cancelled
    declined = transaction(transaction_status="DECLINED")
    assert [each.standing for each in sightings(ASKED, order(declined, order_status="CANCELLED"))] == [Standing.FAILED]


def test_one_void_takes_back_one_payment_of_its_amount() -> None:
    second, other = transaction(id="191"), transaction(id="192", transaction_amount="1000")
    assert refs(order(other, transaction(), second, VOID)) == [
        ("KX7R2M9CF-251022001:192", 1000, Standing.ARRIVED),
        (f"void:{REF}", -199_000, Standing.REVERSED),
        ("KX7R2M9CF-251022001:191", 199_000, Standing.ARRIVED),
    ]


@pytest.mark.parametrize("status", ["DECLINED", "PENDING"])
def test_a_void_that_did_not_go_through_takes_nothing_back(status: str) -> None:
    void = transaction(transaction_type="VOID", transaction_status=status)
    assert sightings(ASKED, order(transaction(), void)) == (ARRIVED,)


@pytest.mark.parametrize(
    "change",
    [
        {"order_invoice_number": "KX7R2M9CF-7"},
        {"order_invoice_number": None},
        {"order_currency": "USD"},
        {"order_status": None},
        {"order_status": 1},
        {"transactions": "none"},
        {"transactions": [1]},
    ],
    ids=str,
)
def test_an_order_that_cannot_be_relied_on_is_no_answer(change: dict[str, object]) -> None:
    with pytest.raises(Later):
        sightings(ASKED, order(transaction()) | change)


@pytest.mark.parametrize(
    "change",
    [
        {"id": None},
        {"id": ""},
        {"id": "1:2"},
        {"id": "x" * 65},
        {"transaction_amount": "199000.50"},
        {"transaction_amount": "0"},
        {"transaction_amount": "-199000"},
        {"transaction_amount": 1.5},
        {"transaction_currency": "USD"},
        {"transaction_currency": None},
    ],
    ids=str,
)
@pytest.mark.parametrize("kind", ["PAYMENT", "VOID"])
def test_so_is_one_whose_money_cannot_be_read(change: dict[str, object], kind: str) -> None:
    with pytest.raises(Later):
        sightings(ASKED, order(transaction(), transaction(**change, transaction_type=kind)))


def test_another_amount_is_told_as_it_is() -> None:
    [said] = sightings(ASKED, order(transaction(transaction_amount="1000.00")))
    assert (said.amount, said.number) == (1000, 251022001)


@given(values)
def test_nonsense_is_no_answer(told: object) -> None:
    with pytest.raises(Later):
        sightings(ASKED, told)


@given(st.sampled_from(sorted(transaction())), values)
def test_nonsense_in_a_transaction_never_becomes_other_money(field: str, value: object) -> None:
    try:
        told = sightings(ASKED, order(transaction(**{field: value})))
    except Later:
        return
    for each in told:
        assert each.number == 251022001
        assert each.reference.isprintable()
        assert each.ref.startswith("KX7R2M9CF-251022001:")
