"""The cashier decides in time, whatever the database does, and says why not in the person's own language."""

import asyncio
import time
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from app.cashier import Cashier
from bot.channels.telegram.precheckout import PreCheckout
from flows.check_checkout import Checkout
from locales import Texts
from sales.errors import StoreBusy
from sales.money import Money
from storage.store import Store, open_store
from tests.clock import FrozenClock
from tests.flows.starry import Starry

TEXTS = Texts()


@pytest.fixture
async def starry(store: Store) -> Starry:
    return await Starry.open(store)


async def query(starry: Starry, payer: str = "42", language: str = "en") -> PreCheckout:
    payload = await starry.payload(await starry.order())
    return PreCheckout("q1", Checkout("telegram", payer, payload, Money(100, "XTR")), language)


def cashier(starry: Starry, patience: float = 4.0) -> Cashier:
    return Cashier(starry.shop.store, starry.shop.premises, TEXTS, patience)


async def test_an_open_order_may_be_paid(starry: Starry) -> None:
    decision = await cashier(starry).decide(await query(starry))
    assert (decision.query, decision.may_pay) == ("q1", True)


async def test_a_buyer_is_refused_in_the_language_they_chose(starry: Starry) -> None:
    asked = await query(starry)
    wrong = replace(asked, asked=replace(asked.asked, amount=Money(1, "XTR")))
    assert "không còn đúng" in (await cashier(starry).decide(wrong)).refusal


async def test_a_stranger_is_refused_in_the_language_of_their_app(starry: Starry) -> None:
    asked = await query(starry, payer="77")
    assert "not for you" in (await cashier(starry).decide(asked)).refusal
    assert "không dành cho bạn" in (await cashier(starry).decide(replace(asked, language="fr"))).refusal


@pytest.mark.parametrize("trouble", [StoreBusy("locked"), ZeroDivisionError()])
async def test_a_store_that_fails_refuses_politely(
    starry: Starry, trouble: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = await query(starry)

    async def fail(*_: object) -> None:
        raise trouble

    monkeypatch.setattr(type(starry.shop.store), "read", fail)
    with capture_logs() as logs:
        decision = await cashier(starry).decide(asked)
    assert "try again" in decision.refusal
    assert [entry["event"] for entry in logs] == ["checkout.failed", "checkout.refused"]


@pytest.mark.parametrize("late", [None, StoreBusy("locked")])
async def test_a_store_that_hangs_is_not_waited_for(
    starry: Starry, late: Exception | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, free, done = await query(starry), asyncio.Event(), asyncio.Event()

    async def hang(*_: object) -> None:
        await free.wait()
        done.set()
        if late:
            raise late

    monkeypatch.setattr(type(starry.shop.store), "read", hang)
    started = time.monotonic()
    assert "try again" in (await cashier(starry, patience=0.05).decide(asked)).refusal
    assert time.monotonic() - started < 2
    free.set()
    await done.wait()


async def test_a_busy_writer_is_no_matter(sqlite_url: str, clock: FrozenClock) -> None:
    """On SQLite, where everybody's writing waits for one thread."""
    store = await open_store(sqlite_url, clock)
    starry = await Starry.open(store)
    asked, release = await query(starry), asyncio.Event()
    loop = asyncio.get_running_loop()

    def hold(_unit: object) -> None:
        asyncio.run_coroutine_threadsafe(release.wait(), loop).result(10)

    holding = asyncio.create_task(starry.shop.store.write(hold))
    assert (await cashier(starry).decide(asked)).may_pay
    assert not holding.done()
    release.set()
    await holding
    await store.close()
