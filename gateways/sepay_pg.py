"""SePay's payment gateway: a page of SePay's own to pay on, opened by a signed form, and notices that are only hints.

Source: SePay's reference and the official packages (see sepay_pg_form). Sellers may leave the notice without its secret
header, so it is confirmed by asking back, whatever it says: forged ones make us ask once more, and change nothing.
"""

import json
from datetime import datetime

from gateways import sepay_pg_notice, sepay_pg_order
from gateways.by_status import ANSWERS
from gateways.gateway import Answer, Gateway, Invitation, Invoice, Request, Secrets, Verdict
from gateways.json_text import parse_unproven
from gateways.sepay_pg_api import asking
from gateways.sepay_pg_form import API, form
from gateways.shared_secret import came, check_shown, held, needed
from sales.transfer import Sighting

HEADER = "x-secret-key"


def open_invoice(_secrets: Secrets, invoice: Invoice) -> Invitation:
    """Lead the buyer to our own page, which hands them over by a form: SePay's takes no plain address."""
    return Invitation(memo=invoice.code, url=invoice.page)


def read(secrets: Secrets, request: Request, _now: datetime) -> tuple[Sighting, ...]:
    """Read one notice, as a hint; see Gateway. A secret that is shown must be the right one."""
    secret = needed(held(secrets, "secret"))
    if came(request, HEADER):
        check_shown(secret, request.header(HEADER))
    return sepay_pg_notice.sightings(parse_unproven(request.body))


def acknowledge(verdict: Verdict) -> Answer:
    """Answer by the status: SePay wants 200."""
    return ANSWERS[verdict]


def forge(secrets: Secrets, sighting: Sighting, now: datetime) -> Request:
    """Write a notice with its secret header; see Gateway. `memo` is the order's code alone."""
    body = json.dumps(dict(sepay_pg_notice.fields(sighting, now)), separators=(",", ":")).encode()
    return Request(body, (("content-type", "application/json"), (HEADER, held(secrets, "secret"))))


SEPAY_PG = Gateway(
    name="sepay-pg",
    secrets=(("merchant", "secret"),),
    open_invoice=open_invoice,
    read=read,
    acknowledge=acknowledge,
    forge=forge,
    url=API,
    at_web=True,
    cancelled=frozenset({sepay_pg_order.CANCELLED}),
    page_form=form,
    ask=asking,
)
