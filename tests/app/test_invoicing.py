"""Which gateway makes the invoices, and the client of one that makes payment links."""

from dataclasses import replace

import pytest
from aiohttp import ClientSession

from app.house import House
from app.invoicing import invoicing
from app.links import open_client
from app.settings import Settings
from app.setup import real_setup, sandbox_secrets
from gateways.casso import CASSO
from gateways.payos import PAYOS
from sales.errors import Misconfigured
from tests.flows.shop import Shop

BOT = {"telegram_bot_token": "1:x"}
CASSO_KEY = {"casso_checksum_key": "dummy"}
CASSO_TOKEN = {"casso_secure_token": "dummy"}
PAYOS_KEYS = {"payos_client_id": "dummy", "payos_api_key": "dummy", "payos_checksum_key": "dummy"}


@pytest.fixture(autouse=True)
def empty(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def settings(**given: str) -> Settings:
    return Settings.model_validate(given)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (BOT, (CASSO, None)),
        (CASSO_KEY, (CASSO, None)),
        (PAYOS_KEYS, (PAYOS, None)),
        (PAYOS_KEYS | CASSO_KEY, (PAYOS, CASSO)),
        (PAYOS_KEYS | CASSO_TOKEN, (PAYOS, CASSO)),
        (CASSO_KEY | {"payos_client_id": "dummy", "payos_api_key": "dummy"}, (CASSO, None)),
        (CASSO_KEY | PAYOS_KEYS | {"payos_api_key": " "}, (CASSO, None)),
        ({}, (CASSO, None)),
        ({"sandbox_gateway": "casso"}, (CASSO, None)),
        ({"sandbox_gateway": "payos"}, (PAYOS, CASSO)),
        (CASSO_KEY | {"sandbox_gateway": "payos"}, (CASSO, None)),
    ],
)
def test_links_go_first_when_all_their_secrets_are_there(
    given: dict[str, str], expected: tuple[object, object]
) -> None:
    assert invoicing(settings(**given)) == expected


def test_the_sandbox_knows_no_other_gateway() -> None:
    with pytest.raises(ValueError, match="sandbox_gateway"):
        settings(sandbox_gateway="vnpay")


async def test_only_a_gateway_that_makes_links_gets_a_client() -> None:
    setup = replace(real_setup(settings(**PAYOS_KEYS)), payos_url="http://127.0.0.1:1")
    assert open_client(setup, CASSO) is None
    client = open_client(setup, PAYOS)
    assert client is not None
    assert isinstance(client.session, ClientSession)
    assert "dummy" not in repr(client)
    await client.session.close()


async def test_no_session_is_left_open_by_an_insecure_address(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[object] = []
    monkeypatch.setattr("app.links.ClientSession", lambda: opened.append(None))
    setup = replace(real_setup(settings(**PAYOS_KEYS)), payos_url="http://payos.example")
    with pytest.raises(Misconfigured, match="payos-url-insecure"):
        open_client(setup, PAYOS)
    assert opened == []


async def test_only_a_house_that_works_off_jobs_opens_the_client(shop: Shop) -> None:
    setup = replace(real_setup(settings(**PAYOS_KEYS)), payos_url="http://127.0.0.1:1")
    house = House(shop.store, replace(shop.premises, gateway=PAYOS), setup)
    house.doors()
    assert house.link_client is None
    house.employ()
    assert house.link_client is not None
    await house.close()
    assert house.link_client.session.closed


def test_the_gateways_page_sends_buyers_to_the_shop_or_else_to_the_gateway() -> None:
    assert real_setup(settings(public_url="https://shop.example")).back == "https://shop.example/back"
    assert real_setup(settings()).back == "https://payos.vn"


def test_every_gateway_of_the_sandbox_has_its_secrets() -> None:
    secrets = sandbox_secrets()
    assert all(each.opened_by(secrets[each.name]) for each in (CASSO, PAYOS))
