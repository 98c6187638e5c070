"""Whatever is sent, signed or not, ends in a reading, Forged or Malformed: never in another error."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateways.casso import CASSO
from gateways.gateway import Request
from sales.errors import Forged, Malformed
from sales.transfer import Sighting
from tests.gateways.casso_signing import DATA, SECRETS, TIME, digest, raw, signed

NOW = datetime(2025, 10, 22, 8, 1, 45, tzinfo=UTC)
TRUE = CASSO.forge(SECRETS, Sighting("casso", "218897", 199000, "VND", "0000111122223333", "KEY251022001 ộ"), NOW)
HEADER = TRUE.header("x-casso-signature") or ""

any_text = st.text(st.characters(exclude_categories=()))
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | any_text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(any_text, inner, max_size=4),
    max_leaves=8,
)


def outcome(request: Request) -> tuple[Sighting, ...] | None:
    try:
        return CASSO.read(SECRETS, request, NOW)
    except (Forged, Malformed):
        return None


@given(st.binary(max_size=300))
def test_random_bodies_are_refused(body: bytes) -> None:
    assert outcome(raw(body, HEADER)) is None


@given(any_text)
def test_random_headers_are_forged(header: str) -> None:
    with pytest.raises(Forged):
        CASSO.read(SECRETS, raw(TRUE.body, header), NOW)


@given(any_text, any_text)
def test_random_parts_of_a_header_are_forged(time: str, signature: str) -> None:
    with pytest.raises(Forged):
        CASSO.read(SECRETS, raw(TRUE.body, f"t={time},v1={signature}"), NOW)


@given(st.integers(0, len(TRUE.body)), st.integers(0, 20), st.binary(max_size=20))
def test_spliced_bodies_never_say_something_else(place: int, length: int, piece: bytes) -> None:
    body = TRUE.body[:place] + piece + TRUE.body[place + length :]
    assert outcome(raw(body, HEADER)) in (None, CASSO.read(SECRETS, TRUE, NOW))


@given(values)
def test_signed_nonsense_is_no_movement(body: object) -> None:
    assert outcome(signed(body)) is None


@given(st.sampled_from(sorted(DATA)), values)
def test_signed_nonsense_in_a_field_breaks_nothing(field: str, value: object) -> None:
    said = outcome(signed({"error": 0, "data": {**DATA, field: value}}))
    for each in said or ():
        assert type(each.amount) is int
        assert all(isinstance(text, str) for text in (each.ref, each.account, each.memo, each.reference))
        assert "\0" not in each.memo
        each.memo.encode()


@given(st.dictionaries(any_text, values, max_size=6))
def test_signed_newer_fields_never_hide_a_movement(extra: dict[str, object]) -> None:
    body = {"error": 0, "data": {**extra, **DATA}}
    try:
        json.loads(json.dumps(body), parse_constant=int)
    except ValueError:
        return  # NaN is no JSON, whoever signed it
    [said] = outcome(signed(body)) or [None]
    assert said is not None
    assert (said.ref, said.amount) == ("218897", 199000)


@pytest.mark.parametrize("depth", [33, 500, 1500, 20_000])
def test_signed_deep_nesting_is_malformed(depth: int) -> None:
    text = '{"data":' + "[" * depth + "]" * depth + "}"
    with pytest.raises(Malformed):
        CASSO.read(SECRETS, raw(text.encode(), f"t={TIME},v1={digest(f'{TIME}.{text}')}"), NOW)
