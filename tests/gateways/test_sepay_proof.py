"""Whose a SePay notice is: three modes, each with its own secret, and never without one."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gateways.gateway import Request
from gateways.sepay import SEPAY
from sales.errors import Forged, Malformed
from sales.transfer import Sighting
from tests.gateways.sepay_signing import KEY, NOW, SECRET, as_json, keyed, sent, stamped, timed

FILE = Path(__file__).parents[1] / "vectors" / "signatures.json"
VECTORS: list[dict[str, Any]] = [
    vector for vector in json.loads(FILE.read_text("utf-8"))["vectors"] if vector["id"].startswith("sepay.webhook.")
]
THEN = datetime.fromtimestamp(1761120105, UTC)
BODY = as_json()
KEYED, SIGNED = {"api_key": KEY}, {"webhook_secret": SECRET}
BOTH = KEYED | SIGNED
SHOWN = [("secret-key", SECRET), ("secret_key", SECRET), ("x-secret-key", SECRET)]


def read(request: Request, secrets: dict[str, str], now: datetime = NOW) -> tuple[Sighting, ...]:
    return SEPAY.read(secrets, request, now)


def forged(request: Request, secrets: dict[str, str], now: datetime = NOW) -> None:
    with pytest.raises(Forged):
        read(request, secrets, now)


def recorded(vector: dict[str, Any]) -> Request:
    headers = ((name.lower(), value) for name, value in vector["headers"].items())
    return sent(vector["input_raw_body"].encode(), "application/json", *headers)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_recorded_notice_is_true(vector: dict[str, Any]) -> None:
    secrets = {"webhook_secret": vector["key"]}
    if not vector["input_raw_body"]:
        with pytest.raises(Malformed):
            read(recorded(vector), secrets, THEN)
        return
    told = json.loads(vector["input_raw_body"])
    [said] = read(recorded(vector), secrets, THEN)
    assert (said.ref, said.amount, said.memo) == (str(told["id"]), told["transferAmount"], told["content"])


def test_all_kinds_of_recorded_notices_are_there() -> None:
    assert len(VECTORS) == 4


def test_other_bytes_of_the_same_json_have_another_signature() -> None:
    first, second = (each for each in VECTORS if "unicode" in each["id"])
    assert json.loads(first["input_raw_body"]) == json.loads(second["input_raw_body"])
    other = Request(second["input_raw_body"].encode(), recorded(first).headers)
    forged(other, {"webhook_secret": first["key"]}, THEN)


@pytest.mark.parametrize(
    ("request_", "secrets"),
    [
        (keyed(BODY), KEYED),
        (stamped(BODY), SIGNED),
        *((sent(BODY, "application/json", each), SIGNED) for each in SHOWN),
    ],
)
def test_each_mode_is_true_by_its_own_secret_alone(request_: Request, secrets: dict[str, str]) -> None:
    assert len(read(request_, secrets)) == 1
    assert read(request_, BOTH) == read(request_, secrets)
    forged(request_, {name: f"{value}x" for name, value in secrets.items()})
    forged(request_, KEYED if secrets is SIGNED else SIGNED)
    for nothing in ({}, dict.fromkeys(secrets, ""), dict.fromkeys(secrets, " \t")):
        forged(request_, nothing)


def test_without_any_proof_nothing_is_believed() -> None:
    forged(sent(BODY, "application/json"), BOTH)


@pytest.mark.parametrize("seconds", [-300, -299, 0, 299, 300])
def test_a_clock_may_be_five_minutes_off(seconds: int) -> None:
    assert read(stamped(BODY), SIGNED, NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize("seconds", [-10_000_000, -301, 301, 86_400])
def test_and_no_more_in_either_direction(seconds: int) -> None:
    forged(stamped(BODY), SIGNED, NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize(
    "time", ["", "-1", "+1", " 1", "1.0", "1e9", "9" * 13, "٣", "1761120105 ", "1761120105.0", "1761_120_105", "now"]
)
def test_a_time_that_is_no_number_is_forged_whoever_signed_it(time: str) -> None:
    assert read(timed(BODY, "1761120105"), SIGNED, THEN)
    forged(timed(BODY, time), SIGNED, THEN)


@pytest.mark.parametrize("shape", ["{}", "SHA256={}", "sha256={} ", "sha512={}", "sha256=sha256={}", "sha256="])
def test_a_signature_in_another_shape_is_forged(shape: str) -> None:
    truly = dict(stamped(BODY).headers)
    signature = shape.format(truly["x-sepay-signature"].removeprefix("sha256="))
    forged(sent(BODY, "application/json", *(truly | {"x-sepay-signature": signature}).items()), SIGNED)


def test_capital_letters_are_another_signature() -> None:
    truly = dict(stamped(BODY).headers)
    signature = "sha256=" + truly["x-sepay-signature"].removeprefix("sha256=").upper()
    forged(sent(BODY, "application/json", *(truly | {"x-sepay-signature": signature}).items()), SIGNED)


@pytest.mark.parametrize(
    "shown", [KEY, f"Bearer {KEY}", f"Bearer Apikey {KEY}", f"Apikey  {KEY}", "Apikey ", "Apikey", ""]
)
def test_a_key_in_another_shape_is_forged(shown: str) -> None:
    forged(sent(BODY, "application/json", ("authorization", shown)), KEYED)


@pytest.mark.parametrize("name", ["x-sepay-timestamp", "x-sepay-signature"])
def test_half_of_a_signature_is_none(name: str) -> None:
    forged(Request(BODY, tuple(each for each in stamped(BODY).headers if each[0] != name)), SIGNED)


@pytest.mark.parametrize("truly", [keyed(BODY), stamped(BODY), sent(BODY, "application/json", SHOWN[0])])
def test_a_header_that_came_twice_is_forged(truly: Request) -> None:
    for header in truly.headers[1:]:
        for second in (header, (header[0], "")):
            forged(Request(BODY, (*truly.headers, second)), BOTH)


def test_a_secret_shown_under_two_names_is_forged() -> None:
    forged(sent(BODY, "application/json", SHOWN[0], SHOWN[1]), SIGNED)


def test_a_signature_goes_before_a_key_where_its_secret_is_set() -> None:
    both = Request(BODY, (*stamped(BODY).headers, ("authorization", f"Apikey {KEY}")))
    wrong = Request(BODY, (*stamped(BODY, "another").headers, ("authorization", f"Apikey {KEY}")))
    assert read(both, BOTH)
    forged(wrong, BOTH)
    assert read(wrong, KEYED)


def test_a_secret_shown_goes_before_a_key_where_it_is_set() -> None:
    wrong = sent(BODY, "application/json", ("secret-key", "another"), ("authorization", f"Apikey {KEY}"))
    forged(wrong, BOTH)
    assert read(wrong, KEYED)


@pytest.mark.parametrize("around", ["{}\n", " {}", "\t{}\r\n"])
def test_what_was_pasted_around_a_secret_breaks_no_proof(around: str) -> None:
    pasted = {name: around.format(value) for name, value in BOTH.items()}
    for request in (keyed(BODY), stamped(BODY), sent(BODY, "application/json", SHOWN[0])):
        assert read(request, pasted) == read(request, BOTH)
    said = read(keyed(BODY), KEYED)[0]
    for names in (KEYED, SIGNED):
        assert SEPAY.forge({name: pasted[name] for name in names}, said, NOW) == SEPAY.forge(names, said, NOW)


def test_odd_letters_are_compared_and_not_choked_on() -> None:
    forged(sent(BODY, "application/json", ("authorization", "Apikey khóa\udc80")), KEYED)
    assert read(sent(BODY, "application/json", ("authorization", "Apikey khóa")), {"api_key": "khóa"})


def test_what_is_forged_for_tests_is_signed_when_it_can_be() -> None:
    said = read(keyed(BODY), KEYED)[0]
    assert {name for name, _ in SEPAY.forge(BOTH, said, NOW).headers} >= {"x-sepay-timestamp", "x-sepay-signature"}
    assert ("authorization", f"Apikey {KEY}") in SEPAY.forge(KEYED, said, NOW).headers
    for secrets in (KEYED, SIGNED, BOTH):
        assert read(SEPAY.forge(secrets, said, NOW), secrets) == (said,)
