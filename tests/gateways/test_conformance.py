"""One sweep over all registered gateways: whoever joins the registry is held to the same rules."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest

from gateways.gateway import Answer, Gateway, Request, Secrets, Verdict
from gateways.registry import GATEWAYS
from sales.errors import Forged, Malformed
from sales.transfer import Payer, Sighting
from tests.gateways.carriers import Carrier, leaves
from tests.gateways.conformance import (
    ANSWERS,
    DOORLESS,
    EXCEPTIONS,
    TAKEN,
    WAYS,
    Way,
    way_name,
    ways_of,
)

NOW = datetime(2026, 11, 21, 3, 4, 5, tzinfo=UTC)
KEY = "dummy-key-0123456789abcdefghijklmnopqrstuvwxyz"
Rule = TypeVar("Rule", bound=Callable[[Gateway], None])
RULES: dict[str, Callable[[Gateway], None]] = {}


def rule(test: Rule) -> Rule:
    RULES[test.__name__] = test
    return test


def secrets(gateway: Gateway, key: str = KEY) -> Secrets:
    return dict.fromkeys(gateway.secrets[0], key)


def way(gateway: Gateway) -> Way:
    return WAYS[way_name(gateway)]


def sighting(gateway: Gateway, amount: int = 199000) -> Sighting:
    plain = Sighting(
        source=gateway.name,
        ref="218897",
        amount=amount,
        currency="VND",
        account="0000111122223333",
        memo='MBVCB.1.CD7K2M9PX.CT từ "0123" - Ma GD ACSP/ 😀 <&>',
        virtual_account="VA01",
        reference="FT25295123456789",
        booked_at=datetime(2026, 11, 21, 3, 4, tzinfo=UTC),
        payer=Payer("NGUYỄN VĂN A", "0999888777", "Vietcombank"),
    )
    return replace(plain, **way(gateway).sample)


def carrier(gateway: Gateway) -> Carrier:
    return way(gateway).carrier


def paths(gateway: Gateway, request: Request) -> list[tuple[str, ...]]:
    return leaves(carrier(gateway).document(request))


def true_notice(gateway: Gateway) -> Request:
    return gateway.forge(secrets(gateway), sighting(gateway), NOW)


def read(gateway: Gateway, request: Request, now: datetime = NOW) -> tuple[Sighting, ...]:
    return gateway.read(secrets(gateway), request, now)


def refused(gateway: Gateway, request: Request) -> None:
    with pytest.raises((Forged, Malformed)):
        read(gateway, request)


def never_another(gateway: Gateway, request: Request, true: Request) -> None:
    """Refused, or read as the true one: then only what nobody has signed was changed."""
    try:
        said = read(gateway, request)
    except (Forged, Malformed):
        return
    assert said == read(gateway, true)


def forged(gateway: Gateway, request: Request, key: str = KEY) -> None:
    with pytest.raises(Forged):
        gateway.read(secrets(gateway, key), request, NOW)


def resigned(gateway: Gateway, request: Request, **fields: object) -> Request:
    body = carrier(gateway).document(request)
    way(gateway).movement(body).update(fields)
    return way(gateway).sign(body, KEY)


@rule
def what_is_forged_is_read_back(gateway: Gateway) -> None:
    for amount in way(gateway).amounts:
        said = sighting(gateway, amount)
        assert read(gateway, gateway.forge(secrets(gateway), said, NOW)) == (said,)


@rule
def reading_remembers_nothing(gateway: Gateway) -> None:
    request = true_notice(gateway)
    forged(gateway, carrier(gateway).tampered(request, paths(gateway, request)[-1]))
    assert read(gateway, request) == read(gateway, request)


@rule
def forging_remembers_nothing(gateway: Gateway) -> None:
    assert true_notice(gateway) == true_notice(gateway)


@rule
def every_changed_value_is_forged(gateway: Gateway) -> None:
    request = true_notice(gateway)
    assert len(paths(gateway, request)) > 3
    for path in paths(gateway, request):
        other = carrier(gateway).tampered(request, path)
        if path in way(gateway).unsigned:
            assert read(gateway, other) == read(gateway, request)
        else:
            forged(gateway, other)


@rule
def every_flipped_byte_is_refused(gateway: Gateway) -> None:
    request = true_notice(gateway)
    for place in range(len(carrier(gateway).text(request))):
        text = bytearray(carrier(gateway).text(request))
        text[place] ^= 1
        other = carrier(gateway).carry(request, bytes(text))
        if way(gateway).unsigned:
            never_another(gateway, other, request)
        else:
            refused(gateway, other)


@rule
def every_flipped_letter_of_the_proof_is_forged(gateway: Gateway) -> None:
    request = true_notice(gateway)
    for name, value in request.headers:
        if name == "content-type":
            continue
        for place, letter in enumerate(value):
            broken = value[:place] + chr(ord(letter) ^ 1) + value[place + 1 :]
            headers = tuple((each, broken if each == name else text) for each, text in request.headers)
            forged(gateway, Request(request.body, headers, request.query))


@rule
def another_key_is_forged(gateway: Gateway) -> None:
    for key in (KEY + "x", KEY[:-1], KEY.upper(), f"{KEY[0]} {KEY[1:]}"):
        forged(gateway, true_notice(gateway), key)


@rule
def what_was_pasted_around_a_secret_is_none_of_it(gateway: Gateway) -> None:
    for key in (f"{KEY}\n", f" {KEY}", f"\t{KEY}\r\n"):
        assert gateway.read(secrets(gateway, key), true_notice(gateway), NOW) == read(gateway, true_notice(gateway))
        assert gateway.forge(secrets(gateway, key), sighting(gateway), NOW) == true_notice(gateway)


@rule
def empty_or_blank_secret_closes_the_door(gateway: Gateway) -> None:
    for key in ("", " ", "\t\r\n"):
        signed_with_it = gateway.forge(secrets(gateway, key), sighting(gateway), NOW)
        for request in (true_notice(gateway), signed_with_it):
            forged(gateway, request, key)
    with pytest.raises(Forged):
        gateway.read({}, true_notice(gateway), NOW)


@rule
def unsigned_is_forged(gateway: Gateway) -> None:
    request = true_notice(gateway)
    forged(gateway, way(gateway).bare(request))
    for body in (b"", b"{}", b"not JSON", b"[" * 100_000):
        refused(gateway, Request(body, (("content-type", "application/json"),)))


@rule
def repeated_header_is_refused(gateway: Gateway) -> None:
    request = true_notice(gateway)
    for header in request.headers:
        if header[0] != "content-type":
            for second in (header, (header[0], "")):
                forged(gateway, Request(request.body, (*request.headers, second), request.query))


@rule
def repeated_parameter_is_refused(gateway: Gateway) -> None:
    request = true_notice(gateway)
    for name, value in request.query:
        for second in ((name, value), (name, "")):
            forged(gateway, replace(request, query=(*request.query, second)))


@rule
def newer_field_is_let_in(gateway: Gateway) -> None:
    request = true_notice(gateway)
    assert read(gateway, resigned(gateway, request, **dict([way(gateway).newer]))) == read(gateway, request)


@rule
def independent_signature_is_true(gateway: Gateway) -> None:
    request = true_notice(gateway)
    assert read(gateway, resigned(gateway, request)) == read(gateway, request)


@rule
def key_order_and_pretty_print_change_nothing(gateway: Gateway) -> None:
    request = true_notice(gateway)
    for other in carrier(gateway).respelt(carrier(gateway).text(request)):
        assert read(gateway, carrier(gateway).carry(request, other)) == read(gateway, request)


@rule
def answers_are_exact(gateway: Gateway) -> None:
    answers: dict[Verdict, Answer] = {verdict: gateway.acknowledge(verdict) for verdict in Verdict}
    assert answers == ANSWERS[gateway.name]
    assert {answers[verdict].status for verdict in TAKEN} == {200}


@rule
def whoever_looks_at_the_status_sees_what_was_not_taken(gateway: Gateway) -> None:
    assert all(gateway.acknowledge(verdict).status >= 400 for verdict in Verdict if verdict not in TAKEN)


@rule
def old_notice_is_refused(gateway: Gateway) -> None:
    with pytest.raises(Forged):
        read(gateway, true_notice(gateway), NOW + timedelta(days=3))


@rule
def a_door_needs_a_secret(gateway: Gateway) -> None:
    assert gateway.secrets
    assert all(all(names) for names in gateway.secrets)


DOORS = [each for gateway in GATEWAYS if gateway.method for each in ways_of(gateway)]
SWEEP = [pytest.param(gateway, name, id=f"{way_name(gateway)}-{name}") for gateway in DOORS for name in RULES]


@pytest.mark.parametrize(("gateway", "name"), SWEEP)
def test_rule(gateway: Gateway, name: str) -> None:
    if (way_name(gateway), name) not in EXCEPTIONS:
        RULES[name](gateway)
        return
    with pytest.raises((AssertionError, pytest.fail.Exception, Forged, Malformed)):
        RULES[name](gateway)


def test_exceptions_name_what_exists_and_why() -> None:
    for (door, name), reason in EXCEPTIONS.items():
        assert door in WAYS
        assert name in RULES
        assert len(reason) > 20


@pytest.mark.parametrize("gateway", [each for each in GATEWAYS if not each.method], ids=lambda each: each.name)
def test_without_a_door_nothing_is_believed_and_nothing_can_be_forged(gateway: Gateway) -> None:
    assert len(DOORLESS[gateway.name]) > 20
    for body in (b"", b"{}", b'{"data":{"id":"1","amount":1}}', b"[" * 100_000):
        forged(gateway, Request(body, (("content-type", "application/json"),)))
    with pytest.raises(LookupError):
        gateway.forge(secrets(gateway), Sighting(gateway.name, "1", 1, (*gateway.currencies, "VND")[0], "", ""), NOW)
    assert all(gateway.acknowledge(verdict).status >= 400 for verdict in Verdict)


def test_every_gateway_is_known_to_the_sweep() -> None:
    assert {gateway.name for gateway in GATEWAYS} == set(ANSWERS) | set(DOORLESS)
    assert not set(ANSWERS) & set(DOORLESS)
    assert {way_name(gateway) for gateway in DOORS} == set(WAYS)
