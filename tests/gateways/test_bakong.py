"""The invoice is a KHQR for exactly what is asked; no notice is ever believed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gateways.bakong import BAKONG, open_invoice
from gateways.gateway import Invoice, Request, Verdict
from sales.emv import BadQr
from sales.errors import Forged, NotConfigured
from sales.khqr import Khqr, decode
from sales.money import Money
from sales.transfer import Sighting

MADE = datetime(2026, 11, 1, 3, 46, 40, 123456, tzinfo=UTC)
INVOICE = Invoice(7, "KX7R2M9CF", Money(950, "USD"), MADE, MADE + timedelta(minutes=30), shop="Cửa hàng Đồ Số")
SECRETS = {"token": "dummy-token", "account": " nguyen_van_a@toyb\n"}
CODE = Khqr(
    account="nguyen_van_a@toyb",
    name="Cua hang Do So",
    amount=Money(950, "USD"),
    created=MADE.replace(microsecond=123000),
    expires=(MADE + timedelta(minutes=30)).replace(microsecond=123000),
    bill="KX7R2M9CF",
)


def test_the_code_asks_for_exactly_this_amount_until_then() -> None:
    invitation = open_invoice(SECRETS, INVOICE)
    assert decode(invitation.qr) == CODE
    assert (invitation.memo, invitation.account, invitation.holder) == ("KX7R2M9CF", CODE.account, CODE.name)
    assert (invitation.bin, invitation.url) == ("", "")


def test_riel_are_whole() -> None:
    invitation = open_invoice(SECRETS, replace(INVOICE, amount=Money(40_000, "KHR")))
    assert "530311654054000058" in invitation.qr
    assert decode(invitation.qr) == replace(CODE, amount=Money(40_000, "KHR"))


def test_a_merchants_id_makes_it_a_merchants_code() -> None:
    invitation = open_invoice(SECRETS | {"merchant_id": "M0001"}, INVOICE)
    assert decode(invitation.qr) == replace(CODE, merchant="M0001", bank="toyb")
    assert open_invoice(SECRETS | {"merchant_id": " "}, INVOICE) == open_invoice(SECRETS, INVOICE)


@pytest.mark.parametrize(
    ("shop", "holder"), [("Key Shop", "Key Shop"), ("ហាងលក់", "nguyen_van_a"), ("N" * 40, "N" * 25)]
)
def test_the_receiver_is_named_in_letters_that_every_app_shows(shop: str, holder: str) -> None:
    invitation = open_invoice(SECRETS, replace(INVOICE, shop=shop))
    assert invitation.holder == decode(invitation.qr).name == holder


def test_two_attempts_never_share_a_digest() -> None:
    later = replace(INVOICE, made_at=MADE + timedelta(milliseconds=1))
    other = replace(INVOICE, code="KX7R2M9CG")
    assert len({open_invoice(SECRETS, each).qr for each in (INVOICE, later, other)}) == 3


@pytest.mark.parametrize(
    ("secrets", "change"),
    [
        ({"merchant_id": "M" * 33}, {}),
        ({}, {"amount": Money(79_000, "VND")}),
        ({}, {"amount": Money(0, "USD")}),
        ({}, {"until": MADE - timedelta(minutes=1)}),
    ],
    ids=str,
)
def test_what_fits_into_no_code_is_refused(secrets: dict[str, str], change: dict[str, Any]) -> None:
    with pytest.raises(BadQr):
        open_invoice(SECRETS | secrets, replace(INVOICE, **change))


@pytest.mark.parametrize("account", ["0123456789", "a" * 30 + "@toyb", "a b@toyb", "@"])
def test_an_account_that_is_none_waits_for_the_seller(account: str) -> None:
    with pytest.raises(NotConfigured):
        open_invoice(SECRETS | {"account": account}, INVOICE)


def test_it_opens_by_token_and_account() -> None:
    assert BAKONG.opened_by(SECRETS)
    assert not BAKONG.opened_by({"token": "dummy-token", "account": " "})
    assert BAKONG.names == ("token", "account", "merchant_id")


def test_it_has_no_door() -> None:
    assert BAKONG.method is None
    with pytest.raises(Forged):
        BAKONG.read(SECRETS, Request(b"{}"), MADE)
    with pytest.raises(LookupError, match="no notices"):
        BAKONG.forge(SECRETS, Sighting("bakong", "1", 1, "USD", "a@b", ""), MADE)
    assert BAKONG.acknowledge(Verdict.FORGED).status >= 400
