from datetime import timedelta

import pytest
from sqlalchemy import update

from flows.messages import unpack
from flows.notice import Notice
from flows.settle_payments import settle_payments
from locales import Texts
from sales.catalogue import FiledAccount
from sales.errors import Tell
from sales.money import Money
from storage.schema.goods import grants
from storage.schema.money import decisions, notices, sightings, transfers
from storage.schema.shop import bank_accounts
from storage.unit import Unit
from tests.clock import FrozenClock
from tests.flows.shop import ACCOUNT, ADMIN, PRICE, Shop
from tests.flows.shop import notices as told


async def test_the_exact_amount_pays_and_takes_the_goods_in_the_same_unit(shop: Shop) -> None:
    order = await shop.order(email="an@example.com")
    assert await shop.settle(shop.sighting(order.code)) == 1
    story = await shop.story(order)
    assert (story["order"]["payment"], story["attempts"][0]["state"]) == ("paid", "paid")
    assert [(grant["kind"], grant["state"]) for grant in story["grants"]] == [("licence", "granted")]
    assert [(each["channel"], each["state"]) for each in story["deliveries"]] == [
        ("telegram", "waiting"),
        ("email", "waiting"),
    ]
    assert [event["kind"] for event in story["events"]] == ["order.placed", "money.exact"]
    assert await shop.totals() == {"received": PRICE, "revenue": PRICE}


async def test_what_a_payment_sets_in_motion_waits_in_the_outbox(shop: Shop) -> None:
    order = await shop.order(email="an@example.com")
    before = len(await shop.jobs())
    await shop.settle(shop.sighting(order.code))
    assert [row.topic for row in (await shop.jobs())[before:]] == [
        "reply",
        "turn_card",
        "deliver_goods",
        "deliver_goods",
    ]
    assert {row.order_id for row in (await shop.jobs())[before:]} == {order.id}


async def test_too_much_pays_and_the_rest_is_the_buyers_credit(shop: Shop) -> None:
    peer = await shop.meet()
    order = await shop.order(peer)
    await shop.settle(shop.sighting(order.code, PRICE + 11_000))
    assert await shop.totals() == {"received": 90_000, "revenue": PRICE, "credit": 11_000}
    assert await shop.said(peer.external) == ["card-caption", "payment-received", "money-over"]
    over, admins = [unpack(row.payload["reply"]).lines[0] for row in (await shop.jobs("reply"))[-2:]]
    assert (over.id, over.values["amount"]) == ("money-over", Money(11_000))
    assert (admins.id, admins.values["amount"]) == ("admin-over", Money(PRICE + 11_000))
    assert f"/refund {order.code} 11000 VND<" in Texts().say("vi", admins.id, admins.values)
    assert "11.000\u00a0₫" in Texts().say("vi", admins.id, admins.values)


async def test_the_surplus_is_told_and_not_the_last_transfer(sqlite_shop: Shop) -> None:
    order = await sqlite_shop.order()
    await sqlite_shop.settle(sqlite_shop.sighting(order.code, PRICE - 10_000))
    await sqlite_shop.settle(sqlite_shop.sighting(order.code, 20_000))
    told = unpack((await sqlite_shop.jobs("reply"))[-1].payload["reply"]).lines[0]
    assert f"Order <b>{order.code}</b> was paid <b>10,000\u00a0₫</b> too much" in Texts().say(
        "en", told.id, told.values
    )


@pytest.mark.parametrize(("first", "second", "word"), [(90_000, None, "money-over"), (PRICE, 50_000, "money-second")])
async def test_what_was_too_much_is_the_buyers_to_choose(
    sqlite_shop: Shop, first: int, second: int | None, word: str
) -> None:
    order = await sqlite_shop.order(peer := await sqlite_shop.meet())
    for amount in (first, second):
        if amount is not None:
            await sqlite_shop.settle(sqlite_shop.sighting(order.code, amount))
    replies = [unpack(row.payload["reply"]) for row in await sqlite_shop.jobs("reply")]
    (told,) = [reply for reply in replies if reply.lines[0].id == word]
    tokens = [choice.token for row in told.choices for choice in row]
    assert tokens == [f"credit-keep:{order.code}:VND", f"credit-back:{order.code}:VND"]
    assert peer.external in {row.payload["to"] for row in await sqlite_shop.jobs("reply")}


async def test_too_little_stays_on_the_order_and_a_new_card_asks_for_exactly_the_rest(shop: Shop) -> None:
    order = await shop.order(peer := await shop.meet())
    await shop.work()
    await shop.settle(shop.sighting(order.code, 50_000))
    await shop.work()
    story = await shop.story(order)
    assert (story["order"]["payment"], story["order"]["deposited"], story["grants"]) == ("open", 50_000, [])
    assert [(each["state"], each["amount"]) for each in story["attempts"]] == [("replaced", PRICE), ("open", 29_000)]
    assert shop.mouths["telegram"].lines(peer.external) == [
        "card-caption",
        "money-short",
        "card-replaced",
        "card-caption",
    ]
    assert await shop.totals() == {"received": 50_000, "deposit": 50_000}


async def test_the_rest_pays_and_turns_the_deposit_into_revenue(shop: Shop) -> None:
    order = await shop.order()
    await shop.settle(shop.sighting(order.code, 50_000))
    await shop.work()
    await shop.settle(shop.sighting(order.code, 29_000))
    assert await shop.meanings() == ["short", "exact"]
    assert await shop.totals() == {"received": PRICE, "revenue": PRICE}
    assert [each["state"] for each in (await shop.story(order))["attempts"]] == ["replaced", "paid"]


async def test_parts_in_one_list_add_up_and_nobody_asks_for_what_has_come(shop: Shop) -> None:
    order = await shop.order(peer := await shop.meet())
    await shop.settle(*(shop.sighting(order.code, amount) for amount in (30_000, 30_000, 20_000)))
    assert await shop.meanings() == ["short", "short", "over"]
    assert await shop.totals() == {"received": 80_000, "revenue": PRICE, "credit": 1_000}
    assert await shop.said(peer.external) == ["card-caption", "payment-received", "money-over"]
    assert await shop.jobs("ask_for_rest") == []


async def test_two_parts_that_are_not_enough_leave_one_new_card(shop: Shop) -> None:
    order = await shop.order(peer := await shop.meet())
    await shop.work()
    await shop.settle(shop.sighting(order.code, 30_000), shop.sighting(order.code, 40_000))
    await shop.work()
    attempts = (await shop.story(order))["attempts"]
    assert [(each["state"], each["amount"]) for each in attempts] == [("replaced", PRICE), ("open", 9_000)]
    assert shop.mouths["telegram"].lines(peer.external).count("card-caption") == 2


async def test_a_repeated_notice_changes_nothing(shop: Shop) -> None:
    order = await shop.order()
    sighting = shop.sighting(order.code)
    await shop.settle(sighting)
    books, jobs = await shop.books(), await shop.jobs()
    assert await shop.settle(sighting) == 0
    assert await shop.settle(sighting, sighting) == 0
    assert (await shop.books(), await shop.jobs()) == (books, jobs)
    assert len(await shop.rows(notices)) == 1


async def test_a_notice_told_twice_in_one_list_is_one_movement(shop: Shop) -> None:
    order = await shop.order()
    sighting = shop.sighting(order.code)
    assert await shop.settle(sighting, sighting, sighting) == 1
    assert await shop.meanings() == ["exact"]


async def test_one_movement_in_two_different_bodies_is_one_movement(shop: Shop) -> None:
    order = await shop.order()
    sighting = shop.sighting(order.code)
    pair = [Notice("casso", "one", (sighting,)), Notice("casso", "two", (sighting,))]
    assert (await shop.store.write(lambda unit: settle_payments(unit, shop.premises, pair))).new == 1
    assert [row.body for row in await shop.rows(notices)] == ["one"]


async def test_one_notice_may_tell_of_many_movements(shop: Shop) -> None:
    first, second = await shop.order(), await shop.order()
    notice = Notice("casso", "both", (shop.sighting(first.code), shop.sighting(second.code, 1)))
    assert (await shop.store.write(lambda unit: settle_payments(unit, shop.premises, [notice]))).new == 2
    assert [row.notice_id for row in await shop.rows(sightings)] == [(await shop.rows(notices))[0].id] * 2
    assert await shop.meanings() == ["exact", "short"]


async def test_a_notice_that_says_nothing_leaves_nothing(shop: Shop) -> None:
    empty = [Notice("casso", "{}", ())]
    assert (await shop.store.write(lambda unit: settle_payments(unit, shop.premises, empty))).new == 0
    assert await shop.settle() == 0
    assert await shop.rows(notices) == []


async def test_a_mixed_list_gives_each_its_own(shop: Shop) -> None:
    exact, short, over, untouched = [await shop.order(plan=plan) for plan in (0, 1, 2, 0)]
    await shop.settle(
        shop.sighting(over.code, 300_000),
        shop.sighting("no code at all"),
        shop.sighting(exact.code),
        shop.sighting(short.code, 1_000_000),
        shop.sighting(exact.code, 5),
        shop.sighting(f"{over.code} {exact.code}", 7),
        shop.sighting(f"{short.code} {untouched.code}", 9),
        shop.sighting("rent", -4_000_000),
        shop.sighting(untouched.code, account="6666"),
    )
    assert await shop.meanings() == [
        "over", "unmatched", "exact", "short", "second", "ambiguous", "ambiguous", "out", "foreign_account",
    ]  # fmt: skip
    payments = [(await shop.story(each))["order"]["payment"] for each in (exact, short, over, untouched)]
    assert payments == ["paid", "open", "paid", "open"]
    assert await shop.totals() == {
        "received": 300_000 + PRICE + PRICE + 1_000_000 + 5 + 7 + 9,
        "revenue": 299_000 + PRICE,
        "deposit": 1_000_000,
        "credit": 1_000 + 5,
        "unplaced": PRICE + 7 + 9,
    }
    assert len(await shop.rows(grants)) == 2


@pytest.mark.parametrize("codes", [(), ("KX2222222",)])
async def test_money_nobody_can_place_is_kept_and_the_admins_are_told(shop: Shop, codes: tuple[str, ...]) -> None:
    await shop.settle(shop.sighting(" ".join(codes), 12_345))
    assert await shop.meanings() == ["unmatched"]
    assert await shop.totals() == {"received": 12_345, "unplaced": 12_345}
    assert await shop.said(ADMIN.external) == ["admin-unmatched"]


async def test_a_second_payment_is_told_to_buyer_and_admins(shop: Shop) -> None:
    order = await shop.order(peer := await shop.meet())
    await shop.settle(shop.sighting(order.code))
    await shop.settle(shop.sighting(order.code))
    assert await shop.said(peer.external) == ["card-caption", "payment-received", "money-second"]
    assert await shop.said(ADMIN.external) == ["admin-second"]
    assert len(await shop.rows(grants)) == 1


async def test_at_the_last_moment_of_the_watch_money_still_pays(shop: Shop, clock: FrozenClock) -> None:
    order = await shop.order()
    clock.now = order.watch_until
    await shop.settle(shop.sighting(order.code))
    assert (await shop.story(order))["order"]["payment"] == "paid"


async def test_the_wrong_currency_is_told_and_pays_nothing(shop: Shop) -> None:
    order = await shop.order(peer := await shop.meet())
    await shop.settle(shop.sighting(order.code, currency="USD"))
    assert (await shop.said(peer.external))[-1] == "money-wrong_currency"
    assert await shop.said(ADMIN.external) == ["admin-wrong_currency"]
    assert (await shop.books())["totals"]["USD"]["unplaced"] == PRICE


@pytest.mark.parametrize(("changes", "meaning"), [({"amount": -PRICE}, "out"), ({"account": "1"}, "foreign_account")])
async def test_money_that_is_not_the_shops_is_remembered_and_disturbs_nobody(
    shop: Shop, changes: dict[str, object], meaning: str
) -> None:
    order = await shop.order()
    before = len(await shop.jobs())
    await shop.settle(shop.sighting(order.code, **changes))
    assert await shop.meanings() == [meaning]
    assert len(await shop.jobs()) == before
    assert (await shop.story(order))["order"]["payment"] == "open"


async def test_money_on_a_virtual_account_of_the_shop_is_the_shops(shop: Shop) -> None:
    order = await shop.order()
    await shop.settle(shop.sighting(order.code, account="MAIN77", virtual_account=ACCOUNT))
    assert await shop.meanings() == ["exact"]


async def test_an_account_the_shop_no_longer_shows_still_takes_its_money(shop: Shop) -> None:
    order = await shop.order()
    await shop.show_accounts(FiledAccount("970436", "77", "A"))
    await shop.settle(shop.sighting(order.code))
    assert await shop.meanings() == ["exact"]


async def test_a_short_payment_is_kept_even_when_no_account_can_be_shown(shop: Shop, clock: FrozenClock) -> None:
    order = await shop.order(peer := await shop.meet())
    await shop.work()
    await shop.store.write(lambda unit: unit.conn.execute(update(bank_accounts).values(shown=False)))
    await shop.settle(shop.sighting(order.code, 50_000))
    await shop.work()
    assert (await shop.story(order))["order"]["deposited"] == 50_000
    assert shop.mouths["telegram"].lines(peer.external)[-1] == "money-short"
    await shop.store.write(lambda unit: unit.conn.execute(update(bank_accounts).values(shown=True)))
    clock.move(timedelta(minutes=11))
    await shop.work()
    assert (await shop.story(order))["attempts"][-1]["amount"] == 29_000


async def test_a_crash_inside_writes_nothing(shop: Shop) -> None:
    order = await shop.order()
    before = len(await shop.jobs())

    def crash(unit: Unit) -> None:
        settle_payments(unit, shop.premises, told(shop.sighting(order.code)))
        raise Tell("crash")

    with pytest.raises(Tell):
        await shop.store.write(crash)
    for table in (notices, transfers, sightings, decisions, grants):
        assert await shop.rows(table) == []
    assert len(await shop.jobs()) == before
    assert (await shop.story(order))["order"]["payment"] == "open"
