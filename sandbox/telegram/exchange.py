"""The telephone exchange: everything the Bot API server knows, in memory."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from secrets import token_urlsafe
from typing import Any

from telegram import Message, Update, User

from sandbox.clock import MovableClock
from sandbox.news import News
from sandbox.telegram.commands import Menus
from sandbox.telegram.errors import ApiError, bad_request, too_many
from sandbox.telegram.params import Params
from sandbox.telegram.phone import Phone
from sandbox.telegram.photos import Photos
from sandbox.telegram.queue import UpdateQueue
from sandbox.telegram.stars import Stars
from sandbox.telegram.webhook import Postman

BOT_NAME = "Chốt Đơn"
BOT_USERNAME = "chotdon_sandbox_bot"
RETRY_AFTER = 2


@dataclass(slots=True)
class ChatFaults:
    """What goes wrong on demand: every call answered 502, the next message refused with 429, payments told twice."""

    down: bool = False
    limit_next: bool = False
    pay_twice: bool = False


class Exchange:
    """One bot, the phones it can talk to, and what goes wrong between them.

    `news` hears of every change that a phone would show. Ids begin at the clock's moment, so that they never
    come again when the street is opened anew over a database that remembers earlier ones.
    """

    def __init__(self, clock: MovableClock, phones: Iterable[Phone], news: News) -> None:
        self.now = clock
        self.news = news
        self.phones = {phone.id: phone for phone in phones}
        self.bot = User(
            7_000_000_001,
            BOT_NAME,
            is_bot=True,
            username=BOT_USERNAME,
            can_join_groups=False,
            can_read_all_group_messages=False,
            supports_inline_queries=False,
        )
        self.token = f"{self.bot.id}:{token_urlsafe(26)}"
        self.queue = UpdateQueue(int(clock().timestamp() * 1000))
        self.postman = Postman(self.queue, clock, news)
        self.photos = Photos()
        self.menus = Menus()
        self.stars = Stars()
        self.faults = ChatFaults()

    def reach(self, params: Params) -> Phone:
        """Find the phone a call is for; raises 400 for an unknown chat and 403 when it has blocked the bot."""
        if not params.text("chat_id"):
            raise bad_request("chat_id is empty")
        try:
            phone = self.phones[int(params.text("chat_id"))]
        except (ValueError, KeyError):
            raise bad_request("chat not found") from None
        if phone.blocked:
            raise ApiError(403, "Forbidden: bot was blocked by the user")
        return phone

    def show(self, phone: Phone, message: Message) -> Message:
        """Put a new or changed message of the bot onto a phone."""
        phone.typing = 0
        phone.keep(message)
        self.news.tell()
        return message

    def tell(self, kind: str, thing: Any) -> None:
        """Let the bot know of something that has happened."""
        make: Callable[..., Update] = Update
        self.queue.put(kind, make(self.queue.next_id, **{kind: thing}))
        self.news.tell()

    def check_pace(self) -> None:
        """Raise the 429 that was asked for, once."""
        if self.faults.limit_next:
            self.faults.limit_next = False
            self.news.tell()
            raise too_many(RETRY_AFTER)
