"""What a refusal of the Bot API means to the shop."""

import structlog
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)

from sales.errors import Blocked, Later, NotConfigured, Rejected, ShopError

GONE = ("chat not found", "user not found", "user is deactivated", "peer_id_invalid", "input_user_deactivated")
"""Refusals with 400 which say that there is nobody at this address (any more)."""

NOT_MODIFIED = "message is not modified"

log = structlog.get_logger(__name__)


def shop_error(error: TelegramAPIError) -> ShopError:
    """Say what the caller does about `error`: give up this way (Blocked, Rejected) or try again (Later)."""
    match error:
        case TelegramForbiddenError():
            return Blocked(said(error))
        case TelegramRetryAfter():
            return Later(said(error), error.retry_after)
        case TelegramBadRequest() if says(error, *GONE):
            return Blocked(said(error))
        case TelegramBadRequest() | TelegramEntityTooLarge() | TelegramMigrateToChat():
            return Rejected(said(error))
        case TelegramUnauthorizedError() | TelegramNotFound():
            # The real server answers 401 to a revoked token and 404 to one that cannot be a token.
            log.error("telegram.refuses_the_token", reason=said(error), hint="check TELEGRAM_BOT_TOKEN")
            return NotConfigured(f"Telegram refuses the token: {said(error)}")
    return Later(said(error))


def said(error: TelegramAPIError) -> str:
    """What the server said, without aiogram's advice."""
    return f"{type(error).__name__}: {error.message}"


def says(error: TelegramAPIError, *phrases: str) -> bool:
    """Whether the server's description holds one of the phrases (given in lower case)."""
    description = str(error.message).lower()
    return any(phrase in description for phrase in phrases)
