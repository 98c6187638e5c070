"""What the sweep must know of each gateway besides the gateway itself.

A new gateway brings its exact answers and, for each set of secrets that opens its door, a Way; where it truly
cannot keep a rule, a line in EXCEPTIONS with the reason. A line whose rule holds is an error.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from gateways.gateway import Answer, Gateway, Request, Verdict
from tests.gateways import casso_signing, payos_signing

BY_STATUS = {
    Verdict.ACCEPTED: Answer(200, {"success": True}),
    Verdict.FORGED: Answer(401, {"success": False, "error": "forged"}),
    Verdict.MALFORMED: Answer(400, {"success": False, "error": "malformed"}),
    Verdict.BUSY: Answer(503, {"success": False, "error": "busy"}),
}
ANSWERS: Mapping[str, Mapping[Verdict, Answer]] = {"casso": BY_STATUS, "payos": BY_STATUS}

NO_PROOF_OF_THE_BODY = "V1 of Casso signs nothing: its header only names the sender"
EXCEPTIONS: Mapping[tuple[str, str], str] = {
    ("casso checksum_key", "old_notice_is_refused"): "a retry may come a day later, perhaps not signed anew",
    ("casso secure_token", "old_notice_is_refused"): "V1 of Casso carries no time of sending",
    ("casso secure_token", "reading_remembers_nothing"): NO_PROOF_OF_THE_BODY,
    ("casso secure_token", "every_changed_value_is_forged"): NO_PROOF_OF_THE_BODY,
    ("casso secure_token", "every_flipped_byte_is_refused"): NO_PROOF_OF_THE_BODY,
    ("payos checksum_key", "old_notice_is_refused"): "payOS signs no time: repeats are known by link and reference",
}


def _header_taken_off(request: Request) -> Request:
    return Request(request.body, (("content-type", "application/json"),), request.query)


def _signature_taken_out(request: Request) -> Request:
    body = json.loads(request.body)
    del body["signature"]
    return changed(request, json.dumps(body).encode())


@dataclass(frozen=True, slots=True)
class Way:
    """One way in, by one set of secrets.

    `sign(body, key)` answers a true notice of any JSON object, by a signer independent of `forge`; `movement(body)`
    is where its fields stand; `bare(request)` is the same without its proof; what stands at `unsigned` is nobody's
    word and must change nothing; `sample` is what a sighting of this gateway has besides the usual.
    """

    sign: Callable[[Any, str], Request]
    movement: Callable[[Any], dict[str, Any]]
    bare: Callable[[Request], Request] = _header_taken_off
    unsigned: frozenset[tuple[str, ...]] = frozenset()
    sample: Mapping[str, Any] = field(default_factory=dict)


WAYS: Mapping[str, Way] = {
    "casso checksum_key": Way(lambda body, key: casso_signing.signed(body, key=key), lambda body: body["data"]),
    "casso secure_token": Way(lambda body, key: casso_signing.named(body, token=key), lambda body: body["data"][0]),
    "payos checksum_key": Way(
        payos_signing.signed,
        lambda body: body["data"],
        bare=_signature_taken_out,
        unsigned=frozenset({("code",), ("desc",), ("success",)}),
        sample={"ref": "0123456789abcdef:FT25295123456789", "number": 251022001, "link": "0123456789abcdef"},
    ),
}


def way_name(gateway: Gateway) -> str:
    """The way in by a gateway's first set of secrets, named for the last of them."""
    return f"{gateway.name} {gateway.secrets[0][-1]}"


def ways_of(gateway: Gateway) -> list[Gateway]:
    """The gateway once for each set of secrets, with that set alone."""
    return [replace(gateway, secrets=(names,)) for names in gateway.secrets]


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
