"""A scripted Bot API server over real HTTP: it answers as told, and remembers what it was asked."""

import asyncio
import json
from collections import defaultdict, deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiohttp import web
from telegram import Chat, Message, Update

TOKEN = "7000000001:AAE-secret_half-of-the-token"
SECRET = TOKEN.partition(":")[2]
BUYER = 42


@dataclass(frozen=True, slots=True)
class Call:
    """One request: its method, its text fields, its uploads (field → file name and bytes)."""

    method: str
    fields: dict[str, str]
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    @property
    def buttons(self) -> list[list[dict[str, Any]]] | None:
        markup = self.fields.get("reply_markup")
        return json.loads(markup)["inline_keyboard"] if markup else None


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: str


def refusal(code: int, description: str, **parameters: int) -> Answer:
    body: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    return Answer(code, json.dumps(body | ({"parameters": parameters} if parameters else {})))


class BotApi:
    """`script(method, …)` queues answers for a method; without them every call succeeds; `held` ones never end."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.scripted: dict[str, deque[Answer]] = defaultdict(deque)
        self.held: set[str] = set()
        self.updates: list[Any] = []
        self.url = ""
        self._messages = 100
        self._news = asyncio.Event()
        self._called = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def open(self) -> None:
        app = web.Application()
        app.router.add_post("/bot{token}/{method}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def close(self) -> None:
        if self._runner:
            await self._runner.cleanup()

    def script(self, method: str, *answers: Answer) -> None:
        self.scripted[method].extend(answers)

    def put(self, *updates: Update | Any) -> None:
        self.updates += [update.to_dict() if isinstance(update, Update) else update for update in updates]
        self._news.set()

    def asked(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    async def until(self, method: str, times: int = 1) -> None:
        """Wait until a method has been called so often."""
        while len(self.asked(method)) < times:
            self._called.clear()
            await self._called.wait()

    async def _answer(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        call = await _read(request, method)
        self.calls.append(call)
        self._called.set()
        if method in self.held:
            await asyncio.Event().wait()
        if request.match_info["token"] != TOKEN:
            return _respond(refusal(401, "Unauthorized"))
        if self.scripted[method]:
            return _respond(self.scripted[method].popleft())
        return web.json_response({"ok": True, "result": await self._result(call)})

    async def _result(self, call: Call) -> Any:
        if call.method == "getUpdates":
            return await self._poll(int(call.fields.get("offset", 0)))
        if call.method in {"sendMessage", "sendPhoto", "sendInvoice"}:
            self._messages += 1
            return message(self._messages, text=call.fields.get("text")).to_dict()
        if call.method.startswith("edit"):
            return message(int(call.fields["message_id"]), text=call.fields.get("text")).to_dict()
        return True

    async def _poll(self, offset: int) -> list[Any]:
        """Hold an empty poll until something comes, as long as the test likes."""
        while not (found := [update for update in self.updates if _id(update) >= offset]):
            self._news.clear()
            await self._news.wait()
        return found


def message(number: int, **fields: Any) -> Message:
    return Message(
        number, datetime(2026, 1, 2, tzinfo=UTC), Chat(BUYER, "private", first_name="NGUYEN VAN A"), **fields
    )


def _id(update: Any) -> int:
    """An update without an id is never confirmed, so it stays."""
    return update["update_id"] if isinstance(update, dict) and isinstance(update.get("update_id"), int) else 1 << 62


async def _read(request: web.Request, method: str) -> Call:
    fields, files = {}, {}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            files[name] = (value.filename, value.file.read())
            value.file.close()
        else:
            fields[name] = str(value)
    return Call(method, fields, files)


def _respond(answer: Answer) -> web.Response:
    return web.Response(status=answer.status, text=answer.body, content_type="application/json")
