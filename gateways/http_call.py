"""One call of somebody else's API: time and size bounded, no redirect followed, what comes back sorted by what to do.

No error's words hold an address or a secret: they may end up in a log or in a chat.
"""

from asyncio import IncompleteReadError
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from math import inf
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout

from gateways.json_text import Json, parse
from gateways.retry_after import pause
from sales.clock import Clock, utc_now
from sales.errors import Later, Malformed, Misconfigured, Rejected

PATIENCE = 10.0
"""Seconds for a whole call."""
BODY_LIMIT = 256 * 1024
"""Bytes of the longest answer that is read."""
PLENTY = 20_000
"""Commas an answer may have: a server whose address the seller has named is trusted with more than a stranger."""
BUSY = frozenset({408, 425, 429})
NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server said that is neither down nor busy. A redirect and a refusal are replies too.

    `headers` have their names in lower case, and repeated ones apart.
    """

    status: int
    body: bytes = field(repr=False)
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    def header(self, name: str) -> str:
        """Value of the only header of that name; "" when it is absent or repeated."""
        found = [value for key, value in self.headers if key == name]
        return found[0] if len(found) == 1 else ""


@dataclass(frozen=True, slots=True)
class Api:
    """Whose API it is (`name` begins every error's words) and where.

    `session` must stay open as long as this is used; `patience` is in seconds, `limit` in bytes. `retry_after` is the
    header that says how long to wait, in lower case, when it is not the usual one.
    """

    name: str
    base: str = field(repr=False)
    session: ClientSession = field(repr=False)
    clock: Clock = utc_now
    patience: float = PATIENCE
    limit: int = BODY_LIMIT
    retry_after: str = "retry-after"

    async def call(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] = NOTHING,
        body: Json = None,
        query: Mapping[str, str] = NOTHING,
    ) -> Reply:
        """Call once; `body` is sent as JSON. Secrets belong into `headers`.

        Raises Later when the server cannot be reached, is busy (408, 425, 429, 5xx) or says too much, with the seconds
        it asks for; Rejected for a header that no server would take.
        """
        if not all(value.isascii() and value.isprintable() for value in headers.values()):
            raise Rejected(f"{self.name}: no key looks like this")
        try:
            async with self.session.request(
                method,
                self.base + path,
                params=query,
                json=body,
                headers=headers,
                # Without it aiohttp rounds a longer timeout up to a whole second of its clock.
                timeout=ClientTimeout(total=self.patience, ceil_threshold=inf),
                allow_redirects=False,
            ) as response:
                return await self._reply(response)
        except (ClientError, OSError, Malformed) as error:  # a timeout is an OSError
            # Its words may hold what was sent.
            raise Later(f"{self.name}: {type(error).__name__}") from None

    async def ask(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] = NOTHING,
        body: Json = None,
        query: Mapping[str, str] = NOTHING,
        commas: int = PLENTY,
    ) -> Json:
        """Call an API whose status says all, and answer the JSON of a success; `commas` as in json_text.

        Raises as `call` does; Rejected for any other 4xx, Later for what is no answer (a redirect, no JSON).
        """
        return self.success(await self.call(method, path, headers, body, query), commas)

    def success(self, reply: Reply, commas: int = PLENTY) -> Json:
        """The JSON of a reply that is a success; raises as `ask` does."""
        if 400 <= reply.status < 500:
            raise Rejected(f"{self.name}: HTTP {reply.status}")
        if not 200 <= reply.status < 300:
            raise Later(f"{self.name}: HTTP {reply.status}")
        try:
            return parse(reply.body, commas)
        except Malformed:
            raise Later(f"{self.name}: Malformed") from None

    async def _reply(self, response: ClientResponse) -> Reply:
        if response.status in BUSY or response.status >= 500:
            wait = pause(response.headers, self.clock(), self.retry_after)
            raise Later(f"{self.name}: HTTP {response.status}", wait)
        headers = tuple((name.lower(), value) for name, value in response.headers.items())
        return Reply(response.status, await _bounded(response, self.limit), headers)


def check_address(url: str, setting: str) -> None:
    """Raise Misconfigured, naming the setting, for an address to which keys would go unencrypted."""
    if not _is_private(url):
        raise Misconfigured("url-insecure", setting=setting)


def _is_private(url: str) -> bool:
    """Whether nobody between can read what is sent there."""
    try:
        parts = urlsplit(url)
        return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname or ""))
    except ValueError:
        return False


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


async def _bounded(response: ClientResponse, limit: int) -> bytes:
    try:
        await response.content.readexactly(limit + 1)
    except IncompleteReadError as whole:
        return whole.partial
    raise Malformed("too large")
