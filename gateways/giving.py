"""How a gateway gives money back: it is asked once, by a key that stays, and then followed to the end."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sales.money import Money
from sales.pace import Pace
from sales.payee import Payee


class Stage(StrEnum):
    """Where money is that a gateway gives back. Only ARRIVED says that the buyer has it, and even that may be undone.

    FAILED says that it has not gone, or has come back to the shop.
    """

    UNDER_WAY = "under_way"
    ARRIVED = "arrived"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Origin:
    """The payment that money is given back of: our number of its attempt, and when the attempt was made (UTC).

    `transaction` is the gateway's own number of the payment, `amount` what was paid by it.
    """

    number: int
    made_at: datetime
    transaction: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Giving:
    """Money that is to be given back; `key` names this sending and no other, however often it is asked for (a UUID).

    It goes to `payee`, or back by `origin`. `memo` is what the bank shall carry.
    """

    key: str
    amount: Money
    memo: str
    payee: Payee
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """What a gateway says became of it: `ref` is its own name for the sending, `reason` why it failed, or ""."""

    stage: Stage
    ref: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Giver:
    """What a gateway is asked to give money back by.

    `send(giving)`: raises Later when nobody knows whether it was heard, so that it must be sent again by the same key;
      Rejected when this very call was refused.
    `ask(giving, ref)`: what became of it, None when the gateway knows of no such sending. `ref` is "" when `send` was
      never answered.
    Every answer is verified; what is not signed as it should be raises Later. `pace`: how often one is asked about, by
    the time since it was sent.
    """

    send: Callable[[Giving], Awaitable[Given]]
    ask: Callable[[Giving, str], Awaitable[Given | None]]
    pace: Pace
