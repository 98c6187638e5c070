"""A fuzz of the doors: the real web application, till and database under bodies that no true sender writes.

At least half of all bodies carry a true proof all the same, made with the gateway's own signing function over what
is sent: a body is broken first and signed then.
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
from gateways import sepay_proof
from gateways.casso_signature import HEADER, stamp
from gateways.gateway import Gateway, Request, Secrets
from gateways.json_text import parse
from gateways.payos_signature import sign as sign_payos
from gateways.registry import GATEWAYS
from gateways.sepay import SEPAY
from gateways.vnpay_signature import HASH
from gateways.vnpay_signature import sign as sign_vnpay
from sales.errors import Malformed
from sales.settlement import Outcome
from sales.transfer import Sighting
from storage.schema import metadata
from storage.schema.money import notices, transfers
from storage.store import open_store
from tests.clock import FrozenClock
from tests.flows.shop import PRICE, Shop, open_shop
from tests.webhooks.dressing import JSON, MULTIPART, URLENCODED, dressed
from tests.webhooks.house import Answered, Visitor, opened
from tests.webhooks.mutations import garbled, mutated
from webhooks.doors import Doors
from webhooks.server import build_app

NOW = FrozenClock()()
ROUNDS, LIES, SIGNED = 10, 5, 32
BLANK = "0" * 64
"""Where a signature inside a body goes, once the body is broken."""

Sign = Callable[[bytes, Secrets], Request]


def sent(text: bytes, *headers: tuple[str, str], kind: str = JSON) -> Request:
    return Request(text, (("content-type", kind), *headers))


def sign_casso(text: bytes, secrets: Secrets) -> Request:
    body = parse(text)
    if not isinstance(body, dict):
        raise Malformed("only objects are signed")
    return sent(text, (HEADER, stamp(secrets["checksum_key"], body, NOW)))


def name_casso(text: bytes, secrets: Secrets) -> Request:
    return sent(text, ("secure-token", secrets["secure_token"]))


def prove_sepay(text: bytes, secrets: Secrets) -> Request:
    body, kind = dressed(text)
    return sent(body, *sepay_proof.headers(secrets, body, NOW), kind=kind)


def show_sepay(text: bytes, secrets: Secrets) -> Request:
    body, kind = dressed(text)
    return sent(body, ("secret-key", secrets["webhook_secret"]), kind=kind)


def name_sepay_pg(text: bytes, secrets: Secrets) -> Request:
    return sent(text, ("x-secret-key", secrets["secret"]))


def sign_inside(text: bytes, secrets: Secrets) -> Request:
    body = parse(text)
    if not isinstance(body, dict) or not isinstance(body.get("data"), dict) or body.get("signature") != BLANK:
        raise Malformed("no place for a signature")
    return sent(text.replace(BLANK.encode(), sign_payos(secrets["checksum_key"], body["data"]).encode()))


def sign_query(text: bytes, secrets: Secrets) -> Request:
    body = parse(text)
    if not isinstance(body, dict) or not all(map(str.isprintable, body)):
        raise Malformed("only names and values are signed")
    params = {name: value if isinstance(value, str) else json.dumps(value) for name, value in body.items()}
    "".join(params.values()).encode()
    return Request(b"", query=(*params.items(), (HASH, sign_vnpay(secrets["hash_secret"], params))))


SIGN: dict[tuple[str, str], Sign] = {
    ("casso", "checksum_key"): sign_casso,
    ("casso", "secure_token"): name_casso,
    ("payos", "checksum_key"): sign_inside,
    ("sepay", "api_key"): prove_sepay,
    ("sepay", "webhook_secret"): prove_sepay,
    ("sepay", "secret_key"): show_sepay,
    ("sepay-pg", "secret"): name_sepay_pg,
    ("vnpay", "hash_secret"): sign_query,
}
"""How a gateway signs any bytes that can be signed, by its name and the last of the secrets that open its door, or by
the mode in which that secret is used."""


@dataclass(frozen=True)
class Sender:
    """One way into one gateway's door; `proof` is what it signs with, of all that the door knows."""

    gateway: Gateway
    names: tuple[str, ...]
    mode: str = ""

    @property
    def way(self) -> tuple[str, str]:
        return self.gateway.name, self.mode or self.names[-1]

    @property
    def proof(self) -> Secrets:
        return {name: f"dummy-{name}-of-{self.gateway.name}" for name in self.names}

    def body(self, said: Sighting, proof: Secrets) -> Any:
        forged = self.gateway.forge(proof, said, NOW)
        return (
            {name: value for name, value in forged.query if name != HASH} if forged.query else json.loads(forged.body)
        )

    def bare(self, text: bytes) -> Request:
        """What cannot be signed goes out as it is."""
        by_query = self.gateway.method == "GET"
        return Request(b"", query=(("vnp_Amount", text.decode("latin-1")[:1000]),)) if by_query else sent(text)

    def told(self, answer: Answered) -> int:
        """The status by which it is told what became of its notice, VNPay by its codes."""
        codes = {"00": 200, "01": 200, "02": 200, "04": 200, "97": 401, "99": 400}
        return codes[answer.json["RspCode"]] if self.gateway.name == "vnpay" and answer.status == 200 else answer.status

    def signed(self, text: bytes, proof: Secrets) -> Request | None:
        """Sign truly; None for what cannot even be signed."""
        try:
            return SIGN[self.way](text, proof)
        except (Malformed, TypeError, ValueError):
            return None


def blanked(body: Any) -> bytes:
    """Print a body, with a place for a signature where it had one."""
    return json.dumps(body | {"signature": BLANK} if isinstance(body, dict) and "signature" in body else body).encode()


SHOWN = Sender(SEPAY, ("webhook_secret",), mode="secret_key")
SENDERS = [Sender(gateway, names) for gateway in GATEWAYS if gateway.method for names in gateway.secrets] + [SHOWN]
ONLY_HINTS = frozenset({"sepay-pg"})
"""Gateways whose notices move no money, so that unsigned ones may come in: see test_hint_fuzz."""
BELIEVED = [sender for sender in SENDERS if sender.gateway.name not in ONLY_HINTS]


@asynccontextmanager
async def door(shop: Shop) -> AsyncIterator[Visitor]:
    """The house's own doors before a real till, with every gateway's secrets."""
    till = Till(shop.store, shop.premises)
    secrets: dict[str, dict[str, str]] = {gateway.name: {} for gateway in GATEWAYS}
    for sender in SENDERS:
        secrets[sender.gateway.name] |= sender.proof

    async def settle(_shop: str, gateway: str, sightings: tuple[Sighting, ...], body: bytes) -> Outcome:
        return await till.settle(Notice(gateway, body.decode("utf-8", "replace"), sightings))

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
        self.chance = Random(str(sender.way))
        self.refs = count(1000)
        self.bodies = self.true = 0

    def said(self, memo: str) -> Sighting:
        ref = str(next(self.refs))
        return replace(self.shop.sighting(memo), ref=ref, reference=f"FT{ref}", number=int(ref), link=f"link-{ref}")

    def broken(self, proof: Secrets) -> bytes:
        """A body whose structure or whose very bytes are changed, still to be signed."""
        body = self.sender.body(self.said(self.chance.choice(self.codes)), proof)
        if self.chance.random() < 0.3:
            return garbled(blanked(body), self.chance)
        return blanked(mutated(body, self.chance))

    def signed(self, proof: Secrets) -> tuple[Request, bool]:
        """A broken body under `proof`, and whether it is signed: one that nobody could sign goes out as it is."""
        text = self.broken(proof)
        request = self.sender.signed(text, proof)
        return request or self.sender.bare(text), request is not None

    async def send(self, *requests: Request) -> list[Answered]:
        self.bodies += len(requests)
        path = f"/webhooks/main/{self.sender.gateway.name}"
        return await asyncio.gather(*(self.visitor.notify(request, path) for request in requests))

    async def check_forged(self) -> None:
        """Wrong proofs and none: refused, and nothing at all is stored."""
        before = await everything(self.shop)
        wrong = {name: f"{value}x" for name, value in self.sender.proof.items()}
        lies = [self.signed(wrong)[0] for _ in range(LIES)]
        bare = [self.sender.bare(self.broken(wrong)) for _ in range(2)]
        genuine = self.sender.gateway.forge(wrong, self.said(self.codes[0]), NOW)
        answers = await self.send(*lies, *bare, genuine)
        assert {self.sender.told(answer) for answer in answers} <= {400, 401}
        assert self.sender.told(answers[-1]) == 401
        assert await everything(self.shop) == before

    async def check_signed(self) -> list[int]:
        """True proofs of nonsense: no answer above 401, and the books balance."""
        requests = [self.signed(self.sender.proof) for _ in range(SIGNED)]
        statuses = [self.sender.told(answer) for answer in await self.send(*(request for request, _ in requests))]
        believed = [status for status, (_, true) in zip(statuses, requests, strict=True) if true]
        assert set(statuses) <= {200, 400, 401}
        assert set(believed) <= {200, 400}
        self.true += len(believed)
        await self.shop.books()
        return statuses


@pytest.mark.parametrize("sender", BELIEVED, ids=lambda each: "-".join(each.way))
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
        assert street.true >= street.bodies / 2
        assert min(statuses.count(200), len(statuses) - statuses.count(200)) > len(statuses) // 10
        assert len(await shop.rows(transfers)) > 5
        assert {row.state for row in await shop.rows(notices)} == {"settled"}
        [answer] = await street.send(sender.gateway.forge(sender.proof, street.said(patient.code), NOW))
    assert sender.told(answer) == 200
    assert (await shop.story(patient))["order"]["payment"] == "paid"
    assert PRICE in [each["amount"] for each in (await shop.story(patient))["transfers"]]


def test_every_gateway_is_fuzzed() -> None:
    assert {sender.way for sender in SENDERS} == set(SIGN)


def test_sepays_bodies_come_in_every_kind() -> None:
    body = json.dumps({"id": 1, "content": "ộ", "code": None}).encode()
    kinds = {kind: text for text, kind in (dressed(body + b" " * n) for n in range(50))}
    assert set(kinds) == {JSON, URLENCODED, MULTIPART}
    assert all(dressed(body) == dressed(body) for _ in range(3))
