"""The form that opens SePay's payment page, signed: base64 of HMAC-SHA256 with the merchant's secret.

Source: SePay's reference of the form, and the official packages (sepay-pg-node 1.0.0, sepayvn/sepay-pg-php). They sign
name=value, joined by commas, in the order in which the fields stand in the form; nothing is escaped, and custom_data is
never signed. The order here is the one in which every published list agrees with the packages.
"""

import re
from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from hmac import new as hmac
from urllib.parse import urlsplit

from gateways.gateway import Form, Invoice, Secrets
from gateways.json_text import SAFE
from gateways.shared_secret import held

API = "https://pgapi.sepay.vn"
PAGES = {API: "https://pay.sepay.vn", "https://pgapi-sandbox.sepay.vn": "https://pay-sandbox.sepay.vn"}
"""SePay's own hosts: the API, and the one that its payment page is opened at."""
INIT = "/v1/checkout/init"
SIGNED = frozenset(
    {
        "merchant",
        "operation",
        "payment_method",
        "order_amount",
        "currency",
        "order_invoice_number",
        "order_description",
        "customer_id",
        "success_url",
        "error_url",
        "cancel_url",
    }
)
OURS = re.compile(r"([0-9A-Z]{1,32})-([0-9]{1,16})", re.ASCII)


def form(secrets: Secrets, invoice: Invoice) -> Form:
    """Write the form; the buyer chooses a method on SePay's page, and comes back to ours whatever becomes of it.

    Where others watch the shop's bank account it is for cards alone: a transfer would be told of twice, and nothing in
    what SePay tells here of it leads to what they tell.

    Raises ValueError for another currency than VND, the only one that SePay takes.
    """
    if invoice.amount.currency != "VND":
        raise ValueError("SePay takes VND only")
    back = f"{invoice.base}/back?l={invoice.language}"
    fields = (
        ("merchant", held(secrets, "merchant")),
        ("operation", "PURCHASE"),
        *((("payment_method", "CARD"),) if invoice.watched else ()),
        ("order_amount", str(invoice.amount.minor)),
        ("currency", "VND"),
        ("order_invoice_number", invoice_name(invoice.code, invoice.number)),
        ("order_description", invoice.code),
        ("success_url", back),
        ("error_url", back),
        ("cancel_url", back),
    )
    page = PAGES.get(invoice.url, invoice.url)
    return Form(page + INIT, (*fields, ("signature", sign(held(secrets, "secret"), fields))), _hosts(page))


def sign(secret: str, fields: Iterable[tuple[str, str]]) -> str:
    """Sign the fields in the order in which they stand in the form; what is not signed is passed over."""
    text = ",".join(f"{name}={value}" for name, value in fields if name in SIGNED)
    return b64encode(hmac(secret.encode("utf-8", "surrogateescape"), text.encode(), sha256).digest()).decode()


def invoice_name(code: str, number: int) -> str:
    """What SePay calls an attempt; it takes none twice, and neither is our number ever used twice."""
    return f"{code}-{number}"


def named(invoice: str) -> tuple[str, int] | None:
    """The order's code and our number of the attempt in such a name; None for the invoice of somebody else."""
    found = OURS.fullmatch(invoice)
    return (found[1], int(found[2])) if found and int(found[2]) <= SAFE else None


def _hosts(page: str) -> tuple[str, ...]:
    """Browsers hold a redirect after the form to the same policy, and SePay's page is at yet another of its hosts."""
    return ("https://*.sepay.vn",) if (urlsplit(page).hostname or "").endswith(".sepay.vn") else ()
