"""Telegram: is the token good, and do updates come the way the settings say.

Asked directly, not through aiogram, whose import takes seconds. No error is quoted: the address holds the token.
"""

import re
from datetime import UTC, datetime
from typing import Any

from aiohttp import ClientError

from app.doctor.finding import Finding, Patient, broken, missing, works
from app.settings import Settings
from app.webhook import real_webhook
from sales.errors import Misconfigured

UNAUTHORIZED = 401
_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")


async def check(patient: Patient) -> list[Finding]:
    """Ask getMe and getWebhookInfo."""
    settings = patient.settings
    if settings.telegram_bot_token is None:
        return [missing("start-no-telegram")]
    if not _TOKEN.fullmatch(settings.telegram_bot_token.get_secret_value()):
        return [broken("telegram-token-malformed")]
    try:
        me = await _ask(patient, "getMe")
        webhook = await _ask(patient, "getWebhookInfo")
    except (ClientError, OSError, ValueError) as error:
        return [broken("doctor-telegram-unreachable", error=type(error).__name__)]
    if me is None or webhook is None:
        return [broken("telegram-token-refused")]
    return [works("doctor-telegram", name=str(me.get("username", ""))), *_webhook(settings, webhook)]


def _webhook(settings: Settings, told: dict[str, Any]) -> list[Finding]:
    try:
        webhook = real_webhook(settings)
    except Misconfigured as error:
        return [broken(error.message, **error.values)]
    wanted, stands = webhook.url if webhook else "", str(told.get("url", ""))
    if wanted != stands:
        return [broken("doctor-webhook-elsewhere" if wanted else "doctor-webhook-left", stands=stands, wanted=wanted)]
    pending = int(told.get("pending_update_count", 0))
    found = [works("doctor-webhook" if wanted else "doctor-polling", address=wanted, pending=pending)]
    if wanted and told.get("last_error_date"):
        at = datetime.fromtimestamp(int(told["last_error_date"]), UTC)
        found.append(missing("doctor-webhook-error", at=at, words=str(told.get("last_error_message", ""))))
    return found


async def _ask(patient: Patient, method: str) -> dict[str, Any] | None:
    """What the Bot API answers; None when it refuses the token."""
    settings = patient.settings
    assert settings.telegram_bot_token is not None
    address = f"{settings.telegram_api_url}/bot{settings.telegram_bot_token.get_secret_value()}/{method}"
    async with patient.session.post(address, allow_redirects=False) as answer:
        if answer.status == UNAUTHORIZED:
            return None
        told = await answer.json()
    if not isinstance(told, dict) or told.get("ok") is not True or not isinstance(told.get("result"), dict):
        raise ValueError("not an answer of the Bot API")
    result: dict[str, Any] = told["result"]
    return result
