"""What the sweep must know of each gateway besides the gateway itself.

A new gateway brings: a signer independent of its `forge`, its exact answers, a mapping of a changed body,
and, where it truly cannot keep a rule, a line in EXCEPTIONS with the reason. A line whose rule holds is an error.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from gateways.gateway import Answer, Request, Verdict
from tests.gateways import casso_signing

ANSWERS: Mapping[str, Mapping[Verdict, Answer]] = {
    "casso": {
        Verdict.ACCEPTED: Answer(200, {"success": True}),
        Verdict.FORGED: Answer(401, {"success": False, "error": "forged"}),
        Verdict.MALFORMED: Answer(400, {"success": False, "error": "malformed"}),
        Verdict.BUSY: Answer(503, {"success": False, "error": "busy"}),
    },
}

EXCEPTIONS: Mapping[tuple[str, str], str] = {
    ("casso", "old_notice_is_refused"): "a retry may come a day later and nobody says whether it is signed anew",
}


@dataclass(frozen=True, slots=True)
class Signer:
    """`sign(body, key)` answers a true notice of any JSON object; `movement` is where its fields stand."""

    sign: Callable[[object, str], Request]
    movement: str


SIGNERS: Mapping[str, Signer] = {"casso": Signer(lambda body, key: casso_signing.signed(body, key=key), "data")}


def changed(request: Request, body: bytes) -> Request:
    """Answer the same request with another body under the old proof."""
    return Request(body, request.headers, request.query)


def leaves(body: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """Paths of all values in nested objects."""
    return [
        (name, *path) for name, value in body.items() for path in (leaves(value) if isinstance(value, dict) else [()])
    ]


def tampered(raw: bytes, path: tuple[str, ...]) -> bytes:
    """Change one value of a JSON body to another of its own type."""
    body = json.loads(raw)
    place = body
    for name in path[:-1]:
        place = place[name]
    value = place[path[-1]]
    place[path[-1]] = value + 1 if isinstance(value, int) else f"{value}x"
    return json.dumps(body).encode()
