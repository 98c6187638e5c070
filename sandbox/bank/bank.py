"""The bank: takes transfers, keeps what became of them, tells the shop by its gateways' own notices."""

import asyncio
from collections import deque
from collections.abc import Mapping
from dataclasses import replace
from secrets import token_hex

from aiohttp import ClientSession

from gateways.gateway import Gateway, Secrets
from gateways.registry import gateway
from sales.transfer import Payer, Sighting
from sandbox.bank.accounts import BankAccount, FindVirtual, Virtual
from sandbox.bank.delivery import deliver
from sandbox.bank.faults import Fault, Mischief, Plan
from sandbox.bank.memos import SENDER
from sandbox.bank.payment import Payment, Report, Transfer
from sandbox.clock import MovableClock
from sandbox.news import News

KEPT = 100
PAYER = Payer(SENDER, "1028000814", "Vietcombank")
FIRST_ANSWER = 10.0
"""Seconds that `pay` waits for the door before it answers without it."""


class Bank:
    """One bank with the shop's account, the virtual accounts that lead there, and the gateways that watch it.

    `secrets` holds the secrets of each gateway by its name; the first that makes no links of its own watches the
    account itself. `door` is the base address of our webhooks.
    """

    def __init__(
        self,
        clock: MovableClock,
        secrets: Mapping[str, Secrets],
        account: BankAccount,
        shop: str,
        door: str,
        news: News,
        find_virtual: FindVirtual = lambda _: None,
    ) -> None:
        self.account, self.door = account, door
        self.payments: deque[Payment] = deque(maxlen=KEPT)
        self._clock, self._secrets, self._shop, self._news = clock, secrets, shop, news
        self._find_virtual = find_virtual
        self._mischief = Mischief()
        self._ref = 0
        self._errands: set[asyncio.Task[None]] = set()

    def sources(self, account: str) -> tuple[str, ...]:
        """Gateways that see what is paid to this account number: the one whose link it is, and who watches all."""
        virtual = self._find_virtual(account)
        watching = [name for name in self._secrets if self._plug(name).open_invoice][:1]
        return (*([virtual.gateway] if virtual else []), *watching)

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
        if virtual and passed and not plan.forged:
            virtual.credit(plan.sighting)
        plugs = [plug for plug in map(self._plug, dict.fromkeys(sources)) if plug.open_invoice or passed]
        payment = Payment(plan.sighting, fault, tuple(Report(plug.name) for plug in plugs))
        self.payments.append(payment)
        self._news.tell()
        firsts = [self._send(plug, plan, report) for plug, report in zip(plugs, payment.reports, strict=True)]
        if plan.copies and not plan.delay:
            await _at_most(FIRST_ANSWER, firsts)
        return payment

    async def close(self) -> None:
        """Give up what has not been delivered."""
        for errand in self._errands:
            errand.cancel()
        await asyncio.gather(*self._errands, return_exceptions=True)

    def _plug(self, source: str) -> Gateway:
        plug = gateway(source)
        if plug is None:
            raise KeyError(source)
        return plug

    def _send(self, plug: Gateway, plan: Plan, report: Report) -> asyncio.Event:
        """Send off an errand; the event is set once every copy has had its first answer, or the errand has failed."""
        first = asyncio.Event()
        errand = asyncio.create_task(self._run(plug, plan, report, first))
        self._errands.add(errand)
        errand.add_done_callback(self._errands.discard)
        return first

    async def _run(self, plug: Gateway, plan: Plan, report: Report, first: asyncio.Event) -> None:
        def heard(status: int) -> None:
            report.answers.append(status)
            if len(report.answers) >= plan.copies:
                first.set()
            self._news.tell()

        try:
            await self._clock.reach(self._clock() + plan.delay)
            secrets = _wrong(self._secrets[plug.name]) if plan.forged else self._secrets[plug.name]
            notice = plug.forge(secrets, replace(plan.sighting, source=plug.name), self._clock())
            url = f"{self.door}/webhooks/{self._shop}/{plug.name}"
            async with ClientSession() as client:
                await asyncio.gather(*(deliver(client, url, notice, self._clock, heard) for _ in range(plan.copies)))
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
            payer=PAYER,
            number=virtual.number if virtual else None,
            link=virtual.link if virtual else "",
        )


def _wrong(secrets: Secrets) -> Secrets:
    return {name: token_hex(16) for name in secrets}


async def _at_most(seconds: float, events: list[asyncio.Event]) -> None:
    try:
        async with asyncio.timeout(seconds):
            for event in events:
                await event.wait()
    except TimeoutError:
        return
