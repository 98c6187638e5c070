"""Chats and mail that fail: the other way is never held up, and nothing is lost."""

import asyncio

from tests.journeys.people import KEY, Town, find_button, said, tokens


async def test_a_mail_server_that_is_down_delays_only_the_mail(town: Town) -> None:
    code = await town.buyer.order()
    await town.ask("faults", mail_down=True)
    await town.pay()
    key = KEY.search(said(await town.buyer.sees("🎁")))
    assert key is not None
    await town.ask("faults", mail_down=False)
    await town.forward(minutes=1)
    assert code in (await town.letter(key[0]))["subject"]


async def test_a_buyer_who_has_blocked_the_bot_still_gets_the_mail(town: Town) -> None:
    code = await town.buyer.order()
    await town.ask(f"phones/{town.buyer.id}/block", blocked=True)
    await town.pay()
    assert KEY.search((await town.letter("Mã kích hoạt"))["text"])
    await town.seller.sees(f"Không gửi được hàng của đơn {code}")
    states = {each["channel"]: each["state"] for each in (await town.order(code))["deliveries"]}
    assert states == {"telegram": "failed", "email": "sent"}


async def test_who_comes_back_after_blocking_gets_the_goods_from_my_orders(town: Town) -> None:
    await town.buyer.order(email=None)
    await town.ask(f"phones/{town.buyer.id}/block", blocked=True)
    await town.pay()
    await town.seller.sees("Không gửi được hàng")
    await town.ask(f"phones/{town.buyer.id}/block", blocked=False)
    await town.buyer.write("/myorders")
    await town.buyer.press("order:")
    assert KEY.search(said(await town.buyer.sees("🎁")))


async def test_telegram_that_is_down_gets_the_goods_when_it_is_back(town: Town) -> None:
    await town.buyer.order(email=None)
    await town.ask("faults", chat_down=True)
    await town.pay()
    await town.ask("faults", chat_down=False)
    await town.forward(minutes=1)
    goods = await town.buyer.sees("🎁")
    assert KEY.search(said(goods))
    assert sum("🎁" in said(each) for each in await town.buyer.messages()) == 1


async def test_a_429_is_waited_out(town: Town) -> None:
    await town.buyer.order(email=None)
    await town.ask("faults", limit_next=True)
    await town.pay()
    await town.forward(minutes=1)
    await town.buyer.sees("🎁")


async def test_two_taps_at_once_make_one_order(town: Town) -> None:
    await town.buyer.order(email="buyer@example.com")
    await town.pay()
    await town.buyer.sees("🎁")
    await town.buyer.write("/start")
    await town.buyer.press("plan:1")
    await town.buyer.press("buy:")
    message, data = await town.until(lambda state: find_button(town.buyer.seen_in(state), "mail:"))
    await asyncio.gather(*(town.ask(f"phones/{town.buyer.id}/press", message=message, data=data) for _ in range(5)))
    await town.buyer.sees("vẫn đang chờ thanh toán")
    await town.buyer.write("/myorders")
    listed = await town.until(lambda state: len(found := tokens(town.buyer.seen_in(state), "order:")) > 1 and found)
    assert len(set(listed)) == 2


async def test_an_english_buyer_is_answered_in_english_and_may_change(town: Town) -> None:
    await town.ask(f"phones/{town.buyer.id}/language", language="en-GB")
    await town.buyer.write("/start")
    await town.buyer.sees("Choose a plan below")
    await town.buyer.write("/language")
    await town.buyer.press("language:vi")
    await town.buyer.sees("Bạn chọn một gói")


async def test_nonsense_and_dead_buttons_get_a_way_out(town: Town) -> None:
    await town.buyer.write("mấy giờ rồi shop ơi")
    confused = await town.buyer.sees("chưa hiểu")
    message = confused["message_id"]
    await town.ask(f"phones/{town.buyer.id}/press", message=message, data="t|order:KX2222222")
    await town.buyer.sees("không còn dùng được")
