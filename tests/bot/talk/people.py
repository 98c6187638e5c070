"""People who talk with the shop: each act is answered in one Unit, as the inbox does it."""

from dataclasses import dataclass
from typing import Any

from bot.talk.answer import answer
from flows.messages import Incoming, Reply, unpack
from locales import Texts
from sales.purchase import Order
from storage import buyers, orders
from storage.unit import Unit
from tests.flows.shop import Shop

TEXTS = Texts()


@dataclass(slots=True)
class Person:
    """Somebody at a chat; what they do answers the replies it brought, in order."""

    shop: Shop
    chat: str = "42"
    language: str = "vi"

    async def type(self, text: str) -> list[Reply]:
        return await self.do(text=text)

    async def press(self, token: str) -> list[Reply]:
        return await self.do(token=token, message="100", press="press")

    async def do(self, **what: Any) -> list[Reply]:
        what.setdefault("event", str(next(self.shop.refs)))
        incoming = Incoming("telegram", self.chat, name="An", language=self.language, **what)
        before = len(await self.shop.jobs())

        def unit_of_work(unit: Unit) -> None:
            answer(unit, self.shop.premises, TEXTS, incoming)

        await self.shop.store.write(unit_of_work)
        new = (await self.shop.jobs())[before:]
        return [unpack(row.payload["reply"]) for row in new if row.topic == "reply" and row.payload["to"] == self.chat]

    async def buy(self, email: str = "", plan: int = 0) -> Order:
        """Walk from the plan's button to the card."""
        offer = await self.shop.offer(plan)
        await self.press(f"buy:{offer.plan}")
        await (self.type(email) if email else self.press(f"nomail:{offer.plan}"))
        order = await self.open_order()
        assert order is not None
        return order

    async def open_order(self) -> Order | None:
        shop = self.shop.premises.shop.id

        def look(unit: Unit) -> Order | None:
            peer = buyers.peer_at(unit, shop, "telegram", self.chat)
            return orders.open_order(unit, shop, peer.buyer) if peer else None

        return await self.shop.store.read(look)

    async def step(self) -> str:
        """Where the talk stands."""
        shop = self.shop.premises.shop.id

        def look(unit: Unit) -> str:
            peer = buyers.peer_at(unit, shop, "telegram", self.chat)
            return buyers.talk(unit, shop, peer.id).step if peer else ""

        return await self.shop.store.read(look)


def lines(replies: list[Reply]) -> list[str]:
    """Ids of all sentences, in order."""
    return [line.id for reply in replies for line in reply.lines]


def tokens(replies: list[Reply]) -> list[str]:
    """What the buttons of these replies send back."""
    return [choice.token for reply in replies for row in reply.choices for choice in row if choice.token]


def say(replies: list[Reply], language: str = "vi") -> str:
    """The replies as they are read, which no missing value survives."""
    spoken = [TEXTS.say(language, line.id, line.values) for reply in replies for line in reply.lines]
    labels = [choice.label for reply in replies for row in reply.choices for choice in row]
    return "\n".join([*spoken, *(TEXTS.say(language, label.id, label.values) for label in labels)])
