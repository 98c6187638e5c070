"""Money that payOS pays out: chosen by one press, followed to its end, and back when a bank will not have it."""

from tests.journeys.people import Message, Town, buttons, said, token_of
from tests.journeys.test_refunds import bought, forge, scanned


async def chosen(town: Town) -> tuple[str, Message]:
    """A refund to a confirmed account that payOS is to send; answers its order's code, and its card as it was."""
    await town.seller.write("/start")
    code = await bought(town)
    await town.seller.write(f"/refund {code} 50k")
    await town.seller.press("refund-yes:")
    await town.buyer.press("refund-mine:")
    (card,) = await town.seller.cards(1)
    assert (await scanned(town, card)).amount == 50_000
    await town.seller.press("refund-by:payout")
    turned = await town.seller.sees("payOS đang gửi trả 50.000")
    assert (turned["message_id"], buttons(turned)) == (card["message_id"], []), "nobody shall scan it any more"
    return code, card


async def state(town: Town, code: str) -> str:
    (refund,) = (await town.order(code))["refunds"]
    return str(refund["state"])


async def totals(town: Town) -> tuple[int, int]:
    """What is owed, and what was paid back."""
    ledger = await town.ledger()
    assert ledger["balanced"]
    return ledger["totals"]["VND"]["refund_owed"], ledger["totals"]["VND"]["refund_paid"]


async def test_payos_sends_it_and_the_buyer_hears_when_it_is_there(town: Town) -> None:
    code, card = await chosen(town)
    (payout,) = await town.until(lambda state: state["payouts"])
    assert (payout["amount"], payout["account"], payout["state"] in ("RECEIVED", "PROCESSING")) == (
        50_000,
        "1028000814",
        True,
    )
    pressed = next(token_of(each) for each in buttons(card) if token_of(each).startswith("refund-sent:"))
    await forge(town, town.seller, pressed)
    await town.seller.sees("không còn chờ chuyển nữa")
    await town.forward(minutes=1)
    assert "…0814" in said(await town.buyer.sees("đã chuyển trả"))
    await town.seller.sees("payOS đã trả xong")
    assert await state(town, code) == "settled"
    assert await totals(town) == (0, 50_000)
    assert len((await town.state())["payouts"]) == 1


async def test_what_a_bank_sends_back_is_owed_again(town: Town) -> None:
    await town.ask("payouts", ending="REVERSED")
    code, _ = await chosen(town)
    await town.forward(minutes=1)
    await town.seller.sees("payOS đã trả xong")
    assert await totals(town) == (0, 50_000)
    await town.forward(hours=30)
    await town.buyer.sees("trả về cho shop")
    await town.seller.sees("REVERSED")
    assert (await state(town, code), await totals(town)) == ("failed", (50_000, 0))
    await town.seller.write("/refund")
    await town.seller.press("refund-open:")
    await town.seller.press("refund-checked:")
    assert len(await town.seller.cards(2)) == 2
