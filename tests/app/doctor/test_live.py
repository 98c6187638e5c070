"""The guided test purchase, beside a shop that really runs: its own doors, its own worker."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from app.doctor.live import Patience, buy
from app.house import run_all
from app.run import Open, Role, open_house
from app.settings import Settings
from bot.qr_text import qr_lines
from flows.show_order import show_order
from gateways.casso import CASSO
from sales.clock import utc_now
from sales.errors import Misconfigured
from sales.transfer import Sighting
from storage import catalogue, orders
from tests.app.doctor.patients import NOWHERE
from tests.app.test_shop_file import GOOD
from tests.flows.ledger import show_ledger
from tests.house.source import ROOT

KEY = "dummy-casso-key"
ACCOUNT = "0000111122223333"
ACCOUNT_IN_FILE = '\n[[account]]\nbank = "MB"\naccount = "{account}"\nholder = "NGUYEN VAN A"\n'
TRANSFER = "This test purchase is a transfer"
SHORT = timedelta(0)
QUICK = Patience(timedelta(seconds=20), timedelta(seconds=20), timedelta(seconds=20), pause=0.01)
PAYOS = {"payos_client_id": "dummy", "payos_api_key": "dummy", "payos_checksum_key": "dummy", "payos_api_url": NOWHERE}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    values: dict[str, Any] = {
        "database_url": f"sqlite:///{tmp_path}/shop.db",
        "casso_checksum_key": KEY,
        "bank_bin": "970422",
        "bank_account": ACCOUNT,
        "bank_holder": "NGUYEN VAN A",
        "shop_file": ROOT / "shop.toml",
        "port": 0,
    }
    return Settings(**values)


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Open]:
    """A shop with its workers at work."""
    async with open_house(settings, Role.ALL) as opened:
        stop = asyncio.Event()
        work = asyncio.create_task(run_all(opened.errands, stop))
        try:
            yield opened
        finally:
            stop.set()
            await work


class Seller:
    """Reads what is told, and pays when the QR is shown."""

    def __init__(self, opened: Open, *amounts: int) -> None:
        self.lines: list[str] = []
        self.code = ""
        self.shown = asyncio.Event()
        self._opened, self._amounts = opened, amounts
        self._errands: list[asyncio.Task[None]] = []

    def hear(self, line: str) -> None:
        self.lines.append(line)
        if found := re.search(r"memo (\w+)", line):
            if not self.code:
                self._errands.append(asyncio.create_task(self._pay(found[1])))
            self.code = self.code or found[1]
            self.shown.set()

    def heard(self, beginning: str) -> list[str]:
        return [line for line in self.lines if line.startswith(beginning)]

    async def _pay(self, code: str) -> None:
        for number, amount in enumerate(self._amounts, 1):
            sighting = Sighting("casso", str(number), amount, "VND", ACCOUNT, f"CT {code}")
            notice = CASSO.forge({"checksum_key": KEY}, sighting, utc_now())
            url = f"{self._opened.base}/webhooks/main/casso"
            async with (
                ClientSession() as http,
                http.post(url, data=notice.body, headers=list(notice.headers)) as answer,
            ):
                assert answer.status == 200

    async def story(self) -> dict[str, Any]:
        house = self._opened.house
        story = await house.store.read(lambda unit: show_order(unit, house.premises, self.code))
        assert story is not None
        return story


async def test_the_money_comes_by_the_real_door_and_nothing_is_granted(settings: Settings) -> None:
    async with running(settings) as opened:
        seller = Seller(opened, 1_000)
        assert await buy(settings, seller.hear, QUICK) is True
        story = await seller.story()
        shelf = await opened.house.store.read(
            lambda unit: catalogue.offers(unit, opened.house.premises.shop.id, "telegram")
        )
        books = await opened.house.store.read(lambda unit: show_ledger(unit, opened.house.premises))
    assert [line[0] for line in seller.heard("✔")] == ["✔"] * 3
    assert "by casso" in seller.heard("✔")[0]
    assert story["order"]["payment"] == "paid"
    assert [(each["kind"], each["state"]) for each in story["grants"]] == [("course", "granted")]
    assert [(each["channel"], each["state"]) for each in story["deliveries"]] == [("terminal", "sent")]
    assert "_test" not in {offer.slug for offer in shelf}, "no buyer ever sees it"
    assert (books["balanced"], books["totals"]["VND"]["revenue"]) == (True, 1_000)


async def test_the_qr_is_shown_with_everything_to_type(settings: Settings) -> None:
    async with running(settings) as opened:
        seller = Seller(opened, 1_000)
        await buy(settings, seller.hear, QUICK)
        story = await seller.story()
    [attempt] = story["attempts"]
    shown = "\n".join(re.sub(r"\x1b\[[0-9;]*m", "", line) for line in seller.lines)
    assert "\n".join(qr_lines(attempt["qr"])) in shown
    assert all(word in shown for word in ("MB", ACCOUNT, "NGUYEN VAN A", "1,000", attempt["memo"]))


async def test_parts_are_told_as_they_come(settings: Settings) -> None:
    async with running(settings) as opened:
        seller = Seller(opened, 400, 600)
        assert await buy(settings, seller.hear, QUICK) is True
    assert len([line for line in seller.lines if "arrived by casso" in line]) == 2
    assert len([line for line in seller.lines if "not the whole amount" in line]) == 1


async def test_when_nothing_comes_it_says_where_to_look_and_takes_the_order_back(settings: Settings) -> None:
    async with running(settings) as opened:
        seller = Seller(opened)
        assert await buy(settings, seller.hear, Patience(money=SHORT, pause=0.01)) is False
        story = await seller.story()
    assert story["order"]["payment"] == "cancelled"
    assert any("Look, in this order" in line for line in seller.lines)


async def test_breaking_off_takes_the_order_back(settings: Settings) -> None:
    async with running(settings) as opened:
        seller = Seller(opened)
        purchase = asyncio.create_task(buy(settings, seller.hear, Patience(pause=0.01)))
        await seller.shown.wait()
        purchase.cancel()
        with suppress(asyncio.CancelledError):
            await purchase
        assert (await seller.story())["order"]["payment"] == "cancelled"


async def test_without_a_worker_the_money_still_comes_and_that_is_told(settings: Settings) -> None:
    async with open_house(settings, Role.ALL) as opened:  # nobody runs its errands
        seller = Seller(opened, 1_000)
        assert await buy(settings, seller.hear, Patience(money=QUICK.money, worker=SHORT, pause=0.01)) is False
    assert any("no worker" in line for line in seller.lines)


async def test_a_gateway_that_makes_no_link_is_told(settings: Settings) -> None:
    only_payos = Settings(**(settings.model_dump() | PAYOS | {"casso_checksum_key": None}))
    async with running(only_payos) as opened:
        seller = Seller(opened)
        assert await buy(only_payos, seller.hear, Patience(link=SHORT, pause=0.01)) is False
        counts = await opened.house.store.read(lambda unit: orders.counts(unit, opened.house.premises.shop.id))
    assert any("payos made no payment link" in line for line in seller.lines)
    assert counts == {"cancelled": 1}


async def test_one_does_not_test_for_ever(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.limit_orders.MOST_ORDERS_A_DAY", 1)
    async with running(settings) as opened:
        seller = Seller(opened)
        await buy(settings, seller.hear, Patience(money=SHORT, pause=0.01))
        assert await buy(settings, seller.hear, QUICK) is False
    assert "too many orders" in seller.lines[-1]


@pytest.mark.parametrize(
    ("lacking", "words"),
    [
        ({"bank_holder": None}, ["Nobody can pay"]),
        ({"casso_checksum_key": None, "telegram_bot_token": "7:dummy"}, ["Money is not noticed"]),
        ({"casso_checksum_key": None, "bank_bin": None, "vnpay_tmn_code": "T", "vnpay_hash_secret": "s"}, [TRANSFER]),
        ({"casso_checksum_key": None, "bank_bin": None, "telegram_bot_token": "7:d"}, [TRANSFER]),
    ],
)
async def test_what_keeps_it_from_selling_is_told_in_the_sellers_words(
    settings: Settings, lacking: dict[str, Any], words: list[str]
) -> None:
    lines: list[str] = []
    assert await buy(Settings(**(settings.model_dump() | lacking)), lines.append, QUICK) is False
    assert [word in line for word, line in zip(words, lines, strict=True)] == [True] * len(words)


async def test_an_account_of_the_shop_file_is_one_to_test_with(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "shop.toml").write_text(GOOD + ACCOUNT_IN_FILE.format(account=ACCOUNT), encoding="utf-8")
    filed = Settings(**(settings.model_dump() | {"shop_file": tmp_path / "shop.toml", "bank_bin": None}))
    async with running(filed) as opened:
        seller = Seller(opened, 1_000)
        assert await buy(filed, seller.hear, QUICK) is True


async def test_a_shop_that_does_not_run_is_told_and_left_alone(settings: Settings, tmp_path: Path) -> None:
    lines: list[str] = []
    with pytest.raises(Misconfigured, match="database-not-migrated"):
        await buy(settings, lines.append, QUICK)
    async with open_house(settings, Role.ALL):
        pass
    assert await buy(settings, lines.append, QUICK) is False
    assert "No shop runs" in lines[-1]
    toy = Settings(database_url=f"sqlite:///{tmp_path}/toy.db")
    assert await buy(toy, lines.append, QUICK) is False
    assert "sandbox" in lines[-1]
