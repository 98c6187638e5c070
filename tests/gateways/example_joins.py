"""Lets the example join before anything else is imported: the line in the registry, and its lines of the sweep."""

import json

from gateways import registry
from gateways.gateway import Request
from tests.gateways.example import EXAMPLE, HEADER, SAMPLE, sign

registry.GATEWAYS = (*registry.GATEWAYS, EXAMPLE)

# Only now: what is imported here reads the registry.
from tests.gateways import conformance  # noqa: E402


def _signed(body: object, key: str) -> Request:
    raw = json.dumps(body).encode()
    return Request(raw, ((HEADER, sign({"key": key}, raw)),))


NO_TIME = "the example carries no time of sending: repeats are known by its id"
conformance.ANSWERS = {**conformance.ANSWERS, "example": conformance.BY_STATUS}
conformance.WAYS = {
    **conformance.WAYS,
    "example key": conformance.Way(_signed, lambda body: body, sample=SAMPLE),
}
conformance.EXCEPTIONS = {
    **conformance.EXCEPTIONS,
    ("example key", "old_notice_is_refused"): NO_TIME,
    ("example key", "key_order_and_pretty_print_change_nothing"): "it signs the very bytes that it sends",
}
