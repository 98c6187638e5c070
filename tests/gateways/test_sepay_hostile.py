"""Whatever is sent to SePay's door, truly signed or not, ends in a reading, Forged or Malformed."""

import json
from urllib.parse import urlencode

from hypothesis import given
from hypothesis import strategies as st

from gateways.gateway import Request
from gateways.sepay import SEPAY
from sales.errors import Forged, Malformed
from sales.transfer import Sighting
from tests.gateways.sepay_signing import FIELDS, KEY, NOW, SECRET, as_json, as_multipart, keyed, stamped, texts

SECRETS = {"api_key": KEY, "webhook_secret": SECRET}
FORM = "application/x-www-form-urlencoded"
HEADERS = ("authorization", "x-sepay-timestamp", "x-sepay-signature", "secret-key", "secret_key", "x-secret-key")
TRUE = stamped(as_json())

any_text = st.text(st.characters(exclude_categories=()))
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | any_text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(any_text, inner, max_size=4),
    max_leaves=8,
)


def outcome(request: Request) -> tuple[Sighting, ...] | None:
    try:
        return SEPAY.read(SECRETS, request, NOW)
    except (Forged, Malformed):
        return None


def check(said: tuple[Sighting, ...] | None) -> None:
    for each in said or ():
        assert type(each.amount) is int
        assert each.ref.isdigit()
        assert all(isinstance(text, str) for text in (each.account, each.virtual_account, each.reference))
        assert "\0" not in each.memo
        each.memo.encode()


@given(st.lists(st.tuples(st.sampled_from(HEADERS), any_text), max_size=4))
def test_random_headers_are_forged(headers: list[tuple[str, str]]) -> None:
    assert outcome(Request(TRUE.body, tuple(headers))) is None


@given(st.integers(0, len(TRUE.body)), st.integers(0, 20), st.binary(max_size=20))
def test_spliced_bodies_never_say_something_else(place: int, length: int, piece: bytes) -> None:
    body = TRUE.body[:place] + piece + TRUE.body[place + length :]
    assert outcome(Request(body, TRUE.headers)) in (None, outcome(TRUE))


@given(values)
def test_signed_nonsense_is_no_movement(body: object) -> None:
    assert outcome(stamped(json.dumps(body).encode())) is None


@given(st.sampled_from(sorted(FIELDS)), values)
def test_signed_nonsense_in_a_field_breaks_nothing(field: str, value: object) -> None:
    check(outcome(keyed(as_json(**{field: value}))))


@given(st.sampled_from(sorted(FIELDS)), st.binary(max_size=40))
def test_nonsense_in_a_field_of_a_form_breaks_nothing(field: str, value: bytes) -> None:
    fields: dict[str, str | bytes] = {**texts(), field: value}
    check(outcome(keyed(urlencode(fields).encode(), kind=FORM)))
    form, kind = as_multipart(**{field: "MARKED"})
    check(outcome(keyed(form.replace(b"MARKED", value), kind=kind)))


@given(st.binary(max_size=300), st.sampled_from([FORM, as_multipart()[1], "multipart/form-data", "text/plain", ""]))
def test_random_bodies_of_any_kind_are_refused(body: bytes, kind: str) -> None:
    assert outcome(stamped(body, kind=kind)) is None


@given(st.dictionaries(any_text, values, max_size=6))
def test_newer_fields_never_hide_a_movement(extra: dict[str, object]) -> None:
    body = json.dumps({**extra, **FIELDS})
    try:
        json.loads(body, parse_constant=int)
    except ValueError:
        return  # NaN is no JSON, whoever signed it
    [said] = outcome(stamped(body.encode())) or [None]
    assert said is not None
    assert (said.ref, said.amount) == ("92704", 199000)
