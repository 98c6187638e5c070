"""A street on real loopback HTTP, and a door that verifies notices with the gateway's own `read`."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientSession, web

from gateways.gateway import Request, Secrets
from gateways.registry import gateway
from locales.texts import Texts
from sales.errors import Refuse
from sales.transfer import Sighting
from sandbox.bank.accounts import BankAccount
from sandbox.clock import MovableClock
from sandbox.street import PREFIX, Street
from tests.clock import FrozenClock

SECRETS: Mapping[str, Secrets] = {
    "casso": {"checksum_key": "a-key-made-for-this-test", "api_key": "an-api-key-of-casso"},
    "payos": {"client_id": "a-client", "api_key": "an-api-key", "checksum_key": "another-key-made-for-this-test"},
    "payos-payout": {
        "client_id": "a-payout-client",
        "api_key": "a-payout-api-key",
        "checksum_key": "a-key-of-payouts-for-this-test",
    },
    "bakong": {"token": "a-token-made-for-this-test", "account": "nguyen_van_a@toyb"},
    "vnpay": {"tmn_code": "TOYSHOP1", "hash_secret": "A-KEY-OF-VNPAY-FOR-THIS-TEST"},
    "sepay-pg": {"merchant": "SP-TEST-DUMMY01", "secret": "a-third-key-made-for-this-test"},
}
SEPAY: Secrets = {"api_key": "a-key-of-sepay", "webhook_secret": "a-secret-of-sepay", "user_token": "a-token-of-sepay"}
TEXTS = Texts()
ACCOUNT = BankAccount("970422", "0001112223334", "NGUYEN VAN A")


@dataclass
class Door:
    """Answers `script` statuses first, then 200 for true notices and 401 for others."""

    clock: MovableClock
    secrets: Mapping[str, Secrets]
    script: deque[int] = field(default_factory=deque)
    heard: list[tuple[Sighting, ...]] = field(default_factory=list)
    refused: int = 0
    contents: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    codes: deque[str] = field(default_factory=deque)

    async def take(self, request: web.Request) -> web.Response:
        self.contents.append(request.content_type)
        self.bodies.append(await request.read())
        if self.script:
            return web.Response(status=self.script.popleft())
        plug = gateway(request.match_info["gateway"])
        assert plug is not None
        headers = tuple((name.lower(), value) for name, value in request.headers.items())
        try:
            self.heard.append(plug.read(self.secrets[plug.name], Request(await request.read(), headers), self.clock()))
        except Refuse:
            self.refused += 1
            return web.Response(status=401)
        return web.json_response({"success": True})

    async def told(self, request: web.Request) -> web.Response:
        """What VNPay's notices come to: `script` statuses first, then `codes`, then what its gateway says."""
        if self.script:
            return web.Response(status=self.script.popleft())
        plug = gateway("vnpay")
        assert plug is not None
        try:
            told = Request(b"", query=tuple(request.query.items()))
            self.heard.append(plug.read(self.secrets[plug.name], told, self.clock()))
        except Refuse:
            self.refused += 1
            return web.json_response({"RspCode": "97"})
        return web.json_response({"RspCode": self.codes.popleft() if self.codes else "00"})


class House:
    """Opens and closes everything; `post` and `get` speak to the street as the page does."""

    def __init__(self, secrets: Mapping[str, Secrets] = SECRETS) -> None:
        self.base_clock = FrozenClock()
        self.clock = MovableClock(self.base_clock)
        self.door = Door(self.clock, secrets)
        self.street = Street(self.clock, secrets, ACCOUNT, "main", "", TEXTS)
        root = web.Application()
        root.add_subapp(PREFIX, self.street.app)
        root.router.add_post("/webhooks/main/{gateway}", self.door.take)
        root.router.add_get("/webhooks/main/vnpay", self.door.told)
        self._runner = web.AppRunner(root)

    async def open(self) -> None:
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self.base = self.street.bank.messenger.door = f"http://127.0.0.1:{self.port}"
        await self.street.open()
        self.session = ClientSession(self.base)

    async def close(self) -> None:
        await self.session.close()
        await self.street.close()
        await self._runner.cleanup()

    @property
    def api(self) -> str:
        """Base of the Bot API."""
        return self.base + self.street.telegram_url

    async def post(self, path: str, **body: Any) -> dict[str, Any]:
        async with self.session.post(f"/sandbox/api/{path}", json=body) as answer:
            return {"status": answer.status, **await answer.json()}

    async def state(self) -> dict[str, Any]:
        async with self.session.get("/sandbox/api/state") as answer:
            assert answer.status == 200
            state: dict[str, Any] = await answer.json()
            return state

    async def buyer(self) -> dict[str, Any]:
        phone: dict[str, Any] = (await self.state())["phones"][0]
        return phone

    async def call(self, method: str, **params: Any) -> dict[str, Any]:
        """One raw call of the Bot API, JSON both ways."""
        async with self.session.post(f"/sandbox/telegram/bot{self.street.token}/{method}", json=params) as answer:
            body: dict[str, Any] = await answer.json()
            assert body["ok"] == (answer.status == 200)
            assert body["ok"] or body["error_code"] == answer.status
            return body

    async def sent(self, text: str = "hello", **params: Any) -> dict[str, Any]:
        """A message of the bot on the buyer's phone."""
        body = await self.call("sendMessage", chat_id=self.street.buyer_chat, text=text, **params)
        assert body["ok"], body
        message: dict[str, Any] = body["result"]
        return message
