"""Web and worker as processes of their own share one PostgreSQL shop."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from app.house import run_all
from app.run import Open, Role, open_house
from app.settings import Settings
from flows.place_order import place_order
from flows.show_order import show_order
from gateways.casso import CASSO
from sales.clock import utc_now
from sales.errors import Misconfigured
from sales.transfer import Sighting
from sandbox.mailbox import Mailbox
from sandbox.news import News
from storage import buyers, catalogue
from storage.unit import Unit
from storage.vault import new_vault_key
from tests.flows.ledger import show_ledger

KEY = "dummy-casso-key"


@pytest.fixture
def news() -> News:
    return News()


@pytest.fixture
async def mailbox(news: News) -> AsyncIterator[Mailbox]:
    box = Mailbox(news)
    await box.start()
    yield box
    await box.stop()


@pytest.fixture
def settings(postgres_url: str, mailbox: Mailbox) -> Settings:
    values: dict[str, Any] = {
        "database_url": postgres_url,
        "vault_key": new_vault_key(),
        "casso_checksum_key": KEY,
        "bank_bin": "970422",
        "bank_account": "0000111122223333",
        "bank_holder": "NGUYEN VAN A",
        "smtp_url": mailbox.url,
        "mail_from": "shop@example.com",
        "port": 0,
    }
    return Settings(**values)


async def pay(opened: Open, code: str) -> int:
    sighting = Sighting("casso", "42", 79_000, "VND", "0000111122223333", f"CT {code}")
    notice = CASSO.forge({"checksum_key": KEY}, sighting, utc_now())
    async with (
        ClientSession() as http,
        http.post(f"{opened.base}/webhooks/main/casso", data=notice.body, headers=list(notice.headers)) as answer,
    ):
        return answer.status


async def letter(mailbox: Mailbox, news: News) -> str:
    async with asyncio.timeout(20):
        while not mailbox.letters:
            await news.after(news.version)
    return mailbox.letters[0].text


async def test_the_web_process_settles_and_the_worker_process_delivers(
    settings: Settings, mailbox: Mailbox, news: News
) -> None:
    async with open_house(settings, Role.ALL) as founder:
        code = await founder.house.store.write(lambda unit: _order(unit, founder))
    stop = asyncio.Event()
    async with open_house(settings, Role.WEB) as web, open_house(settings, Role.WORKER) as worker:
        assert (web.errands, worker.base) == ([], "")
        running = asyncio.create_task(run_all(worker.errands, stop))
        assert await pay(web, code) == 200
        assert code in await letter(mailbox, news)
        stop.set()
        await running
        story = await web.house.store.read(lambda unit: show_order(unit, web.house.premises, code))
        books = await web.house.store.read(lambda unit: show_ledger(unit, web.house.premises))
    assert story is not None
    assert [each["state"] for each in story["deliveries"] if each["channel"] == "email"] == ["sent"]
    assert books["balanced"]


async def test_several_web_processes_settle_the_same_notice_once(settings: Settings) -> None:
    async with open_house(settings, Role.ALL) as founder:
        code = await founder.house.store.write(lambda unit: _order(unit, founder))
    async with open_house(settings, Role.WEB) as one, open_house(settings, Role.WEB) as two:
        statuses = await asyncio.gather(*(pay(each, code) for each in (one, two) * 20))
        story = await one.house.store.read(lambda unit: show_order(unit, one.house.premises, code))
    assert story is not None
    # 503 is an honest answer to a collision: the gateway repeats.
    assert set(statuses) <= {200, 503}
    assert 200 in statuses
    assert ([each["decision"] for each in story["transfers"]], len(story["grants"])) == (["exact"], 1)


@pytest.mark.parametrize("role", [Role.WEB, Role.WORKER])
async def test_a_role_of_its_own_founds_the_shop_when_it_is_the_first(settings: Settings, role: Role) -> None:
    async with open_house(settings, role) as first:
        shelf = await first.house.store.read(
            lambda unit: catalogue.offers(unit, first.house.premises.shop.id, "telegram")
        )
    assert shelf[0].slug == "anh-dep-30"


async def test_two_processes_that_start_at_once_found_one_shop(settings: Settings) -> None:
    async with AsyncExitStack() as stack:
        both = await asyncio.gather(
            *(stack.enter_async_context(open_house(settings, role)) for role in (Role.WEB, Role.WORKER))
        )
    assert len({opened.house.premises.shop.code_key for opened in both}) == 1


async def test_a_role_of_its_own_takes_over_what_the_shop_file_says_today(settings: Settings, tmp_path: Path) -> None:
    async with open_house(settings, Role.WEB):
        pass
    dearer = tmp_path / "shop.toml"
    dearer.write_text(settings.shop_file.read_text().replace("price = 79_000", "price = 89_000"))
    changed = settings.model_copy(update={"shop_file": dearer})
    async with open_house(changed, Role.WORKER) as opened:
        shelf = await opened.house.store.read(
            lambda unit: catalogue.offers(unit, opened.house.premises.shop.id, "telegram")
        )
    assert shelf[0].price.minor == 89_000


async def test_postgresql_needs_a_vault_key(settings: Settings) -> None:
    with pytest.raises(Misconfigured, match="vault-key-needed"):
        async with open_house(settings.model_copy(update={"vault_key": None}), Role.ALL):
            pass


def _order(unit: Unit, opened: Open) -> str:
    shop = opened.house.premises.shop
    peer = buyers.meet(unit, shop.id, "telegram", "1", "NGUYEN VAN A", "vi")
    offer = catalogue.offers(unit, shop.id, "telegram")[0]
    placed = place_order(unit, opened.house.premises, peer, offer, "buyer@example.com")
    return placed.code
