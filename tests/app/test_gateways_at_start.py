"""At a start the environment fills the blanks of the shop, and wins for as long as it is set."""

import pytest

from app.run import Role
from gateways.casso import CASSO
from gateways.payos import PAYOS
from sales.errors import Misconfigured
from storage.vault import new_vault_key
from tests.app.sealed_shop import SealedShop, knock, sealed_shop

CASSO_KEY = {"CASSO_CHECKSUM_KEY": "dummy-casso"}
PAYOS_KEYS = {"PAYOS_CLIENT_ID": "dummy-client", "PAYOS_API_KEY": "dummy-api", "PAYOS_CHECKSUM_KEY": "dummy-sum"}


@pytest.fixture
def shop(store_url: str) -> SealedShop:
    return sealed_shop(store_url)


async def test_a_key_that_was_set_once_is_in_force_without_its_variable(shop: SealedShop) -> None:
    shop.environment |= CASSO_KEY
    await shop.start_once()
    del shop.environment["CASSO_CHECKSUM_KEY"]
    assert shop.settings.gateway_secrets == {}
    async with shop.open() as opened:
        assert opened.setup.secrets("main", "casso") == {"checksum_key": "dummy-casso"}
        assert opened.setup.secrets("other", "casso") is None
        plug = opened.house.premises.plug("casso")
        assert plug is not None
        assert (plug.gateway, plug.secrets, plug.url) == (CASSO, {"checksum_key": "dummy-casso"}, CASSO.url)
        assert await knock(opened, "casso") == 401
        assert await knock(opened, "payos") == 404


async def test_what_is_sealed_is_never_overwritten_and_the_variable_wins(shop: SealedShop) -> None:
    shop.environment |= CASSO_KEY
    await shop.start_once()
    shop.environment["CASSO_CHECKSUM_KEY"] = "dummy-newer"
    async with shop.open() as opened:
        assert opened.setup.secrets("main", "casso") == {"checksum_key": "dummy-newer"}
    assert await shop.sealed() == {"casso": {"checksum_key": "dummy-casso"}}


async def test_links_go_first_whoever_gave_their_keys(shop: SealedShop) -> None:
    shop.environment |= CASSO_KEY | PAYOS_KEYS
    async with shop.open() as opened:
        assert (opened.house.premises.gateway, opened.house.premises.spare) == (PAYOS, CASSO)
    for name in (*CASSO_KEY, *PAYOS_KEYS):
        del shop.environment[name]
    premises = await shop.visit()
    assert (premises.gateway, premises.spare) == (PAYOS, CASSO)
    assert [each.gateway for each in premises.plugs if each.gateway.names] == [CASSO, PAYOS]


async def test_a_gateway_that_is_switched_off_has_a_closed_door(shop: SealedShop) -> None:
    shop.environment |= CASSO_KEY | PAYOS_KEYS
    await shop.start_once()
    assert (await shop.say("gateway", "off", "payos")).code == 0
    async with shop.open() as opened:
        assert opened.setup.secrets("main", "payos") is None
        assert (opened.house.premises.gateway, opened.house.premises.plug("payos")) == (CASSO, None)
        assert (await knock(opened, "payos"), await knock(opened, "casso")) == (404, 401)
    assert (await shop.say("gateway", "on", "payos")).code == 0
    assert (await shop.visit()).gateway == PAYOS
    assert (await shop.sealed())["payos"]["client_id"] == "dummy-client"


async def test_switching_off_who_watches_the_account_ends_transfers_to_it(shop: SealedShop) -> None:
    shop.environment |= CASSO_KEY
    await shop.start_once()
    assert not (await shop.visit()).unwatched
    assert (await shop.say("gateway", "off", "casso")).code == 0
    assert (await shop.visit()).unwatched
    assert (await shop.say("gateway", "on", "casso")).code == 0
    assert not (await shop.visit()).unwatched


async def test_half_a_gateway_has_a_closed_door(shop: SealedShop) -> None:
    shop.environment |= dict(list(PAYOS_KEYS.items())[:2])
    async with shop.open() as opened:
        assert opened.house.premises.plug("payos") is None
        assert await knock(opened, "payos") == 404


async def test_web_and_worker_know_what_lies_sealed(postgres_url: str) -> None:
    shop = sealed_shop(postgres_url, **CASSO_KEY)
    await shop.start_once()
    del shop.environment["CASSO_CHECKSUM_KEY"]
    async with shop.open(Role.WEB) as web, shop.open(Role.WORKER) as worker:
        assert await knock(web, "casso") == 401
        assert [each.house.premises.plug("casso") is not None for each in (web, worker)] == [True, True]


async def test_the_public_address_is_where_browsers_reach_the_door(shop: SealedShop) -> None:
    shop.environment |= CASSO_KEY
    await shop.start_once()
    assert (await shop.visit()).base == ""
    shop.environment["PUBLIC_URL"] = "https://shop.example.com"
    assert (await shop.visit()).base == "https://shop.example.com"


async def test_the_sandbox_seals_nothing_and_opens_everything(tmp_path_factory: pytest.TempPathFactory) -> None:
    shop = sealed_shop(f"sqlite:///{tmp_path_factory.mktemp('toy')}/shop.db")
    for name in ("TELEGRAM_BOT_TOKEN", "TELEGRAM_API_URL"):
        del shop.environment[name]
    async with shop.open() as opened:
        premises = opened.house.premises
        assert {"casso", "payos"} <= {each.gateway.name for each in premises.plugs}
        assert premises.base == opened.base
        assert all(each.url.startswith(opened.base) for each in premises.plugs)
    assert await shop.sealed() == {}


async def test_another_vault_key_opens_nothing(shop: SealedShop) -> None:
    shop.environment |= CASSO_KEY
    await shop.start_once()
    shop.environment["VAULT_KEY"] = new_vault_key()
    with pytest.raises(Misconfigured, match="vault-key-wrong"):
        await shop.start_once()
