"""The shop is run from the seller's phone, through the Bot API; the buyer's phone tries the same and learns nothing."""

import re

from flows.invite_admins import PAYLOAD, invite_admin, new_token
from storage.schema.work import events
from tests.journeys.people import KEY, Message, Phone, Town, buttons, said, token_of

ADMIN_WORDS = ("/stats", "/stats all", "/order {code}", "/order", "/refund {code} 1000", "/refund", "/STATS@shop_bot")


async def answers(phone: Phone, words: str) -> list[tuple[str, list[str]]]:
    """What the bot says to these words, with its buttons."""
    await phone.write(words)

    def after(messages: list[Message]) -> list[Message]:
        mine = max(each["message_id"] for each in messages if each.get("text") == words and not said(each))
        return [each for each in messages if each["message_id"] > mine]

    found: list[Message] = await phone.town.until(lambda state: after(phone.seen_in(state)))
    return [(said(each), [token_of(button) for button in buttons(each)]) for each in found]


async def kinds(town: Town) -> list[str]:
    store = town.opened.house.store
    rows = await store.read(lambda unit: unit.conn.execute(events.select().order_by(events.c.id)).all())
    return [f"{row.kind} {row.actor}" for row in rows if row.kind.startswith("admin.")]


async def test_the_seller_sees_the_day_and_the_story_of_an_order(town: Town) -> None:
    code = await town.buyer.order()
    await town.pay()
    await town.buyer.sees("🎁")
    await town.letter(code)
    await town.seller.write("/stats")
    page = await town.seller.sees("📊")
    for words in ("Đơn đã tạo: 1", "đã thanh toán: 1 (100%)", "79.000\u00a0₫", "2 trên 2 (100%)", "Không có việc gì"):
        assert words in said(page)
    await town.seller.press("stats:7d")
    week = await town.seller.sees("7 ngày qua")
    assert week["message_id"] == page["message_id"]
    await town.seller.write(f"/order {code}")
    story = said(await town.seller.sees(f"🧾 Đơn {code}"))
    for words in ("Nguyễn Văn A @nguoi_mua", "buyer@example.com", "trả đủ đơn", "đã tới"):
        assert words in story
    assert KEY.search(story) is None
    seller = f"admin:telegram:{town.seller.id}"
    assert await kinds(town) == [f"admin.stats {seller}", f"admin.stats {seller}", f"admin.order {seller}"]


async def test_a_stranger_learns_nothing_from_any_word_or_button(town: Town) -> None:
    code = await town.buyer.order()
    unknown = await answers(town.buyer, "/qwerty")
    for words in ADMIN_WORDS:
        assert await answers(town.buyer, words.format(code=code)) == unknown
    await town.seller.write("/stats")
    page = await town.seller.sees("📊")
    forwarded = [str(button["callback_data"]) for button in buttons(page)]
    shown = (await town.buyer.messages())[-1]
    assert len(forwarded) == 4
    for data in [*forwarded, "t|refund-yes:1", "t|refund-sent:1", "t|nobody:1"]:
        before = len(await town.buyer.messages())
        await town.ask(f"phones/{town.buyer.id}/press", message=shown["message_id"], data=data)
        told = await town.until(lambda state, count=before: town.buyer.seen_in(state)[count:])  # type: ignore[misc]
        assert "Nút này không còn dùng được nữa" in said(told[0])
    assert {each.partition(" ")[2] for each in await kinds(town)} == {f"admin:telegram:{town.seller.id}"}


async def test_only_the_seller_s_menu_has_the_commands_of_admins(town: Town) -> None:
    for phone in (town.seller, town.buyer):
        await phone.write("/start")

    def settled(state: dict[str, object]) -> bool:
        return "stats" in menu(town, town.seller)

    await town.until(settled)
    await town.buyer.sees("Chào bạn")
    assert {"stats", "order", "refund", "start"} <= set(menu(town, town.seller))
    assert {"stats", "order", "refund"} & set(menu(town, town.buyer)) == set()


async def test_an_invitation_makes_the_buyer_s_phone_an_admin_once(town: Town) -> None:
    token, house = new_token(), town.opened.house
    await house.store.write(lambda unit: invite_admin(unit, house.premises, token))
    link = f"/start {PAYLOAD}{token}"
    assert re.fullmatch(r"/start [A-Za-z0-9_-]{1,64}", link)
    await town.buyer.write(link)
    await town.buyer.sees("Từ giờ bạn là quản trị")
    await town.seller.sees("vừa nhận lời mời")
    await town.buyer.write("/stats")
    await town.buyer.sees("📊")
    await town.buyer.write("/help")
    await town.buyer.sees("Dành cho quản trị")


def menu(town: Town, phone: Phone) -> list[str]:
    return [each.command for each in town.street.exchange.menus.seen_by(phone.id, "vi")]
