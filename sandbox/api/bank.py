"""The page's hands on the bank's app."""

import asyncio

from aiohttp import web

from sales.banks import bank_by_bin
from sales.errors import Tell
from sales.khqr import Khqr
from sandbox.api.body import Body, posting, text, whole
from sandbox.api.state import khqr_state, payment_state
from sandbox.bank.bank import Bank
from sandbox.bank.faults import Fault
from sandbox.bank.payment import Transfer
from sandbox.bank.scan import scan
from sandbox.telegram.exchange import Exchange
from sandbox.telegram.phone import Phone
from sandbox.telegram.photos import Photo


class BankDesk:
    """Scanning and paying."""

    def __init__(self, exchange: Exchange, bank: Bank) -> None:
        self._exchange, self._bank = exchange, bank

    def routes(self) -> list[web.RouteDef]:
        """Addresses under /api/bank."""
        return [posting("/api/bank/scan", self._scan), posting("/api/bank/pay", self._pay)]

    async def _scan(self, _: web.Request, body: Body) -> Body:
        """Read the picture of a message, or the latest picture on the phone when no `message` is named."""
        phone = self._exchange.phones.get(whole(body, "phone"))
        photo = self._latest(phone, body.get("message")) if phone else None
        if photo is None:
            raise Tell("sandbox-error-no-picture")
        found = await asyncio.to_thread(scan, photo.jpeg)
        if found is None:
            raise Tell("sandbox-error-no-qr")
        code, qr = found
        if isinstance(code, Khqr):
            return khqr_state(code, qr)
        bank = bank_by_bin(code.bin)
        return {
            "bank": bank.short_name if bank else code.bin,
            "account": code.account,
            "holder": self._bank.holder(code.bin, code.account),
            "sources": self._bank.sources(code.account),
            "telling": self._bank.telling(code.account),
            "amount": code.amount,
            "memo": code.memo,
        }

    async def _pay(self, _: web.Request, body: Body) -> Body:
        """Pay; `sources` names who learns of it and tells the shop, otherwise those that the shop relies on."""
        transfer = Transfer(text(body, "account"), whole(body, "amount"), text(body, "memo"))
        try:
            fault = Fault(body.get("fault", Fault.NONE))
            sources = tuple(body.get("sources", self._bank.telling(transfer.account)))
            payment = await self._bank.pay(transfer, fault, sources)
        except (ValueError, KeyError, TypeError):
            raise Tell("sandbox-error-request") from None
        return payment_state(payment)

    def _latest(self, phone: Phone, message: object) -> Photo | None:
        shown = [found for found in phone.messages.values() if found.photo and message in (None, found.message_id)]
        return self._exchange.photos.by_unique_id(shown[-1].photo[0].file_unique_id) if shown else None
