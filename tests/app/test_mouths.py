"""The mouths as app/ opens them."""

import asyncio
from dataclasses import replace
from email import message_from_bytes, policy
from types import SimpleNamespace

import pytest

from app.mouths import TelegramMouth, menus, open_email
from app.settings import Settings
from app.setup import Setup, real_setup
from flows.channel import Address
from flows.messages import Reply, Say
from flows.offer_menu import COMMANDS
from locales import Texts
from sales.errors import Misconfigured
from sandbox.mailbox import Mailbox
from sandbox.news import News

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
