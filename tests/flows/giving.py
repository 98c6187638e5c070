"""A gateway that gives money back in a few lines: it keeps what it was asked for, and fails as a test tells it to."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from flows.follow_payouts import follow_payouts
from flows.pay_out import pay_out
from gateways.giving import Given, Giver, Giving, Stage
from sales.errors import Later
from sales.pace import GIVING
from sales.refund import Means, Refund
from tests.clock import FrozenClock
from tests.flows.desk import Desk
from tests.flows.plugs import giving_plug

LONGEST = timedelta(minutes=10)
"""What a job waits at most until it is tried again."""


@dataclass(slots=True)
class Till:
    """Sendings by key, as their gateway has them.

    `troubles` are raised by the next calls that send; `lost` answers are not heard although the money is taken.
    `deaf` is raised by every look; `meanwhile` happens while a call is under way.
    """

    taken: dict[str, Giving] = field(default_factory=dict)
    stage: Stage = Stage.UNDER_WAY
    reason: str = ""
    troubles: list[Exception] = field(default_factory=list)
    lost: int = 0
    deaf: Exception | None = None
    meanwhile: Callable[[], Awaitable[object]] | None = None
    keys: list[str] = field(default_factory=list)
    looks: list[str] = field(default_factory=list)

    @property
    def giver(self) -> Giver:
        return Giver(self._send, self._ask, GIVING)

    def ends(self, stage: Stage, reason: str = "") -> None:
        """Let time or a bank change what is under way."""
        self.stage, self.reason = stage, reason

    async def _send(self, giving: Giving) -> Given:
        self.keys.append(giving.key)
        if self.meanwhile is not None:
            await self.meanwhile()
        if self.troubles:
            raise self.troubles.pop(0)
        known = self.taken.setdefault(giving.key, giving)
        assert known == giving, "the same key asks for the same thing"
        if self.lost:
            self.lost -= 1
            raise Later("timed out")
        return self._given(giving.key)

    async def _ask(self, giving: Giving, ref: str) -> Given | None:
        self.looks.append(ref)
        if self.deaf is not None:
            raise self.deaf
        return self._given(giving.key) if giving.key in self.taken else None

    def _given(self, key: str) -> Given:
        return Given(self.stage, f"ref-{key[:8]}", self.reason)


@dataclass(slots=True)
class Counter:
    """A shop with an admin, and a gateway that pays out of its account."""

    desk: Desk
    till: Till
    means: Means = Means.PAYOUT

    @classmethod
    def open(cls, desk: Desk, means: Means = Means.PAYOUT) -> "Counter":
        till, shop = Till(), desk.shop
        shop.givers[means], plug = till.giver, giving_plug(means)
        others = [each for each in shop.premises.plugs if each.gateway.name != plug.gateway.name]
        shop.premises = replace(shop.premises, plugs=(*others, plug))
        return cls(desk, till, means)

    async def payable(self, minor: int | None = None) -> Refund:
        """An owed refund whose account an admin has confirmed."""
        return await self.desk.confirm_as_admin(await self.desk.owed(await self.desk.paid(), minor))

    async def choose(self, refund: Refund) -> Refund:
        """An admin has the gateway send it; nothing is asked of it yet."""
        premises, admin = self.desk.shop.premises, self.desk.admin
        await self.desk.shop.store.write(lambda unit: pay_out(unit, premises, admin, refund, self.means))
        return await self.desk.look(refund)

    async def send(self, refund: Refund) -> Refund:
        """The same, and the jobs that follow are done."""
        return await self.carry_on(await self.choose(refund))

    async def carry_on(self, refund: Refund) -> Refund:
        """Do the jobs that are due."""
        await self.desk.shop.work()
        return await self.desk.look(refund)

    async def follow(self, refund: Refund) -> Refund:
        """Ask about what is due, and do what follows."""
        shop = self.desk.shop
        await follow_payouts(shop.store, shop.premises, shop.givers)
        await shop.work()
        return await self.desk.look(refund)

    async def retry(self, clock: FrozenClock, refund: Refund) -> Refund:
        """Do what was put off, at its time."""
        clock.move(LONGEST)
        await self.desk.shop.work()
        return await self.desk.look(refund)

    async def job(self) -> str:
        """How the job that sends it stands."""
        return str((await self.desk.shop.jobs("pay_out"))[-1].state)
