"""What Telegram brings to the web door goes into the inbox, on both databases."""

import json
from dataclasses import replace

import pytest

from app.cashier import Cashier
from app.ear import telegram_ear
from app.settings import Settings
from app.setup import Setup, real_setup
from app.webhook import Webhook
from bot.channels.telegram.precheckout import Decision, PreCheckout
from locales import Texts
from sales.errors import Malformed, StoreBusy
from storage.schema.work import inbox
from storage.store import Store
from storage.unit import Unit
from tests.flows.shop import Shop, open_shop
from webhooks.doors import Ear

TEXTS = Texts()


@pytest.fixture
def setup() -> Setup:
    return replace(real_setup(Settings()), webhook=Webhook("https://shop.example/telegram/main", "s"))


@pytest.fixture
async def founded(store: Store) -> Shop:
    return await open_shop(store)


def ear_of(setup: Setup, shop: Shop) -> Ear:
    ear = telegram_ear(setup, shop.store, shop.premises, Cashier(shop.store, shop.premises, TEXTS).decide)("main")
    assert ear is not None
    return ear


def wrote(number: int, text: str) -> dict[str, object]:
    return {"update_id": number, "message": {"chat": {"id": 42}, "text": text}}


async def test_an_update_is_kept_as_the_poller_keeps_it_and_once(setup: Setup, founded: Shop) -> None:
    ear = ear_of(setup, founded)
    for update in (wrote(7, "\0 \ud83d ₫"), wrote(7, "again"), wrote(8, "x")):
        await ear.keep(update)
    rows = await founded.rows(inbox)
    assert [(row.channel, row.event, row.lane, row.state) for row in rows] == [
        ("telegram", "7", "telegram:42", "ready"),
        ("telegram", "8", "telegram:42", "ready"),
    ]
    assert json.loads(rows[0].body) == wrote(7, "\0 \ud83d ₫")


@pytest.mark.parametrize("update", [None, [], {}, {"update_id": "7"}, {"update_id": True}, {"update_id": None}])
async def test_what_has_no_id_is_not_kept(setup: Setup, founded: Shop, update: object) -> None:
    with pytest.raises(Malformed):
        await ear_of(setup, founded).keep(update)
    assert await founded.rows(inbox) == []


async def test_what_is_nested_too_deep_to_be_written_down_is_malformed(setup: Setup, shop: Shop) -> None:
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(Malformed):
        await ear_of(setup, shop).keep({"update_id": 7, "message": deep})
    while deep:  # taken apart by hand: freeing it at once would nest as deep
        deep = deep.pop()  # type: ignore[assignment]


async def test_a_busy_store_is_told_and_keeps_nothing(
    setup: Setup, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def busy(_store: object, _work: object) -> Unit:
        raise StoreBusy("locked")

    ear = ear_of(setup, shop)
    monkeypatch.setattr(type(shop.store), "write", busy)
    with pytest.raises(StoreBusy):
        await ear.keep(wrote(7, "x"))
    monkeypatch.undo()
    assert await shop.rows(inbox) == []


async def test_other_shops_and_shops_that_fetch_have_no_ear(setup: Setup, shop: Shop) -> None:
    ears = telegram_ear(setup, shop.store, shop.premises, undecided)
    assert ears("other") is None
    assert telegram_ear(replace(setup, webhook=None), shop.store, shop.premises, undecided)("main") is None


async def undecided(query: PreCheckout) -> Decision:
    raise AssertionError(query.id)


async def test_a_question_about_money_is_answered_and_not_kept(setup: Setup, founded: Shop) -> None:
    asked = {"id": "q1", "from": {"id": 42, "language_code": "en"}, "currency": "XTR", "total_amount": 1}
    told = await ear_of(setup, founded).keep({"update_id": 9, "pre_checkout_query": asked | {"invoice_payload": "x"}})
    assert told is not None
    assert (told["method"], told["pre_checkout_query_id"], told["ok"]) == ("answerPreCheckoutQuery", "q1", False)
    assert "not for you" in str(told["error_message"])
    assert await founded.rows(inbox) == []


async def test_a_question_that_cannot_be_answered_is_kept_like_anything_else(setup: Setup, founded: Shop) -> None:
    assert await ear_of(setup, founded).keep({"update_id": 9, "pre_checkout_query": {"id": "q1"}}) is None
    assert [row.event for row in await founded.rows(inbox)] == ["9"]
