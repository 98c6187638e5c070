"""One call of payOS's API: keys sent, time and size bounded, what it answers sorted by what the caller does with it.

Source: payOS's API reference; HTTP is 200 for most failures, only `code` tells them apart. The list of codes is not
published: 101 and 214 are seen in two public integrations.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import ClientSession

from gateways.gateway import Secrets
from gateways.http_call import BODY_LIMIT, NOTHING, PATIENCE, PLENTY, Api, Reply, check_address
from gateways.json_text import Json, parse
from gateways.payos_signature import verified
from gateways.shared_secret import held
from sales.clock import Clock, utc_now
from sales.errors import Forged, Later, LinkExists, Malformed, Rejected

WORDS_LIMIT = 200
UNAUTHORIZED = 401
"""Refuses the keys, whatever stands in the body."""


class Unknown(Rejected):
    """There is no link of that number at payOS."""


@dataclass(frozen=True, slots=True)
class Wire:
    """Where payOS is, and who asks. `session` must stay open as long as this is used; `patience` is in seconds.

    Raises Misconfigured when keys would go unencrypted to another machine.
    """

    secrets: Secrets = field(repr=False)
    base: str
    session: ClientSession = field(repr=False)
    patience: float = PATIENCE
    clock: Clock = utc_now

    def __post_init__(self) -> None:
        check_address(self.base, "PAYOS_API_URL")

    async def signed(self, method: str, path: str, body: Json = None) -> dict[str, Json]:
        """Call and answer the `data`, its signature verified.

        Raises LinkExists, Unknown, Rejected, or Later, also for an answer that is not signed as it should be.
        """
        answer = await self.call(method, path, body)
        try:
            return verified(self.secrets, answer)
        except (Forged, Malformed):
            raise Later("payOS: the answer is not signed as it should be") from None

    async def call(self, method: str, path: str, body: Json = None) -> dict[str, Json]:
        """Call and answer the whole body of a success, whoever signed it; raises as `signed` does."""
        return (await self.exchange(method, path, body))[0]

    async def exchange(
        self,
        method: str,
        path: str,
        body: Json = None,
        headers: Mapping[str, str] = NOTHING,
        query: Mapping[str, str] = NOTHING,
    ) -> tuple[dict[str, Json], Reply]:
        """As `call`, with further headers and a query; answers beside the body all that came."""
        keys = {"x-client-id": held(self.secrets, "client_id"), "x-api-key": held(self.secrets, "api_key")}
        api = Api("payOS", self.base, self.session, self.clock, self.patience, BODY_LIMIT)
        reply = await api.call(method, path, {**keys, **headers}, body, query)
        return self._judged(reply.status, _parsed(reply.status, reply.body)), reply

    def _judged(self, status: int, answer: Json) -> dict[str, Json]:
        code = answer.get("code") if isinstance(answer, dict) else None
        if not isinstance(answer, dict) or not isinstance(code, str) or 300 <= status < 400:
            without = f"payOS: HTTP {status} without an answer"
            raise Rejected(without) if status == UNAUTHORIZED else Later(without)
        if code == "00" and status < 300:
            return answer
        reason = f"payOS {self._shown(code)}: {self._shown(answer.get('desc'))}"
        # "00" says that it was done, whatever HTTP says: that refuses nothing.
        if code in ("00", "429"):
            raise Later(reason)
        if code == "231":
            raise LinkExists(reason)
        raise Unknown(reason) if code == "101" or status == 404 else Rejected(reason)

    def _shown(self, words: Json) -> str:
        """Their words, short, on one line, and without any secret of ours that they may repeat."""
        text = words if isinstance(words, str) else ""
        for secret in self.secrets.values():
            text = text.replace(secret, "…") if secret else text
        return "".join(letter if letter.isprintable() else " " for letter in text)[:WORDS_LIMIT]


def _parsed(status: int, body: bytes) -> Json:
    try:
        return parse(body, PLENTY)
    except Malformed:
        if status == UNAUTHORIZED:
            return None
        raise Later("payOS: Malformed") from None
