"""Notices of SePay's payment gateway: hints, whoever sends them; and only a wrong secret is forged."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateways.gateway import Request
from gateways.sepay_pg import SEPAY_PG
from sales.errors import Forged, Malformed
from sales.transfer import Sighting, Standing
from tests.gateways.sepay_pg_signing import KEY, NOTICE, SECRETS, named, notice, unnamed

NOW = datetime(2025, 9, 5, 7, 43, 50, tzinfo=UTC)
HINT = Sighting(
    source="sepay-pg",
    ref="68ba94ac80123",
    amount=199_000,
    currency="VND",
    account="",
    memo="KX7R2M9CF",
    booked_at=datetime(2025, 9, 5, 7, 43, 41, tzinfo=UTC),
    number=251022001,
    standing=Standing.HINT,
)

any_text = st.text(st.characters(exclude_categories=()))
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | any_text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(any_text, inner, max_size=4),
    max_leaves=8,
)


def read(request: Request) -> tuple[Sighting, ...]:
    return SEPAY_PG.read(SECRETS, request, NOW)


def outcome(request: Request) -> tuple[Sighting, ...] | None:
    try:
        return read(request)
    except (Forged, Malformed):
        return None


def test_the_sample_of_the_reference_is_a_hint_at_our_attempt() -> None:
    assert read(named(NOTICE)) == (HINT,)


def test_without_its_header_it_says_no_more_and_no_less() -> None:
    assert read(unnamed(NOTICE)) == (HINT,)


def test_a_voided_one_is_a_hint_too() -> None:
    assert read(named(notice("TRANSACTION_VOID"))) == (replace(HINT, amount=-199_000),)


@pytest.mark.parametrize("kind", ["RENEWAL_ORDER_PAID", "", "order_paid", "ORDER_PAID "])
def test_other_kinds_say_nothing(kind: str) -> None:
    assert read(named(notice(kind))) == ()


@pytest.mark.parametrize("invoice", ["DH0001", "SUB_202509_001", "kx7r2m9cf-1", f"KX-{2**53}"])
def test_an_invoice_that_is_not_ours_says_nothing(invoice: str) -> None:
    assert read(named(notice(order_invoice_number=invoice))) == ()


@pytest.mark.parametrize("secret", ["", "x", KEY + "x", KEY[:-1], KEY.upper(), "é", "\udce9", f" {KEY}"])
@pytest.mark.parametrize("body", [NOTICE, {"notification_type": "OTHER"}, "nonsense"], ids=["true", "other", "none"])
def test_a_wrong_secret_is_forged_whatever_it_says(secret: str, body: object) -> None:
    with pytest.raises(Forged):
        read(named(body, secret))


@pytest.mark.parametrize("second", [KEY, "", "x"])
def test_a_secret_shown_twice_is_forged(second: str) -> None:
    true = named(NOTICE)
    for headers in ((*true.headers, ("x-secret-key", second)), (("x-secret-key", second), *true.headers)):
        with pytest.raises(Forged):
            read(Request(true.body, headers))


@pytest.mark.parametrize("secrets", [{}, {"secret": ""}, {"secret": " \n", "merchant": "M"}, {"merchant": "M"}])
def test_without_a_secret_of_our_own_the_door_is_closed(secrets: dict[str, str]) -> None:
    for request in (named(NOTICE), unnamed(NOTICE), named(NOTICE, ""), named(NOTICE, " \n")):
        with pytest.raises(Forged):
            SEPAY_PG.read(secrets, request, NOW)


BROKEN: list[dict[str, Any]] = [
    {"order_invoice_number": None},
    {"order_invoice_number": 7},
    {"order_invoice_number": ""},
    {"order_invoice_number": "KX 1"},
    {"order_invoice_number": "K" * 101},
    {"transaction_id": None},
    {"transaction_id": "a:b"},
    {"transaction_id": "x" * 65},
    {"transaction_id": 7},
    {"transaction_currency": "USD"},
    {"transaction_currency": None},
    {"transaction_amount": None},
    {"transaction_amount": "0"},
    {"transaction_amount": "-1"},
    {"transaction_amount": "199000.50"},
    {"transaction_amount": "199,000"},
    {"transaction_amount": "1e5"},
    {"transaction_amount": 199000.5},
    {"transaction_amount": True},
    {"transaction_amount": "9" * 15},
]


@pytest.mark.parametrize("change", BROKEN, ids=str)
def test_a_field_that_is_not_what_it_should_be_is_malformed(change: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        read(named(notice(**change)))


@pytest.mark.parametrize("amount", ["199000", "199000.0", "199000.00", 199000, 199000.0])
def test_amounts_as_sepay_writes_them(amount: object) -> None:
    assert read(named(notice(transaction_amount=amount))) == (HINT,)


@pytest.mark.parametrize(
    "body", [None, [], "text", 7, {}, {"notification_type": 1}, {"notification_type": "ORDER_PAID"}]
)
def test_what_is_no_notice_is_malformed(body: object) -> None:
    with pytest.raises(Malformed):
        read(named(body))


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff", b"[" * 100_000, b'{"notification_type":"A","notification_type":"B"}']
)
def test_what_is_no_json_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        read(Request(body))


def test_a_stranger_cannot_have_much_read() -> None:
    padded = notice()
    padded["customer"] = "x" * (16 * 1024)
    with pytest.raises(Malformed, match="too large"):
        read(unnamed(padded))


@pytest.mark.parametrize("around", ["{}\n", " {}", "\t{}\r\n"])
def test_what_was_pasted_around_the_secret_breaks_no_proof(around: str) -> None:
    pasted = {name: around.format(value) for name, value in SECRETS.items()}
    assert SEPAY_PG.read(pasted, named(NOTICE), NOW) == (HINT,)
    assert SEPAY_PG.forge(pasted, HINT, NOW) == SEPAY_PG.forge(SECRETS, HINT, NOW)


def test_what_is_forged_is_read_back() -> None:
    for said in (HINT, replace(HINT, amount=-1), replace(HINT, booked_at=None)):
        assert read(SEPAY_PG.forge(SECRETS, said, NOW)) == (said,)


@given(values)
def test_random_json_is_no_hint(body: object) -> None:
    assert not outcome(unnamed(body))


@given(st.sampled_from(["order_invoice_number", "transaction_id", "transaction_amount", "transaction_date"]), values)
def test_nonsense_in_a_field_breaks_nothing(field: str, value: object) -> None:
    body = notice()
    (body["order"] if field.startswith("order_") else body["transaction"])[field] = value
    for each in outcome(unnamed(json.loads(json.dumps(body)))) or ():
        assert each.standing is Standing.HINT
        assert type(each.number) is int
        assert 0 < each.amount <= 10**13
        assert all(text.isprintable() and len(text) <= 100 for text in (each.ref, each.memo))
