"""Casso: notices of what moved on the shop's own bank account, in both forms that Casso sends.

V2 carries one movement under a signature (casso_signature), V1 many under a header with a text that never
changes (casso_rows). Both name a movement by the same id, as Casso's API does: one source, one sighting.

A request tells its form by its header, and each form is checked by its own secret alone. When both headers are
there, the signature decides if its key is set: it vouches for the body, the text only for who has once seen it.
"""

import json
from collections.abc import Mapping
from datetime import datetime

from gateways import casso_api, casso_look, casso_notice, casso_rows, casso_signature
from gateways.by_status import ANSWERS
from gateways.gateway import Answer, Gateway, Request, Secrets, Verdict
from gateways.json_text import Json, parse
from gateways.shared_secret import came, check_shown, held, needed
from gateways.vietqr_invoice import open_invoice
from sales.transfer import Sighting

TOKEN = "secure-token"


def read(secrets: Secrets, request: Request, _now: datetime) -> tuple[Sighting, ...]:
    """Verify and read one notice of either form; see Gateway."""
    key = held(secrets, "checksum_key")
    if came(request, casso_signature.HEADER) and (key or not came(request, TOKEN)):
        return casso_notice.sightings(casso_signature.verified(needed(key), request))
    check_shown(held(secrets, "secure_token"), request.header(TOKEN))
    return casso_rows.sightings(parse(request.body, casso_rows.COMMAS))


def acknowledge(verdict: Verdict) -> Answer:
    """Casso looks at the status alone, and repeats whatever is not 200 for a day."""
    return ANSWERS[verdict]


def forge(secrets: Secrets, sighting: Sighting, now: datetime) -> Request:
    """Write a true notice: V2, signed at `now`, when its key is there, else V1; see Gateway."""
    if "checksum_key" not in secrets:
        return _request(casso_rows.fields([sighting]), TOKEN, held(secrets, "secure_token"))
    notice = casso_notice.fields(sighting)
    signature = casso_signature.stamp(held(secrets, "checksum_key"), notice, now)
    return _request(notice, casso_signature.HEADER, signature)


def _request(notice: Mapping[str, Json], header: str, proof: str) -> Request:
    body = json.dumps(dict(notice), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")
    return Request(body, (("content-type", "application/json"), (header, proof)))


CASSO = Gateway(
    name="casso",
    secrets=(("checksum_key",), ("secure_token",)),
    open_invoice=open_invoice,
    read=read,
    acknowledge=acknowledge,
    forge=forge,
    extras=("api_key",),
    url=casso_api.BASE,
    bank=True,
    ask=casso_look.asking,
)
