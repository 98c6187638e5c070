"""The form that opens SePay's page: signed as the official packages sign, and nothing in it but what must be."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateways.gateway import Invoice
from gateways.sepay_pg import SEPAY_PG
from gateways.sepay_pg_form import SIGNED, form, invoice_name, named, sign
from sales.money import Money
from tests.gateways.sepay_pg_signing import KEY, SECRETS, signature
from tests.gateways.sepay_pg_signing import SIGNED as ALSO_SIGNED

FILE = Path(__file__).parents[1] / "vectors" / "signatures.json"
VECTORS: list[dict[str, Any]] = [
    each for each in json.loads(FILE.read_text("utf-8"))["vectors"] if each["id"].startswith("sepay.checkout.")
]
WHEN = datetime(2026, 11, 21, 3, 4, 5, tzinfo=UTC)
INVOICE = Invoice(
    number=251022001,
    code="KX7R2M9CF",
    amount=Money(199_000),
    made_at=WHEN,
    until=WHEN,
    url=SEPAY_PG.url,
    base="https://shop.example",
    page="https://shop.example/pay/main/sepay-pg/251022001-00",
)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda each: str(each["id"]))
def test_signatures_are_those_of_the_official_packages(vector: dict[str, Any]) -> None:
    fields = [(name, str(value)) for name, value in vector["fields_in_form_order"]]
    assert sign(vector["key"], fields) == vector["expected"] == dict(fields)["signature"]
    unsigned = [pair for pair in fields if pair[0] not in ("signature", "custom_data")]
    assert ",".join(f"{name}={value}" for name, value in unsigned) == vector["message"]


def test_there_are_vectors_to_keep_to() -> None:
    assert len(VECTORS) >= 3
    assert set(ALSO_SIGNED) == SIGNED


def test_the_form_says_what_is_to_be_paid_and_no_more() -> None:
    made = form(SECRETS, INVOICE)
    assert made.action == "https://pay.sepay.vn/v1/checkout/init"
    assert made.fields[:-1] == (
        ("merchant", "SP-TEST-DUMMY01"),
        ("operation", "PURCHASE"),
        ("order_amount", "199000"),
        ("currency", "VND"),
        ("order_invoice_number", "KX7R2M9CF-251022001"),
        ("order_description", "KX7R2M9CF"),
        ("success_url", "https://shop.example/back?l=vi"),
        ("error_url", "https://shop.example/back?l=vi"),
        ("cancel_url", "https://shop.example/back?l=vi"),
    )
    # Made by sepay-pg-node 1.0.0 of these very fields.
    assert made.fields[-1] == ("signature", "VB/rZVsDbHVFnSUBx3IyOCA440VJ871sgMWOkqD4PEg=")


def test_fields_stand_in_the_order_that_every_published_list_allows() -> None:
    places = [ALSO_SIGNED.index(name) for name, _ in form(SECRETS, INVOICE).fields[:-1]]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("url", "action", "hosts"),
    [
        ("https://pgapi.sepay.vn", "https://pay.sepay.vn/v1/checkout/init", ("https://*.sepay.vn",)),
        ("https://pgapi-sandbox.sepay.vn", "https://pay-sandbox.sepay.vn/v1/checkout/init", ("https://*.sepay.vn",)),
        ("http://127.0.0.1:8080/sandbox/sepay", "http://127.0.0.1:8080/sandbox/sepay/v1/checkout/init", ()),
        ("https://sepay.vn.evil.example", "https://sepay.vn.evil.example/v1/checkout/init", ()),
    ],
)
def test_it_leads_to_the_page_that_belongs_to_the_api(url: str, action: str, hosts: tuple[str, ...]) -> None:
    made = form(SECRETS, replace(INVOICE, url=url))
    assert (made.action, made.hosts) == (action, hosts)


def test_where_the_account_is_watched_it_is_for_cards_alone() -> None:
    made = form(SECRETS, replace(INVOICE, watched=True)).fields
    assert made[2] == ("payment_method", "CARD")
    assert made[-1] == ("signature", signature(made[:-1]))
    assert "payment_method" not in dict(form(SECRETS, INVOICE).fields)


@pytest.mark.parametrize("around", ["{}\n", " {}", "\t{}\r\n"])
def test_what_was_pasted_around_the_keys_is_not_signed(around: str) -> None:
    pasted = {name: around.format(value) for name, value in SECRETS.items()}
    assert form(pasted, INVOICE) == form(SECRETS, INVOICE)


def test_no_secret_is_in_the_form_or_in_its_repr() -> None:
    made = form(SECRETS, INVOICE)
    assert KEY not in str(made.fields)
    assert "signature" not in repr(made)


def test_another_currency_is_a_bug() -> None:
    with pytest.raises(ValueError, match="VND"):
        form(SECRETS, replace(INVOICE, amount=Money(199, "USD")))


def test_the_buyer_is_led_to_our_own_page() -> None:
    assert SEPAY_PG.open_invoice is not None
    invitation = SEPAY_PG.open_invoice(SECRETS, INVOICE)
    assert (invitation.memo, invitation.url, invitation.qr) == ("KX7R2M9CF", INVOICE.page, "")


@given(st.lists(st.tuples(st.sampled_from([*sorted(SIGNED), "custom_data", "signature", "env"]), st.text())))
def test_any_fields_are_signed_as_the_second_signer_signs(fields: list[tuple[str, str]]) -> None:
    plain = [(name, value) for name, value in fields if not any("\ud800" <= letter <= "\udfff" for letter in value)]
    assert sign(KEY, plain) == signature(plain)


@given(st.from_regex(r"[0-9A-Z]{1,32}", fullmatch=True), st.integers(0, 2**53 - 1))
def test_an_invoice_names_its_attempt(code: str, number: int) -> None:
    assert named(invoice_name(code, number)) == (code, number)
    assert len(invoice_name(code, number)) <= 100


@pytest.mark.parametrize(
    "invoice", ["", "DH0001", "KX7R2M9CF-", "-1", "KX-1-2", "kx-1", f"KX-{2**53}", "KX-٣", "KX-1\n", "KX--1", "KX-1.5"]
)
def test_the_invoice_of_somebody_else_names_none(invoice: str) -> None:
    assert named(invoice) is None
