"""A web process of its own in webhook mode: `python -m tests.app.web_only URL`.

Prints the door's answers to an update, to a forged one and to nonsense, and whether aiogram was imported.
"""

import asyncio
import json
import sys
from typing import Any

from aiohttp import ClientSession

from app.run import Role, open_house
from app.settings import Settings
from storage.vault import new_vault_key

SECRET = "a_Secret-1"
UPDATE = {"update_id": 7, "message": {"chat": {"id": 42}, "text": "/start"}}


async def bring(url: str, body: str, secret: str) -> int:
    headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
    async with ClientSession() as http, http.post(url, data=body, headers=headers) as answer:
        return answer.status


async def visit(database: str) -> list[int]:
    values: dict[str, Any] = {
        "database_url": database,
        "vault_key": new_vault_key(),
        "telegram_bot_token": "1:" + "A" * 35,
        "telegram_mode": "webhook",
        "telegram_webhook_secret": SECRET,
        "public_url": "https://shop.example",
        "port": 0,
    }
    async with open_house(Settings(**values), Role.WEB) as opened:
        url, update = f"{opened.base}/telegram/main", json.dumps(UPDATE)
        return [await bring(url, *told) for told in ((update, SECRET), (update, "x"), ("nonsense", SECRET))]


if __name__ == "__main__":
    answers = asyncio.run(visit(sys.argv[1]))
    print(json.dumps({"answers": answers, "aiogram": "aiogram" in sys.modules}))
