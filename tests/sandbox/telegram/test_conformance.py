"""What aiogram and python-telegram-bot both get when they do as the Bot API's documentation says."""

import asyncio
from datetime import UTC, timedelta

import pytest

from tests.sandbox.house import House
from tests.sandbox.pictures import blank
from tests.sandbox.telegram.conftest import Client


async def test_the_bot_learns_who_it_is(client: Client, house: House) -> None:
    me = await client.bot.get_me()
    assert (me.is_bot, str(me.id)) == (True, house.street.token.split(":")[0])


async def test_a_message_has_id_chat_date_and_entities(client: Client, house: House) -> None:
    message = await client.bot.send_message(
        house.street.buyer_chat, "Khóa: <code>ABCD</code> 🔑 <b>mới</b>", parse_mode="HTML"
    )
    assert message.text == "Khóa: ABCD 🔑 mới"
    assert [(e.type, e.offset, e.length) for e in message.entities] == [("code", 6, 4), ("bold", 14, 3)]
    assert (message.chat.id, message.chat.type, message.from_user.is_bot) == (house.street.buyer_chat, "private", True)
    assert message.date.astimezone(UTC) == house.clock()


async def test_message_ids_grow_per_chat(client: Client, house: House) -> None:
    ids = [(await client.bot.send_message(house.street.buyer_chat, str(n))).message_id for n in range(3)]
    assert ids == [ids[0], ids[0] + 1, ids[0] + 2]
    other = await client.bot.send_message(house.street.seller_chat, "x")
    assert other.message_id == ids[0]


async def test_a_photo_goes_up_comes_down_and_is_sent_again_by_its_id(client: Client, house: House) -> None:
    first = await client.bot.send_photo(house.street.buyer_chat, photo=client.file(blank(90, 50)), caption="<i>QR</i>")
    assert (first.caption, first.photo[-1].width, first.photo[-1].height) == ("<i>QR</i>", 90, 50)
    assert (await client.download(first.photo[-1].file_id))[:3] == b"\xff\xd8\xff"
    again = await client.bot.send_photo(house.street.buyer_chat, photo=first.photo[-1].file_id)
    assert again.photo == first.photo
    assert again.caption is None


async def test_every_kind_of_button_comes_back_as_it_was(client: Client, house: House) -> None:
    keyboard = client.keyboard(
        [{"text": "Chọn", "callback_data": "plan:1", "style": "success"}],
        [
            {"text": "Mở", "url": "https://example.com/x"},
            {"text": "Chép", "copy_text": client.types.CopyTextButton(text="KX7R2M9CF")},
        ],
    )
    message = await client.bot.send_message(house.street.buyer_chat, "x", reply_markup=keyboard)
    (pick,), (link, copy) = message.reply_markup.inline_keyboard
    assert (pick.text, pick.callback_data, pick.style) == ("Chọn", "plan:1", "success")
    assert (link.url, copy.copy_text.text) == ("https://example.com/x", "KX7R2M9CF")


async def test_text_caption_and_buttons_are_edited_in_place(client: Client, house: House) -> None:
    chat, bot = house.street.buyer_chat, client.bot
    keyboard = client.keyboard([{"text": "a", "callback_data": "a"}])
    text = await bot.send_message(chat, "vorher", reply_markup=keyboard)
    edited = await bot.edit_message_text(
        text="<b>nachher</b>", chat_id=chat, message_id=text.message_id, parse_mode="HTML"
    )
    assert (edited.text, edited.entities[0].type, edited.reply_markup) == ("nachher", "bold", None)
    assert edited.edit_date

    photo = await bot.send_photo(chat, photo=client.file(blank()), caption="pay")
    edited = await bot.edit_message_caption(chat_id=chat, message_id=photo.message_id, caption="paid")
    assert (edited.caption, edited.photo) == ("paid", photo.photo)

    marked = await bot.edit_message_reply_markup(chat_id=chat, message_id=photo.message_id, reply_markup=keyboard)
    assert marked.reply_markup.inline_keyboard[0][0].callback_data == "a"
    shown = (await house.buyer())["messages"]
    assert [m.get("text", m.get("caption")) for m in shown] == ["nachher", "paid"]


async def test_a_message_is_deleted(client: Client, house: House) -> None:
    message = await client.bot.send_message(house.street.buyer_chat, "x")
    assert await client.bot.delete_message(house.street.buyer_chat, message.message_id)
    assert (await house.buyer())["messages"] == []


async def test_typing_is_shown_until_the_next_message(client: Client, house: House) -> None:
    assert await client.bot.send_chat_action(house.street.buyer_chat, "typing")
    assert (await house.buyer())["typing"] == 1
    await client.bot.send_message(house.street.buyer_chat, "x")
    assert (await house.buyer())["typing"] == 0


async def test_a_press_comes_with_its_message_and_its_answer_is_a_toast(client: Client, house: House) -> None:
    keyboard = client.keyboard([{"text": "a", "callback_data": "a:1"}])
    message = await client.bot.send_message(house.street.buyer_chat, "x", reply_markup=keyboard)
    await house.post(f"phones/{house.street.buyer_chat}/press", message=message.message_id, data="a:1")
    assert (await house.buyer())["presses"] == [{"message": message.message_id, "data": "a:1"}]
    (update,) = await client.bot.get_updates()
    query = update.callback_query
    assert (query.data, query.message.message_id, query.from_user.id) == ("a:1", message.message_id, message.chat.id)
    assert await client.bot.answer_callback_query(query.id, text="Đã nhận", show_alert=True)
    buyer = await house.buyer()
    assert (buyer["presses"], buyer["toasts"]) == ([], [{"id": 1, "text": "Đã nhận", "alert": True}])


async def test_a_command_comes_as_an_update_with_its_entity_and_the_persons_language(
    client: Client, house: House
) -> None:
    await house.post(f"phones/{house.street.buyer_chat}/language", language="en")
    await house.post(f"phones/{house.street.buyer_chat}/write", text="/start abc")
    (update,) = await client.bot.get_updates()
    message = update.message
    assert (message.text, message.from_user.language_code, message.from_user.is_bot) == ("/start abc", "en", False)
    assert [(e.type, e.offset, e.length) for e in message.entities] == [("bot_command", 0, 6)]


async def test_blocking_is_told_and_closes_the_chat(client: Client, house: House) -> None:
    await house.post(f"phones/{house.street.buyer_chat}/block", blocked=True)
    (update,) = await client.bot.get_updates()
    assert update.my_chat_member.new_chat_member.status == "kicked"
    with pytest.raises(client.blocked, match="bot was blocked by the user"):
        await client.bot.send_message(house.street.buyer_chat, "x")
    await house.post(f"phones/{house.street.buyer_chat}/block", blocked=False)
    assert await client.bot.send_message(house.street.buyer_chat, "x")


async def test_commands_are_kept_per_scope_and_language(client: Client, house: House) -> None:
    one = [client.types.BotCommand(command="start", description="Bắt đầu")]
    other = [client.types.BotCommand(command="stats", description="Numbers")]
    admin = client.types.BotCommandScopeChat(chat_id=house.street.seller_chat)
    assert await client.bot.set_my_commands(one)
    assert await client.bot.set_my_commands(other, scope=admin, language_code="vi")
    assert [c.command for c in await client.bot.get_my_commands()] == ["start"]
    assert [c.command for c in await client.bot.get_my_commands(scope=admin, language_code="vi")] == ["stats"]
    buyer, seller = (await house.state())["phones"]
    assert [c["command"] for c in buyer["commands"] + seller["commands"]] == ["start", "stats"]
    assert await client.bot.delete_my_commands()
    assert list(await client.bot.get_my_commands()) == []


async def test_there_is_no_webhook_to_remove(client: Client, house: House) -> None:
    await house.post(f"phones/{house.street.buyer_chat}/write", text="old")
    assert (await client.bot.get_webhook_info()).pending_update_count == 1
    assert await client.bot.delete_webhook(drop_pending_updates=True)
    info = await client.bot.get_webhook_info()
    assert (info.url, info.pending_update_count) == ("", 0)
    with pytest.raises(client.bad_request, match="the sandbox delivers to this machine only"):
        await client.bot.set_webhook("https://example.com/hook")


async def test_a_long_poll_ends_when_somebody_writes(client: Client, house: House) -> None:
    poll = asyncio.create_task(client.bot.get_updates(timeout=30))
    await house.post(f"phones/{house.street.buyer_chat}/write", text="hello")
    (update,) = await poll
    assert update.message.text == "hello"


async def test_a_wrong_token_is_refused(stranger: Client) -> None:
    with pytest.raises(stranger.wrong_token):
        await stranger.bot.get_me()


async def test_too_fast_once_says_how_long_to_wait(
    client: Client, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    await house.post("faults", limit_next=True)
    with pytest.raises(client.too_fast) as caught:
        await client.bot.send_message(house.street.buyer_chat, "x")
    wait = caught.value.retry_after  # type: ignore[attr-defined]
    assert wait in (2, timedelta(seconds=2))
    assert await client.bot.send_message(house.street.buyer_chat, "x")
    assert len((await house.buyer())["messages"]) == 1
