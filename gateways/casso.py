"""Casso: notices of what moved on the shop's own bank account, in both forms that Casso sends.

V2 carries one movement under a signature (casso_signature), V1 many under a header with a text that never
changes (casso_rows). Both name a movement by the same id, as Casso's API does: one source, one sighting.

A request tells its form by its header, and each form is checked by its own secret alone. When both headers are
there, the signature decides if its key is set: it vouches for the body, the text only for who has once seen it.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from hmac import compare_digest

from gateways import casso_notice, casso_rows, casso_signature
from gateways.by_status import ANSWERS
from gateways.gateway import Answer, Gateway, Invitation, Invoice, Request, Secrets, Verdict
from gateways.json_text import Json, parse
from sales.errors import Forged
from sales.transfer import Sighting
from sales.vietqr import shop_qr

TOKEN = "secure-token"


def open_invoice(invoice: Invoice) -> Invitation:
    """Casso only watches: the shop draws its own VietQR, and the order's code is the memo."""
    if invoice.amount.currency != "VND":
        raise ValueError("VietQR carries VND only")
    return Invitation(shop_qr(invoice.bin, invoice.account, invoice.amount.minor, invoice.code), invoice.code)


def read(secrets: Secrets, request: Request, _now: datetime) -> tuple[Sighting, ...]:
    """Verify and read one notice of either form; see Gateway."""
    key = _secret(secrets, "checksum_key")
    if _has(request, casso_signature.HEADER) and (key or not _has(request, TOKEN)):
        return casso_notice.sightings(casso_signature.verified(_there(key), request))
    _check_token(_there(_secret(secrets, "secure_token")), request)
    return casso_rows.sightings(parse(request.body, casso_rows.COMMAS))


def acknowledge(verdict: Verdict) -> Answer:
    """Casso looks at the status alone, and repeats whatever is not 200 for a day."""
    return ANSWERS[verdict]


def forge(secrets: Secrets, sighting: Sighting, now: datetime) -> Request:
    """Write a true notice: V2, signed at `now`, when its key is there, else V1; see Gateway."""
    if "checksum_key" not in secrets:
        return _request(casso_rows.fields([sighting]), TOKEN, secrets["secure_token"])
    notice = casso_notice.fields(sighting)
    return _request(notice, casso_signature.HEADER, casso_signature.stamp(secrets["checksum_key"], notice, now))


def _request(notice: Mapping[str, Json], header: str, proof: str) -> Request:
    body = json.dumps(dict(notice), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")
    return Request(body, (("content-type", "application/json"), (header, proof)))


def _secret(secrets: Secrets, name: str) -> str:
    """A secret, "" when there is none; a blank one is none."""
    secret = secrets.get(name) or ""
    return secret if secret.strip() else ""


def _there(secret: str) -> str:
    if not secret:
        raise Forged("no secret to check with")
    return secret


def _has(request: Request, header: str) -> bool:
    """Whether it came at all, be it twice."""
    return any(name == header for name, _ in request.headers)


def _check_token(token: str, request: Request) -> None:
    # As bytes: compare_digest takes no text beyond ASCII, and odd bytes of a header come as halves of characters.
    given = (request.header(TOKEN) or "").encode("utf-8", "surrogatepass")
    if not compare_digest(given, token.encode("utf-8", "surrogatepass")):
        raise Forged("token does not match")


CASSO = Gateway(
    name="casso",
    secrets=(("checksum_key",), ("secure_token",)),
    open_invoice=open_invoice,
    read=read,
    acknowledge=acknowledge,
    forge=forge,
)
