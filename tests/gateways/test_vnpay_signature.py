"""What VNPay signs: its own vectors, PHP's encoding, and what no signature speaks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateways.gateway import Request
from gateways.vnpay_signature import (
    MOST_PARAMETERS,
    key_of,
    query_text,
    same,
    sign,
    sign_values,
    terminal_of,
    verified,
)
from sales.errors import Forged, Malformed
from tests.gateways.vnpay_signing import KEY, PARAMS, SECRETS, VECTORS, asked, digest, notice, signed, text

SIGNED = [name for name in VECTORS if name.startswith(("pay.", "ipn."))]
CALLED = [name for name in VECTORS if name.startswith(("querydr.", "refund."))]
words = st.dictionaries(st.text(max_size=8).map(lambda name: f"vnp_{name}"), st.text(max_size=20), max_size=8)


@pytest.mark.parametrize("name", SIGNED)
def test_parameters_are_signed_as_php_and_the_package_sign_them(name: str) -> None:
    vector = VECTORS[name]
    params = {name: str(value) for name, value in vector["params"].items()}
    for given_ in (params, vector["params"]):
        assert query_text(given_) == vector["message"]
        assert sign(vector["key"], given_) == vector["expected"]


def test_a_number_counts_as_it_is_printed() -> None:
    assert query_text({"vnp_B": 0, "vnp_A": 20251022150145, "vnp_C": ""}) == "vnp_A=20251022150145&vnp_B=0"


@pytest.mark.parametrize("name", CALLED)
def test_values_are_signed_as_the_package_signs_them(name: str) -> None:
    vector = VECTORS[name]
    assert sign_values(vector["key"], vector["message"].split("|")) == vector["expected"]


def test_every_vector_is_looked_at() -> None:
    assert len(SIGNED) == 6
    assert len(CALLED) == 4
    assert {*SIGNED, *CALLED} == set(VECTORS)


@given(words)
def test_any_text_is_encoded_as_php_does(params: dict[str, str]) -> None:
    params = {name: value for name, value in params.items() if "SecureHash" not in name}
    assert query_text(params) == text(params)


def test_what_the_encoders_of_javascript_and_php_differ_on() -> None:
    assert query_text({"vnp_A": "a b~c*d!e'f(g)h+i/j%k"}) == "vnp_A=a+b%7Ec%2Ad%21e%27f%28g%29h%2Bi%2Fj%25k"


def test_halves_of_characters_stay_apart_from_all_others() -> None:
    texts = [query_text({"vnp_A": value}) for value in ("\ud83d", "\ude00", "?", "\ufffd", "%ED%A0%BD")]
    assert len(set(texts)) == len(texts)


def test_what_is_signed_is_answered_and_nothing_else() -> None:
    extra = {"utm_source": "x", "VNP_Amount": "1", "vnp": "2", "vnp_SecureHashType": "SHA256", "vnp_BankTranNo": ""}
    request = signed(PARAMS)
    told = verified(SECRETS, (*request.query, *((name, extra[name]) for name in extra if name not in PARAMS)))
    assert told == PARAMS


def test_an_empty_parameter_is_none() -> None:
    params = dict(PARAMS) | {"vnp_BankTranNo": ""}
    told = verified(SECRETS, signed(params).query)
    assert "vnp_BankTranNo" not in told
    left_out = {name: value for name, value in params.items() if value}
    assert told == left_out


@pytest.mark.parametrize("name", [*PARAMS, "vnp_SecureHash", "fbclid"])
@pytest.mark.parametrize("first", [True, False])
def test_a_parameter_given_twice_is_forged(name: str, first: bool) -> None:
    query = signed({**PARAMS, "fbclid": "x"}).query
    value = dict(query)[name]
    for second in ((name, value), (name, "1")):
        with pytest.raises(Forged, match="twice"):
            verified(SECRETS, (second, *query) if first else (*query, second))


@pytest.mark.parametrize("signature", ["", "0" * 128, "x", "ộ", "\ud83d", digest("").upper(), digest("x", KEY + "x")])
def test_another_signature_is_forged(signature: str) -> None:
    with pytest.raises(Forged):
        verified(SECRETS, asked({**PARAMS, "vnp_SecureHash": signature}).query)


@pytest.mark.parametrize("blank", ["", " ", "\t"])
@pytest.mark.parametrize("name", ["tmn_code", "hash_secret"])
def test_a_blank_secret_closes_the_door(name: str, blank: str) -> None:
    true = notice().query if name == "tmn_code" else signed(PARAMS, key=blank).query
    for secrets in ({**SECRETS, name: blank}, {key: value for key, value in SECRETS.items() if key != name}):
        with pytest.raises(Forged, match="no secret"):
            verified(secrets, true)


@pytest.mark.parametrize("around", ["{}\n", " {}", "\t{} \r\n"])
def test_a_blank_that_was_pasted_with_a_secret_is_no_part_of_it(around: str) -> None:
    secrets = {name: around.format(value) for name, value in SECRETS.items()}
    assert verified(secrets, notice().query) == PARAMS
    assert (key_of(secrets), terminal_of(secrets)) == (KEY, "DUMMYTMN")


def test_a_stranger_has_few_parameters_looked_at() -> None:
    many = {f"vnp_{place}": "x" for place in range(MOST_PARAMETERS - 1)}
    assert len(verified(SECRETS, signed(many).query)) == MOST_PARAMETERS - 1
    with pytest.raises(Malformed, match="too many"):
        verified(SECRETS, signed({**many, "vnp_More": "x"}).query)


@given(st.lists(st.tuples(st.text(max_size=8), st.text(max_size=20)), max_size=8))
def test_random_queries_are_forged(query: list[tuple[str, str]]) -> None:
    with pytest.raises(Forged):
        verified(SECRETS, Request(b"", query=tuple(query)).query)


def test_signatures_are_compared_as_they_are() -> None:
    assert same("ab", "ab")
    assert not same("ab", "AB")
    assert not same("ab", "ab ")
