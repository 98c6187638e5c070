"""SePay: notices of what moved on the shop's own bank accounts, in the body that the seller has chosen at SePay.

Source: developer.sepay.vn, webhooks. SePay takes 200 with `{"success": true}` for delivered, and repeats all else for
half an hour. What its user API tells beside them is in sepay_api.
"""

import json
from datetime import datetime

from gateways import sepay_api, sepay_notice, sepay_proof
from gateways.by_status import ANSWERS
from gateways.form_text import MULTIPART, URLENCODED, media_type, multipart, urlencoded
from gateways.gateway import Answer, Gateway, Request, Secrets, Verdict
from gateways.json_text import Json, parse
from gateways.vietqr_invoice import open_invoice
from sales.errors import Malformed
from sales.transfer import Sighting


def read(secrets: Secrets, request: Request, now: datetime) -> tuple[Sighting, ...]:
    """Verify and read one notice; see Gateway. Nothing of the body is parsed before its proof."""
    sepay_proof.check(secrets, request, now)
    return sepay_notice.sightings(_body(request))


def acknowledge(verdict: Verdict) -> Answer:
    """Answer success for all that is kept, known or not: SePay would only send it again."""
    return ANSWERS[verdict]


def forge(secrets: Secrets, sighting: Sighting, now: datetime) -> Request:
    """Write a true notice as JSON: signed at `now` when its secret is there, else under the key; see Gateway."""
    notice = dict(sepay_notice.fields(sighting))
    body = json.dumps(notice, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")
    return Request(body, (("content-type", "application/json"), *sepay_proof.headers(secrets, body, now)))


def _body(request: Request) -> Json:
    types = [value for name, value in request.headers if name == "content-type"]
    if len(types) > 1:
        raise Malformed("two kinds of body at once")
    kind = media_type(types[0]) if types else ""
    if kind == URLENCODED:
        return {**urlencoded(request.body)}
    if kind == MULTIPART:
        return {**multipart(request.body, types[0])}
    return parse(request.body)


SEPAY = Gateway(
    name=sepay_notice.SOURCE,
    secrets=(("api_key",), ("webhook_secret",)),
    open_invoice=open_invoice,
    read=read,
    acknowledge=acknowledge,
    forge=forge,
    extras=("user_token",),
    url=sepay_api.BASE,
    bank=True,
    sources=(sepay_api.SOURCE,),
    ask=sepay_api.asking,
)
