"""The page's hands on the bank's app."""

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web

from sales.banks import bank_by_bin
from sales.errors import Tell
from sales.khqr import Khqr
from sales.transfer import Payer
from sandbox.api.body import Body, posting, text, whole
from sandbox.api.state import khqr_state, payment_state
from sandbox.bank.bank import Bank
from sandbox.bank.faults import Fault
from sandbox.bank.payment import BUYER, Payment, Transfer
from sandbox.bank.scan import scan
from sandbox.telegram.exchange import Exchange
from sandbox.telegram.phone import Phone
from sandbox.telegram.photos import Photo


class BankDesk:
    """Scanning, paying, and what the shop itself pays; `seller` is the chat of the phone that runs the shop."""

    def __init__(self, exchange: Exchange, bank: Bank, seller: int) -> None:
        self._exchange, self._bank, self._seller = exchange, bank, seller

    def routes(self) -> list[web.RouteDef]:
        """Addresses under /api/bank."""
        return [
            posting("/api/bank/scan", self._scan),
            posting("/api/bank/pay", self._pay),
            posting("/api/bank/send", self._send),
            posting("/api/bank/bounce", self._bounce),
        ]

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
            "holder": (holder := self._bank.holder(code.bin, code.account)),
            # What a card on the seller's phone asks for is to be paid by the shop, unless it is for the shop itself.
            "out": phone is not None and phone.id == self._seller and not holder,
            "sources": self._bank.sources(code.account),
            "telling": self._bank.telling(code.account),
            "amount": code.amount,
            "memo": code.memo,
        }

    async def _pay(self, _: web.Request, body: Body) -> Body:
        """Pay; `sources` names who learns of it and tells the shop, otherwise those that the shop relies on.

        `from_account` and `from_name`: whose account it is paid from, where it is not the buyer's usual one.
        """
        account = text(body, "account")
        other = Payer(_named(body, "from_name", BUYER.name), _named(body, "from_account", BUYER.account), BUYER.bank)
        transfer = Transfer(account, whole(body, "amount"), text(body, "memo"), other)
        return await _moved(self._bank.pay, transfer, body, self._bank.telling(account))

    async def _send(self, _: web.Request, body: Body) -> Body:
        """Pay from the shop's account; `holder` and `bank` name whom."""
        account = text(body, "account")
        other = Payer(_named(body, "holder", ""), account, _named(body, "bank", ""))
        transfer = Transfer(account, whole(body, "amount"), text(body, "memo"), other)
        return await _moved(self._bank.send, transfer, body, self._bank.telling(self._bank.account.account))

    async def _bounce(self, _: web.Request, body: Body) -> Body:
        """Let what went out under that number come back."""
        return payment_state(await self._bank.bounce(text(body, "ref")))

    def _latest(self, phone: Phone, message: object) -> Photo | None:
        shown = [found for found in phone.messages.values() if found.photo and message in (None, found.message_id)]
        return self._exchange.photos.by_unique_id(shown[-1].photo[0].file_unique_id) if shown else None


async def _moved(
    move: Callable[[Transfer, Fault, tuple[str, ...]], Awaitable[Payment]],
    transfer: Transfer,
    body: Body,
    telling: tuple[str, ...],
) -> Body:
    try:
        fault, sources = Fault(body.get("fault", Fault.NONE)), tuple(body.get("sources", telling))
        return payment_state(await move(transfer, fault, sources))
    except (ValueError, KeyError, TypeError):
        raise Tell("sandbox-error-request") from None


def _named(body: Body, name: str, otherwise: str) -> str:
    return text(body, name) if name in body else otherwise
