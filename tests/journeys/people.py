"""People in the toy street: everything they do and see goes over HTTP, as from the page."""

import asyncio
import re
from collections.abc import Callable
from typing import Any

from aiohttp import ClientSession

from app.run import Open
from flows.show_order import show_order
from tests.flows.ledger import show_ledger

PATIENCE = 20.0
CODE = re.compile(r"\bKX[2-9CFHKLMNPRTX]{7}\b")
KEY = re.compile(r"\b[2-9A-HJ-NP-Z]{4}(?:-[2-9A-HJ-NP-Z]{4}){3}\b")

Message = dict[str, Any]


class Town:
    """The street, its two phones, its bank and its mailbox."""

    def __init__(self, http: ClientSession, opened: Open) -> None:
        assert opened.street is not None
        self.http = http
        self.opened = opened
        self.street = opened.street
        self.buyer = Phone(self, self.street.buyer_chat)
        self.seller = Phone(self, self.street.seller_chat)

    async def state(self) -> dict[str, Any]:
        async with self.http.get("/sandbox/api/state") as answer:
            assert answer.status == 200
            return dict(await answer.json())

    async def ask(self, path: str, **body: Any) -> dict[str, Any]:
        async with self.http.post(f"/sandbox/api/{path}", json=body) as answer:
            told = dict(await answer.json())
            assert answer.status == 200, (path, answer.status, told)
            return told

    async def until(self, seen: Callable[[dict[str, Any]], Any]) -> Any:
        """Look again whenever something has changed, until `seen` finds what it looks for."""
        async with asyncio.timeout(PATIENCE):
            while True:
                version = self.street.news.version
                state = await self.state()
                if found := seen(state):
                    return found
                await self.street.news.after(version)

    async def pay(self, fault: str = "none", **changes: Any) -> dict[str, Any]:
        """Scan the card on the buyer's phone and pay what it says, but for `changes`."""
        form = await self.ask("bank/scan", phone=self.buyer.id)
        transfer = {"account": form["account"], "amount": form["amount"], "memo": form["memo"]} | changes
        return await self.ask("bank/pay", **transfer, fault=fault)

    async def transfer(self, amount: int, memo: str = "", **changes: Any) -> dict[str, Any]:
        """Pay the shop by hand: with no code unless the memo has one, from whom `changes` name."""
        account = (await self.state())["bank"]["account"]
        return await self.ask("bank/pay", account=account, amount=amount, memo=memo, **changes)

    async def send(self, **changes: Any) -> dict[str, Any]:
        """Scan the card on the seller's phone and pay it from the shop's account."""
        form = await self.ask("bank/scan", phone=self.seller.id)
        assert form["out"]
        named = {name: form[name] for name in ("account", "amount", "memo", "bank")}
        return await self.ask("bank/send", **named | changes)

    async def letter(self, containing: str) -> dict[str, Any]:
        """Wait for a letter whose text holds the words."""

        async def read(number: Any) -> dict[str, Any]:
            async with self.http.get(f"/sandbox/api/mail/{number}") as answer:
                return dict(await answer.json())

        async with asyncio.timeout(PATIENCE):
            while True:
                version = self.street.news.version
                for letter in (await self.state())["mail"]["letters"]:
                    if containing in (whole := await read(letter["id"]))["text"]:
                        return whole
                await self.street.news.after(version)

    async def forward(self, **by: float) -> None:
        """Move the clock: minutes=31, hours=25 …"""
        minutes = by.get("minutes", 0) + 60 * by.get("hours", 0)
        await self.ask("clock", seconds=int(minutes * 60))

    async def order(self, code: str) -> dict[str, Any]:
        """All there is of an order."""
        house = self.opened.house
        told = await house.store.read(lambda unit: show_order(unit, house.premises, code))
        assert told is not None
        return told

    async def ledger(self) -> dict[str, Any]:
        house = self.opened.house
        return await house.store.read(lambda unit: show_ledger(unit, house.premises))


class Phone:
    """One person's phone; messages are the Bot API's own objects."""

    def __init__(self, town: Town, chat: int) -> None:
        self.town = town
        self.id = chat

    async def messages(self) -> list[Message]:
        return self.seen_in(await self.town.state())

    def seen_in(self, state: dict[str, Any]) -> list[Message]:
        return next(list(phone["messages"]) for phone in state["phones"] if phone["id"] == self.id)

    async def write(self, text: str) -> None:
        await self.town.ask(f"phones/{self.id}/write", text=text)

    async def press(self, token: str) -> None:
        """Press the newest button whose token begins so, as soon as it is there."""
        message, data = await self.town.until(lambda state: find_button(self.seen_in(state), token))
        await self.town.ask(f"phones/{self.id}/press", message=message, data=data)

    async def sees(self, words: str) -> Message:
        """Wait for a message from the bot with these words; answer it."""
        found: Message = await self.town.until(
            lambda state: next((each for each in reversed(self.seen_in(state)) if words in said(each)), None)
        )
        return found

    async def cards(self, count: int) -> list[Message]:
        """Wait until so many QR cards have been shown."""

        def shown(state: dict[str, Any]) -> list[Message]:
            found = [each for each in self.seen_in(state) if "photo" in each]
            return found if len(found) >= count else []

        return list(await self.town.until(shown))

    async def order(self, plan: int = 0, email: str | None = "buyer@example.com", way: str = "casso") -> str:
        """Walk from /start to the QR card of the plan at that place on the shelf; answer the order code.

        `way` is what it is paid by where the shop asks, as its button's token begins.
        """
        before = sum("photo" in each for each in await self.messages())
        await self.write("/start")
        plans = await self.town.until(lambda state: tokens(self.seen_in(state), "plan:"))
        await self.press(plans[plan])
        await self.press("buy:")
        if email is None:
            await self.press("nomail:")
        else:
            await self.sees("email")
            await self.write(email)
        if await self.town.until(lambda state: self._asked_or_shown(state, before)) == "asked":
            await self.press_way(way)
        code = CODE.search(said((await self.cards(before + 1))[-1]))
        assert code is not None
        return code[0]

    async def press_way(self, way: str) -> None:
        """Press the button of a way to pay, as soon as it is there."""

        def button(state: dict[str, Any]) -> str | None:
            seen = self.seen_in(state)
            found = (token for start in ("way:", "pay:") for token in tokens(seen, start))
            return next((token for token in found if token.split(":")[-1].startswith(way)), None)

        await self.press(await self.town.until(button))

    def _asked_or_shown(self, state: dict[str, Any], before: int) -> str:
        """Whether the shop asks how to pay, or has shown one more card."""
        if tokens(self.seen_in(state), "way:"):
            return "asked"
        return "shown" if sum("photo" in each for each in self.seen_in(state)) > before else ""


def said(message: Message) -> str:
    """The words of a message that the bot sent."""
    sender = message.get("from", {})
    return str(message.get("text") or message.get("caption") or "") if sender.get("is_bot") else ""


def buttons(message: Message) -> list[dict[str, Any]]:
    """All buttons of a message, row after row."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button for row in rows for button in row]


def tokens(messages: list[Message], start: str) -> list[str]:
    """Tokens on the newest message that has such a button."""
    for message in reversed(messages):
        if found := [token_of(each) for each in buttons(message) if token_of(each).startswith(start)]:
            return found
    return []


def token_of(button: dict[str, Any]) -> str:
    """Our token in a button's data, as the Telegram room wraps it."""
    return str(button.get("callback_data", "")).partition("|")[2]


def find_button(messages: list[Message], token: str) -> tuple[int, str] | None:
    """Message and data of the newest button whose token begins so."""
    for message in reversed(messages):
        for button in buttons(message):
            if token_of(button).startswith(token):
                return int(message["message_id"]), str(button["callback_data"])
    return None
