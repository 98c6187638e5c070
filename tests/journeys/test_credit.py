"""What was paid too much, or too late: the buyer goes on alone, over the wire."""

from sqlalchemy import update

from storage.schema.shop import prices
from tests.journeys.people import Town, said


async def totals(town: Town) -> dict[str, int]:
    """What the ledger holds in đồng; it must always balance."""
    books = await town.ledger()
    assert books["balanced"]
    return {name: minor for name, minor in books["totals"]["VND"].items() if minor}


async def test_a_surplus_is_kept_told_of_and_used_on_the_next_order(town: Town) -> None:
    await town.buyer.order()
    await town.pay("over")
    await town.buyer.sees("trả dư 10.000")
    await town.buyer.press("credit-keep:")
    assert "10.000" in said(await town.buyer.sees("Đã để dành"))
    await town.buyer.write("/credit")
    await town.buyer.sees("Số dư của bạn")
    second = await town.buyer.order()
    await town.buyer.sees("bạn chỉ còn phải trả 69.000")
    assert "69.000" in said(await town.buyer.sees("số dư cho đơn " + second))
    rest = await town.pay()
    assert rest["amount"] == 69_000
    await town.buyer.sees(f"Đã nhận được thanh toán cho đơn {second}")
    assert (await town.order(second))["order"]["payment"] == "paid"
    assert await totals(town) == {"received": 158_000, "revenue": 158_000}


async def test_late_money_is_honoured_while_the_price_stands(town: Town) -> None:
    code = await town.buyer.order()
    await town.forward(hours=26)
    await town.pay()
    await town.buyer.sees("về trễ")
    await town.buyer.sees("🎁")
    await town.seller.sees("Tiền về trễ cho đơn " + code)
    assert (await town.order(code))["order"]["payment"] == "paid"
    assert await totals(town) == {"received": 79_000, "revenue": 79_000}


async def test_late_money_is_paid_back_on_request_once_the_price_has_changed(town: Town) -> None:
    code = await town.buyer.order()
    await town.forward(hours=26)
    house = town.opened.house
    await house.store.write(lambda unit: unit.conn.execute(update(prices).values(amount=prices.c.amount + 1)))
    await town.pay()
    await town.buyer.sees("đã kết thúc, và hàng không còn bán")
    assert await totals(town) == {"received": 79_000, "credit": 79_000}
    await town.buyer.press(f"credit-back:{code}")
    await town.buyer.sees("đã được gửi tới shop")
    await town.seller.press("refund-yes:")
    await town.buyer.sees("Shop sẽ hoàn lại")
    assert await totals(town) == {"received": 79_000, "refund_owed": 79_000}
    story = await town.order(code)
    assert (story["order"]["payment"], story["grants"]) == ("expired", [])
