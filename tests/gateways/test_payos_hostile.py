"""Whatever is sent to payOS's door, signed or not, ends in a reading, Forged or Malformed: never in another error."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateways.gateway import Request
from gateways.payos import PAYOS
from gateways.payos_signature import sign
from sales.errors import Forged, Malformed
from sales.transfer import Sighting
from tests.gateways.payos_signing import DATA, KEY, SECRETS, notice, raw

NOW = datetime(2025, 10, 22, 8, 1, 45, tzinfo=UTC)
TRUE = notice()
[SAID] = PAYOS.read(SECRETS, TRUE, NOW)

any_text = st.text(st.characters(exclude_categories=()))
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | any_text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(any_text, inner, max_size=4),
    max_leaves=8,
)


def outcome(request: Request) -> tuple[Sighting, ...] | None:
    try:
        return PAYOS.read(SECRETS, request, NOW)
    except (Forged, Malformed):
        return None


def truly_signed(data: dict[str, object]) -> Request:
    back = json.loads(json.dumps(data))
    return raw({"data": back, "signature": sign(KEY, back)})


@given(st.binary(max_size=300))
def test_random_bodies_are_refused(body: bytes) -> None:
    assert outcome(Request(body)) is None


@given(values)
def test_random_json_is_refused(body: object) -> None:
    assert outcome(raw(body)) is None


@given(any_text)
def test_random_signatures_are_forged(signature: str) -> None:
    with pytest.raises(Forged):
        PAYOS.read(SECRETS, raw({"data": dict(DATA), "signature": signature}), NOW)


@given(st.integers(0, len(TRUE.body)), st.integers(0, 20), st.binary(max_size=20))
def test_spliced_bodies_never_say_something_else(place: int, length: int, piece: bytes) -> None:
    assert outcome(Request(TRUE.body[:place] + piece + TRUE.body[place + length :])) in (None, (SAID,))


@given(st.dictionaries(any_text, values, max_size=6))
def test_signed_nonsense_is_no_movement(data: dict[str, object]) -> None:
    assert outcome(truly_signed(data)) is None


@given(st.sampled_from(sorted(DATA)), values)
def test_signed_nonsense_in_a_field_breaks_nothing(field: str, value: object) -> None:
    for each in outcome(truly_signed({**DATA, field: value})) or ():
        assert type(each.amount) is int
        assert type(each.number) is int
        for text in (each.ref, each.account, each.memo, each.reference, each.link, each.payer.name):
            assert text.isprintable()
            text.encode()


@given(st.dictionaries(any_text.filter(lambda name: "&" not in name), st.integers() | st.none(), max_size=6))
def test_signed_newer_fields_never_hide_a_movement(extra: dict[str, object]) -> None:
    assert outcome(truly_signed({**extra, **DATA})) == (SAID,)


@given(any_text, any_text)
def test_no_memo_gives_a_signature_for_a_second_movement(memo: str, name: str) -> None:
    """Take the signed text apart at every & into other fields: it says the same movement or none."""
    true = {**DATA, "description": memo, "counterAccountName": name}
    request = truly_signed(true)
    said, signature = outcome(request), json.loads(request.body)["signature"]
    other: dict[str, object] = {}
    for part in "&".join(f"{key}={true[key]}" for key in sorted(true)).split("&"):
        key, _, value = part.partition("=")
        other.setdefault(key, int(value) if value.isdecimal() and key in ("amount", "orderCode") else value)
    again = outcome(raw({"data": other, "signature": signature}))
    assert not again or not said or again[0].ref == said[0].ref == SAID.ref


@pytest.mark.parametrize("depth", [40, 500, 1500, 20_000])
def test_deep_nesting_is_malformed(depth: int) -> None:
    deep = '{"data":{"a":' + "[" * depth + "]" * depth + '},"signature":"' + "0" * 64 + '"}'
    with pytest.raises(Malformed):
        PAYOS.read(SECRETS, Request(deep.encode()), NOW)


def test_a_key_given_twice_is_malformed() -> None:
    body = TRUE.body.replace(b'"amount":', b'"amount": 1, "amount":')
    with pytest.raises(Malformed):
        PAYOS.read(SECRETS, Request(body), NOW)
