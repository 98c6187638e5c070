"""Money without a code: the alert names orders it may be for, and nothing is settled by a guess."""

import pytest

from flows import name_candidates
from flows.messages import unpack
from flows.offer_orders import MOST_ALERTS
from locales import Texts
from sales.money import Money
from sales.transfer import Payer
from storage.schema.money import reviews
from tests.flows.many_prices import IN_DOLLARS, order_by, sell_in_all
from tests.flows.shop import ADMIN, PRICE, Shop


async def hints(shop: Shop) -> list[str]:
    """What stands below the last alert: the codes it names, or that there are none."""
    lines = unpack((await shop.jobs("reply"))[-1].payload["reply"]).lines[1:]
    assert all(Texts().say(language, each.id, each.values) for each in lines for language in ("vi", "en"))
    return [str(each.values.get("code", each.id)) for each in lines]


async def test_money_without_a_code_names_the_order_that_is_one_slip_away(shop: Shop) -> None:
    meant, _ = await shop.order(), await shop.order()
    await shop.settle(shop.sighting(meant.code[2:], 12_345))
    assert await hints(shop) == [meant.code]


async def test_money_without_a_code_names_three_orders_of_its_amount(shop: Shop) -> None:
    paid, dearer = await shop.order(), await shop.order(plan=1)
    await shop.settle(shop.sighting(paid.code))
    waiting = [await shop.order() for _ in range(4)]
    await shop.settle(shop.sighting("tiền hàng"))
    assert await hints(shop) == [each.code for each in reversed(waiting[1:])]
    await shop.settle(shop.sighting(dearer.code[2:]))
    assert await hints(shop) == [dearer.code, waiting[3].code, waiting[2].code]


async def test_without_any_likely_order_the_alert_says_so(shop: Shop) -> None:
    await shop.order()
    await shop.settle(shop.sighting("KX2222222", 12_345))
    assert await hints(shop) == ["admin-no-candidate"]


async def test_a_guess_pays_nothing(sqlite_shop: Shop) -> None:
    order = await sqlite_shop.order()
    await sqlite_shop.settle(sqlite_shop.sighting(order.code[2:]))
    assert await hints(sqlite_shop) == [order.code]
    assert (await sqlite_shop.story(order))["order"]["payment"] == "open"
    assert await sqlite_shop.meanings() == ["unmatched"]


async def test_the_same_amount_of_another_currency_is_another_amount(sqlite_shop: Shop) -> None:
    await sqlite_shop.order()
    await sqlite_shop.settle(sqlite_shop.sighting("", currency="USD"))
    assert await hints(sqlite_shop) == ["admin-no-candidate"]


async def test_money_in_any_currency_of_the_order_names_it(shop: Shop) -> None:
    sell_in_all(shop)
    order = await order_by(shop, IN_DOLLARS)
    for amount, currency in ((PRICE, "VND"), (320, "USD"), (12_500, "KHR")):
        await shop.settle(shop.sighting("tiền hàng", amount, currency=currency))
        assert await hints(shop) == [order.code]
        told = unpack((await shop.jobs("reply"))[-1].payload["reply"]).lines[1]
        assert told.values["total"] == Money(amount, currency)
    await shop.settle(shop.sighting("tiền hàng", 12_500))
    assert await hints(shop) == ["admin-no-candidate"]


async def test_an_order_without_a_price_in_what_came_is_named_at_its_own(sqlite_shop: Shop) -> None:
    order = await sqlite_shop.order()
    await sqlite_shop.settle(sqlite_shop.sighting(order.code[2:], 500, currency="USD"))
    told = unpack((await sqlite_shop.jobs("reply"))[-1].payload["reply"]).lines[1]
    assert told.values["total"] == order.total


async def test_only_the_newest_orders_are_looked_at(sqlite_shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(name_candidates, "LOOKED_AT", 2)
    _, *newer = [await sqlite_shop.order() for _ in range(3)]
    await sqlite_shop.settle(sqlite_shop.sighting("tiền hàng"))
    assert await hints(sqlite_shop) == [order.code for order in reversed(newer)]


async def test_who_has_paid_for_a_buyer_before_is_known_by_it(shop: Shop) -> None:
    peer = await shop.meet()
    known, newer = await shop.order(peer), await shop.order()
    await shop.settle(shop.sighting(known.code, payer=Payer("TRAN THI B", "111", "VCB")))
    waits = await shop.order(peer)
    await shop.settle(shop.sighting("tiền hàng", payer=Payer("", "111")))
    assert await hints(shop) == [waits.code, newer.code], "before those for which only the amount speaks"
    await shop.settle(shop.sighting("tiền hàng", 5_000, payer=Payer("TRAN THI B")))
    told = unpack((await shop.jobs("reply"))[-1].payload["reply"])
    assert [(each.values["code"], each.values["why"]) for each in told.lines[1:]] == [(waits.code, "payer")]


async def test_every_order_that_is_named_has_its_button(sqlite_shop: Shop) -> None:
    first, second = await sqlite_shop.order(), await sqlite_shop.order()
    await sqlite_shop.settle(sqlite_shop.sighting("một"), sqlite_shop.sighting(first.code[2:]))
    alerts = [unpack(row.payload["reply"]) for row in (await sqlite_shop.jobs("reply"))[-2:]]
    pressed = [[choice.token for row in each.choices for choice in row] for each in alerts]
    one, other = (row.id for row in await sqlite_shop.rows(reviews))
    assert pressed == [
        [f"review-assign:{one}:{second.code}", f"review-assign:{one}:{first.code}", f"review:{one}"],
        [f"review-assign:{other}:{first.code}", f"review-assign:{other}:{second.code}", f"review:{other}"],
    ]


async def test_of_a_long_list_the_rest_is_only_counted(sqlite_shop: Shop) -> None:
    await sqlite_shop.settle(*(sqlite_shop.sighting(f"lần {place}") for place in range(MOST_ALERTS + 3)))
    assert await sqlite_shop.said(ADMIN.external) == ["admin-unmatched"] * MOST_ALERTS + ["admin-unmatched-more"]
    more = unpack((await sqlite_shop.jobs("reply"))[-1].payload["reply"])
    assert more.lines[0].values == {"count": 3}
    assert [choice.token for row in more.choices for choice in row] == ["reviews:0"]
    assert len(await sqlite_shop.rows(reviews)) == MOST_ALERTS + 3
