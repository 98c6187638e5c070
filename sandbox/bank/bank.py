"""The bank: takes transfers, keeps what became of them, tells the shop by its gateways' own notices."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from sales.errors import Tell
from sales.transfer import Sighting
from sandbox.bank.accounts import BankAccount, FindVirtual, Virtual
from sandbox.bank.faults import GOING_OUT, Fault, Mischief, Plan
from sandbox.bank.memos import bounced
from sandbox.bank.messenger import Messenger
from sandbox.bank.payment import Payment, Report, Transfer
from sandbox.clock import MovableClock
from sandbox.errands import Errands
from sandbox.news import News

KEPT = 100
FIRST_ANSWER = 10.0
"""Seconds that `pay` waits for the door before it answers without it."""


class Bank:
    """One bank with the shop's account, the virtual accounts that lead there, and the gateways that see them.

    Of those that watch the account itself, the shop relies on the first that `messenger` has the secrets of.
    """

    def __init__(
        self,
        clock: MovableClock,
        account: BankAccount,
        messenger: Messenger,
        news: News,
        find_virtual: FindVirtual = lambda _: None,
    ) -> None:
        self.account, self.messenger = account, messenger
        self.payments: deque[Payment] = deque(maxlen=KEPT)
        self._clock, self._news, self._find_virtual = clock, news, find_virtual
        self._mischief = Mischief()
        self._ref = 0
        self._errands = Errands()

    @property
    def door(self) -> str:
        """The base address of the house itself."""
        return self.messenger.door

    def sources(self, account: str) -> tuple[str, ...]:
        """Gateways that can see what is paid to this account number: the one whose link it is, and who watches all."""
        virtual = self._find_virtual(account)
        return (*([virtual.gateway] if virtual else []), *self.messenger.watchers)

    def telling(self, account: str) -> tuple[str, ...]:
        """Those of them that tell the shop unless others are chosen: of the watchers, the one it relies on."""
        others = self.messenger.watchers[1:]
        return tuple(name for name in self.sources(account) if name not in others)

    def seen_by(self, source: str) -> list[Sighting]:
        """What that gateway knows of, the oldest first, whether it has told the shop or not."""
        now = self._clock()
        return [payment.sighting for payment in self.payments if payment.seen_by(source, now)]

    def holder(self, bin: str, account: str) -> str:  # noqa: A002 - the field's own name
        """Whose account it is, "" when this bank does not know it."""
        ours = account == self.account.account or self._find_virtual(account) is not None
        return self.account.holder if ours and bin == self.account.bin else ""

    async def pay(self, transfer: Transfer, fault: Fault, sources: tuple[str, ...]) -> Payment:
        """Move the money and send a notice of it by each of `sources`; waits for the door's first answers.

        Raises KeyError for a gateway that does not see this account.
        """
        if strangers := set(sources).difference(self.sources(transfer.account)):
            raise KeyError(*strangers)
        virtual = self._find_virtual(transfer.account)
        plan = self._mischief(fault, Plan(self._movement(transfer, virtual)))
        passed = virtual is not None and plan.sighting.virtual_account == virtual.account
        payment = self._book(plan, fault, [name for name in sources if passed or name in self.messenger.watchers])
        if virtual and passed and payment.known_from:
            self._after(payment.known_from, virtual.credit, plan.sighting)
        return await self._told(plan, payment)

    async def send(self, transfer: Transfer, fault: Fault, sources: tuple[str, ...]) -> Payment:
        """Pay from the shop's own account, and have each of `sources` tell of it, as `pay` does.

        Raises KeyError for a gateway that does not watch it, and ValueError for a fault that no money going out has.
        """
        if strangers := set(sources).difference(self.messenger.watchers):
            raise KeyError(*strangers)
        if fault not in GOING_OUT:
            raise ValueError(fault)
        moved = replace(self._movement(transfer, None), amount=-transfer.amount, account=self.account.account)
        plan = self._mischief(fault, Plan(moved))
        return await self._told(plan, self._book(plan, fault, sources))

    async def bounce(self, ref: str) -> Payment:
        """Let money that went out come back, told by whoever told of it then; raises Tell when there is none to."""
        gone = next((each for each in self.payments if each.sighting.ref == ref), None)
        if gone is None or gone.sighting.amount > 0 or gone.bounced or not gone.known(self._clock()):
            raise Tell("sandbox-error-bounce")
        gone.bounced = True
        was = gone.sighting
        back = Transfer(self.account.account, -was.amount, bounced(was.memo), was.payer)
        plan = Plan(self._movement(back, None))
        return await self._told(plan, self._book(plan, Fault.NONE, [report.source for report in gone.reports]))

    def _book(self, plan: Plan, fault: Fault, told: Sequence[str]) -> Payment:
        known_from = None if plan.forged else self._clock() + plan.delay
        payment = Payment(plan.sighting, fault, tuple(map(Report, dict.fromkeys(told))), known_from)
        self.payments.append(payment)
        self._news.tell()
        return payment

    async def _told(self, plan: Plan, payment: Payment) -> Payment:
        firsts = [self._send(plan, report) for report in payment.reports]
        if plan.copies and not plan.delay:
            await _at_most(FIRST_ANSWER, firsts)
        return payment

    async def close(self) -> None:
        """Give up what has not been delivered."""
        await self._errands.close()

    def _send(self, plan: Plan, report: Report) -> asyncio.Event:
        """Send off an errand; the event is set once every copy has had its first answer, or the errand has failed."""
        first = asyncio.Event()
        self._errands.set_out(self._run(plan, report, first))
        return first

    def _after(self, moment: datetime, credit: Callable[[Sighting], None], sighting: Sighting) -> None:
        """Let a link know of its money: at once, or when the bank does."""

        async def wait() -> None:
            await self._clock.reach(moment)
            credit(sighting)

        if moment <= self._clock():
            credit(sighting)
        else:
            self._errands.set_out(wait())

    async def _run(self, plan: Plan, report: Report, first: asyncio.Event) -> None:
        def heard(status: int) -> None:
            report.answers.append(status)
            if len(report.answers) >= plan.copies:
                first.set()
            self._news.tell()

        try:
            await self._clock.reach(self._clock() + plan.delay)
            await self.messenger.tell(report.source, plan, heard)
        finally:
            report.done = True
            first.set()
            self._news.tell()

    def _movement(self, transfer: Transfer, virtual: Virtual | None) -> Sighting:
        now = self._clock()
        # Grows with the clock, so that a street opened anew never repeats a number the database has seen.
        self._ref = max(self._ref + 1, int(now.timestamp() * 1000))
        return Sighting(
            source="",
            ref=str(self._ref),
            amount=transfer.amount,
            currency="VND",
            account=self.account.account if virtual else transfer.account,
            memo=transfer.memo,
            virtual_account=virtual.account if virtual else "",
            reference=f"FT{self._ref}",
            booked_at=now.replace(microsecond=0),
            payer=transfer.other,
            number=virtual.number if virtual else None,
            link=virtual.link if virtual else "",
        )


async def _at_most(seconds: float, events: list[asyncio.Event]) -> None:
    try:
        async with asyncio.timeout(seconds):
            for event in events:
                await event.wait()
    except TimeoutError:
        return
