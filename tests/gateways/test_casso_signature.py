import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gateways.casso import CASSO
from gateways.gateway import Request
from sales.errors import Forged
from sales.transfer import Sighting
from tests.gateways.casso_signing import DATA, KEY, SECRETS, TIME, digest, notice, raw, signed, stamp

NOW = datetime(2025, 10, 22, 8, 1, 45, tzinfo=UTC)
FILE = Path(__file__).parents[1] / "vectors" / "signatures.json"
VECTORS: dict[str, dict[str, Any]] = {
    vector["id"]: vector for vector in json.loads(FILE.read_text("utf-8"))["vectors"] if vector["gateway"] == "casso"
}
V2 = [vector for vector in VECTORS.values() if vector["kind"] == "webhook_v2_signature"]
BODY = json.dumps({"error": 0, "data": DATA}).encode()
MESSAGE = json.dumps({"error": 0, "data": DATA}, sort_keys=True, separators=(",", ":"))
GOOD = digest(f"{TIME}.{MESSAGE}")


def read(request: Request, key: str = KEY) -> tuple[Sighting, ...]:
    return CASSO.read({"checksum_key": key}, request, NOW)


def recorded(vector: dict[str, Any], signature: str | None = None) -> Request:
    header = vector["header"].partition(": ")[2]
    return raw(vector["input_raw_json"].encode(), f"t={TIME},v1={signature}" if signature else header)


@pytest.mark.parametrize("vector", V2, ids=lambda vector: vector["id"])
def test_recorded_notice_is_true(vector: dict[str, Any]) -> None:
    data = json.loads(vector["input_raw_json"])["data"]
    found = read(recorded(vector), vector["key"])
    assert [(each.ref, each.amount, each.memo) for each in found] == (
        [(str(data["id"]), data["amount"], data["description"])] if data["id"] else []
    )


@pytest.mark.parametrize("form", ["ascii_escaped_form", "php_form"])
def test_every_official_form_is_true(form: str) -> None:
    vector = VECTORS["casso.v2.unicode"]
    assert read(recorded(vector, vector["alternate_serialisations"][form]), vector["key"])


def test_slash_as_the_php_sample_prints_it() -> None:
    body = {"error": 0, "data": {**DATA, "description": "KEY251022001 - Ma GD ACSP/ xx <b>\"&'"}}
    message = json.dumps(body, sort_keys=True, separators=(",", ":")).replace("/", "\\/")
    assert read(raw(json.dumps(body).encode(), stamp(message)))[0].memo.endswith("ACSP/ xx <b>\"&'")


def test_money_out_is_negative() -> None:
    vector = VECTORS["casso.v2.money_out_negative"]
    assert read(recorded(vector), vector["key"])[0].amount == -199000


def test_the_dashboards_test_call_is_true_and_says_nothing() -> None:
    vector = VECTORS["casso.v2.test_call_from_dashboard"]
    assert read(recorded(vector), vector["key"]) == ()


def test_signature_inside_the_body_is_no_signature() -> None:
    vector = VECTORS["casso.seed0_variant"]
    body = json.dumps(vector["body"]).encode()
    for request in (Request(body), raw(body, f"t={TIME},v1={vector['expected']}"), raw(body, vector["expected"])):
        with pytest.raises(Forged):
            read(request, vector["key"])


def test_token_of_the_first_version_opens_nothing() -> None:
    vector = VECTORS["casso.v1.secure_token"]
    name, _, token = vector["header"].partition(": ")
    with pytest.raises(Forged):
        read(Request(json.dumps(vector["input"]).encode(), ((name, token),)), token)


@pytest.mark.parametrize(
    "header",
    [
        f"t={TIME},v1={GOOD}",
        f"v1={GOOD},t={TIME}",
        f"t={TIME}, v1={GOOD}",
        f"t={TIME},v1={GOOD},v2=something-newer",
        f"t={TIME},v1={GOOD},flag",
    ],
)
def test_parts_are_found_by_name(header: str) -> None:
    assert len(read(raw(BODY, header))) == 1


def test_half_a_character_is_signed_as_javascript_prints_it() -> None:
    body = {"data": {**DATA, "aNewerField": "cắt \ud83d"}}
    printed = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert read(raw(json.dumps(body).encode(), stamp(printed.replace("\ud83d", "\\ud83d"))))


@pytest.mark.parametrize("time", ["", "1a", "-1", "1.5", "1" * 17, "١٢٣", "1\n"])
def test_a_time_that_is_none_is_forged_even_when_signed(time: str) -> None:
    with pytest.raises(Forged):
        read(raw(BODY, stamp(MESSAGE, time=time)))


@pytest.mark.parametrize(
    "header",
    [
        "",
        ",",
        "=",
        "t,v1",
        GOOD,
        f"t={TIME}",
        f"v1={GOOD}",
        f"t=,v1={GOOD}",
        f"t={TIME},v1=",
        f"t={TIME},v1={GOOD[:-1]}",
        f"t={TIME},v1={GOOD}0",
        f"t={TIME},v1={GOOD.upper()}",
        f"t={TIME},v1={'0' * 128}",
        f"t={TIME},v1={'é' * 128}",
        f"t={TIME},v1={chr(0xDCFF) * 128}",
        f"t=0{TIME},v1={GOOD}",
        f"t={int(TIME) + 1},v1={GOOD}",
        f"t=+{TIME},v1={GOOD}",
        f"t={TIME}.0,v1={GOOD}",
        f"t={TIME.translate({48 + n: 0x660 + n for n in range(10)})},v1={GOOD}",
        f"t={'9' * 5000},v1={GOOD}",
        f"t={TIME},v1={GOOD},v1={GOOD}",
        f"t={TIME},t={TIME},v1={GOOD}",
        f"T={TIME},V1={GOOD}",
        f"t={TIME};v1={GOOD}",
    ],
    ids=lambda header: ascii(header[:40]),
)
def test_unusable_header_is_forged(header: str) -> None:
    with pytest.raises(Forged):
        read(raw(BODY, header))


@pytest.mark.parametrize(
    "body", [b"", b"not JSON", b"[" * 100_000, BODY, b"\xff" * 50], ids=["empty", "text", "deep", "true", "bytes"]
)
def test_without_a_header_every_body_is_forged(body: bytes) -> None:
    with pytest.raises(Forged):
        read(Request(body, (("content-type", "application/json"),)))


@pytest.mark.parametrize("secrets", [{}, {"checksum_key": ""}, {"checksum_key": "  \t\n"}, {"other": KEY}])
def test_no_key_closes_the_door(secrets: dict[str, str]) -> None:
    with pytest.raises(Forged):
        CASSO.read(secrets, signed({"data": dict(DATA)}, key=secrets.get("checksum_key", "")), NOW)


def test_a_key_of_any_bytes_is_a_key() -> None:
    odd = {"checksum_key": "khoá\udcff"}
    [said] = CASSO.read(SECRETS, notice(), NOW)
    with pytest.raises(Forged):
        CASSO.read(odd, notice(), NOW)
    assert said.ref == "218897"


def test_refusal_quotes_nothing() -> None:
    with pytest.raises(Forged) as refusal:
        read(raw(BODY, f"t={TIME},v1={'0' * 128}"))
    assert not {KEY, GOOD, "0" * 128, "NGUYEN VAN A"} & set(str(refusal.value).split())
    assert str(refusal.value) == "signature does not match"
