import json
import re

import pytest

from flows.show_order import show_order
from tests.flows.ledger import show_ledger
from tests.flows.shop import PRICE, Shop
from tests.flows.test_pairing import told_by_two


async def test_the_whole_story_is_told_in_order(shop: Shop) -> None:
    order = await shop.order(email="an@example.com")
    await shop.settle(shop.sighting(order.code, 9_000, reference="FT1"))
    await shop.work()
    await shop.settle(shop.sighting(order.code, 70_000))
    await shop.work()
    story = await shop.story(order)
    assert list(story) == ["order", "attempts", "transfers", "refunds", "grants", "deliveries", "events"]
    assert [each["state"] for each in story["attempts"]] == ["replaced", "paid"]
    assert [(each["decision"], each["amount"], each["told"][0]["reference"]) for each in story["transfers"]] == [
        ("short", 9_000, "FT1"),
        ("exact", 70_000, ""),
    ]
    assert [each["channel"] for each in story["deliveries"]] == ["telegram", "email"]
    kinds = [each["kind"] for each in story["events"]]
    assert kinds[:3] == ["order.placed", "money.short", "money.exact"]
    assert kinds[3:] == ["goods.delivered"] * 2
    assert (story["order"]["total"], story["order"]["deposited"]) == (PRICE, 0)


async def test_every_source_that_told_of_a_transfer_is_named(shop: Shop) -> None:
    """Once, though two told of it: first by whom it came."""
    order = await shop.order()
    bank, link = await told_by_two(shop, order)
    (transfer,) = (await shop.story(order))["transfers"]
    assert transfer["told"] == [
        {"source": "casso", "ref": bank.ref, "reference": bank.reference},
        {"source": "payos", "ref": link.ref, "reference": link.reference},
    ]
    assert (await shop.books())["transfers"] == [transfer]


async def test_no_key_is_ever_in_it(shop: Shop) -> None:
    order = await shop.order()
    await shop.settle(shop.sighting(order.code))
    await shop.work()
    (key,) = next(each.copies for each in shop.mouths["telegram"].shown if "goods-title" in each.lines)
    told = json.dumps(await shop.story(order))
    assert key not in told
    assert key.replace("-", "") not in told
    assert not re.search(r"[2-9A-HJ-NP-Z]{4}(-[2-9A-HJ-NP-Z]{4}){3}", told)


async def test_no_key_waits_readable_in_any_queue(shop: Shop) -> None:
    order = await shop.order(email="an@example.com")
    await shop.settle(shop.sighting(order.code))
    await shop.work()
    assert len(shop.mouths["email"].shown) == 1
    (key,) = next(each.copies for each in shop.mouths["telegram"].shown if "goods-title" in each.lines)
    assert all(key not in json.dumps(dict(row.payload)) for row in await shop.jobs())


async def test_everything_in_it_is_plain_json(shop: Shop) -> None:
    order = await shop.order(plan=1)
    await shop.settle(shop.sighting(order.code, 2_000_000))
    story = await shop.story(order)
    assert json.loads(json.dumps(story)) == story
    assert story["grants"][0]["expires_at"] is None


async def test_a_code_is_found_however_the_seller_types_it(shop: Shop) -> None:
    order = await shop.order()
    typed = f"  {order.code.lower()} "
    story = await shop.store.read(lambda unit: show_order(unit, shop.premises, typed))
    assert story is not None
    assert story["order"]["code"] == order.code


async def test_an_order_is_found_by_the_number_its_log_lines_carry(shop: Shop) -> None:
    order = await shop.order()
    story = await shop.store.read(lambda unit: show_order(unit, shop.premises, str(order.id)))
    assert story is not None
    assert story["order"]["code"] == order.code


@pytest.mark.parametrize("name", ["KX2222222", "999", "9" * 30, "²", ""])
async def test_an_unknown_name_has_no_story(shop: Shop, name: str) -> None:
    assert await shop.store.read(lambda unit: show_order(unit, shop.premises, name)) is None


async def test_an_empty_ledger_balances(shop: Shop) -> None:
    assert await shop.store.read(lambda unit: show_ledger(unit, shop.premises)) == {
        "transfers": [],
        "refunds": [],
        "totals": {},
        "balanced": True,
    }
