"""What is in force for each gateway: the environment first, then what lies sealed."""

import pytest

from app.gateway_settings import SECRETS, address_variable, variable
from app.holdings import Given, Holding, Origin, held_for, merge, plugs, unwatched
from app.settings import Settings
from gateways.casso import CASSO
from gateways.payos import PAYOS
from gateways.registry import GATEWAYS

ENVIRONMENT, SEALED = Origin.ENVIRONMENT, Origin.SEALED
CASSO_KEY = {"checksum_key": "dummy-checksum"}
KEYS = {"client_id": "dummy-client", "api_key": "dummy-api", "checksum_key": "dummy-checksum"}


def payos(given: dict[str, str], sealed: dict[str, str], *off: str) -> Holding:
    return held_for(merge(Given({"payos": given}, {}, ""), {"payos": sealed}, off), PAYOS)


def test_the_environment_wins_over_what_lies_sealed() -> None:
    held = payos({"api_key": "dummy-new"}, KEYS)
    assert held.secrets == KEYS | {"api_key": "dummy-new"}
    assert held.origins == {"client_id": SEALED, "api_key": ENVIRONMENT, "checksum_key": SEALED}
    assert held.differing == ("api_key",)
    assert payos(KEYS, KEYS).differing == ()
    assert payos(KEYS, {}).differing == ()


def test_half_of_it_here_and_half_of_it_there_is_all_of_it() -> None:
    held = payos({"api_key": "dummy-api"}, {"client_id": "dummy-client", "checksum_key": "dummy-checksum"})
    assert (held.complete, held.open, held.begun) == (True, True, False)


def test_what_is_lacking_is_told_by_its_variables() -> None:
    held = payos({"api_key": "dummy-api"}, {})
    assert (held.complete, held.open, held.begun) == (False, False, True)
    assert held.lacking == ("PAYOS_CLIENT_ID", "PAYOS_CHECKSUM_KEY")
    nothing = payos({}, {})
    assert (nothing.complete, nothing.begun) == (False, False)


def test_a_gateway_that_is_switched_off_is_no_plug_and_keeps_its_keys() -> None:
    held = payos(KEYS, {}, "payos")
    assert (held.off, held.open, held.complete, held.secrets) == (True, False, True, KEYS)
    held_all = merge(Given({"payos": KEYS, "casso": {"checksum_key": "dummy"}}, {}, ""), {}, {"payos"})
    assert [each.gateway for each in plugs(held_all) if each.gateway.names] == [CASSO]


def test_plugs_stand_in_the_order_of_the_registry_with_their_addresses() -> None:
    secrets = {each.name: dict.fromkeys(each.names, "dummy") for each in reversed(GATEWAYS)}
    held = merge(Given(secrets, {"payos": "http://127.0.0.1:1"}, ""), {}, ())
    assert [each.gateway for each in plugs(held)] == list(GATEWAYS)
    addresses = {each.gateway.name: each.url for each in plugs(held)}
    assert (addresses["payos"], addresses["casso"]) == ("http://127.0.0.1:1", CASSO.url)


def test_a_name_that_no_gateway_knows_any_more_is_passed_over() -> None:
    assert payos({}, KEYS | {"older_name": "dummy-older"}).secrets == KEYS
    assert merge(Given({}, {}, ""), {"gone": {"key": "dummy"}}, {"gone"})


def test_no_secret_is_shown() -> None:
    given = Given({"payos": KEYS}, {}, "")
    held = merge(given, {"payos": {"api_key": "dummy-sealed"}}, ())
    assert "dummy" not in f"{given!r} {held!r} {plugs(held)!r}"


@pytest.mark.parametrize(
    ("gateway", "name", "expected"),
    [
        ("casso", "checksum_key", "CASSO_CHECKSUM_KEY"),
        ("casso", "api_key", "CASSO_API_KEY"),
        ("payos", "client_id", "PAYOS_CLIENT_ID"),
        ("sepay", "api_key", "SEPAY_API_KEY"),
        ("sepay", "webhook_secret", "SEPAY_WEBHOOK_SECRET"),
        ("sepay", "user_token", "SEPAY_USER_TOKEN"),
        ("sepay-pg", "merchant", "SEPAY_MERCHANT"),
        ("sepay-pg", "secret", "SEPAY_PG_SECRET"),
        ("vnpay", "tmn_code", "VNPAY_TMN_CODE"),
        ("vnpay", "hash_secret", "VNPAY_HASH_SECRET"),
        ("bakong", "token", "BAKONG_TOKEN"),
        ("bakong", "merchant_id", "BAKONG_MERCHANT_ID"),
    ],
)
def test_a_variable_is_named_for_gateway_and_secret(gateway: str, name: str, expected: str) -> None:
    assert variable(gateway, name) == expected


@pytest.mark.parametrize(
    ("gateway", "expected"),
    [
        ("casso", "CASSO_API_URL"),
        ("payos", "PAYOS_API_URL"),
        ("sepay", "SEPAY_API_URL"),
        ("sepay-pg", "SEPAY_API_URL"),
        ("vnpay", "VNPAY_URL"),
        ("bakong", "BAKONG_API_URL"),
    ],
)
def test_a_server_is_named_by_a_variable(gateway: str, expected: str) -> None:
    assert address_variable(gateway) == expected


def test_every_secret_of_every_gateway_is_read_from_a_variable_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    variables = [each for named in SECRETS.values() for each in named.values()]
    assert len(set(variables)) == len(variables)
    for name in variables:
        monkeypatch.setenv(name, f"dummy {name}")
    expected = {gateway: {name: f"dummy {each}" for name, each in named.items()} for gateway, named in SECRETS.items()}
    settings = Settings()
    assert settings.gateway_secrets == expected
    assert not settings.sandbox
    assert "dummy" not in repr(settings)


def test_addresses_of_servers_end_no_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAYOS_API_URL", "http://127.0.0.1:1/")
    address = "http://127.0.0.1:1"
    assert Settings().gateway_urls == {"payos": address, "payos-payout": address}, "one host is all of payOS"
    assert Settings().sandbox


@pytest.mark.parametrize(
    ("given", "off", "expected"),
    [
        ({}, [], False),
        ({"casso": CASSO_KEY}, [], False),
        ({"casso": CASSO_KEY}, ["casso"], True),
        ({"casso": CASSO_KEY}, ["vnpay"], False),
        ({"casso": CASSO_KEY, "payos": KEYS}, ["casso"], False),
        ({"casso": CASSO_KEY, "payos": KEYS}, ["casso", "payos"], True),
    ],
)
def test_an_account_is_unwatched_once_the_last_watcher_is_switched_off_by_hand(
    given: dict[str, dict[str, str]], off: list[str], expected: bool
) -> None:
    assert unwatched(merge(Given(given, {}, ""), {}, off)) is expected
