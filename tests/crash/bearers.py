"""Gateways that bring true notices over several connections at once, and remember which were taken."""

import asyncio
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from aiohttp import ClientError, ClientSession

from gateways.gateway import Gateway, Request
from sales.clock import utc_now
from sales.transfer import Sighting
from tests.crash.outside import PRICE, SEPAY_KEY
from tests.gateways import casso_signing, payos_signing

LINES = 8
REPEATS = 0.2
"""How often a notice that was taken is brought once more, as gateways do."""

SEPAY = {"api_key": SEPAY_KEY}
SECRETS = {"casso": casso_signing.SECRETS, "payos": payos_signing.SECRETS, "sepay": SEPAY}

Ref = tuple[str, str]
"""A gateway and its own name for the money."""


@dataclass(frozen=True, slots=True)
class Load:
    """One notice, and the name of its money."""

    ref: Ref
    request: Request


def load_for(code: str, number: int, gateway: Gateway) -> Load:
    """A true notice that the price of an order came, which the memo names; `number` names the money."""
    linked = gateway.open_invoice is None
    sighting = Sighting(
        source=gateway.name,
        ref=f"link{number}:FT{number}" if linked else str(number),
        amount=PRICE,
        currency="VND",
        account=str(casso_signing.DATA["accountNumber"]),
        memo=f"CT {code}",
        reference=f"FT{number}",
        number=number if linked else None,
        link=f"link{number}" if linked else "",
    )
    return Load((gateway.name, sighting.ref), gateway.forge(SECRETS[gateway.name], sighting, utc_now()))


class Bearers:
    """Bring the loads to a shop that may die meanwhile; what was not taken is brought again."""

    def __init__(self, loads: Iterable[Load], random: Random) -> None:
        self._waiting = deque(loads)
        self._random = random
        self._taken: list[Load] = []
        self._answers = 0
        self._enough: tuple[int, asyncio.Event] = (0, asyncio.Event())

    @property
    def taken(self) -> set[Ref]:
        """The money whose notice was answered 200."""
        return {load.ref for load in self._taken}

    async def bring_until_cut(self, base: str, answers: int, enough: asyncio.Event) -> None:
        """Bring on until every line is broken; `enough` is set after so many answers."""
        self._answers, self._enough = 0, (answers, enough)
        async with ClientSession() as http:
            await asyncio.gather(*(self._carry(http, base, endless=True) for _ in range(LINES)))

    async def bring_the_rest(self, base: str) -> None:
        """Bring all that was never taken."""
        async with ClientSession() as http:
            await asyncio.gather(*(self._carry(http, base, endless=False) for _ in range(LINES)))
        assert not self._waiting

    async def _carry(self, http: ClientSession, base: str, *, endless: bool) -> None:
        while endless or self._waiting:
            again = endless and self._taken and (not self._waiting or self._random.random() < REPEATS)
            load = self._random.choice(self._taken) if again else self._waiting.popleft()
            try:
                status = await self._hand_in(http, base, load)
            except ClientError:
                if not again:
                    self._waiting.append(load)
                return
            assert status == 200
            if not again:
                self._taken.append(load)
            self._count()

    async def _hand_in(self, http: ClientSession, base: str, load: Load) -> int:
        url, headers = f"{base}/webhooks/main/{load.ref[0]}", dict(load.request.headers)
        async with http.post(url, data=load.request.body, headers=headers) as answer:
            await answer.read()
            return answer.status

    def _count(self) -> None:
        self._answers += 1
        wanted, enough = self._enough
        if self._answers == wanted:
            enough.set()
