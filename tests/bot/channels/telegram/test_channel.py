import json

import pytest

from bot.channels.telegram.room import TelegramRoom
from flows.channel import Address, ChatInvoice, Picture
from flows.messages import Choice, Reply, Say
from sales.errors import Blocked, Later, Rejected
from sales.money import Money
from tests.bot.channels.telegram.bot_api import BUYER, BotApi, refusal

HERE = Address(str(BUYER), "vi", "Asia/Ho_Chi_Minh")
CARD = Picture("KXAB12.png", b"\x89PNG not really")
BUTTONS = ((Choice(Say("Mua &amp; tải"), token="buy:3"),),)

GONE = refusal(400, "Bad Request: message to edit not found")
SAME = refusal(400, "Bad Request: message is not modified: specified new message content and reply markup are the same")
TOO_OLD = refusal(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")


def says(*texts: str) -> tuple[Say, ...]:
    return tuple(Say(text) for text in texts)


async def test_lines_are_html_paragraphs_without_link_previews(room: TelegramRoom, api: BotApi) -> None:
    shown = await room.channel.show(HERE, Reply(says("<b>Chào</b>", "Mời bạn chọn")), "k")
    (call,) = api.calls
    assert call.method == "sendMessage"
    assert call.fields["chat_id"] == str(BUYER)
    assert call.fields["text"] == "<b>Chào</b>\n\nMời bạn chọn"
    assert call.fields["parse_mode"] == "HTML"
    assert json.loads(call.fields["link_preview_options"])["is_disabled"] is True
    assert call.buttons is None
    assert shown == "101"


async def test_items_of_a_list_stand_close_below_each_other(room: TelegramRoom, api: BotApi) -> None:
    await room.channel.show(HERE, Reply(says("• a", "• b", "Giá:", "• c", "Hết")), "k")
    assert api.calls[0].fields["text"] == "• a\n• b\n\nGiá:\n• c\n\nHết"


async def test_the_language_is_that_of_the_address(room: TelegramRoom, api: BotApi) -> None:
    await room.channel.show(Address("42", "en", "UTC"), Reply(says("Hello"), BUTTONS), "k")
    assert api.calls[0].fields["text"] == "en: Hello"
    assert api.calls[0].buttons[0][0]["text"] == "en: Mua & tải"


async def test_choices_hang_on_the_message_with_plain_labels(room: TelegramRoom, api: BotApi) -> None:
    await room.channel.show(HERE, Reply(says("Gói"), BUTTONS), "k")
    assert api.calls[0].buttons == [[{"text": "Mua & tải", "callback_data": "t|buy:3"}]]


async def test_a_picture_is_uploaded_with_its_caption_and_buttons(room: TelegramRoom, api: BotApi) -> None:
    shown = await room.channel.show(HERE, Reply(says("Quét mã", "<code>KXAB12</code>"), BUTTONS, card=7), "k", CARD)
    (call,) = api.calls
    assert call.method == "sendPhoto"
    assert call.fields["caption"] == "Quét mã\n\n<code>KXAB12</code>"
    assert call.fields["parse_mode"] == "HTML"
    assert list(call.files.values()) == [("KXAB12.png", CARD.png)]
    assert call.buttons
    assert shown == "101"


async def test_a_picture_without_lines_has_no_caption(room: TelegramRoom, api: BotApi) -> None:
    await room.channel.show(HERE, Reply(card=7), "k", CARD)
    assert "caption" not in api.calls[0].fields


async def test_a_caption_too_long_goes_on_in_a_message(room: TelegramRoom, api: BotApi) -> None:
    shown = await room.channel.show(HERE, Reply(says("Quét mã", "x" * 1020), BUTTONS, card=7), "k", CARD)
    photo, text = api.calls
    assert (photo.method, photo.fields["caption"]) == ("sendPhoto", "Quét mã")
    assert (text.method, text.fields["text"]) == ("sendMessage", "x" * 1020)
    assert photo.buttons
    assert text.buttons is None
    assert shown == "101"  # the card, so that it can be turned later


async def test_a_long_text_is_split_and_its_buttons_come_last(room: TelegramRoom, api: BotApi) -> None:
    shown = await room.channel.show(HERE, Reply(says("a" * 4000, "b" * 4000), BUTTONS), "k")
    assert [call.fields["text"][0] for call in api.calls] == ["a", "b"]
    assert [bool(call.buttons) for call in api.calls] == [False, True]
    assert shown == "102"


async def test_replace_edits_the_text_and_the_buttons(room: TelegramRoom, api: BotApi) -> None:
    shown = await room.channel.show(HERE, Reply(says("Mới"), BUTTONS, replace="55"), "k")
    (call,) = api.calls
    assert (call.method, call.fields["message_id"], call.fields["text"]) == ("editMessageText", "55", "Mới")
    assert json.loads(call.fields["link_preview_options"])["is_disabled"] is True
    assert call.buttons
    assert shown == "55"


async def test_replace_without_choices_takes_the_buttons_away(room: TelegramRoom, api: BotApi) -> None:
    await room.channel.show(HERE, Reply(says("Hết"), replace="55"), "k")
    assert "reply_markup" not in api.calls[0].fields


async def test_a_card_keeps_its_picture_and_turns_its_caption(room: TelegramRoom, api: BotApi) -> None:
    shown = await room.channel.show(HERE, Reply(says("Đã thanh toán"), BUTTONS, card=7, replace="55"), "k")
    (call,) = api.calls
    assert (call.method, call.fields["caption"]) == ("editMessageCaption", "Đã thanh toán")
    assert call.buttons
    assert shown == "55"


async def test_the_card_of_a_refund_turns_too(room: TelegramRoom, api: BotApi) -> None:
    assert await room.channel.show(HERE, Reply(says("Đã chuyển"), refund="3:abcd", replace="55"), "k") == "55"
    assert [(call.method, call.fields["caption"]) for call in api.calls] == [("editMessageCaption", "Đã chuyển")]


async def test_a_turned_card_with_a_long_text_goes_on_in_a_message(room: TelegramRoom, api: BotApi) -> None:
    reply = Reply(says("Đã thanh toán", "y" * 1020), BUTTONS, card=7, replace="55")
    assert await room.channel.show(HERE, reply, "k") == "55"
    assert [call.method for call in api.calls] == ["editMessageCaption", "sendMessage"]
    assert [bool(call.buttons) for call in api.calls] == [True, False]


async def test_a_long_text_edits_the_old_message_and_goes_on_below(room: TelegramRoom, api: BotApi) -> None:
    reply = Reply(says("a" * 4000, "b" * 4000), BUTTONS, replace="55")
    assert await room.channel.show(HERE, reply, "k") == "101"
    assert [call.method for call in api.calls] == ["editMessageText", "sendMessage"]
    assert [bool(call.buttons) for call in api.calls] == [False, True]


@pytest.mark.parametrize(("card", "method"), [(None, "editMessageText"), (7, "editMessageCaption")])
async def test_an_edit_that_changes_nothing_has_succeeded(
    room: TelegramRoom, api: BotApi, card: int | None, method: str
) -> None:
    api.script(method, SAME)
    assert await room.channel.show(HERE, Reply(says("Như cũ"), card=card, replace="55"), "k") == "55"
    assert len(api.calls) == 1


@pytest.mark.parametrize(
    "refused",
    [
        GONE,
        refusal(400, "Bad Request: message can't be edited"),
        refusal(400, "Bad Request: there is no text in the message to edit"),
        refusal(400, "Bad Request: MESSAGE_ID_INVALID"),
    ],
)
@pytest.mark.parametrize(("card", "method"), [(None, "editMessageText"), (7, "editMessageCaption")])
async def test_a_message_that_cannot_be_edited_comes_anew(
    room: TelegramRoom, api: BotApi, refused: object, card: int | None, method: str
) -> None:
    api.script(method, refused)
    assert await room.channel.show(HERE, Reply(says("Mới"), BUTTONS, card=card, replace="55"), "k") == "101"
    assert [call.method for call in api.calls] == [method, "sendMessage"]
    assert api.calls[1].fields["text"] == "Mới"
    assert api.calls[1].buttons


@pytest.mark.parametrize(("status", "kind"), [(403, Blocked), (429, Later), (502, Later)])
async def test_an_edit_that_fails_otherwise_is_no_reason_to_send_anew(
    room: TelegramRoom, api: BotApi, status: int, kind: type[Exception]
) -> None:
    api.script("editMessageText", refusal(status, "no"))
    with pytest.raises(kind):
        await room.channel.show(HERE, Reply(says("Mới"), replace="55"), "k")
    assert len(api.calls) == 1


async def test_a_toast_without_lines_only_ends_the_turning(room: TelegramRoom, api: BotApi) -> None:
    assert await room.channel.show(HERE, Reply(toast="press-9"), "k") == ""
    (call,) = api.calls
    assert call.method == "answerCallbackQuery"
    assert call.fields == {"callback_query_id": "press-9"}


async def test_a_toast_says_its_note_plainly(room: TelegramRoom, api: BotApi) -> None:
    assert await room.channel.show(HERE, Reply(says("Chưa <b>thấy</b> tiền &amp; đang chờ"), toast="p"), "k") == ""
    assert [call.fields.get("text") for call in api.calls] == ["Chưa thấy tiền & đang chờ"]


async def test_a_press_too_old_to_be_answered_is_forgotten(room: TelegramRoom, api: BotApi) -> None:
    api.script("answerCallbackQuery", TOO_OLD)
    assert await room.channel.show(HERE, Reply(toast="p"), "k") == ""
    assert len(api.calls) == 1


async def test_a_note_for_a_press_too_old_comes_as_a_message(room: TelegramRoom, api: BotApi) -> None:
    api.script("answerCallbackQuery", TOO_OLD)
    assert await room.channel.show(HERE, Reply(says("Chưa thấy tiền"), toast="p"), "k") == "101"
    assert [call.method for call in api.calls] == ["answerCallbackQuery", "sendMessage"]


@pytest.mark.parametrize(
    ("size", "methods"), [(200, ["answerCallbackQuery"]), (201, ["answerCallbackQuery", "sendMessage"])]
)
async def test_a_note_too_long_for_a_toast_comes_as_a_message(
    room: TelegramRoom, api: BotApi, size: int, methods: list[str]
) -> None:
    await room.channel.show(HERE, Reply(says("n" * size), toast="p"), "k")
    assert [call.method for call in api.calls] == methods
    assert api.calls[-1].fields["text"] == "n" * size


async def test_an_empty_message_is_refused_by_the_server_not_lost_here(room: TelegramRoom, api: BotApi) -> None:
    api.script("sendMessage", refusal(400, "Bad Request: message text is empty"))
    with pytest.raises(Rejected):
        await room.channel.show(HERE, Reply(), "k")


INVOICE = ChatInvoice(Say("<b>Ảnh</b> Đẹp"), "KX2345678:12", Money(100, "XTR"))


async def test_an_invoice_in_stars_names_no_provider_and_one_price(room: TelegramRoom, api: BotApi) -> None:
    reply = Reply(says("Đơn <b>KX</b>\n• một", "hai"), BUTTONS, invoice=7)
    assert await room.channel.show(HERE, reply, "k", invoice=INVOICE) == "101"
    (call,) = api.calls
    assert call.method == "sendInvoice"
    assert (call.fields["title"], call.fields["description"]) == ("Ảnh Đẹp", "Đơn KX • một hai")
    assert (call.fields["currency"], call.fields["payload"]) == ("XTR", "KX2345678:12")
    assert call.fields.get("provider_token", "") == ""
    assert json.loads(call.fields["prices"]) == [{"label": "Ảnh Đẹp", "amount": 100}]
    assert call.fields["start_parameter"], "forwarded, it must not be paid by somebody else"
    assert call.buttons == [
        [{"text": "pay-invoice", "pay": True}],
        [{"text": "Mua & tải", "callback_data": "t|buy:3"}],
    ]


@pytest.mark.parametrize("letter", ["a", "₫", "😀"])
async def test_words_of_an_invoice_are_cut_to_what_telegram_takes(room: TelegramRoom, api: BotApi, letter: str) -> None:
    long = ChatInvoice(Say(letter * 400), "p", Money(1, "XTR"))
    await room.channel.show(HERE, Reply(says(letter * 400), invoice=7), "k", invoice=long)
    for name, limit in (("title", 32), ("description", 255)):
        units = len(api.calls[0].fields[name].encode("utf-16-le")) // 2
        assert limit - 2 < units <= limit
        assert api.calls[0].fields[name].endswith("…")


async def test_an_invoice_without_words_is_described_by_its_title(room: TelegramRoom, api: BotApi) -> None:
    await room.channel.show(HERE, Reply(invoice=7), "k", invoice=INVOICE)
    assert api.calls[0].fields["description"] == "Ảnh Đẹp"
    assert api.calls[0].buttons == [[{"text": "pay-invoice", "pay": True}]]


async def test_an_invoice_that_is_over_goes_without_a_word(room: TelegramRoom, api: BotApi) -> None:
    assert await room.channel.show(HERE, Reply(invoice=7, replace="55"), "k") == ""
    (call,) = api.calls
    assert (call.method, call.fields["message_id"]) == ("deleteMessage", "55")


async def test_an_invoice_that_cannot_go_any_more_is_let_be(room: TelegramRoom, api: BotApi) -> None:
    api.script("deleteMessage", refusal(400, "Bad Request: message can't be deleted for everyone"))
    assert await room.channel.show(HERE, Reply(says("Xong"), invoice=7, replace="55"), "k") == "101"
    assert [call.method for call in api.calls] == ["deleteMessage", "sendMessage"]


async def test_stars_go_back_by_their_charge_and_once_is_enough(room: TelegramRoom, api: BotApi) -> None:
    api.script("refundStarPayment", *[refusal(400, "Bad Request: CHARGE_ALREADY_REFUNDED")])
    for _ in range(2):
        await room.channel.refund_stars("42", "stx1")
    assert [call.fields for call in api.calls] == [{"user_id": "42", "telegram_payment_charge_id": "stx1"}] * 2


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (refusal(400, "Bad Request: CHARGE_NOT_FOUND"), Rejected),
        (refusal(400, "Bad Request: user not found"), Blocked),
        (refusal(429, "Too Many Requests: retry after 3", retry_after=3), Later),
        (refusal(502, "Bad Gateway"), Later),
    ],
)
async def test_what_telegram_says_to_a_refund(
    room: TelegramRoom, api: BotApi, answer: object, error: type[Exception]
) -> None:
    api.script("refundStarPayment", answer)  # type: ignore[arg-type]
    with pytest.raises(error):
        await room.channel.refund_stars("42", "stx1")
