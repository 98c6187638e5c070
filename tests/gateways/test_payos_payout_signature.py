"""What is signed of payouts: against recorded vectors, a signer of our own, and payOS's official package."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from payos._crypto.provider import CryptoProvider

from gateways.payos_payout_signature import is_signed, sign, text
from sales.errors import Malformed
from tests.gateways.payos_signing import digest

VECTORS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "vectors" / "payos_payout.json").read_text("utf-8")
)["vectors"]
KEY = "dummy-checksum-key-0123456789abcdef"
BODY: dict[str, Any] = {"amount": 2000, "referenceId": "a b", "category": ["refund"], "note": None}
NO_QUARREL = st.text(st.characters(codec="utf-8", exclude_characters="/!*'()"), max_size=20)
"""Texts that the package for Python escapes as the one for JavaScript does."""


@pytest.mark.parametrize("vector", VECTORS, ids=lambda each: str(each["id"]))
def test_recorded_vectors(vector: dict[str, Any]) -> None:
    assert text(vector["input"]) == vector["message"]
    assert sign(vector["key"], vector["input"]) == vector["expected"]
    assert is_signed(vector["key"], vector["input"], vector["expected"])
    for wrong in vector.get("disagreement", {}).values():
        assert not is_signed(vector["key"], vector["input"], wrong)


@given(
    st.dictionaries(
        NO_QUARREL.filter(lambda name: not name.isdigit()),
        NO_QUARREL | st.integers(0, 2**53) | st.none() | st.booleans(),
    )
)
def test_the_official_package_signs_the_same(body: dict[str, Any]) -> None:
    names = {name.encode("utf-16-be"): name for name in body}
    if [names[each] for each in sorted(names)] == sorted(body):
        assert sign(KEY, body) == CryptoProvider().create_signature(KEY, body)


@given(st.text(st.characters(codec="utf-8"), max_size=30))
def test_it_is_escaped_as_javascript_does(word: str) -> None:
    assert text({"k": word}) == "k=" + quote(word, safe="-_.!~*'()")


def test_keys_are_sorted_at_every_level_and_lists_keep_their_order() -> None:
    told = {"b": [{"z": 1, "a": {"y": None, "x": True}}, "B", "A"], "a": {"d": 1.0, "c": "ộ"}}
    assert text(told) == (
        "a=" + quote('{"c":"ộ","d":1}', safe="") + "&b=" + quote('[{"a":{"x":true,"y":null},"z":1},"B","A"]', safe="")
    )


def test_what_is_nothing_prints_as_nothing_and_its_name_stays_itself() -> None:
    assert text({"a": None, "b": "", "c": "null", "d": "undefined"}) == "a=&b=&c=null&d=undefined"
    assert text({"x": False, "y": 0, "z": []}) == "x=false&y=0&z=%5B%5D"


@pytest.mark.parametrize("place", range(0, 64, 9))
def test_every_flipped_letter_is_refused(place: int) -> None:
    signature = sign(KEY, BODY)
    broken = signature[:place] + ("0" if signature[place] != "0" else "1") + signature[place + 1 :]
    assert not is_signed(KEY, BODY, broken)


@pytest.mark.parametrize("signature", ["", " ", "0" * 64, "ộ" * 64, "A" * 64])
def test_what_is_no_signature_is_refused(signature: str) -> None:
    assert not is_signed(KEY, BODY, signature)
    assert not is_signed(KEY, BODY, sign(KEY, BODY).upper())
    assert not is_signed(KEY, BODY, sign(KEY, BODY) + "\n")


def test_without_a_key_nothing_is_signed() -> None:
    assert not is_signed("", BODY, digest(text(BODY), ""))
    assert is_signed(KEY, BODY, digest(text(BODY)))


def test_a_changed_value_breaks_it() -> None:
    for other in ({**BODY, "amount": 2001}, {**BODY, "more": 1}, {"amount": 2000}):
        assert not is_signed(KEY, other, sign(KEY, BODY))


def test_half_a_letter_is_nobodys_text_and_no_crash() -> None:
    assert not is_signed(KEY, {"a": "\ud800"}, "0" * 64)
    assert text({"a": "\ud800"}) != text({"a": "\ufffd"})


def test_what_is_nested_too_deep_is_no_answer() -> None:
    deep: Any = None
    for _ in range(40):
        deep = [deep]
    with pytest.raises(Malformed):
        is_signed(KEY, {"a": deep}, "0" * 64)
