"""A guided test purchase: a real transfer of 1,000 đồng through the doors of the shop that runs."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import click

from app.commands import holdings_in_force, with_store
from app.doctor.selling import obstacles
from app.doctor.watching import Standing, look
from app.only_one import only_one
from app.opening import visit_shop
from app.settings import Settings
from app.words import said
from bot.qr_text import qr_lines
from flows.cancel_order import cancel_order
from flows.place_test_order import PRICE, place_test_order
from flows.premises import Premises
from sales.banks import bank_by_bin
from sales.clock import utc_now
from sales.errors import Misconfigured, Tell
from sales.order import Payment
from sales.people import Peer
from sales.purchase import Attempt, Order
from storage.store import Store

Teller = Callable[[str], object]
"""Shows one line to whoever sits there."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long each step may take, and the pause between two looks."""

    link: timedelta = timedelta(seconds=60)
    money: timedelta = timedelta(minutes=15)
    worker: timedelta = timedelta(seconds=60)
    pause: float = 1.0


async def buy(settings: Settings, tell: Teller, patience: Patience = Patience()) -> bool:
    """Buy the test plan and tell each step; answers whether everything worked.

    An order that is not paid is cancelled at the end, also when the seller breaks off.
    """
    if settings.sandbox:
        tell(said("live-sandbox", {}))
        return False
    if lacking := obstacles(settings, await holdings_in_force(settings)):
        for message in lacking:
            tell(said(message, {}))
        return False
    if settings.nothing_there:
        raise Misconfigured("database-not-migrated")

    async def visit(store: Store) -> bool:
        premises = await visit_shop(store, settings)
        try:
            peer, order = await store.write(
                lambda unit: place_test_order(unit, premises, said("live-product", {}), said("live-plan", {}))
            )
        except Tell as refusal:
            tell(said(refusal.message, refusal.values))
            return False
        purchase = Purchase(store, premises, peer, order, tell, patience)
        try:
            return await purchase.follow()
        finally:
            await purchase.end()

    if settings.on_sqlite and _is_free(settings.database):
        tell(said("live-not-running", {}))
        return False
    return await with_store(settings.database, visit)


def _is_free(database: str) -> bool:
    try:
        with only_one(database):
            return True
    except Misconfigured:
        return False


@dataclass(frozen=True, slots=True)
class Purchase:
    """One test order on its way."""

    store: Store
    premises: Premises
    peer: Peer
    order: Order
    tell: Teller
    patience: Patience

    async def follow(self) -> bool:
        """Show what to pay, wait for the money, then for the goods' way out."""
        attempt = await self._payable()
        if attempt is None:
            self._say("live-no-link", gateway=self.premises.gateway.name)
            return False
        shown = self._show(attempt)
        paid = await self._paid(shown)
        if paid is None:
            self._say("live-nothing")
            self._say("live-look", gateway=attempt.gateway)
            return False
        return await self._handed_over(paid)

    async def end(self) -> None:
        """Take the order back unless it is paid."""
        await self.store.write(lambda unit: cancel_order(unit, self.premises, self.peer, self.order, "doctor"))

    async def _payable(self) -> Attempt | None:
        """The QR to pay; a gateway's payment link is asked for by the shop that runs."""
        if self.premises.gateway.open_invoice is None:
            self._say("live-link", gateway=self.premises.gateway.name)
        seen = await self._until(self.patience.link, lambda seen: seen.payable is not None)
        return seen.payable

    def _show(self, attempt: Attempt) -> datetime:
        bank = bank_by_bin(attempt.bin)
        self._say("live-scan", amount=attempt.amount)
        for line in qr_lines(attempt.qr):
            self.tell(click.style(line, fg="bright_white", bg="black"))
        facts = {"bank": bank.short_name if bank else attempt.bin, "account": attempt.account, "holder": attempt.holder}
        self._say("live-facts", amount=attempt.amount, memo=attempt.memo, **facts)
        shown = utc_now()
        self._say("live-waiting", until=shown + self.patience.money, gateway=attempt.gateway)
        return shown

    async def _paid(self, shown: datetime) -> datetime | None:
        """Tell of each movement as it comes; answers when the order was paid."""
        told = 0

        def is_paid(seen: Standing) -> bool:
            nonlocal told
            for money in seen.movements[told:]:
                took = _seconds(money.at - shown)
                values = {"source": money.source, "meaning": money.meaning, "memo": money.memo}
                self._say("live-arrived", amount=money.amount, seconds=took, **values)
                if money.meaning == "short":
                    self._say("live-short", amount=money.amount)
            told = len(seen.movements)
            return seen.order.payment is not Payment.OPEN

        order = (await self._until(self.patience.money, is_paid)).order
        if order.paid_at is None:
            return None
        self._say("live-paid", code=order.code, seconds=_seconds(order.paid_at - shown))
        return order.paid_at

    async def _handed_over(self, paid: datetime) -> bool:
        seen = await self._until(self.patience.worker, lambda seen: seen.handed_over is not None)
        if seen.handed_over is None:
            self._say("live-no-worker")
            return False
        self._say("live-handed-over", seconds=_seconds(seen.handed_over - paid))
        self._say("live-books", amount=PRICE)
        return True

    async def _until(self, limit: timedelta, enough: Callable[[Standing], bool]) -> Standing:
        """Look again and again; answers the last look, whether it was enough or the time is over."""
        started = utc_now()
        while True:
            seen = await self.store.read(lambda unit: look(unit, self.premises, self.order))
            if enough(seen) or utc_now() - started >= limit:
                return seen
            await asyncio.sleep(self.patience.pause)

    def _say(self, message: str, **values: object) -> None:
        self.tell(said(message, values, self.premises.shop.zone))


def _seconds(span: timedelta) -> int:
    return max(0, round(span.total_seconds()))
