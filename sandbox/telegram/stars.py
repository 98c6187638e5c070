"""Payments in Stars as the platform makes them: asked for first, then taken; given back once (Bot API, "Payments")."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from secrets import token_urlsafe

from telegram import PreCheckoutQuery

from sandbox.telegram.errors import bad_request
from sandbox.telegram.phone import Phone

PATIENCE = 10.0
"""Seconds a bot has to answer (Bot API, answerPreCheckoutQuery); real ones, whatever the street's clock says."""

TIMEOUT = "BOT_PRECHECKOUT_TIMEOUT"
"""What the platform says of a bot that has not answered."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A query that the bot has not answered yet, for the invoice in that message."""

    query: PreCheckoutQuery
    phone: Phone
    message: int
    timer: asyncio.TimerHandle


@dataclass(slots=True)
class Charge:
    """Stars that somebody has paid, with the payload of their invoice."""

    payer: int
    amount: int
    payload: str
    refunded: bool = False


@dataclass(slots=True)
class Stars:
    """The platform's books: payloads by chat and message, queries by id, charges by theirs."""

    payloads: dict[tuple[int, int], str] = field(default_factory=dict)
    asked: dict[str, Asked] = field(default_factory=dict)
    charges: dict[str, Charge] = field(default_factory=dict)

    @property
    def balance(self) -> int:
        """The bot's Stars."""
        return sum(charge.amount for charge in self.charges.values() if not charge.refunded)

    def ask(self, query: PreCheckoutQuery, phone: Phone, message: int, late: Callable[[], None]) -> None:
        """Remember a query; `late` is called when it was not answered in time. Needs a running loop."""

        def give_up() -> None:
            if self.asked.pop(query.id, None):
                late()

        timer = asyncio.get_running_loop().call_later(PATIENCE, give_up)
        self.asked[query.id] = Asked(query, phone, message, timer)

    def answered(self, query: str) -> Asked:
        """Take a query that the bot answers; raises 400 for one that is too old or was never asked."""
        asked = self.asked.pop(query, None)
        if asked is None:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        asked.timer.cancel()
        return asked

    def charge(self, query: PreCheckoutQuery) -> str:
        """Take the Stars; answers the charge's id, which names them for ever."""
        number = token_urlsafe(24)
        self.charges[number] = Charge(query.from_user.id, query.total_amount, query.invoice_payload)
        return number

    def refund(self, payer: int, number: str) -> Charge:
        """Give back a charge; raises 400 for one that is not this person's, or went back before."""
        charge = self.charges.get(number)
        if charge is None or charge.payer != payer:
            raise bad_request("CHARGE_ID_INVALID")
        if charge.refunded:
            raise bad_request("CHARGE_ALREADY_REFUNDED")
        charge.refunded = True
        return charge
