from datetime import timedelta

import pytest

from flows.messages import unpack
from sales.order import Payment
from sales.settlement import Outcome
from sales.transfer import Sighting, Standing
from storage import looks, orders
from storage.schema.goods import grants
from storage.schema.money import sightings, transfers
from tests.clock import FrozenClock
from tests.flows.many_prices import BY_CARD, attempts, order_by, sell_in_all, told_by
from tests.flows.shop import PRICE, Shop


async def outcome(shop: Shop, sighting: Sighting) -> Outcome:
    return (await shop.settled(sighting)).outcomes[0]


async def test_a_payment_that_failed_leaves_the_order_open_and_the_ledger_alone(shop: Shop) -> None:
    sell_in_all(shop)
    order = await order_by(shop, BY_CARD)
    failed = await told_by(shop, order, standing=Standing.FAILED, reason="51")
    assert [await outcome(shop, failed), await outcome(shop, failed)] == [Outcome.NEW] * 2
    assert [each.state for each in await attempts(shop, order)] == ["failed"]
    assert [await shop.rows(table) for table in (transfers, sightings)] == [[], []]
    assert (await shop.said("42"))[-1] == "payment-failed"
    assert len([each for each in await shop.said("42") if each.startswith("payment-")]) == 1


async def test_who_cancels_reads_that_they_did(shop: Shop) -> None:
    sell_in_all(shop)
    order = await order_by(shop, BY_CARD)
    await shop.settle(await told_by(shop, order, standing=Standing.FAILED, reason="24"))
    assert (await shop.said("42"))[-1] == "payment-cancelled"


async def test_money_that_comes_after_a_failure_pays_all_the_same(shop: Shop) -> None:
    sell_in_all(shop)
    order = await order_by(shop, BY_CARD)
    await shop.settle(await told_by(shop, order, standing=Standing.FAILED, reason="51"))
    assert await outcome(shop, await told_by(shop, order)) is Outcome.NEW
    assert await shop.meanings() == ["exact"]


async def test_a_failure_told_after_the_money_undoes_nothing(shop: Shop) -> None:
    sell_in_all(shop)
    order = await order_by(shop, BY_CARD)
    await shop.settle(await told_by(shop, order))
    assert await outcome(shop, await told_by(shop, order, standing=Standing.FAILED)) is Outcome.AGAIN
    assert (await shop.story(order))["order"]["payment"] == "paid"


async def test_a_gateway_hears_what_became_of_its_notice(shop: Shop) -> None:
    sell_in_all(shop)
    order = await order_by(shop, BY_CARD)
    paid = await told_by(shop, order)
    assert await outcome(shop, await told_by(shop, order, number=999)) is Outcome.UNKNOWN
    assert await outcome(shop, await told_by(shop, order, amount=PRICE - 1)) is Outcome.WRONG_AMOUNT
    assert await outcome(shop, await told_by(shop, order, amount=PRICE, currency="EUR")) is Outcome.WRONG_AMOUNT
    assert [await outcome(shop, paid), await outcome(shop, paid)] == [Outcome.NEW, Outcome.AGAIN]
    assert await outcome(shop, await told_by(shop, order)) is Outcome.AGAIN  # a second true payment is kept as one
    assert sorted(await shop.meanings()) == ["over", "second", "short", "unmatched", "wrong_currency"]


async def test_the_attempt_of_another_gateway_is_unknown(shop: Shop) -> None:
    sell_in_all(shop)
    order = await order_by(shop, BY_CARD)
    assert await outcome(shop, await told_by(shop, order, source="bakong")) is Outcome.UNKNOWN


async def test_a_late_success_is_taken_and_decided_late(shop: Shop, clock: FrozenClock) -> None:
    sell_in_all(shop)
    order = await order_by(shop, BY_CARD)
    clock.move(timedelta(days=3))
    assert await outcome(shop, await told_by(shop, order)) is Outcome.NEW
    assert await shop.meanings() == ["late"]


async def test_money_that_is_held_pays_nothing_until_it_has_come(shop: Shop) -> None:
    sell_in_all(shop)
    order = await order_by(shop, BY_CARD)
    held = await told_by(shop, order, standing=Standing.HELD, reason="07")
    assert [await outcome(shop, held), await outcome(shop, held)] == [Outcome.NEW, Outcome.AGAIN]
    assert await shop.rows(grants) == []
    assert "admin-held" in await shop.said("999")
    assert await outcome(shop, await told_by(shop, order)) is Outcome.NEW
    assert await shop.meanings() == ["held", "exact"]


async def test_a_hint_only_has_the_gateway_asked(shop: Shop) -> None:
    sell_in_all(shop)
    order = await order_by(shop, BY_CARD)
    await shop.settle(await told_by(shop, order))
    hint = await told_by(shop, order, standing=Standing.HINT, memo=order.code)
    for _ in range(3):
        assert await outcome(shop, hint) is Outcome.AGAIN
    due = await shop.store.read(lambda unit: looks.due(unit, shop.premises.shop.id, ["vnpay"], 9))
    assert [(each.question.number, each.over) for each in due] == [(hint.number, True)]
    assert len(await shop.rows(sightings)) == 1


async def test_a_hint_about_nothing_changes_nothing(shop: Shop) -> None:
    assert await outcome(shop, shop.sighting("", source="vnpay", number=7, standing=Standing.HINT)) is Outcome.UNKNOWN
    assert await shop.rows(sightings) == []


@pytest.mark.parametrize("memo", ["", "KX2345678", "ZZZZ"])
async def test_who_only_counts_up_numbers_has_nobody_asked(shop: Shop, memo: str) -> None:
    sell_in_all(shop)
    order = await order_by(shop, BY_CARD)
    await shop.settle(await told_by(shop, order))
    assert order.code != memo
    await shop.settle(await told_by(shop, order, standing=Standing.HINT, memo=memo))
    assert await shop.store.read(lambda unit: looks.due(unit, shop.premises.shop.id, ["vnpay"], 9)) == []


@pytest.mark.parametrize(("reason", "word"), [("07", "held"), ("04", "stuck"), ("05", "stuck"), ("", "stuck")])
async def test_fraud_is_spoken_of_only_where_the_gateway_suspects_it(shop: Shop, reason: str, word: str) -> None:
    sell_in_all(shop)
    order = await order_by(shop, BY_CARD)
    await shop.settle(await told_by(shop, order, standing=Standing.HELD, reason=reason))
    assert (await shop.said("42"))[-1] == f"money-{word}"
    assert (await shop.said("999"))[-1] == f"admin-{word}"


async def test_a_failure_while_an_order_out_of_time_is_watched_leads_to_the_other_ways(
    shop: Shop, clock: FrozenClock
) -> None:
    sell_in_all(shop)
    order = await order_by(shop, BY_CARD)
    await shop.settle(shop.sighting(order.code, 9_000))
    clock.now = order.pay_until
    await shop.work()
    await shop.settle(await told_by(shop, order, standing=Standing.FAILED, reason="51"))
    failed = unpack((await shop.jobs("reply"))[-1].payload["reply"])
    assert (failed.lines[0].id, failed.choices[0][0].token) == ("payment-failed", f"ways:{order.code}")


async def test_a_failure_after_the_watch_offers_nothing(shop: Shop, clock: FrozenClock) -> None:
    sell_in_all(shop)
    order = await order_by(shop, BY_CARD)
    failed = await told_by(shop, order, standing=Standing.FAILED, reason="51")
    clock.now = order.watch_until + timedelta(seconds=1)
    await shop.store.write(lambda unit: orders.move(unit, shop.premises.shop.id, order.id, Payment.EXPIRED))
    await shop.settle(failed)
    assert "payment-failed" not in await shop.said("42")


@pytest.mark.parametrize("other", [{"amount": 1}, {"source": "bakong"}])
async def test_a_failure_of_another_payment_closes_nothing(shop: Shop, other: dict[str, object]) -> None:
    sell_in_all(shop)
    order = await order_by(shop, BY_CARD)
    await shop.settle(await told_by(shop, order, standing=Standing.FAILED, reason="51", **other))
    assert [each.state for each in await attempts(shop, order)] == ["open"]
