"""Money nobody can place, until a person has: claimed by the buyer, named two orders, or nobody's at all."""

from tests.journeys.people import Town, buttons, said, token_of, tokens

PRICE = 79_000


async def decisions(town: Town) -> list[str]:
    """What each transfer means by now; the ledger must balance."""
    books = await town.ledger()
    assert books["balanced"]
    return [each["decision"] for each in books["transfers"]]


async def lies(town: Town) -> dict[str, int]:
    """Where the đồng are, accounts with nothing left out."""
    return {name: minor for name, minor in (await town.ledger())["totals"]["VND"].items() if minor}


async def open_review(town: Town) -> None:
    """The seller opens the oldest case."""
    await town.seller.write("/review")
    await town.seller.press("review:")


async def test_a_transfer_without_a_code_is_claimed_and_accepted(town: Town) -> None:
    await town.seller.write("/start")
    code = await town.buyer.order(email=None)
    await town.transfer(PRICE, "chuyen tien", from_account="19001234567890", from_name="TRAN THI B")
    await town.seller.sees("không rõ đơn nào")
    assert (await decisions(town), await lies(town)) == (["unmatched"], {"received": PRICE, "unplaced": PRICE})

    await town.buyer.press("paid:")
    for token in (f"claim:{code}", "claim-whole", "claim-day:today"):
        await town.buyer.press(token)
    await town.buyer.sees("4 số cuối")
    await town.buyer.write("7890")
    told = said(await town.buyer.sees("đã được chuyển tới shop"))
    assert "TRAN THI B" not in told

    await town.seller.press("claim-look:")
    page = await town.seller.sees("từ tài khoản có số cuối 7890")
    assert "TRAN THI B …7890" in said(page)
    assert "19001234567890" not in said(page)
    assert [token_of(each).partition(":")[0] for each in buttons(page)] == ["claim-yes", "claim-no", "reviews"]
    await town.seller.press("claim-yes:")
    await town.seller.sees("Đã chấp nhận khoản báo")
    await town.buyer.sees("Shop đã tìm thấy khoản chuyển")
    await town.buyer.sees("🎁")
    assert (await decisions(town), await lies(town)) == (["exact"], {"received": PRICE, "revenue": PRICE})
    await town.seller.press("reviews:")
    await town.until(lambda state: not tokens(town.seller.seen_in(state)[-1:], "claim-yes"))


async def test_a_claim_of_money_that_never_came_is_refused_without_telling_why(town: Town) -> None:
    await town.seller.write("/start")
    await town.buyer.write("/claim")
    await town.buyer.sees("chưa có đơn hàng nào ở đây")
    await town.buyer.order(email=None)
    await town.buyer.write("/claim")
    await town.buyer.press("claim:none")
    await town.buyer.sees("Bạn đã chuyển bao nhiêu")
    await town.buyer.write("79k")
    await town.buyer.press("claim-day:yesterday")
    await town.buyer.press("claim-no-tail")
    await town.buyer.sees("đã được chuyển tới shop")
    await open_review(town)
    await town.seller.sees("Chưa có khoản tiền nào đang chờ")
    await town.seller.press("claim-no:")
    await town.seller.sees("Vì sao từ chối")
    await town.seller.write("ngày đó shop nghỉ")
    assert "ngày đó shop nghỉ" not in said(await town.buyer.sees("chưa thể xác nhận"))
    assert await decisions(town) == []


async def test_money_that_names_two_orders_is_given_to_one_by_the_seller(town: Town) -> None:
    mine, other = await town.buyer.order(email=None), await town.seller.order(email=None)
    await town.transfer(PRICE, f"{mine} {other}")
    await town.seller.sees("chưa rõ là của đơn nào")
    assert (await decisions(town), await lies(town)) == (["ambiguous"], {"received": PRICE, "unplaced": PRICE})
    await open_review(town)
    await town.seller.press("review-code:")
    await town.seller.sees("gõ mã đơn mà khoản tiền này")
    await town.seller.write(mine.lower())
    await town.buyer.sees("🎁")
    assert (await decisions(town), await lies(town)) == (["exact"], {"received": PRICE, "revenue": PRICE})
    states = [(await town.order(code))["order"]["payment"] for code in (mine, other)]
    assert states == ["paid", "open"]


async def test_money_that_is_nobodys_is_put_aside_with_a_reason(town: Town) -> None:
    await town.seller.write("/start")
    await town.transfer(5_000, "lai tien gui", from_name="NGAN HANG")
    await town.seller.sees("không rõ đơn nào")
    await open_review(town)
    await town.seller.press("review-discard:")
    await town.seller.sees("Vì sao bỏ qua")
    await town.seller.write("lãi tiền gửi")

    await town.until(lambda state: tokens(town.seller.seen_in(state)[-1:], "reviews:"))
    assert (await decisions(town), await lies(town)) == (["discarded"], {"received": 5_000, "discarded": 5_000})
