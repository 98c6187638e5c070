import json
from typing import Any

import pytest
from structlog.testing import capture_logs
from telegram import Chat, Update, User

from bot.channels.telegram.room import TelegramRoom
from flows.messages import Incoming
from sales.errors import Malformed, StoreBusy
from tests.bot.channels.telegram import acts
from tests.bot.channels.telegram.bot_api import BotApi
from tests.bot.channels.telegram.conftest import Ear


async def hear(room: TelegramRoom, ear: Ear, update: Update) -> Incoming:
    assert await room.feeder.feed(update.to_json()) is True
    return ear.heard.pop()


async def test_a_text_says_who_and_what(room: TelegramRoom, ear: Ear) -> None:
    update = acts.wrote("Xin chào")
    assert await hear(room, ear, update) == Incoming(
        channel="telegram",
        peer="42",
        event=str(update.update_id),
        text="Xin chào",
        name="NGUYEN VAN A",
        language="vi",
    )


@pytest.mark.parametrize(
    ("written", "heard"),
    [
        ("/start", "/start"),
        ("/start SALE_2026-x", "/start SALE_2026-x"),
        ("/start@shop_bot SALE", "/start SALE"),
        ("/Start", "/start"),
        ("/myorders@another_bot", "/myorders"),
        ("/language", "/language"),
        ("/help", "/help"),
        ("/cancel", "/cancel"),
        ("/unknown", "/unknown"),
        ("/refund KX  AB", "/refund KX  AB"),
        ("/ start", "/ start"),
        ("/a-b", "/a-b"),
        ("a@example.com", "a@example.com"),
    ],
)
async def test_commands_lose_the_name_of_the_bot(room: TelegramRoom, ear: Ear, written: str, heard: str) -> None:
    assert (await hear(room, ear, acts.wrote(written))).text == heard


async def test_a_press_says_its_token_its_message_and_its_own_id(room: TelegramRoom, ear: Ear) -> None:
    update = acts.pressed("t|plan:3")
    assert await hear(room, ear, update) == Incoming(
        channel="telegram",
        peer="42",
        event=str(update.update_id),
        token="plan:3",
        name="NGUYEN VAN A",
        language="vi",
        message="55",
        press="press-9",
    )


@pytest.mark.parametrize("data", ["buy_3", "t", "t|a|b", "x|plan:3"])
async def test_a_button_of_an_earlier_shop_gives_its_data_as_it_is(room: TelegramRoom, ear: Ear, data: str) -> None:
    incoming = await hear(room, ear, acts.pressed(data))
    assert (incoming.token, incoming.press) == (data, "press-9")


async def test_a_press_on_a_message_that_telegram_has_forgotten(room: TelegramRoom, ear: Ear) -> None:
    data = acts.pressed("t|plan:3").to_dict()
    data["callback_query"]["message"] = {"message_id": 55, "date": 0, "chat": acts.PRIVATE.to_dict()}
    assert await room.feeder.feed(json.dumps(data))
    assert (ear.heard[0].peer, ear.heard[0].message, ear.heard[0].token) == ("42", "55", "plan:3")


@pytest.mark.parametrize(
    "fields",
    [{"photo": acts.PHOTO}, {"photo": acts.PHOTO, "caption": "/start"}, {"sticker": acts.STICKER}, {}],
    ids=["photo", "caption", "sticker", "unknown"],
)
async def test_anything_but_text_is_heard_as_silence(room: TelegramRoom, ear: Ear, fields: dict[str, Any]) -> None:
    incoming = await hear(room, ear, acts.wrote(**fields))
    assert (incoming.text, incoming.token) == ("", "")


async def test_blocking_and_letting_in_again(room: TelegramRoom, ear: Ear) -> None:
    assert (await hear(room, ear, acts.blocked())).token == "peer:blocked"
    incoming = await hear(room, ear, acts.unblocked())
    assert (incoming.token, incoming.peer, incoming.press) == ("peer:unblocked", "42", None)


@pytest.mark.parametrize(
    "update",
    [
        acts.wrote("/start", chat=acts.GROUP),
        acts.pressed("t|plan:3", chat=acts.GROUP),
        acts.blocked(chat=acts.GROUP),
        acts.wrote("hello", chat=Chat(-5, "channel"), person=None),
        acts.update(edited_message=acts.message("edited")),
        acts.update(channel_post=acts.message("posted", chat=Chat(-5, "channel"), person=None)),
        acts.pressed(None, game_short_name="chess"),
    ],
    ids=["group", "group press", "group block", "channel", "edited", "post", "game"],
)
async def test_what_is_not_for_the_shop_is_passed_over(room: TelegramRoom, ear: Ear, update: Update) -> None:
    assert await room.feeder.feed(update.to_json()) is False
    assert ear.heard == []


async def test_a_person_without_language_and_with_a_long_name(room: TelegramRoom, ear: Ear) -> None:
    incoming = await hear(room, ear, acts.wrote("x", person=User(42, "A" * 100, is_bot=False, last_name="B" * 100)))
    assert incoming.name == "A" * 100 + " " + "B" * 27
    assert incoming.language == ""


EVIL, SEEN = "An \u202eđ000.09 \u2066\u200f\x1b[2J\x9b31m\nShop", "An đ000.09 [2J31m Shop"


async def test_nothing_in_a_name_speaks_to_a_page_or_a_terminal(room: TelegramRoom, ear: Ear) -> None:
    person = User(42, EVIL, is_bot=False, username="an\u202e\x9b", last_name="\u202e")
    incoming = await hear(room, ear, acts.wrote("x", person=person))
    assert (incoming.name, incoming.handle) == (SEEN, "an")
    chat = Chat(42, "private", first_name=EVIL)
    assert (await hear(room, ear, acts.wrote("x", chat=chat, person=None))).name == SEEN


async def test_a_message_without_sender_has_the_name_of_its_chat(room: TelegramRoom, ear: Ear) -> None:
    assert (await hear(room, ear, acts.wrote("x", person=None))).name == "NGUYEN VAN A"


async def test_what_hear_raises_reaches_the_caller(room: TelegramRoom, ear: Ear) -> None:
    ear.failure = StoreBusy("locked")
    with pytest.raises(StoreBusy):
        await room.feeder.feed(acts.wrote("x").to_json())
    ear.failure = ZeroDivisionError()
    with pytest.raises(ZeroDivisionError):
        await room.feeder.feed(acts.pressed("t|plan:3").to_json())


async def test_an_unknown_kind_is_passed_over_without_a_warning(room: TelegramRoom, ear: Ear) -> None:
    with capture_logs() as logs:
        assert await room.feeder.feed('{"update_id": 1, "telepathy": {"secret": "thought"}}') is False
    assert "thought" not in str(logs)
    assert ear.heard == []


@pytest.mark.parametrize("body", ["", "nothing", "[]", "null", "{}", '{"update_id": 1, "message": {"text": "x"}}'])
async def test_what_is_no_update_is_malformed(room: TelegramRoom, ear: Ear, body: str) -> None:
    with pytest.raises(Malformed):
        await room.feeder.feed(body)


async def test_only_kinds_with_a_handler_are_asked_for(room: TelegramRoom) -> None:
    assert room.feeder.kinds == ["callback_query", "message", "my_chat_member", "pre_checkout_query"]


async def test_handlers_send_nothing(room: TelegramRoom, ear: Ear, api: BotApi) -> None:
    for update in (acts.wrote("/start@shop_bot x"), acts.wrote(photo=acts.PHOTO), acts.pressed("t|a"), acts.blocked()):
        await room.feeder.feed(update.to_json())
    assert len(ear.heard) == 4
    assert api.calls == []


async def test_a_handle_is_heard_where_there_is_one(room: TelegramRoom, ear: Ear) -> None:
    told = acts.wrote("Xin chào").to_dict()
    assert (await hear(room, ear, Update.de_json(told))).handle == ""
    told["message"]["from"]["username"] = "nguoi_mua"
    assert (await hear(room, ear, Update.de_json(told))).handle == "nguoi_mua"


async def test_stars_that_were_paid_are_a_sighting(room: TelegramRoom, ear: Ear) -> None:
    heard = await hear(room, ear, acts.paid("KX2345678:12", 100))
    assert (heard.peer, heard.text, heard.token) == ("42", "", "")
    assert heard.paid is not None
    assert (heard.paid.source, heard.paid.ref, heard.paid.amount, heard.paid.currency) == ("stars", "stx1", 100, "XTR")
    assert (heard.paid.number, heard.paid.booked_at) == (12, acts.NOW)
    assert (heard.paid.payer.account, heard.paid.payer.name) == ("42", "NGUYEN VAN A")


async def test_money_in_a_group_is_heard_too(room: TelegramRoom, ear: Ear) -> None:
    heard = await hear(room, ear, acts.paid("KX2345678:12", 100, acts.GROUP))
    assert heard.paid is not None
    assert heard.paid.payer.account == "42"


@pytest.mark.parametrize("person", [acts.PERSON, acts.BOT, None])
async def test_stars_that_went_back_name_the_payment(room: TelegramRoom, ear: Ear, person: User | None) -> None:
    heard = await hear(room, ear, acts.refunded("KX2345678:12", 100, person))
    assert heard.paid is not None
    assert (heard.paid.standing, heard.paid.reverses, heard.paid.amount) == ("reversed", "stx1", -100)
    assert heard.paid.payer.account == "42"


async def test_a_question_about_money_is_no_matter_of_the_inbox(room: TelegramRoom, ear: Ear) -> None:
    assert await room.feeder.feed(acts.asked_to_pay("KX2345678:12", 100).to_json()) is False
    assert ear.heard == []
