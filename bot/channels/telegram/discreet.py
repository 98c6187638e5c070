"""Keeps the token, which is part of every address of the Bot API, out of whatever a request raises."""

from typing import Any, NoReturn
from urllib.parse import quote

from aiogram import Bot
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.exceptions import ClientDecodeError, TelegramAPIError, TelegramNetworkError
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType

LONGEST = 300


class Discreet(BaseRequestMiddleware):
    """Lets only TelegramAPIError out: without the token, without a cause that might print it, of bounded length."""

    def __init__(self, token: str) -> None:
        secret = token.partition(":")[2]
        self._secrets = (secret, quote(secret), quote(secret, safe=""))

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        """Make the request and clean what it raises."""
        try:
            return await make_request(bot, method)
        except TelegramAPIError as error:
            error.message = self._clean(str(error.message))
            raise error from None
        except ClientDecodeError as error:
            # Its text is the whole answer: perhaps the page of a proxy that prints the address.
            _unheard(method, f"unreadable answer ({error.message})")
        except (OSError, UnicodeDecodeError, TypeError) as error:
            # Sockets; an answer in no encoding; a 5xx without description, over which aiogram trips.
            _unheard(method, type(error).__name__)

    def _clean(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "…")
        return text[:LONGEST]


def _unheard(method: TelegramMethod[Any], what: str) -> NoReturn:
    raise TelegramNetworkError(method=method, message=what) from None
