"""What banks and buyers do wrong, and what each gets: nothing is lost, nothing is given twice."""

import pytest

from tests.journeys.people import Town, said


async def decisions(town: Town) -> list[str]:
    """What the ledger says of each transfer; it must always balance."""
    books = await town.ledger()
    assert books["balanced"]
    return [each["decision"] for each in books["transfers"]]


async def test_the_same_notice_twice_gives_one_key(town: Town) -> None:
    code = await town.buyer.order()
    payment = await town.pay("twice")
    await town.buyer.sees("🎁")
    assert payment["answers"] == [200, 200]
    assert await decisions(town) == ["exact"]
    assert len((await town.order(code))["grants"]) == 1


@pytest.mark.parametrize("round_", range(3))
async def test_a_memo_garbled_as_banks_do_is_still_understood(town: Town, round_: int) -> None:
    await town.buyer.order(plan=round_)
    await town.pay("garbled")
    await town.buyer.sees("🎁")
    assert await decisions(town) == ["exact"]


async def test_too_little_is_asked_for_and_parts_add_up(town: Town) -> None:
    code = await town.buyer.order()
    await town.pay("short")
    told = await town.buyer.sees("còn thiếu")
    assert "10.000" in said(told)
    await town.buyer.sees("Bạn trả nốt theo hướng dẫn")
    await town.buyer.cards(2)
    rest = await town.pay()
    assert rest["amount"] == 10_000
    await town.buyer.sees("🎁")
    assert await decisions(town) == ["short", "exact"]
    totals = (await town.ledger())["totals"]["VND"]
    assert (totals["received"], totals["revenue"], totals["deposit"]) == (79_000, 79_000, 0)
    states = [attempt["state"] for attempt in (await town.order(code))["attempts"]]
    assert states == ["replaced", "paid"]


async def test_too_much_gives_the_goods_and_keeps_the_rest_for_the_buyer(town: Town) -> None:
    await town.buyer.order()
    await town.pay("over")
    await town.buyer.sees("🎁")
    await town.buyer.sees("trả dư 10.000")
    assert await decisions(town) == ["over"]
    assert (await town.ledger())["totals"]["VND"]["credit"] == 10_000


async def test_money_after_the_deadline_still_pays_while_the_shop_watches(town: Town) -> None:
    code = await town.buyer.order()
    await town.forward(minutes=31)
    await town.buyer.sees("đã hết thời gian thanh toán")
    await town.pay()
    await town.buyer.sees("🎁")
    assert (await town.order(code))["order"]["payment"] == "paid"


async def test_money_without_a_code_is_kept_unplaced_and_the_seller_is_told(town: Town) -> None:
    await town.buyer.order()
    await town.pay("memo_lost")
    await town.seller.sees("không rõ đơn nào")
    assert await decisions(town) == ["unmatched"]
    assert (await town.ledger())["totals"]["VND"]["unplaced"] == 79_000


async def test_money_on_a_foreign_account_pays_nothing(town: Town) -> None:
    code = await town.buyer.order()
    payment = await town.pay("wrong_account")
    assert payment["answers"] == [200]
    assert await decisions(town) == ["foreign_account"]
    assert (await town.order(code))["order"]["payment"] == "open"


async def test_a_forged_notice_leaves_no_trace(town: Town) -> None:
    await town.buyer.order()
    payment = await town.pay("forged")
    assert payment["answers"] == [401]
    assert await decisions(town) == []


async def test_a_second_payment_is_kept_as_the_buyers(town: Town) -> None:
    code = await town.buyer.order()
    await town.pay()
    await town.buyer.sees("🎁")
    await town.pay()
    await town.buyer.sees("nhận thêm một khoản")
    assert await decisions(town) == ["exact", "second"]
    assert len((await town.order(code))["grants"]) == 1
    assert (await town.ledger())["totals"]["VND"]["credit"] == 79_000


async def test_a_lost_notice_is_made_good_when_the_buyer_says_to_have_paid(town: Town) -> None:
    code = await town.buyer.order()
    payment = await town.pay("lost")
    assert payment["answers"] == []
    await town.buyer.press("paid:")
    await town.buyer.sees("Shop đang kiểm tra")
    await town.buyer.sees("🎁")
    assert (await town.order(code))["order"]["payment"] == "paid"
