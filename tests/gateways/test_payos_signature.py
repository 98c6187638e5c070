import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from payos._crypto.provider import CryptoProvider

from gateways.json_text import parse
from gateways.payos import PAYOS
from gateways.payos_signature import MOST_LETTERS, sign, sign_wanted, text, verified
from sales.errors import Forged, Malformed
from tests.gateways.payos_signing import DATA, KEY, SECRETS, digest, envelope, notice, raw, signed

NOW = datetime(2025, 10, 22, 8, 1, 45, tzinfo=UTC)
FILE = Path(__file__).parents[1] / "vectors" / "signatures.json"
VECTORS: list[dict[str, Any]] = [
    vector for vector in json.loads(FILE.read_text("utf-8"))["vectors"] if vector["gateway"] == "payos"
]
RECORDED = [vector for vector in VECTORS if vector["kind"] in ("webhook_data_signature", "response_signature")]
WANTED = [vector for vector in VECTORS if vector["kind"] == "payment_request_signature"]
SENT = [
    json.loads(vector["request"]["body"])
    for vector in VECTORS
    if vector["kind"] == "wire_capture" and vector["request"]["path"] == "/v2/payment-requests"
]

# So short that no lists of such texts are refused for their length.
any_text = st.text(st.characters(exclude_categories=()), max_size=MOST_LETTERS // 36)
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | any_text
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(any_text, inner, max_size=3),
    max_leaves=6,
)
objects = st.dictionaries(any_text, values, max_size=6)


def data_of(vector: dict[str, Any]) -> dict[str, Any]:
    data = parse(vector["input_raw_json"].encode())
    assert isinstance(data, dict)
    return data


def by_id(vector: dict[str, Any]) -> str:
    return str(vector["id"])


def test_all_kinds_of_vectors_are_there() -> None:
    assert (len(RECORDED), len(WANTED), len(SENT)) == (9, 4, 2)


@pytest.mark.parametrize("vector", RECORDED, ids=by_id)
def test_recorded_data_is_true_and_nothing_else_is(vector: dict[str, Any]) -> None:
    data, secrets = data_of(vector), {"checksum_key": vector["key"]}
    assert text(data) == vector.get("message", text(data))
    assert verified(secrets, {"data": data, "signature": vector["expected"]}) == data
    other = vector.get("disagreement", {}).get("payos(PyPI) 1.1.0", "0" * 64)
    for signature in (other, vector["expected"].upper(), vector["expected"][:-1], "", None, 0):
        with pytest.raises(Forged):
            verified(secrets, {"data": data, "signature": signature})


@pytest.mark.parametrize("vector", WANTED, ids=by_id)
def test_recorded_wish_is_signed_alike(vector: dict[str, Any]) -> None:
    assert sign_wanted(vector["key"], vector["input"]) == vector["expected"]


@pytest.mark.parametrize("body", SENT, ids=["python", "node"])
def test_what_the_official_packages_sent_is_signed_alike(body: dict[str, Any]) -> None:
    assert sign_wanted(WANTED[0]["key"], body) == body["signature"]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"b": 1, "a": "x", "10": 2, "9": 3}, "9=3&10=2&a=x&b=1"),
        ({"Z": 1, "_": 2, "a": 3}, "Z=1&_=2&a=3"),
        ({"a": None, "b": "null", "c": "undefined", "d": ""}, "a=&b=&c=&d="),
        ({"a": "Null", "b": " null", "c": 0, "d": False}, "a=Null&b= null&c=0&d=false"),
        ({"a": "x&b=1=2", "c": "ộ/%20+"}, "a=x&b=1=2&c=ộ/%20+"),
        ({"a": [{"b": 1, "a": {"d": 1, "c": None}}, {}]}, 'a=[{"a":{"d":1,"c":null},"b":1},{}]'),
        ({"a": ["ộ😀", 7, True, [1, "x"]]}, 'a=[{"0":"ộ","1":"\\ud83d","2":"\\ude00"},{},{},{"0":1,"1":"x"}]'),
        ({"a": [], "b": {}, "c": {"d": 1}}, "a=[]&b=[object Object]&c=[object Object]"),
        ({"a": 3000.0, "b": 1e21, "c": -0.0, "d": 2**53 + 1}, "a=3000&b=1e+21&c=0&d=9007199254740992"),
    ],
)
def test_prints_as_the_official_package_for_javascript(data: dict[str, Any], expected: str) -> None:
    assert text(data) == expected


def test_half_a_surrogate_pair_is_signed_as_the_replacement_character() -> None:
    assert sign(KEY, {"a": "x\ud83d"}) == digest("a=x\ufffd")


@given(st.dictionaries(st.text(), st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(), max_size=6))
def test_the_official_package_for_python_signs_plain_values_alike(data: dict[str, Any]) -> None:
    ordinary = {name: value for name, value in data.items() if not name.isdigit() and max(name, default="") < "\ud800"}
    assert sign(KEY, ordinary) == CryptoProvider().create_signature_from_object(ordinary, KEY)


@given(objects)
def test_what_is_signed_is_verified(data: dict[str, Any]) -> None:
    assert verified(SECRETS, {"data": data, "signature": sign(KEY, data)}) == data


@given(objects, st.integers(0, 63), st.integers(0, 7))
def test_every_changed_bit_of_a_signature_is_forged(data: dict[str, Any], place: int, bit: int) -> None:
    signature = sign(KEY, data)
    other = signature[:place] + chr(ord(signature[place]) ^ 1 << bit) + signature[place + 1 :]
    with pytest.raises(Forged):
        verified(SECRETS, {"data": data, "signature": other})


def test_every_changed_bit_of_every_value_is_forged() -> None:
    request = notice()
    body = json.loads(request.body)
    for name, value in DATA.items():
        for place, letter in enumerate(str(value)):
            for bit in range(7):
                said = str(value)[:place] + chr(ord(letter) ^ 1 << bit) + str(value)[place + 1 :]
                changed = int(said) if isinstance(value, int) and said.isdecimal() and said.isascii() else said
                with pytest.raises(Forged):
                    PAYOS.read(SECRETS, raw({**body, "data": {**body["data"], name: changed}}), NOW)


@pytest.mark.parametrize(
    "body",
    [None, True, 7, "text", [], {}, {"data": dict(DATA)}, {"signature": "0" * 64}]
    + [{"data": data, "signature": digest("")} for data in (None, [], "", 0, "x")]
    + [{"data": dict(DATA), "signature": signature} for signature in (None, [], {}, 5, "é" * 64, digest("x") + "\n")],
    ids=lambda body: str(body)[:40],
)
def test_without_a_usable_signature_it_is_forged(body: Any) -> None:
    with pytest.raises(Forged):
        verified(SECRETS, body)


def test_an_absent_or_blank_key_verifies_nothing() -> None:
    for secrets in ({}, {"checksum_key": ""}, {"checksum_key": " \n"}, {"api_key": "dummy-api"}):
        key = secrets.get("checksum_key", "")
        with pytest.raises(Forged):
            PAYOS.read(secrets, signed(envelope(dict(DATA)), key), NOW)


def test_a_list_nested_too_deep_is_malformed() -> None:
    deep: Any = []
    for _ in range(40):
        deep = [deep]
    with pytest.raises(Malformed):
        verified(SECRETS, {"data": {"a": deep}, "signature": "0" * 64})


@pytest.mark.parametrize(("letters", "refusal"), [(MOST_LETTERS, Forged), (MOST_LETTERS + 1, Malformed)])
def test_long_texts_in_lists_are_not_even_checked(letters: int, refusal: type[Exception]) -> None:
    data: dict[str, Any] = {"a": ["x" * (letters - 2), 5, "x"], "b": ["x"], "c": "x" * 500}
    with pytest.raises(refusal):
        verified(SECRETS, {"data": data, "signature": "0" * 64})
