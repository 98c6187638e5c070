"""The signed address of VNPay's pay page."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import parse_qsl, urlsplit

import pytest

from gateways.gateway import Invoice
from gateways.vnpay import ELSEWHERE, PAY_PAGE, VNPAY, open_invoice, pay_address
from gateways.vnpay_time import moment, stamp
from sales.money import Money
from tests.gateways.vnpay_signing import SECRETS, VECTORS, digest, text

MADE = datetime(2025, 10, 22, 8, 1, 45, 999_000, tzinfo=UTC)
INVOICE = Invoice(
    number=251022001,
    code="KX7R2M9CF",
    amount=Money(199_000),
    made_at=MADE,
    until=MADE + timedelta(minutes=15),
    url="https://sandbox.vnpayment.vn/paymentv2/vpcpay.html",
    base="https://shop.example",
    slug="main",
)


def params(invoice: Invoice) -> dict[str, str]:
    """What stands behind the address, its signature verified; each parameter once."""
    pairs = parse_qsl(urlsplit(open_invoice(SECRETS, invoice).url).query, strict_parsing=True)
    found = dict(pairs)
    assert len(found) == len(pairs)
    assert found.pop("vnp_SecureHash") == digest(text(found))
    return found


@pytest.mark.parametrize("name", ["pay.basic", "pay.unicode_info", "pay.bank_code_vnpayqr"])
def test_the_recorded_addresses(name: str) -> None:
    vector = VECTORS[name]
    values = {key: str(value) for key, value in vector["params"].items()}
    for given in (values, vector["params"]):
        assert pay_address(INVOICE.url, vector["key"], given) == vector["url"]


def test_what_the_page_is_asked_for() -> None:
    invitation = open_invoice(SECRETS, INVOICE)
    assert (invitation.memo, invitation.qr, invitation.account) == ("KX7R2M9CF", "", "")
    assert invitation.url.startswith(f"{INVOICE.url}?vnp_Amount=19900000&vnp_Command=pay&")
    assert params(INVOICE) == {
        "vnp_Version": "2.1.0",
        "vnp_Command": "pay",
        "vnp_TmnCode": "DUMMYTMN",
        "vnp_Amount": "19900000",
        "vnp_CurrCode": "VND",
        "vnp_TxnRef": "251022001",
        "vnp_OrderInfo": "KX7R2M9CF",
        "vnp_OrderType": "other",
        "vnp_Locale": "vn",
        "vnp_ReturnUrl": "https://shop.example/return/main/vnpay",
        "vnp_IpAddr": "127.0.0.1",
        "vnp_CreateDate": "20251022150145",
        "vnp_ExpireDate": "20251022151645",
    }


def test_without_an_address_of_its_own_the_gateway_knows_one() -> None:
    assert open_invoice(SECRETS, replace(INVOICE, url="")).url.startswith(f"{PAY_PAGE}?")
    assert VNPAY.url == PAY_PAGE


def test_a_shop_without_a_public_address_sends_buyers_nowhere_else() -> None:
    assert params(replace(INVOICE, base=""))["vnp_ReturnUrl"] == ELSEWHERE
    assert urlsplit(ELSEWHERE).scheme == "https"


@pytest.mark.parametrize(("language", "locale"), [("vi", "vn"), ("en", "en"), ("fr", "en")])
def test_the_page_speaks_the_buyers_language(language: str, locale: str) -> None:
    assert params(replace(INVOICE, language=language))["vnp_Locale"] == locale


def test_another_currency_is_a_bug() -> None:
    with pytest.raises(ValueError, match="VND"):
        open_invoice(SECRETS, replace(INVOICE, amount=Money(199, "USD")))


def test_a_newline_that_was_pasted_with_a_secret_changes_nothing() -> None:
    pasted = {name: f"{value}\n" for name, value in SECRETS.items()}
    assert open_invoice(pasted, INVOICE) == open_invoice(SECRETS, INVOICE)


def test_no_secret_stands_in_the_address() -> None:
    assert SECRETS["hash_secret"] not in open_invoice(SECRETS, INVOICE).url


@pytest.fixture(params=["UTC", "Asia/Ho_Chi_Minh", "America/New_York", "Pacific/Kiritimati", "XXX+12"])
def server_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server whose clock on the wall shows another time."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield str(request.param)
    monkeypatch.undo()
    time.tzset()


def test_times_are_vietnams_whatever_the_zone_of_the_server(server_zone: str) -> None:
    assert params(INVOICE)["vnp_CreateDate"] == "20251022150145"
    assert params(INVOICE)["vnp_ExpireDate"] == "20251022151645"
    abroad = INVOICE.made_at.astimezone(timezone(timedelta(hours=-8)))
    assert stamp(abroad) == "20251022150145"
    assert moment("20251022150145") == MADE.replace(microsecond=0)


def test_the_zones_of_that_proof_differ(server_zone: str) -> None:
    hours = {"UTC": 8, "Asia/Ho_Chi_Minh": 15, "America/New_York": 4, "Pacific/Kiritimati": 22, "XXX+12": 20}
    assert time.localtime(MADE.timestamp()).tm_hour == hours[server_zone]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("20251022235959", datetime(2025, 10, 22, 16, 59, 59, tzinfo=UTC)),
        ("20260101000000", datetime(2025, 12, 31, 17, tzinfo=UTC)),
        ("2025102223595", None),
        ("20251022235960x", None),
        ("20250230000000", None),
        ("00010101000000", None),
        ("٢٠٢٥١٠٢٢٢٣٥٩٥٩", None),
        ("", None),
    ],
)
def test_times_are_read(text: str, said: datetime | None) -> None:
    assert moment(text) == said
