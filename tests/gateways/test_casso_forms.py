"""Which form a request has, and which secret decides."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateways.casso import CASSO
from gateways.gateway import Request, Secrets
from sales.errors import Forged
from sales.transfer import Sighting
from tests.gateways.casso_signing import DATA, KEY, TOKEN, named, notice, raw, row, rows, stamp

NOW = datetime(2025, 10, 22, 8, 1, 45, tzinfo=UTC)
V1: Secrets = {"secure_token": TOKEN}
V2: Secrets = {"checksum_key": KEY}
BOTH: Secrets = {**V1, **V2}
FILE = Path(__file__).parents[1] / "vectors" / "signatures.json"
[RECORDED] = [each for each in json.loads(FILE.read_text("utf-8"))["vectors"] if each["id"] == "casso.v1.secure_token"]


def refs(secrets: Secrets, request: Request) -> list[str]:
    return [each.ref for each in CASSO.read(secrets, request, NOW)]


def forged(secrets: Secrets, request: Request) -> None:
    with pytest.raises(Forged):
        CASSO.read(secrets, request, NOW)


def both(signed: Request, token: str = TOKEN) -> Request:
    return Request(signed.body, (*signed.headers, ("secure-token", token)))


def test_the_recorded_notice_is_true_under_its_token_alone() -> None:
    name, _, token = RECORDED["header"].partition(": ")
    request = Request(json.dumps(RECORDED["input"]).encode(), ((name, token),))
    [said] = CASSO.read({"secure_token": token}, request, NOW)
    assert (said.ref, said.amount, said.account, said.memo) == ("1", 199000, "0000111122223333", "KEY251022001")
    for other in (token.lower(), token + "x", token[:-1], f"{token[0]} {token[1:]}", ""):
        forged({"secure_token": other}, request)


def test_with_one_secret_the_other_form_is_forged() -> None:
    assert refs(V1, rows(row())) == refs(V2, notice()) == ["218897"]
    forged(V2, rows(row()))
    forged(V1, notice())


def test_with_both_secrets_each_form_is_checked_by_its_own() -> None:
    assert refs(BOTH, rows(row())) == refs(BOTH, notice()) == ["218897"]
    forged(BOTH, named({"data": [row()]}, token=KEY))
    forged(BOTH, raw(notice().body, f"t=1,v1={TOKEN}"))
    forged({"checksum_key": TOKEN, "secure_token": KEY}, rows(row()))


def test_of_two_proofs_the_signature_decides_when_its_key_is_set() -> None:
    assert refs(BOTH, both(notice())) == ["218897"]
    assert refs(BOTH, both(notice(), token="wrong")) == ["218897"]
    forged(BOTH, both(raw(rows(row()).body, stamp("something else"))))
    forged(V2, both(raw(notice().body, "t=1,v1=")))


def test_of_two_proofs_the_token_decides_when_it_alone_is_set() -> None:
    told = rows(row())
    signed = Request(told.body, (*told.headers, ("x-casso-signature", "t=1,v1=0")))
    assert refs(V1, signed) == ["218897"]
    forged({"secure_token": "another"}, signed)


def test_a_signature_sent_twice_is_not_passed_over_for_the_token() -> None:
    request = rows(row())
    forged(BOTH, Request(request.body, (*request.headers, *[("x-casso-signature", "t=1,v1=0")] * 2)))


@pytest.mark.parametrize("second", [TOKEN, "", "another"])
def test_a_token_sent_twice_is_forged(second: str) -> None:
    request = rows(row())
    forged(V1, Request(request.body, (*request.headers, ("secure-token", second))))


@pytest.mark.parametrize("token", ["", " ", "\t\n"])
def test_a_blank_token_matches_nothing(token: str) -> None:
    for secrets in ({"secure_token": token}, {**V2, "secure_token": token}, {}):
        forged(secrets, named({"data": [row()]}, token=token))
        forged(secrets, Request(rows(row()).body))


@given(st.text(st.characters(exclude_categories=())))
def test_no_odd_token_breaks_the_comparison(given_token: str) -> None:
    if given_token != TOKEN:
        forged(V1, named({"data": [row()]}, token=given_token))


@pytest.mark.parametrize("token", ["mật-khẩu", "khoá\udcff", "x" * 4096])
def test_a_token_of_any_bytes_is_a_token(token: str) -> None:
    assert refs({"secure_token": token}, named({"data": [row()]}, token=token)) == ["218897"]
    forged({"secure_token": token}, named({"data": [row()]}, token=token + "x"))


def test_a_body_under_a_wrong_token_is_not_looked_at() -> None:
    for body in (b"", b"not JSON", b"[" * 100_000, b"1," * 100_000):
        forged(V1, Request(body, (("secure-token", "wrong"),)))


def test_the_second_forms_body_under_the_first_forms_token_is_no_movement() -> None:
    with pytest.raises(Exception, match="not a Casso V1 notice"):
        CASSO.read(BOTH, named({"error": 0, "data": dict(DATA)}), NOW)


def test_what_is_forged_is_read_back_in_either_form() -> None:
    said = Sighting("casso", "7", -5000, "VND", "999", "CT \U0001f600 ộ", "VA1", "FT7", NOW)
    for secrets, header in ((V1, "secure-token"), (V2, "x-casso-signature"), (BOTH, "x-casso-signature")):
        request = CASSO.forge(secrets, said, NOW)
        assert [name for name, _ in request.headers] == ["content-type", header]
        assert CASSO.read(secrets, request, NOW) == (said,)


def test_either_secret_opens_the_door() -> None:
    assert CASSO.opened_by(V1)
    assert CASSO.opened_by(V2)
    assert CASSO.opened_by({**V2, "secure_token": " "})
    assert not CASSO.opened_by({"checksum_key": " ", "secure_token": ""})
