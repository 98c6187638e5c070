import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateways.casso_json import FORMS, JAVASCRIPT, PHP, PYTHON
from gateways.json_form import canonical
from gateways.json_text import COMMAS, DEPTH, DIGITS, parse
from sales.errors import Malformed

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "javascript_json.json").read_text("utf-8"))["vectors"]

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["json"][:30])
def test_prints_as_javascript_does(vector: dict[str, str]) -> None:
    printed = canonical(parse(vector["json"].encode()), JAVASCRIPT).encode("utf-8", "backslashreplace").decode()
    assert printed == vector["javascript"]


@given(values)
def test_prints_as_the_python_sample_does(value: object) -> None:
    sent = json.dumps(value).encode()
    assert canonical(parse(sent), PYTHON) == json.dumps(value, sort_keys=True, separators=(",", ":"))


@given(values)
def test_every_form_says_the_same(value: object) -> None:
    def meant(text: str) -> object:
        return json.loads(text, parse_int=float)

    sent = json.dumps(value)
    for form in FORMS:
        assert meant(canonical(parse(sent.encode()), form)) == meant(sent)


@given(values)
def test_key_order_and_blanks_change_nothing(value: object) -> None:
    spaced = json.dumps(value, indent=2, sort_keys=True).encode()
    assert canonical(parse(spaced), JAVASCRIPT) == canonical(parse(json.dumps(value).encode()), JAVASCRIPT)


def test_php_escapes_slash_and_letters() -> None:
    assert canonical({"a/b": "ACSP/ ộ"}, PHP) == '{"a\\/b":"ACSP\\/ \\u1ed9"}'
    assert canonical({"a/b": "ACSP/ ộ"}, PYTHON) == '{"a/b":"ACSP/ \\u1ed9"}'
    assert canonical({"a/b": "ACSP/ ộ"}, JAVASCRIPT) == '{"a/b":"ACSP/ ộ"}'


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null and void",
        b"{",
        b"{'a':1}",
        b'{"a":1}x',
        b"\xff\xfe",
        b'{"a":"\xc3"}',
        b'{"a":"\xed\xa0\x80"}',
        b"\xef\xbb\xbf{}",
        "{}".encode("utf-16"),
        b"NaN",
        b"[Infinity]",
        b"[-Infinity]",
        b"[1e999]",
        b"[-1e999]",
        b"9" * 5000,
        b"[" + b"9" * (DIGITS + 1) + b"]",
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b'{"a":1,"a":1}',
        b'{"a":1,"\\u0061":2}',
        b"[" + b"1," * COMMAS + b"1,1]",
        b'["\n"]',
        b"[01]",
    ],
    ids=lambda body: repr(body[:16]),
)
def test_refuses_what_another_reader_might_take_differently(body: bytes) -> None:
    with pytest.raises(Malformed) as refusal:
        parse(body)
    assert refusal.value.__suppress_context__ or not refusal.value.__context__


def test_the_limits_themselves_are_let_in() -> None:
    assert parse(b"[" + b"9" * DIGITS + b"]") == [int("9" * DIGITS)]
    assert parse(b"[" + b"1," * COMMAS + b"1]") == [1] * (COMMAS + 1)


def test_nesting_has_a_floor() -> None:
    deep = parse(b"[" * (DEPTH + 1) + b"]" * (DEPTH + 1))
    canonical(deep, JAVASCRIPT)
    with pytest.raises(Malformed, match="deep"):
        canonical([deep], JAVASCRIPT)
