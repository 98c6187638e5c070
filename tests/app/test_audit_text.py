"""The audit at the command line: who, what, when, before and after, in the terminal's language and for programs."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from app.audit_text import lines_of_audit, look_up
from storage.store import migrate, open_store
from storage.vault import new_vault_key
from tests.app.command import command
from tests.clock import FrozenClock
from tests.flows.queue import Queue
from tests.flows.shop import Shop, open_shop


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.setenv("LANG", "en_US.UTF-8")


async def lines(shop: Shop, code: str) -> list[str]:
    told = await shop.store.read(lambda unit: look_up(unit, shop.premises, code))
    assert told is not None
    return lines_of_audit(told)


async def test_who_did_what_and_how_it_stood_before(shop: Shop, clock: FrozenClock) -> None:
    queue, order = await Queue.open(shop), await shop.order()
    clock.move(timedelta(minutes=10))
    await shop.settle(shop.sighting("không mã"))
    clock.move(timedelta(minutes=10))
    await queue.assign(await queue.only(), order.code)
    told = await lines(shop, f" {order.code.lower()} ")
    assert told[0].startswith("• 16:00, 21 Nov 2026: the order was placed")
    at = next(place for place, line in enumerate(told) if "all of the order" in line)
    assert told[at].startswith("• 16:20, 21 Nov 2026")
    assert [line.strip() for line in told[at + 1 : at + 6]] == [
        "↳ An",
        "↳ before: names no order",
        "↳ after: all of the price",
        "↳ before: the order waits for money",
        "↳ after: the order is paid",
    ]


async def test_strangers_words_tell_the_terminal_nothing(shop: Shop, clock: FrozenClock) -> None:
    queue, order = await Queue.open(shop), await shop.order()
    await shop.settle(shop.sighting(order.code, 500, currency="USD"))
    await queue.discard(await queue.only(), "a\x1b[2J")
    assert all(line.isprintable() for line in await lines(shop, order.code))
    assert await shop.store.read(lambda unit: look_up(unit, shop.premises, "KX2222222")) is None


async def test_the_command_prints_it_or_says_that_there_is_none(tmp_path: Path) -> None:
    url, key = f"sqlite:///{tmp_path / 'shop.db'}", new_vault_key()
    store = await open_store(url, FrozenClock())
    await migrate(store)
    order = await (await open_shop(store, key=key)).order()
    await store.close()
    settings = {"DATABASE_URL": url, "VAULT_KEY": key, "CASSO_CHECKSUM_KEY": "dummy-key"}
    told = json.loads(command("audit", order.code, "--json", cwd=tmp_path, **settings).out)
    (entry,) = told["entries"]
    assert (told["code"], entry["kind"], entry["detail"]["after"]) == (order.code, "order.placed", "open")
    assert "the order was placed" in command("audit", order.code, cwd=tmp_path, **settings).out
    none = command("audit", "KX2222222", cwd=tmp_path, **settings)
    assert (none.code, none.out) == (1, "")
    assert "no order and no refund" in none.err
