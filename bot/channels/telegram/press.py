"""How a token of ours travels on a button: Telegram gives it at most 64 bytes, of which two are the prefix."""

from aiogram.filters.callback_data import CallbackData


class Press(CallbackData, prefix="t", sep="|"):
    """A button's data; `pack` raises ValueError for a token with "|" or of more than 62 bytes."""

    token: str
