"""The mouths as app/ opens them."""

import asyncio
from dataclasses import replace
from email import message_from_bytes, policy
from io import BytesIO
from types import SimpleNamespace
from typing import cast

import pytest
import zxingcpp
from PIL import Image

from app.mouths import COMMANDS, TelegramMouth, drawing, menus, open_email
from app.settings import Settings
from app.setup import Setup, real_setup
from bot.card import Card, Labels
from flows.channel import Address
from flows.messages import Reply, Say
from locales import Texts
from sales.errors import Misconfigured
from sales.ids import AttemptId, OrderId, RefundId
from sales.money import Money
from sales.payee import Payee
from sales.purchase import Attempt
from sales.refund import Refund, State
from sales.vietqr import decode
from sandbox.mailbox import Mailbox
from sandbox.news import News
from tests.clock import FrozenClock

SHOP = 'Tiệm "Số" Mẫu'
READER = Address("buyer@example.com", "vi", "Asia/Ho_Chi_Minh")


@pytest.fixture
def setup() -> Setup:
    return replace(real_setup(Settings()), smtp_url="smtp://127.0.0.1:1", mail_from="shop@example.com")


def test_no_mail_channel_unless_both_are_given(setup: Setup) -> None:
    assert open_email(replace(setup, smtp_url=None), Texts(), SHOP) == {}
    assert open_email(replace(setup, mail_from=None), Texts(), SHOP) == {}
    assert list(open_email(setup, Texts(), SHOP)) == ["email"]


@pytest.mark.parametrize(
    ("mail_from", "name"), [("shop@example.com", SHOP), ("Cửa hàng <shop@example.com>", "Cửa hàng")]
)
async def test_a_letter_carries_the_shops_name(setup: Setup, mail_from: str, name: str) -> None:
    box = Mailbox(News())
    await box.start()
    try:
        email = open_email(replace(setup, smtp_url=box.url, mail_from=mail_from), Texts(), SHOP)["email"]
        await email.show(READER, Reply((Say("goods-lifetime"),)), "1-1")
    finally:
        await box.stop()
    sender = message_from_bytes(f"From: {box.letters[0].sender}\n\n".encode(), policy=policy.default)["from"]
    assert sender.addresses[0].addr_spec == "shop@example.com"
    assert name.replace('"', "") in box.letters[0].html.replace("&#34;", "").replace('"', "")


def test_every_command_has_words_in_every_language() -> None:
    assert {language: tuple(menu) for language, menu in menus(Texts()).items()} == {"vi": COMMANDS, "en": COMMANDS}


async def test_a_card_is_drawn_in_the_readers_language_and_the_banks_own_name() -> None:
    attempt = Attempt(
        id=AttemptId(1),
        order=OrderId(1),
        gateway="casso",
        number=1,
        bank_account=1,
        memo="KX2345678",
        qr="00020101",
        amount=Money(79_000),
        state="open",
        chat_message=None,
        expires_at=FrozenClock()(),
        bin="970422",
        account="0123456789",
        holder="NGUYEN VAN A",
    )
    draw = drawing(Texts())
    pictures = {language: await draw(attempt, Address("1", language, "UTC")) for language in ("vi", "en")}
    assert all(png.startswith(b"\x89PNG") for png in pictures.values())
    assert pictures["vi"] != pictures["en"]
    assert pictures["vi"] == cast("bytes", await draw(attempt, Address("1", "vi", "UTC")))


async def test_a_code_without_a_banks_number_gets_the_card_of_a_khqr(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[Card] = []
    monkeypatch.setattr("app.mouths.draw", lambda card: bytes(drawn.append(card) or b""))
    attempt = Attempt(
        id=AttemptId(1),
        order=OrderId(1),
        gateway="bakong",
        number=1,
        bank_account=None,
        memo="KX2345678",
        qr="00020101",
        amount=Money(950, "USD"),
        state="open",
        chat_message=None,
        expires_at=FrozenClock()(),
        account="nguyen_van_a@toyb",
        holder="Key Shop",
    )
    for shown in (attempt, replace(attempt, bin="970422")):
        await drawing(Texts())(shown, READER)
    khqr, vietqr = drawn
    assert (khqr.bank, khqr.account, khqr.amount) == ("Bakong", "nguyen_van_a@toyb", "9,50\u00a0US$")
    assert khqr.labels == Labels.in_language(Texts(), "vi", scheme="khqr")
    assert (vietqr.bank, vietqr.labels) == ("MBBank", Labels.in_language(Texts(), "vi"))


async def test_the_card_of_a_refund_pays_the_buyer() -> None:
    now = FrozenClock()()
    refund = Refund(
        id=RefundId(1),
        order=OrderId(1),
        amount=Money(50_000),
        held=Money(79_000),
        state=State.OWED,
        reason="",
        memo="HOAN KX2345678",
        payee=Payee("970436", "0071000123456", "TRẦN THỊ B"),
        created_at=now,
        asked_by=None,
        owed_at=now,
        confirmed_at=now,
        confirmed_by=None,
        sent_at=None,
        sent_by=None,
    )
    png = await drawing(Texts())(refund, Address("1", "vi", "UTC"))
    with Image.open(BytesIO(png)) as picture:
        (code,) = zxingcpp.read_barcodes(picture.convert("L"))
    qr = decode(code.text)
    assert (qr.bin, qr.account, qr.amount, qr.memo) == ("970436", "0071000123456", 50_000, "HOAN KX2345678")
    assert png != await drawing(Texts())(refund, Address("1", "en", "UTC"))


async def test_a_refused_token_closes_only_the_mouth_and_is_tried_again(setup: Setup) -> None:
    refused = replace(setup, telegram_token="1:" + "A" * 35, telegram_url="http://127.0.0.1:1")
    inbox = SimpleNamespace(hear=None, feeds={})
    mouth = TelegramMouth(refused, Texts(), inbox, SimpleNamespace(decide=None))  # type: ignore[arg-type]
    asked: list[bool] = []

    class Refusing:
        """A poller that is refused twice and then goes on listening."""

        async def run(self, _keep: object, _decide: object) -> None:
            asked.append(mouth.refused)
            if len(asked) < 3:
                raise Misconfigured("telegram-token-refused")
            raise asyncio.CancelledError

    mouth.pause = 0
    room = mouth.room
    mouth.room = replace(mouth.room, poller=Refusing())  # type: ignore[arg-type]
    with pytest.raises(asyncio.CancelledError):
        await mouth.listen()
    await room.close()
    assert asked == [False, False, False]
    assert not mouth.refused
