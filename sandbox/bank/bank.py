"""The bank: takes transfers, keeps what became of them, tells the shop by its gateway's own notice."""

import asyncio
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import ClientSession

from gateways.gateway import Gateway, Secrets
from gateways.registry import gateway
from sales.errors import Tell
from sales.transfer import Payer, Sighting
from sandbox.bank.delivery import deliver
from sandbox.bank.faults import Fault, Mischief, Plan
from sandbox.bank.memos import SENDER
from sandbox.clock import MovableClock
from sandbox.news import News

KEPT = 100
AMOUNT_LIMIT = 9_999_999_999_999
"""What a VietQR can ask for at most (13 digits)."""
MEMO_LIMIT = 150
PAYER = Payer(SENDER, "1028000814", "Vietcombank")
FIRST_ANSWER = 10.0
"""Seconds that `pay` waits for the door before it answers without it."""


@dataclass(frozen=True, slots=True)
class BankAccount:
    """The shop's account: the bank's six-digit BIN, the account number, the holder's name."""

    bin: str
    account: str
    holder: str


@dataclass(frozen=True, slots=True)
class Transfer:
    """What the buyer fills in; `amount` in đồng."""

    account: str
    amount: int
    memo: str

    def __post_init__(self) -> None:
        """Raise Tell for what no bank's form takes."""
        if not self.account.isalnum() or len(self.account) > 19:
            raise Tell("sandbox-error-account")
        if not 0 < self.amount <= AMOUNT_LIMIT:
            raise Tell("sandbox-error-amount")
        if len(self.memo) > MEMO_LIMIT:
            raise Tell("sandbox-error-memo")


@dataclass(slots=True)
class Payment:
    """A transfer that was made: as the statement shows it, and what the door answered (0: nobody there).

    `done` once nothing more will be sent.
    """

    sighting: Sighting
    fault: Fault
    answers: list[int] = field(default_factory=list)
    done: bool = False


class Bank:
    """One bank with one gateway that watches the shop's account. `door` is the base address of our webhooks."""

    def __init__(self, clock: MovableClock, secrets: Mapping[str, Secrets], shop: str, door: str, news: News) -> None:
        self.door = door
        self.payments: deque[Payment] = deque(maxlen=KEPT)
        self._clock, self._secrets, self._shop, self._news = clock, secrets, shop, news
        self._mischief = Mischief()
        self._ref = 0
        self._errands: set[asyncio.Task[None]] = set()

    async def pay(self, transfer: Transfer, fault: Fault, source: str) -> Payment:
        """Move the money and send its notice by the gateway `source`; waits for the door's first answer.

        Raises KeyError for a gateway unknown or without secrets.
        """
        plug = gateway(source)
        if plug is None:
            raise KeyError(source)
        plan = self._mischief(fault, Plan(self._sighting(transfer, source), self._secrets[source]))
        payment = Payment(plan.sighting, fault)
        self.payments.append(payment)
        self._news.tell()
        first = asyncio.Event()
        errand = asyncio.create_task(self._run(plug, plan, payment, first))
        self._errands.add(errand)
        errand.add_done_callback(self._errands.discard)
        if plan.copies and not plan.delay:
            await _at_most(FIRST_ANSWER, first)
        return payment

    async def close(self) -> None:
        """Give up what has not been delivered."""
        for errand in self._errands:
            errand.cancel()
        await asyncio.gather(*self._errands, return_exceptions=True)

    async def _run(self, plug: Gateway, plan: Plan, payment: Payment, first: asyncio.Event) -> None:
        await self._clock.reach(self._clock() + plan.delay)
        notice = plug.forge(plan.secrets, plan.sighting, self._clock())
        url = f"{self.door}/webhooks/{self._shop}/{plug.name}"

        def heard(status: int) -> None:
            payment.answers.append(status)
            if len(payment.answers) >= plan.copies:
                first.set()
            self._news.tell()

        async with ClientSession() as client:
            await asyncio.gather(*(deliver(client, url, notice, self._clock, heard) for _ in range(plan.copies)))
        payment.done = True
        self._news.tell()

    def _sighting(self, transfer: Transfer, source: str) -> Sighting:
        now = self._clock()
        # Grows with the clock, so that a street opened anew never repeats a number the database has seen.
        self._ref = max(self._ref + 1, int(now.timestamp() * 1000))
        return Sighting(
            source=source,
            ref=str(self._ref),
            amount=transfer.amount,
            currency="VND",
            account=transfer.account,
            memo=transfer.memo,
            reference=f"FT{self._ref}",
            booked_at=now.replace(microsecond=0),
            payer=PAYER,
        )


async def _at_most(seconds: float, event: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
