"""The whole street as one JSON value: what the page draws."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sales.clock import Clock
from sales.khqr import Khqr
from sandbox.bank.bank import Bank
from sandbox.bank.payment import BUYER, Payment
from sandbox.mailbox import Letter, Mailbox
from sandbox.payos.faults import ApiFaults
from sandbox.payos.links import Link, Links
from sandbox.telegram.exchange import Exchange
from sandbox.telegram.phone import Phone

MESSAGES_SHOWN = 80
LINKS_SHOWN = 20

State = dict[str, Any]


@dataclass(frozen=True, slots=True)
class PayosView:
    """Looks at payOS: what goes wrong there, and its latest links."""

    links: Links
    faults: ApiFaults

    def state(self) -> State:
        """Describe it; `links` are the oldest first."""
        faults = self.faults
        return {
            "down": faults.down,
            "limit_next": faults.limit_next,
            "slow": faults.slow,
            "links": [self._link(link) for link in self.links.latest()[-LINKS_SHOWN:]],
        }

    def _link(self, link: Link) -> State:
        return {
            "number": link.wish.number,
            "id": link.id,
            "account": link.account,
            "amount": link.wish.amount,
            "paid": link.paid,
            "status": link.status(self.links.now()).value,
        }


class View:
    """Looks at the street; the answer of `state` holds JSON's own types only.

    `others` are further parts of it by name, each with what describes it.
    """

    def __init__(
        self,
        clock: Clock,
        exchange: Exchange,
        bank: Bank,
        mailbox: Mailbox,
        payos: PayosView,
        others: Mapping[str, Callable[[], object]],
    ) -> None:
        self._clock, self._exchange, self._bank, self._mailbox = clock, exchange, bank, mailbox
        self._payos, self._others = payos, others

    def state(self) -> State:
        """Describe everything as it stands."""
        return {
            "now": self._clock().isoformat(),
            "phones": [phone_state(self._exchange, phone) for phone in self._exchange.phones.values()],
            "chat": chat_state(self._exchange),
            "bank": self._bank_state(),
            "payos": self._payos.state(),
            **{name: describe() for name, describe in self._others.items()},
            "mail": {"down": self._mailbox.down, "letters": [letter_state(one) for one in self._mailbox.letters]},
        }

    def _bank_state(self) -> State:
        return {
            "bin": self._bank.account.bin,
            "account": self._bank.account.account,
            "holder": self._bank.account.holder,
            "sources": self._bank.sources(self._bank.account.account),
            "telling": self._bank.telling(self._bank.account.account),
            "payer": {"name": BUYER.name, "account": BUYER.account},
            "payments": [payment_state(payment) for payment in self._bank.payments],
        }


def chat_state(exchange: Exchange) -> State:
    """Describe what goes wrong at the platform, and how many Stars the bot has."""
    faults = exchange.faults
    wrong = {"down": faults.down, "limit_next": faults.limit_next, "pay_twice": faults.pay_twice}
    return wrong | {"stars": exchange.stars.balance}


def phone_state(exchange: Exchange, phone: Phone) -> State:
    """Describe a phone; messages are the Bot API's own objects."""
    return {
        "id": phone.id,
        "name": phone.name,
        "language": phone.language,
        "blocked": phone.blocked,
        "typing": phone.typing,
        "commands": [command.to_dict() for command in exchange.menus.seen_by(phone.id, phone.language)],
        "messages": [message.to_dict() for message in list(phone.messages.values())[-MESSAGES_SHOWN:]],
        "toasts": [{"id": toast.id, "text": toast.text, "alert": toast.alert} for toast in phone.toasts],
        "presses": [
            {"message": press.message.message_id, "data": press.data}
            for press in phone.presses.values()
            if press.message
        ],
        "paying": [asked.message for asked in exchange.stars.asked.values() if asked.phone is phone],
    }


def payment_state(payment: Payment) -> State:
    """Describe a payment as the statement shows it, who told the shop of it, and what the door said each time."""
    seen = payment.sighting
    return {
        "ref": seen.ref,
        "reports": [{"source": one.source, "answers": one.answers, "done": one.done} for one in payment.reports],
        "at": seen.booked_at and seen.booked_at.isoformat(),
        "account": seen.account,
        "amount": seen.amount,
        "memo": seen.memo,
        "other": {"name": seen.payer.name, "account": seen.payer.account},
        "bounced": payment.bounced,
        "fault": payment.fault.value,
        "answers": payment.answers,
        "done": payment.done,
    }


def khqr_state(code: Khqr, qr: str) -> State:
    """Describe a KHQR code that was scanned; `amount` in minor units, `qr` its text, by which it is paid."""
    return {
        "qr": qr,
        "account": code.account,
        "holder": code.name,
        "amount": code.amount.minor,
        "currency": code.amount.currency,
        "memo": code.bill,
    }


def letter_state(letter: Letter) -> State:
    """Describe a letter without its content."""
    return {
        "id": letter.id,
        "from": letter.sender,
        "to": letter.to,
        "subject": letter.subject,
        "html": bool(letter.html),
    }
