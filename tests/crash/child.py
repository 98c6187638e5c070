"""The shop in a process that kills itself the first time it comes to one point: `python -m tests.crash.child POINT`.

Each point is a wrapper laid around one seam of the running program; the program itself knows nothing of it.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any, NoReturn
from unittest.mock import patch

from aiohttp import web
from sqlalchemy import Table, select

from app.cli import main
from app.inbox import Inbox
from flows import till
from flows.carry_out import HANDLERS
from flows.channel import Address, Channel, ChatInvoice, Picture
from flows.deliver_goods import TOPIC as GOODS
from flows.messages import Incoming, Reply
from flows.notice import Notice
from flows.office import After, Office
from flows.premises import Premises
from flows.settle_payments import settle_payments
from flows.task import Task
from flows.till import Till
from storage import queue
from storage.queue import Claimed
from storage.schema.work import outbox
from storage.unit import Unit

EMAIL = "buyer@example.com"
"""What the buyer writes as the last word of the order; the points of the inbox wait for it."""


def die() -> NoReturn:
    """End as a power cut would: nothing is closed, flushed or said."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("still alive")


def before_commit() -> None:
    """Everything is written, and its transaction is still open."""

    def cut_off(unit: Unit, premises: Premises, notices: list[Notice]) -> NoReturn:
        settle_payments(unit, premises, notices)
        die()

    patch.object(till, "settle_payments", cut_off).start()


def committed_but_unanswered() -> None:
    """The till is done, the gateway has not heard."""
    _after(Till, "settle", lambda *_: True)


def answered_but_unclaimed() -> None:
    """The gateway has its answer; until then no worker gets at the outbox once goods lie in it."""
    claim, respond = queue.claim, web.Response.write_eof
    answers: list[web.Response] = []

    async def respond_and_note(response: web.Response, data: bytes = b"") -> None:
        await respond(response, data)
        answers.append(response)

    def cut_off(unit: Unit, table: Table, *rest: Any) -> list[Claimed]:
        if table is not outbox or unit.conn.scalar(select(outbox.c.id).where(outbox.c.topic == GOODS)) is None:
            return claim(unit, table, *rest)
        return die() if answers else []

    patch.object(web.Response, "write_eof", respond_and_note).start()
    patch.object(queue, "claim", cut_off).start()


@dataclass(slots=True)
class Trap:
    """A mouth that ends the process before or after it shows something; without `way` it says nothing for ever."""

    way: Channel | None
    sent: bool
    name: str = "trap"

    async def show(
        self,
        address: Address,
        reply: Reply,
        key: str,
        picture: Picture | None = None,
        invoice: ChatInvoice | None = None,
    ) -> str:
        if self.way is None:
            await asyncio.Event().wait()
        elif self.sent:
            await self.way.show(address, reply, key, picture, invoice)
        die()

    async def offer(self, _address: Address, _menu: object) -> None: ...

    async def refund_stars(self, payer: str, charge: str) -> None: ...


def handing_over(name: str, *, sent: bool) -> Callable[[], None]:
    """The goods are on their way by one mouth; the other is silent, so that only one thing is cut off."""
    deliver = HANDLERS[GOODS]

    async def cut_off(office: Office, task: Task) -> After:
        traps = {each: Trap(way if each == name else None, sent) for each, way in office.channels.items()}
        return await deliver(replace(office, channels=traps), task)

    return lambda: HANDLERS.update({GOODS: cut_off})


def kept_but_unconfirmed() -> None:
    """An update is on the disk, and Telegram does not know."""
    _after(Inbox, "keep", lambda _inbox, _channel, updates: any(EMAIL in body for *_, body in updates))


def kept_but_unanswered() -> None:
    """An update is claimed, and the Unit that answers it has not begun."""

    async def cut_off(inbox: Inbox, incoming: Incoming) -> None:
        if incoming.text == EMAIL:
            die()
        await hear(inbox, incoming)

    hear = Inbox.hear
    patch.object(Inbox, "hear", cut_off).start()


def answered_but_unsaid() -> None:
    """The order is written with its update, and nobody has shown it yet."""
    _after(Inbox, "hear", lambda _inbox, incoming: incoming.text == EMAIL)


def _after(owner: type, name: str, when: Callable[..., bool]) -> None:
    """Die when a method has done its work, if `when` says so of what it was given."""
    whole: Callable[..., Awaitable[Any]] = getattr(owner, name)

    async def cut_off(*given: Any) -> Any:
        done = await whole(*given)
        return die() if when(*given) else done

    patch.object(owner, name, cut_off).start()


POINTS: dict[str, Callable[[], None]] = {
    "before commit": before_commit,
    "committed but unanswered": committed_but_unanswered,
    "answered but unclaimed": answered_but_unclaimed,
    "claimed but unsent, chat": handing_over("telegram", sent=False),
    "claimed but unsent, mail": handing_over("email", sent=False),
    "sent but unmarked, chat": handing_over("telegram", sent=True),
    "sent but unmarked, mail": handing_over("email", sent=True),
    "kept but unconfirmed": kept_but_unconfirmed,
    "kept but unanswered": kept_but_unanswered,
    "answered but unsaid": answered_but_unsaid,
}


if __name__ == "__main__":
    POINTS[sys.argv[1]]()
    main(["run"])
