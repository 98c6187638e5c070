"""Which gateway makes the invoices, and the client of one that makes payment links."""

from dataclasses import replace

import pytest
from aiohttp import ClientSession

from app.holdings import given_by, merge, plugs
from app.invoicing import invoicing
from app.links import open_links
from app.settings import Settings
from app.setup import real_setup, sandbox_secrets
from flows.premises import Plug
from gateways.casso import CASSO
from gateways.gateway import Gateway
from gateways.payos import PAYOS
from gateways.registry import GATEWAYS
from sales.clock import utc_now
from sales.errors import Misconfigured
from tests.flows.shop import Shop

BOT = {"telegram_bot_token": "1:x"}
CASSO_KEY = {"casso_checksum_key": "dummy"}
CASSO_TOKEN = {"casso_secure_token": "dummy"}
PAYOS_KEYS = {"payos_client_id": "dummy", "payos_api_key": "dummy", "payos_checksum_key": "dummy"}
PAYOS_SECRETS = {"client_id": "dummy", "api_key": "dummy", "checksum_key": "dummy"}
OTHER_WATCHER = replace(CASSO, name="other")
ELSEWHERE = replace(CASSO, name="elsewhere", bank=False)


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
        ({"casso_api_key": "dummy"}, (CASSO, None)),
        (PAYOS_KEYS | {"casso_api_key": "dummy"}, (PAYOS, None)),
    ],
)
def test_links_go_first_when_all_their_secrets_are_there(
    given: dict[str, str], expected: tuple[object, object]
) -> None:
    open_plugs = plugs(merge(given_by(settings(**given)), {}, ()))
    assert invoicing([each.gateway for each in open_plugs]) == expected


@pytest.mark.parametrize(
    ("opened", "wanted", "expected"),
    [
        ([CASSO, PAYOS, OTHER_WATCHER], "casso", (CASSO, None)),
        ([CASSO, PAYOS, OTHER_WATCHER], "payos", (PAYOS, CASSO)),
        ([CASSO, PAYOS, OTHER_WATCHER], "other", (OTHER_WATCHER, None)),
        ([CASSO, PAYOS, OTHER_WATCHER], "", (PAYOS, CASSO)),
        ([OTHER_WATCHER, CASSO], "", (OTHER_WATCHER, None)),
        ([ELSEWHERE, OTHER_WATCHER], "", (OTHER_WATCHER, None)),
        ([ELSEWHERE, PAYOS], "", (PAYOS, None)),
        ([ELSEWHERE], "", (CASSO, None)),
    ],
)
def test_the_first_that_watches_the_account_draws_the_qr(
    opened: list[Gateway], wanted: str, expected: tuple[object, object]
) -> None:
    assert invoicing(opened, wanted) == expected


def test_the_sandbox_knows_no_other_gateway() -> None:
    with pytest.raises(ValueError, match="sandbox_gateway"):
        settings(sandbox_gateway="vnpay")


async def test_only_a_gateway_that_makes_links_is_asked_for_them(shop: Shop) -> None:
    plug = Plug(PAYOS, PAYOS_SECRETS, "http://127.0.0.1:1")
    async with ClientSession() as session:
        assert open_links(shop.premises, session, utc_now) is None
        assert open_links(replace(shop.premises, gateway=PAYOS, plugs=()), session, utc_now) is None
        links = open_links(replace(shop.premises, gateway=PAYOS, plugs=(plug,)), session, utc_now)
        assert links is not None
        assert "dummy" not in repr(links)


async def test_an_insecure_address_of_links_is_refused(shop: Shop) -> None:
    plug = Plug(PAYOS, PAYOS_SECRETS, "http://payos.example")
    async with ClientSession() as session:
        with pytest.raises(Misconfigured, match="url-insecure"):
            open_links(replace(shop.premises, gateway=PAYOS, plugs=(plug,)), session, utc_now)


def test_the_gateways_page_sends_buyers_to_the_shop_or_else_to_the_gateway() -> None:
    assert real_setup(settings(public_url="https://shop.example")).back == "https://shop.example/back"
    assert real_setup(settings()).back == "https://payos.vn"


def test_every_gateway_of_the_sandbox_has_its_secrets() -> None:
    secrets = sandbox_secrets()
    assert all(each.opened_by(secrets.get(each.name, {})) for each in GATEWAYS)
    assert sandbox_secrets() != secrets
    assert next(iter(sandbox_secrets("payos"))) == "payos"
