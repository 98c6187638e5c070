"""Paid, and nobody told the shop: it finds out by itself, whoever was silent, and whatever was wrong on the way."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, ClientTimeout

from app.house import run_all
from app.run import Role, open_house
from app.settings import Settings
from app.setup import sandbox_secrets
from gateways.gateway import Secrets
from gateways.registry import gateway
from sandbox.bank.faults import Fault
from sandbox.bank.payment import Transfer
from sandbox.street import Street
from tests.journeys.people import KEY, PATIENCE, Town, said

WAYS = pytest.mark.parametrize("way", ["casso", "payos", "sepay"])


WATCHERS = {"casso": ("casso",), "payos": ("casso",), "sepay": ("sepay",), "both": ("casso", "sepay")}
"""Way → who watches the shop's bank account."""


@pytest.fixture
def way() -> str:
    return "casso"


@pytest.fixture
def settings(tmp_path: Path, way: str, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A shop that sells that way, and holds no keys of other watchers."""

    def held(first: str) -> Mapping[str, Secrets]:
        others = {"casso", "sepay"} - set(WATCHERS[way])
        return {name: secrets for name, secrets in sandbox_secrets(first).items() if name not in others}

    monkeypatch.setattr("app.street.sandbox_secrets", held)
    first = "casso" if way == "both" else way
    return Settings(database_url=f"sqlite:///{tmp_path / 'shop.db'}", port=0, sandbox_gateway=first)


async def silence(town: Town, *sources: str) -> None:
    for source in sources or ("casso", "payos", "sepay"):
        await town.ask("sources", source=source, silent=True)


async def paid_in_silence(town: Town, way: str) -> tuple[str, dict[str, Any]]:
    """Order and pay while nobody tells of it; answers the order's code and the payment."""
    await silence(town)
    code = await town.buyer.order(way=way)
    payment = await town.pay()
    assert payment["answers"] == []
    assert (await town.order(code))["order"]["payment"] == "open"
    return code, payment


async def failures(town: Town, name: str = "casso") -> float:
    """What /metrics says of how often in a row a gateway could not be asked."""
    async with town.http.get("/metrics") as answer:
        assert answer.status == 200
        lines = (await answer.text()).splitlines()
    return float(next(line.split()[1] for line in lines if line.startswith(f"chotdon_look_failures_{name} ")))


async def decisions(town: Town) -> list[str]:
    told = await town.ledger()
    assert told["balanced"]
    return [each["decision"] for each in told["transfers"]]


@WAYS
async def test_a_silent_gateway_is_asked(town: Town, way: str) -> None:
    code, _ = await paid_in_silence(town, way)
    await town.forward(minutes=1)
    assert KEY.search(said(await town.buyer.sees("🎁")))
    story = await town.order(code)
    assert (story["order"]["payment"], len(story["grants"])) == ("paid", 1)
    assert await decisions(town) == ["exact"]


@WAYS
async def test_a_notice_that_comes_after_the_look_changes_nothing(town: Town, way: str) -> None:
    code, _ = await paid_in_silence(town, way)
    await town.forward(minutes=1)
    await town.buyer.sees("🎁")
    before = (await town.ledger(), await town.order(code))
    plug, bank = gateway(way), town.street.bank
    assert plug is not None
    (seen,) = bank.seen_by(way)
    notice = plug.forge(bank.messenger.secrets[way], seen, town.street.clock())
    for _ in range(2):
        async with town.http.post(f"/webhooks/main/{way}", data=notice.body, headers=dict(notice.headers)) as answer:
            assert answer.status == 200
    after = (await town.ledger(), await town.order(code))
    assert (after[0]["totals"], after[1]["grants"]) == (before[0]["totals"], before[1]["grants"])
    assert await decisions(town) == ["exact"]


async def test_i_have_paid_has_it_asked_for_at_once(town: Town) -> None:
    await silence(town)
    await town.buyer.order()
    await town.forward(minutes=10)
    await town.pay()
    await town.buyer.press("paid:")
    await town.buyer.sees("🎁")


async def test_a_shop_that_was_off_for_an_hour_delivers_when_it_is_back(settings: Settings) -> None:
    async with open_house(settings, Role.ALL) as house:
        stop = asyncio.Event()
        running = asyncio.create_task(run_all(house.errands, stop))
        async with ClientSession(house.base) as http:
            town = Town(http, house)
            code = await town.buyer.order()
            form = await town.ask("bank/scan", phone=town.buyer.id)
        stop.set()
        await running
        old = town.street
    await pay_at_a_closed_door(old, form)
    async with open_house(settings, Role.ALL) as house:
        stop = asyncio.Event()
        assert house.street is not None
        house.street.bank.payments.extend(old.bank.payments)
        async with ClientSession(house.base) as http:
            town = Town(http, house)
            await town.forward(hours=1)
            running = asyncio.create_task(run_all(house.errands, stop))
            assert KEY.search(said(await town.buyer.sees("🎁")))
            assert (await town.order(code))["order"]["payment"] == "paid"
            assert await decisions(town) == ["exact"]
        stop.set()
        await running


async def pay_at_a_closed_door(street: Street, form: dict[str, Any]) -> None:
    """Pay while the shop is off: its gateway knocks in vain, and has given up when the shop is back."""
    transfer = Transfer(form["account"], form["amount"], form["memo"])
    payment = await street.bank.pay(transfer, Fault.NONE, ("casso",))
    assert payment.answers == [0]
    await street.bank.close()


@pytest.mark.parametrize(
    ("way", "trouble"),
    [
        *(("casso", trouble) for trouble in ("down", "busy", "html", "wrong")),
        *(("payos", trouble) for trouble in ("html", "wrong")),
        ("sepay", "busy"),
    ],
)
async def test_an_api_in_trouble_harms_no_order(town: Town, way: str, trouble: str) -> None:
    await silence(town)
    code = await town.buyer.order(way=way)
    await town.ask("sources", source=way, trouble=trouble)
    await town.pay()
    await town.forward(minutes=1)
    async with asyncio.timeout(PATIENCE):
        while not await failures(town, way):
            continue
    story = await town.order(code)
    assert (story["order"]["payment"], await decisions(town)) == ("open", [])
    await town.ask("sources", source=way, trouble="none")
    await town.forward(minutes=15)
    await town.buyer.sees("🎁")
    assert await failures(town, way) == 0
    assert await decisions(town) == ["exact"]


async def test_an_api_that_hangs_harms_no_order_and_is_seen(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateways.http_call.ClientTimeout", lambda **bounds: ClientTimeout(total=0.2))
    await silence(town)
    code = await town.buyer.order()
    await town.ask("sources", source="casso", trouble="hang")
    await town.pay()
    await town.forward(minutes=1)
    async with asyncio.timeout(PATIENCE):
        while not await failures(town):
            continue
    assert ((await town.order(code))["order"]["payment"], await decisions(town)) == ("open", [])
    await town.ask("sources", source="casso", trouble="none")
    await town.forward(minutes=15)
    await town.buyer.sees("🎁")
    assert await failures(town) == 0
    assert await decisions(town) == ["exact"]


@pytest.mark.parametrize("way", ["sepay"])
@pytest.mark.parametrize("own_ids", [False, True], ids=["the same ids", "ids of its own"])
async def test_sepay_is_counted_once_however_its_api_numbers(town: Town, own_ids: bool) -> None:
    """Silent first, so that it is asked; then its notice comes after all."""
    await town.ask("sepay", own_ids=own_ids)
    code, _ = await paid_in_silence(town, "sepay")
    await town.forward(minutes=1)
    await town.buyer.sees("🎁")
    plug, bank = gateway("sepay"), town.street.bank
    assert plug is not None
    (seen,) = bank.seen_by("sepay")
    before = await town.ledger()
    notice = plug.forge(bank.messenger.secrets["sepay"], seen, town.street.clock())
    async with town.http.post("/webhooks/main/sepay", data=notice.body, headers=dict(notice.headers)) as answer:
        assert answer.status == 200
    assert (await town.ledger())["totals"] == before["totals"]
    assert await decisions(town) == ["exact"]
    story = await town.order(code)
    assert (story["order"]["payment"], len(story["grants"])) == ("paid", 1)


@pytest.mark.parametrize("way", ["both"])
async def test_a_watcher_that_was_asked_pays_for_the_one_that_is_silent_and_in_trouble(town: Town) -> None:
    await silence(town)
    await town.ask("sources", source="casso", trouble="down")
    await town.buyer.order()
    await town.pay(sources=["casso", "sepay"])
    await town.forward(minutes=1)
    await town.buyer.sees("🎁")
    assert await decisions(town) == ["exact"]
