"""Reads the form that a seller's page posts, as strictly as SePay may: nothing of it is taken on trust."""

import re
from collections.abc import Mapping
from hmac import compare_digest
from urllib.parse import parse_qsl, urlsplit

from gateways.gateway import Secrets
from gateways.sepay_pg_form import SIGNED, sign
from sandbox.sepay_pg.orders import Method, Wish

INVOICE = re.compile(r"[A-Za-z0-9_-]{1,100}", re.ASCII)
AMOUNT = re.compile(r"[1-9][0-9]{0,12}", re.ASCII)
BACK = ("success_url", "error_url", "cancel_url")
FIXED = {"operation": "PURCHASE", "currency": "VND"}


class BadForm(Exception):
    """A form that opens no page: what is wrong with it, in a word for the seller's programmer."""


def read_form(body: bytes, secrets: Secrets) -> Wish:
    """Read an urlencoded form; raises BadForm."""
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, strict_parsing=True, errors="strict")
    except ValueError:
        raise BadForm("not a form") from None
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise BadForm("a field stands twice")
    _check_proof(pairs, fields, secrets)
    _check_values(fields)
    words = fields.get("order_description", "")
    return Wish(
        invoice=fields["order_invoice_number"],
        amount=int(fields["order_amount"]),
        words=words,
        success=fields.get("success_url", ""),
        cancel=fields.get("cancel_url", ""),
        method=_method(fields),
    )


def _method(fields: Mapping[str, str]) -> Method | None:
    try:
        return Method(fields["payment_method"]) if "payment_method" in fields else None
    except ValueError:
        raise BadForm("payment_method") from None


def _check_proof(pairs: list[tuple[str, str]], fields: Mapping[str, str], secrets: Secrets) -> None:
    """The signature is over the fields in the order in which they came."""
    expected = sign(secrets["secret"], pairs)
    if fields.get("merchant") != secrets["merchant"]:
        raise BadForm("unknown merchant")
    if not compare_digest(fields.get("signature", "").encode(), expected.encode()):
        raise BadForm("wrong signature")
    if stranger := sorted(set(fields) - SIGNED - {"signature", "custom_data"}):
        raise BadForm(f"unknown field {stranger[0]}")


def _check_values(fields: Mapping[str, str]) -> None:
    for name, value in FIXED.items():
        if fields.get(name) != value:
            raise BadForm(f"{name} must be {value}")
    if not INVOICE.fullmatch(fields.get("order_invoice_number", "")):
        raise BadForm("order_invoice_number")
    if not AMOUNT.fullmatch(fields.get("order_amount", "")):
        raise BadForm("order_amount")
    if not fields.get("order_description"):
        raise BadForm("order_description")
    for name in BACK:
        if name in fields and not _is_address(fields[name]):
            raise BadForm(name)


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)
