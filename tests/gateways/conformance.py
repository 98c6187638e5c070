"""What the sweep must know of each gateway besides the gateway itself.

A new gateway brings its exact answers and, for each set of secrets that opens its door, a Way, and one for each mode
that shares its secret with another (MODES); where it truly cannot keep a rule, a line in EXCEPTIONS with the reason. A
line whose rule holds is an error.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from gateways.gateway import Answer, Gateway, Request, Secrets, Verdict
from gateways.sepay import SEPAY
from gateways.shared_secret import held
from sales.transfer import Payer, Sighting
from tests.gateways import casso_signing, payos_signing, sepay_pg_signing, sepay_signing, vnpay_signing
from tests.gateways.carriers import BODY, QUERY, Carrier

TAKEN = Verdict.ACCEPTED, Verdict.AGAIN, Verdict.UNKNOWN, Verdict.WRONG_AMOUNT
BY_STATUS = {
    **dict.fromkeys(TAKEN, Answer(200, {"success": True})),
    Verdict.FORGED: Answer(401, {"success": False, "error": "forged"}),
    Verdict.MALFORMED: Answer(400, {"success": False, "error": "malformed"}),
    Verdict.BUSY: Answer(503, {"success": False, "error": "busy"}),
    Verdict.BROKEN: Answer(500, {"success": False, "error": "broken"}),
}
IN_ITS_CODES = {
    Verdict.ACCEPTED: Answer(200, {"RspCode": "00", "Message": "Confirm Success"}),
    Verdict.UNKNOWN: Answer(200, {"RspCode": "01", "Message": "Order not found"}),
    Verdict.AGAIN: Answer(200, {"RspCode": "02", "Message": "Order already confirmed"}),
    Verdict.WRONG_AMOUNT: Answer(200, {"RspCode": "04", "Message": "Invalid amount"}),
    Verdict.FORGED: Answer(200, {"RspCode": "97", "Message": "Invalid signature"}),
    **dict.fromkeys(
        (Verdict.MALFORMED, Verdict.BUSY, Verdict.BROKEN), Answer(200, {"RspCode": "99", "Message": "Unknown error"})
    ),
}
ANSWERS: Mapping[str, Mapping[Verdict, Answer]] = {
    "casso": BY_STATUS,
    "payos": BY_STATUS,
    "sepay": BY_STATUS,
    "sepay-pg": BY_STATUS,
    "vnpay": IN_ITS_CODES,
}

DOORLESS: Mapping[str, str] = {
    "bakong": "Bakong sends no notices: whether a code is paid must be asked by its digest",
    "payos-payout": "payOS tells nobody what became of a payout: it must be asked by its number",
    "stars": "Telegram has no webhook for money: what was paid comes by the chat's own updates",
}
"""Gateways that cannot be held to the rules of a door, and why they have none."""

NO_PROOF_OF_THE_BODY = "V1 of Casso signs nothing: its header only names the sender"
NO_PROOF_BUT_A_KEY = "under a key SePay signs nothing: its header only names the sender"
NO_PROOF_BUT_A_SECRET = "with Secret_Key SePay signs nothing: its header only names the sender"
ONLY_A_HINT = "SePay's payment gateway signs nothing: whoever sends a notice, it makes us ask, and proves nothing"
EXCEPTIONS: Mapping[tuple[str, str], str] = {
    ("casso checksum_key", "old_notice_is_refused"): "a retry may come a day later, perhaps not signed anew",
    ("casso secure_token", "old_notice_is_refused"): "V1 of Casso carries no time of sending",
    ("casso secure_token", "reading_remembers_nothing"): NO_PROOF_OF_THE_BODY,
    ("casso secure_token", "every_changed_value_is_forged"): NO_PROOF_OF_THE_BODY,
    ("casso secure_token", "every_flipped_byte_is_refused"): NO_PROOF_OF_THE_BODY,
    ("sepay api_key", "old_notice_is_refused"): "a key alone carries no time of sending",
    ("sepay api_key", "reading_remembers_nothing"): NO_PROOF_BUT_A_KEY,
    ("sepay api_key", "every_changed_value_is_forged"): NO_PROOF_BUT_A_KEY,
    ("sepay api_key", "every_flipped_byte_is_refused"): NO_PROOF_BUT_A_KEY,
    ("sepay secret_key", "old_notice_is_refused"): "a secret that is shown carries no time of sending",
    ("sepay secret_key", "reading_remembers_nothing"): NO_PROOF_BUT_A_SECRET,
    ("sepay secret_key", "every_changed_value_is_forged"): NO_PROOF_BUT_A_SECRET,
    ("sepay secret_key", "every_flipped_byte_is_refused"): NO_PROOF_BUT_A_SECRET,
    ("sepay webhook_secret", "key_order_and_pretty_print_change_nothing"): "SePay signs the very bytes it sends",
    ("sepay-pg secret", "old_notice_is_refused"): ONLY_A_HINT,
    ("sepay-pg secret", "reading_remembers_nothing"): ONLY_A_HINT,
    ("sepay-pg secret", "every_changed_value_is_forged"): ONLY_A_HINT,
    ("sepay-pg secret", "every_flipped_byte_is_refused"): ONLY_A_HINT,
    ("sepay-pg secret", "unsigned_is_forged"): f"sellers may switch its secret header off. {ONLY_A_HINT}",
    ("payos checksum_key", "old_notice_is_refused"): "payOS signs no time: repeats are known by link and reference",
    (
        "vnpay hash_secret",
        "old_notice_is_refused",
    ): "VNPay signs no time: repeats are known by TxnRef and TransactionNo",
    (
        "vnpay hash_secret",
        "whoever_looks_at_the_status_sees_what_was_not_taken",
    ): "VNPay wants HTTP 200 whatever is said, and looks at RspCode alone",
}


def _header_taken_off(request: Request) -> Request:
    return Request(request.body, (("content-type", "application/json"),), request.query)


def _signature_taken_out(request: Request) -> Request:
    body = json.loads(request.body)
    del body["signature"]
    return BODY.carry(request, json.dumps(body).encode())


def _hash_left_out(request: Request) -> Request:
    return replace(request, query=tuple(each for each in request.query if each[0] != "vnp_SecureHash"))


@dataclass(frozen=True, slots=True)
class Way:
    """One way in, by one set of secrets.

    `sign(body, key)` answers a true notice of any JSON object, by a signer independent of `forge`; `movement(body)`
    is where its fields stand; `bare(request)` is the same without its proof; what stands at `unsigned` is nobody's
    word and must change nothing; `sample` is what a sighting of this gateway has besides the usual; `newer` is a field
    that nobody knows yet; `amounts` are such as it can tell of.
    """

    sign: Callable[[Any, str], Request]
    movement: Callable[[Any], dict[str, Any]]
    bare: Callable[[Request], Request] = _header_taken_off
    unsigned: frozenset[tuple[str, ...]] = frozenset()
    sample: Mapping[str, Any] = field(default_factory=dict)
    carrier: Carrier = BODY
    newer: tuple[str, Any] = ("aNewerField", {"with": ["a", None, 1]})
    amounts: tuple[int, ...] = (199000, 1, -199000)


WAYS: Mapping[str, Way] = {
    "casso checksum_key": Way(lambda body, key: casso_signing.signed(body, key=key), lambda body: body["data"]),
    "casso secure_token": Way(lambda body, key: casso_signing.named(body, token=key), lambda body: body["data"][0]),
    "sepay api_key": Way(
        lambda body, key: sepay_signing.keyed(json.dumps(body).encode(), key),
        lambda body: body,
        sample={"payer": Payer()},
    ),
    "sepay webhook_secret": Way(
        lambda body, key: sepay_signing.stamped(json.dumps(body).encode(), key),
        lambda body: body,
        sample={"payer": Payer()},
    ),
    "sepay secret_key": Way(
        lambda body, key: sepay_signing.shown(json.dumps(body).encode(), key),
        lambda body: body,
        sample={"payer": Payer()},
    ),
    "sepay-pg secret": Way(
        sepay_pg_signing.named,
        lambda body: body["transaction"],
        sample=sepay_pg_signing.SAID,
    ),
    "payos checksum_key": Way(
        payos_signing.signed,
        lambda body: body["data"],
        bare=_signature_taken_out,
        unsigned=frozenset({("code",), ("desc",), ("success",)}),
        sample={"ref": "0123456789abcdef:FT25295123456789", "number": 251022001, "link": "0123456789abcdef"},
    ),
    "vnpay hash_secret": Way(
        vnpay_signing.signed,
        lambda body: body,
        bare=_hash_left_out,
        sample={
            "ref": "251022001:14831393",
            "number": 251022001,
            "account": "vnpay:dummy-key-0123456789abcdefghijklmnopqrstuvwxyz",
            "virtual_account": "",
            "reference": "14831393",
            "payer": Payer(bank="NCB"),
        },
        carrier=QUERY,
        newer=("vnp_NewerField", "x y"),
        amounts=(199000, 1),
    ),
}


def _shown_by_sepay(secrets: Secrets, sighting: Sighting, now: datetime) -> Request:
    """What SePay sends to who has chosen Secret_Key: the same body, with the secret itself in a header."""
    return sepay_signing.shown(SEPAY.forge(secrets, sighting, now).body, held(secrets, "webhook_secret"))


MODES: Mapping[str, Gateway] = {
    "sepay secret_key": replace(SEPAY, secrets=(("webhook_secret",),), forge=_shown_by_sepay),
}
"""Modes of a gateway that its own `forge` does not write: their secret opens the door in another mode as well."""


def way_name(gateway: Gateway) -> str:
    """The way in by a gateway's first set of secrets, named for the last of them, or for its mode."""
    modes = (name for name, mode in MODES.items() if mode == gateway)
    return next(modes, f"{gateway.name} {gateway.secrets[0][-1]}")


def ways_of(gateway: Gateway) -> list[Gateway]:
    """The gateway once for each set of secrets, with that set alone, and once for each other mode."""
    modes = [mode for mode in MODES.values() if mode.name == gateway.name]
    return [*(replace(gateway, secrets=(names,)) for names in gateway.secrets), *modes]
