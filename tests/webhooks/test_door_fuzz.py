"""A fuzz of the doors: the real web application, till and database under bodies that no true sender writes.

Half of the broken bodies carry a true proof all the same, made with the gateway's own signing function.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from itertools import count
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from flows.notice import Notice
from flows.till import Till
from gateways.casso_signature import HEADER, stamp
from gateways.gateway import Gateway, Request, Secrets
from gateways.payos_signature import sign as sign_payos
from gateways.registry import GATEWAYS
from sales.errors import Malformed
from sales.transfer import Sighting
from storage.schema import metadata
from storage.schema.money import notices, transfers
from storage.store import open_store
from tests.clock import FrozenClock
from tests.flows.shop import PRICE, Shop, open_shop
from tests.webhooks.house import Answered, Visitor, opened
from tests.webhooks.mutations import garbled, mutated
from webhooks.doors import Doors
from webhooks.server import build_app

NOW = FrozenClock()()
ROUNDS, AT_ONCE = 10, 12

Sign = Callable[[Any, Secrets], Request]


def printed(body: Any, *headers: tuple[str, str]) -> Request:
    return Request(json.dumps(body).encode(), (("content-type", "application/json"), *headers))


def sign_casso(body: Any, secrets: Secrets) -> Request:
    return printed(body, (HEADER, stamp(secrets["checksum_key"], body, NOW)))


def name_casso(body: Any, secrets: Secrets) -> Request:
    return printed(body, ("secure-token", secrets["secure_token"]))


def sign_inside(body: Any, secrets: Secrets) -> Request:
    if isinstance(body, dict) and isinstance(body.get("data"), dict):
        body = body | {"signature": sign_payos(secrets["checksum_key"], body["data"])}
    return printed(body)


SIGN: dict[tuple[str, str], Sign] = {
    ("casso", "checksum_key"): sign_casso,
    ("casso", "secure_token"): name_casso,
    ("payos", "checksum_key"): sign_inside,
}
"""How a gateway signs any body, by its name and the last of the secrets that open its door."""


@dataclass(frozen=True)
class Sender:
    """One way into one gateway's door; `proof` is what it signs with, of all that the door knows."""

    gateway: Gateway
    names: tuple[str, ...]

    @property
    def proof(self) -> Secrets:
        return {name: f"dummy-{name}-of-{self.gateway.name}" for name in self.names}

    def body(self, said: Sighting, proof: Secrets) -> Any:
        return json.loads(self.gateway.forge(proof, said, NOW).body)

    def signed(self, body: Any, proof: Secrets) -> Request:
        """Sign truly; what cannot even be signed goes out unsigned."""
        try:
            return SIGN[self.gateway.name, self.names[-1]](body, proof)
        except (Malformed, TypeError, ValueError):
            return printed(body)


SENDERS = [Sender(gateway, names) for gateway in GATEWAYS for names in gateway.secrets]


@asynccontextmanager
async def door(shop: Shop) -> AsyncIterator[Visitor]:
    """The house's own doors before a real till, with every gateway's secrets."""
    till = Till(shop.store, shop.premises)
    secrets: dict[str, dict[str, str]] = {gateway.name: {} for gateway in GATEWAYS}
    for sender in SENDERS:
        secrets[sender.gateway.name] |= sender.proof

    async def settle(_shop: str, gateway: str, sightings: tuple[Sighting, ...], body: bytes) -> None:
        await till.settle(Notice(gateway, body.decode("utf-8", "replace"), sightings))

    async def ready() -> dict[str, bool]:
        return {}

    doors = Doors(lambda _, gateway: secrets.get(gateway), settle, ready, lambda: NOW)
    async with opened(None, build_app(doors)) as visitor:  # type: ignore[arg-type]
        yield visitor


@pytest.fixture
async def shop(sqlite_url: str, clock: FrozenClock) -> AsyncIterator[Shop]:
    store = await open_store(sqlite_url, clock)
    yield await open_shop(store)
    await store.close()


async def everything(shop: Shop) -> dict[str, list[Any]]:
    """All rows of all tables."""
    return await shop.store.read(
        lambda unit: {table.name: list(unit.conn.execute(select(table))) for table in metadata.sorted_tables}
    )


class Street:
    """Sends bodies of one sender, each about money of its own, to orders that wait for it."""

    def __init__(self, sender: Sender, shop: Shop, visitor: Visitor, codes: list[str]) -> None:
        self.sender, self.shop, self.visitor, self.codes = sender, shop, visitor, codes
        self.chance = Random(f"{sender.gateway.name} {sender.names}")
        self.refs = count(1000)

    def said(self, memo: str) -> Sighting:
        ref = str(next(self.refs))
        return replace(self.shop.sighting(memo), ref=ref, reference=f"FT{ref}", number=int(ref), link=f"link-{ref}")

    def broken(self, proof: Secrets) -> Request:
        """A mutated body under `proof`, its structure or its very bytes changed."""
        body = self.sender.body(self.said(self.chance.choice(self.codes)), proof)
        if self.chance.random() < 0.7:
            return self.sender.signed(mutated(body, self.chance), proof)
        request = self.sender.signed(body, proof)
        return replace(request, body=garbled(request.body, self.chance))

    async def send(self, *requests: Request) -> list[Answered]:
        path = f"/webhooks/main/{self.sender.gateway.name}"
        return await asyncio.gather(*(self.visitor.notify(request, path) for request in requests))

    async def check_forged(self) -> None:
        """Wrong proofs and none: refused, and nothing at all is stored."""
        before = await everything(self.shop)
        wrong = {name: f"{value}x" for name, value in self.sender.proof.items()}
        lies = [self.broken(wrong) for _ in range(AT_ONCE)]
        bare = [printed(mutated(self.sender.body(self.said("x"), wrong), self.chance)) for _ in range(3)]
        genuine = self.sender.gateway.forge(wrong, self.said(self.codes[0]), NOW)
        answers = await self.send(*lies, *bare, genuine)
        assert {answer.status for answer in answers} <= {400, 401}
        assert answers[-1].status == 401
        assert await everything(self.shop) == before

    async def check_signed(self) -> list[int]:
        """True proofs of nonsense: no answer above 401, and the books balance."""
        answers = await self.send(*(self.broken(self.sender.proof) for _ in range(AT_ONCE)))
        statuses = [answer.status for answer in answers]
        assert set(statuses) <= {200, 400, 401}
        await self.shop.books()
        return statuses


@pytest.mark.parametrize("sender", SENDERS, ids=lambda each: f"{each.gateway.name}-{each.names[-1]}")
async def test_whatever_comes_the_books_balance_and_true_money_is_taken(sender: Sender, shop: Shop) -> None:
    victims = [await shop.order() for _ in range(3)]
    patient = await shop.order()
    async with door(shop) as visitor:
        street = Street(sender, shop, visitor, [order.code for order in victims])
        statuses: list[int] = []
        for _ in range(ROUNDS):
            await street.check_forged()
            statuses += await street.check_signed()
        # The fuzz must reach both sides of the door, or it proves nothing.
        assert min(statuses.count(200), len(statuses) - statuses.count(200)) > len(statuses) // 10
        assert len(await shop.rows(transfers)) > 5
        assert {row.state for row in await shop.rows(notices)} == {"settled"}
        [answer] = await street.send(sender.gateway.forge(sender.proof, street.said(patient.code), NOW))
    assert answer.status == 200
    assert (await shop.story(patient))["order"]["payment"] == "paid"
    assert PRICE in [each["amount"] for each in (await shop.story(patient))["transfers"]]


def test_every_gateway_is_fuzzed() -> None:
    assert {(sender.gateway.name, sender.names[-1]) for sender in SENDERS} == set(SIGN)
