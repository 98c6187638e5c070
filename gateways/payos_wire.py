"""One call of payOS's API: keys sent, time and size bounded, what it answers sorted by what the caller does with it.

Source: payOS's API reference; HTTP is 200 for most failures, only `code` tells them apart. The list of codes is not
published: 101 and 214 are seen in two public integrations.
"""

from asyncio import IncompleteReadError
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout

from gateways.gateway import Secrets
from gateways.json_text import Json, parse
from gateways.payos_signature import verified
from gateways.retry_after import pause
from sales.clock import Clock, utc_now
from sales.errors import Forged, Later, LinkExists, Malformed, Misconfigured, Rejected

PATIENCE = 15.0
"""Seconds for a whole call."""
BODY_LIMIT = 256 * 1024
"""Bytes of the longest answer that is read."""
WORDS_LIMIT = 200
UNAUTHORIZED = 401
"""Refuses the keys, whatever stands in the body."""
BUSY = frozenset({408, 425, 429})


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
        check_address(self.base)

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
        try:
            timeout = ClientTimeout(total=self.patience)
            async with self.session.request(
                method, self.base + path, json=body, headers=self._headers(), timeout=timeout, allow_redirects=False
            ) as response:
                if response.status in BUSY or response.status >= 500:
                    raise Later(f"payOS: HTTP {response.status}", pause(response.headers, self.clock()))
                return self._judged(response.status, _parsed(response.status, await _read(response)))
        except (ClientError, OSError, Malformed) as error:  # a timeout is an OSError
            # Its words may hold what was sent.
            raise Later(f"payOS: {type(error).__name__}") from None

    def _headers(self) -> dict[str, str]:
        keys = {"x-client-id": self.secrets["client_id"], "x-api-key": self.secrets["api_key"]}
        if not all(key.isascii() and key.isprintable() for key in keys.values()):
            raise Rejected("payOS: no key looks like this")
        return keys

    def _judged(self, status: int, answer: Json) -> dict[str, Json]:
        code = answer.get("code") if isinstance(answer, dict) else None
        if not isinstance(answer, dict) or not isinstance(code, str) or 300 <= status < 400:
            without = f"payOS: HTTP {status} without an answer"
            raise Rejected(without) if status == UNAUTHORIZED else Later(without)
        if code == "00" and status < 300:
            return answer
        reason = f"payOS {self._shown(code)}: {self._shown(answer.get('desc'))}"
        if code == "429":
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


def check_address(base: str) -> None:
    """Raise Misconfigured for an address to which keys would go unencrypted."""
    if not _is_private(base):
        raise Misconfigured("payos-url-insecure")


def _is_private(base: str) -> bool:
    """Whether nobody between can read what is sent there."""
    parts = urlsplit(base)
    return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname or ""))


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _parsed(status: int, body: bytes) -> Json:
    try:
        return parse(body)
    except Malformed:
        if status == UNAUTHORIZED:
            return None
        raise


async def _read(response: ClientResponse) -> bytes:
    try:
        await response.content.readexactly(BODY_LIMIT + 1)
    except IncompleteReadError as whole:
        return whole.partial
    raise Malformed("too large")
