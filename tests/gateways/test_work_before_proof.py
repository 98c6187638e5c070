"""What a stranger's notice costs before it is refused: counted in calls, which no slow machine changes."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from types import FrameType

import pytest

from gateways.casso import CASSO
from gateways.form_text import URLENCODED
from gateways.gateway import Gateway, Request
from gateways.json_text import UNPROVEN_BYTES, UNPROVEN_VALUES, parse_unproven
from gateways.payos import PAYOS
from gateways.sepay import SEPAY
from gateways.sepay_pg import SEPAY_PG
from sales.errors import Forged, Malformed
from tests.gateways import casso_signing, payos_signing, sepay_pg_signing, sepay_signing

NOW = datetime(2025, 10, 22, 8, 1, 45, tzinfo=UTC)
DOOR = 256 * 1024
"""Bytes that the door reads of a body."""
MOST_CALLS = 20_000
"""Less than five milliseconds; before this was bounded, five million calls."""

Wrap = Callable[[str], Request]


def as_payos(value: str) -> Request:
    return Request(f'{{"signature":"{"0" * 64}","data":{{"a":{value}}}}}'.encode())


def as_payos_data(value: str) -> Request:
    return Request(f'{{"signature":"{"0" * 64}","data":{value}}}'.encode())


def as_casso(value: str) -> Request:
    return casso_signing.raw(f'{{"a":{value}}}'.encode(), f"t=1,v1={'0' * 128}")


def as_casso_rows(value: str) -> Request:
    return Request(f'{{"data":{value}}}'.encode(), (("secure-token", "not-the-token"),))


def as_sepay(value: str) -> Request:
    return sepay_signing.keyed(f'{{"id":{value}}}'.encode(), "not-the-key")


def as_sepay_form(value: str) -> Request:
    return sepay_signing.stamped(f"id={value}".encode(), "not-the-secret", NOW, URLENCODED)


def as_sepay_pg(value: str) -> Request:
    return Request(f'{{"notification_type":"ORDER_PAID","order":{value}}}'.encode())


WAYS: dict[str, tuple[Gateway, dict[str, str], Wrap]] = {
    "payos": (PAYOS, dict(payos_signing.SECRETS), as_payos),
    "payos data": (PAYOS, dict(payos_signing.SECRETS), as_payos_data),
    "casso": (CASSO, dict(casso_signing.SECRETS), as_casso),
    "casso rows": (CASSO, {"secure_token": casso_signing.TOKEN}, as_casso_rows),
    "sepay": (SEPAY, {"api_key": sepay_signing.KEY}, as_sepay),
    "sepay form": (SEPAY, {"webhook_secret": sepay_signing.SECRET}, as_sepay_form),
    "sepay-pg": (SEPAY_PG, dict(sepay_pg_signing.SECRETS), as_sepay_pg),
}

UNITS = {
    "one long text": "",
    "long texts": f'"{"x" * 50}",',
    "texts": '"xx",',
    "letters of three bytes": f'"{"ộ" * 20}",',
    "halves": '"\\ud83d",',
    "escapes": f'"{chr(92)}n",',
    "long numbers": f"{'9' * 290},",
    "fractions": "1.7976931348623157e-308,",
    "objects": '{"10":{"9":{}}},',
    "lists": "[[[[[1]]]]],",
    "deep lists": f"{'[' * 28}{']' * 28},",
}


def many(unit: str, bytes_: int, most: int) -> str:
    """A list of as many of them as fit."""
    if not unit:
        return f'["{"x" * (bytes_ - 200)}"]'
    return f"[{(unit * min((bytes_ - 200) // len(unit.encode()), most)).rstrip(',')}]"


def calls(gateway: Gateway, secrets: dict[str, str], request: Request) -> int:
    """Calls that a refusal takes."""
    count = 0

    def counted(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        gateway.read(secrets, request, NOW)
    except (Forged, Malformed):
        return count
    finally:
        sys.setprofile(before)
    raise AssertionError("it was taken")


@pytest.mark.parametrize("size", [UNPROVEN_BYTES, DOOR])
@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("way", WAYS)
def test_a_stranger_makes_little_work(way: str, unit: str, size: int) -> None:
    gateway, secrets, wrap = WAYS[way]
    values = 1 + max(0, sum(UNITS[unit].count(mark) for mark in ",[{") - 1)
    for most in (UNPROVEN_VALUES // values - 5, size):
        request = wrap(many(UNITS[unit], size, most))
        assert len(request.body) <= size
        assert calls(gateway, secrets, request) < MOST_CALLS


@pytest.mark.parametrize("way", ["payos data", "casso"])
def test_many_fields_are_little_work(way: str) -> None:
    gateway, secrets, wrap = WAYS[way]
    for name in ("{}", "x{}"):
        for value in ("1e300", '["ab"]'):
            most = UNPROVEN_VALUES // (1 + value.count("[")) - 5
            fields = (f'"{name.format(place)}":{value}' for place in range(most))
            assert calls(gateway, secrets, wrap(f"{{{','.join(fields)}}}")) < MOST_CALLS


@pytest.mark.parametrize(
    ("before", "unit", "after", "most"),
    [
        (b'"', b"x", b'"', UNPROVEN_BYTES - 2),
        (b"[1", b",1", b"]", UNPROVEN_VALUES - 1),
        (b'["', b"[", b'"]', UNPROVEN_VALUES - 1),
        (b'["', b"{", b'"]', UNPROVEN_VALUES - 1),
    ],
)
def test_the_limit_itself_is_read_and_one_more_is_not(before: bytes, unit: bytes, after: bytes, most: int) -> None:
    assert parse_unproven(before + unit * most + after)
    with pytest.raises(Malformed, match="too large"):
        parse_unproven(before + unit * (most + 1) + after)


def test_true_notices_with_the_longest_memo_are_read() -> None:
    memo = "ộ," * 110
    for gateway, secrets, request in (
        (PAYOS, payos_signing.SECRETS, payos_signing.notice(description=memo)),
        (CASSO, casso_signing.SECRETS, casso_signing.notice(description=memo)),
    ):
        [said] = gateway.read(secrets, request, NOW)
        assert said.memo == memo


@pytest.mark.parametrize("way", ["casso rows", "sepay", "sepay form"])
def test_who_has_no_token_has_nothing_parsed(way: str) -> None:
    gateway, secrets, wrap = WAYS[way]
    assert calls(gateway, secrets, wrap("[" * 100_000)) < 50
