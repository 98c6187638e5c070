"""One person's phone and the one chat on it: the private chat with the bot."""

from collections import deque
from dataclasses import dataclass, field

from telegram import CallbackQuery, Chat, Message, User

MESSAGES_KEPT = 200
TOASTS_KEPT = 20
PRESSES_KEPT = 100


@dataclass(frozen=True, slots=True)
class Toast:
    """A short note over the chat; `alert` ones stay until they are closed. `id` grows per phone."""

    id: int
    text: str
    alert: bool


@dataclass(slots=True)
class Phone:
    """State of a phone; the oldest messages, toasts and presses are dropped.

    `last` is the id of the latest message. `typing` counts the bot's "typing…", `presses` are button
    presses the bot has not answered yet.
    """

    id: int
    name: str
    username: str
    last: int
    language: str = "vi"
    blocked: bool = False
    typing: int = 0
    messages: dict[int, Message] = field(default_factory=dict)
    toasts: deque[Toast] = field(default_factory=lambda: deque(maxlen=TOASTS_KEPT))
    presses: dict[str, CallbackQuery] = field(default_factory=dict)
    toasted: int = 0

    @property
    def user(self) -> User:
        """The person, as the bot sees them."""
        return User(self.id, self.name, is_bot=False, username=self.username, language_code=self.language)

    @property
    def chat(self) -> Chat:
        """The private chat: its id is the person's."""
        return Chat(self.id, "private", first_name=self.name, username=self.username)

    def next_id(self) -> int:
        """Take the id of a new message."""
        self.last += 1
        return self.last

    def keep(self, message: Message) -> Message:
        """Put a new message into the chat, or an edited one in its place."""
        self.messages[message.message_id] = message
        while len(self.messages) > MESSAGES_KEPT:
            del self.messages[next(iter(self.messages))]
        return message

    def press(self, query: CallbackQuery) -> None:
        """Remember a press that waits for its answer."""
        self.presses[query.id] = query
        while len(self.presses) > PRESSES_KEPT:
            del self.presses[next(iter(self.presses))]

    def toast(self, text: str, alert: bool) -> None:
        """Show a short note."""
        self.toasted += 1
        self.toasts.append(Toast(self.toasted, text, alert))
