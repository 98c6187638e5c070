"""An order at the command line: the story that the chat tells, without markup, in the terminal's language."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from app.order_text import look_up, order_lines
from storage.store import migrate, open_store
from storage.vault import new_vault_key
from tests.app.command import command
from tests.clock import FrozenClock
from tests.flows.shop import PRICE, Shop, open_shop

SPACE = "\N{NO-BREAK SPACE}"


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.setenv("LANG", "en_US.UTF-8")


async def lines(shop: Shop, name: str, zone: str = "Asia/Ho_Chi_Minh") -> list[str]:
    told = await shop.store.read(lambda unit: look_up(unit, shop.premises, name))
    assert told is not None
    return [line.replace(SPACE, " ") for line in order_lines(told["says"], zone)]


async def test_it_is_the_story_in_plain_lines_and_the_shops_time(shop: Shop, clock: FrozenClock) -> None:
    order = await shop.order(await shop.meet())
    clock.move(timedelta(minutes=10))
    await shop.settle(shop.sighting(f"<b>{order.code}</b> & co", PRICE))
    told = await lines(shop, f" {order.code.lower()} ")
    assert told[0] == f"🧾 Order {order.code} · ✅ paid · 79,000 ₫"
    assert "Paid 16:10, 21 Nov 2026" in told
    assert any(f'memo "CT <b>{order.code}</b> & co nhanh"' in line for line in told)
    assert "Paid 09:10, 21 Nov 2026" in await lines(shop, order.code, "UTC")


async def test_the_language_is_the_terminals(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    order = await shop.order()
    monkeypatch.setenv("LANG", "vi_VN.UTF-8")
    assert "⏳ đang chờ tiền" in (await lines(shop, order.code))[0]


async def test_strangers_words_tell_the_terminal_nothing(shop: Shop) -> None:
    order = await shop.order()
    await shop.settle(shop.sighting(f"{order.code}\x1b[2J\n"))
    assert all(line.isprintable() for line in await lines(shop, order.code))


async def test_an_order_may_be_named_by_its_number_and_looking_changes_nothing(shop: Shop) -> None:
    order = await shop.order()
    assert await lines(shop, str(order.id)) == await lines(shop, order.code)
    assert await shop.store.read(lambda unit: look_up(unit, shop.premises, "KX2222222")) is None
    assert [event["kind"] for event in (await shop.story(order))["events"]] == ["order.placed"]


async def test_the_command_prints_it(tmp_path: Path, clock: FrozenClock) -> None:
    url, key = f"sqlite:///{tmp_path}/shop.db", new_vault_key()
    store = await open_store(url, clock)
    await migrate(store)
    order = await (await open_shop(store, key=key)).order()
    await store.close()
    real = {"DATABASE_URL": url, "VAULT_KEY": key, "CASSO_CHECKSUM_KEY": "dummy-key"}
    told = command("show", order.code, **real)
    assert (told.code, told.err) == (0, "")
    assert told.out.splitlines()[0] == f"🧾 Order {order.code} · ⏳ waiting for money · 79,000{SPACE}₫"
    assert json.loads(command("show", order.code, "--json", **real).out)["attempts"]
