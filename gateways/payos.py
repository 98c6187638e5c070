"""payOS: payment links with a QR of their own, and notices of the money that came in by them.

Source: payOS's API reference and the official package for JavaScript, @payos/node 2.0.5. A notice is signed in its
body, without any time: a repeated one is known by link and reference. What payOS is asked over the network is
in payos_api and payos_look.
"""

import json
from datetime import datetime

from gateways import payos_api, payos_look, payos_notice
from gateways.by_status import ANSWERS
from gateways.gateway import Answer, Gateway, Request, Secrets, Verdict
from gateways.json_text import Json, parse_unproven
from gateways.payos_signature import sign, verified
from gateways.shared_secret import held
from sales.transfer import Sighting


def read(secrets: Secrets, request: Request, _now: datetime) -> tuple[Sighting, ...]:
    """Verify and read one notice; see Gateway.

    Whether money came in is told by the signed `code` inside `data`; code and success beside it are not signed.
    """
    return payos_notice.sightings(verified(secrets, parse_unproven(request.body)))


def acknowledge(verdict: Verdict) -> Answer:
    """Answer by the status: payOS looks at nothing else, and repeats whatever is not 2xx."""
    return ANSWERS[verdict]


def forge(secrets: Secrets, sighting: Sighting, _now: datetime) -> Request:
    """Write a true notice; see Gateway."""
    data = payos_notice.fields(sighting)
    signature = sign(held(secrets, "checksum_key"), data)
    notice: Json = {"code": "00", "desc": "success", "success": True, "data": data, "signature": signature}
    # Half a surrogate pair has no bytes; escaped, it can be sent.
    body = json.dumps(notice, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")
    return Request(body, (("content-type", "application/json"),))


PAYOS = Gateway(
    name="payos",
    secrets=(("client_id", "api_key", "checksum_key"),),
    open_invoice=None,
    read=read,
    acknowledge=acknowledge,
    forge=forge,
    url=payos_api.BASE,
    bank=True,
    links=payos_api.links,
    ask=payos_look.asking,
)
