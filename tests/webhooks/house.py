"""A real server on loopback with a house behind it that does as told and writes down what it was asked."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiohttp import ClientSession, web

from gateways.casso import CASSO
from gateways.gateway import Request, Secrets
from sales.settlement import Outcome
from sales.transfer import Sighting
from webhooks.doors import Doors
from webhooks.metrics import Metrics
from webhooks.server import build_app, build_runner

NOW = datetime(2026, 11, 21, 3, 4, 5, tzinfo=UTC)
SECRETS = {"checksum_key": "dummy-casso-key-0123456789abcdefghijklmnopqrstuvwxyz"}
MONEY = Sighting("casso", "218897", 199000, "VND", "0000111122223333", "MBVCB.1.CD7K2M9PX.CT tu 0123", booked_at=NOW)
PATH = "/webhooks/main/casso"


@dataclass
class House:
    """What stands behind the doors of one test."""

    secrets: dict[tuple[str, str], Secrets] = field(default_factory=lambda: {("main", "casso"): SECRETS})
    settled: list[tuple[str, str, tuple[Sighting, ...], bytes]] = field(default_factory=list)
    outcome: Outcome = Outcome.NEW
    languages: dict[tuple[str, str, int], str] = field(default_factory=dict)
    looked_up: list[tuple[str, str, int]] = field(default_factory=list)
    failure: BaseException | None = None
    checks: dict[str, bool] = field(default_factory=lambda: {"database": True, "worker": True})
    stuck: asyncio.Event | None = None
    metrics: Metrics = field(default_factory=Metrics)
    patience: float = 30.0

    async def settle(self, shop: str, gateway: str, sightings: tuple[Sighting, ...], body: bytes) -> Outcome:
        if self.failure:
            raise self.failure
        self.settled.append((shop, gateway, sightings, body))
        return self.outcome

    async def language_of(self, shop: str, gateway: str, number: int) -> str | None:
        if self.failure:
            raise self.failure
        self.looked_up.append((shop, gateway, number))
        return self.languages.get((shop, gateway, number))

    async def ready(self) -> Mapping[str, bool]:
        if self.failure:
            raise self.failure
        if self.stuck:
            await self.stuck.wait()
        return self.checks

    def doors(self) -> Doors:
        return Doors(
            secrets=lambda shop, gateway: self.secrets.get((shop, gateway)),
            settle=self.settle,
            ready=self.ready,
            clock=lambda: NOW,
            metrics=self.metrics,
            patience=self.patience,
            language_of=self.language_of,
        )


@dataclass(frozen=True)
class Answered:
    status: int
    body: bytes
    headers: Mapping[str, str]

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Visitor:
    """Somebody outside, with a real HTTP client or bare bytes."""

    port: int
    session: ClientSession

    async def ask(self, method: str, path: str, **more: object) -> Answered:
        async with self.session.request(method, f"http://127.0.0.1:{self.port}{path}", **more) as answer:  # type: ignore[arg-type]
            return Answered(answer.status, await answer.read(), dict(answer.headers))

    async def notify(self, request: Request, path: str = PATH) -> Answered:
        """Send a notice: what stands in a query is asked for, what stands in a body is posted."""
        if request.query:
            return await self.ask("GET", path, params=list(request.query), headers=list(request.headers))
        return await self.ask("POST", path, data=request.body, headers=list(request.headers))

    async def say(self, sent: bytes, hang_up: bool = False) -> bytes:
        """Send bare bytes, answer all that comes back until the server closes."""
        async with self.line() as (reader, writer):
            writer.write(sent)
            await writer.drain()
            return b"" if hang_up else await asyncio.wait_for(reader.read(), 20)

    @asynccontextmanager
    async def line(self) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        """Open a bare connection, closed at the end."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            yield reader, writer
        finally:
            writer.close()


@asynccontextmanager
async def opened(house: House, app: web.Application | None = None) -> AsyncIterator[Visitor]:
    runner = build_runner(app or build_app(house.doors()), shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        async with ClientSession() as session:
            yield Visitor(runner.addresses[0][1], session)
    finally:
        await runner.cleanup()


def notice(said: Sighting = MONEY, key: str = SECRETS["checksum_key"]) -> Request:
    return CASSO.forge({"checksum_key": key}, said, NOW)


async def counted(visitor: Visitor, verdict: str, gateway: str = "casso") -> float:
    """Read one counter the way Prometheus does."""
    lines = (await visitor.ask("GET", "/metrics")).body.decode().splitlines()
    wanted = f'chotdon_notices_total{{gateway="{gateway}",verdict="{verdict}"}} '
    return sum(float(line.removeprefix(wanted)) for line in lines if line.startswith(wanted))
