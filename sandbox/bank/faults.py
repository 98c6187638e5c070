"""What can go wrong between a buyer's transfer and the shop's door, each as a change of the plan."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from sales.transfer import Sighting
from sandbox.bank.memos import Garbler, replaced

STEP = 10_000
"""By how many đồng a short or over payment misses."""
LATE = timedelta(minutes=45)
"""Beyond the half hour an order can be paid in, well within the time it is watched."""
TOO_LATE = timedelta(hours=49)
NO_LINK = {"virtual_account": "", "number": None, "link": ""}
"""What is known of a movement that has passed no virtual account."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be told of a movement: how often, after how long (shop time), and whether with a wrong key."""

    sighting: Sighting
    copies: int = 1
    delay: timedelta = timedelta()
    forged: bool = False


class Fault(StrEnum):
    """The fault menu of the bank's app."""

    NONE = "none"
    TWICE = "twice"
    LATE = "late"
    TOO_LATE = "too_late"
    SHORT = "short"
    OVER = "over"
    GARBLED = "garbled"
    MEMO_LOST = "memo_lost"
    WRONG_ACCOUNT = "wrong_account"
    FORGED = "forged"
    LOST = "lost"


GOING_OUT = frozenset({Fault.NONE, Fault.TWICE, Fault.LATE, Fault.LOST})
"""What can go wrong with the notice of money that the shop itself has sent."""


class Mischief:
    """Applies faults to plans."""

    def __init__(self) -> None:
        garble = Garbler()
        self._changes: dict[Fault, Callable[[Plan], Plan]] = {
            Fault.NONE: lambda plan: plan,
            Fault.TWICE: lambda plan: replace(plan, copies=2),
            Fault.LATE: lambda plan: replace(plan, delay=LATE),
            Fault.TOO_LATE: lambda plan: replace(plan, delay=TOO_LATE),
            Fault.SHORT: lambda plan: _with(plan, amount=short_of(plan.sighting.amount)),
            Fault.OVER: lambda plan: _with(plan, amount=plan.sighting.amount + STEP),
            Fault.GARBLED: lambda plan: _with(plan, memo=garble(plan.sighting.memo)),
            Fault.MEMO_LOST: lambda plan: _with(plan, memo=replaced(plan.sighting.memo)),
            Fault.WRONG_ACCOUNT: lambda plan: _with(plan, account=_other_than(plan.sighting.account), **NO_LINK),
            Fault.FORGED: lambda plan: replace(plan, forged=True),
            Fault.LOST: lambda plan: replace(plan, copies=0),
        }

    def __call__(self, fault: Fault, plan: Plan) -> Plan:
        """Answer the plan as the fault leaves it."""
        return self._changes[fault](plan)


def _with(plan: Plan, **changes: object) -> Plan:
    return replace(plan, sighting=replace(plan.sighting, **changes))  # type: ignore[arg-type]


def short_of(amount: int) -> int:
    """What is paid instead of that many đồng by who pays too little."""
    return amount - STEP if amount > STEP else max(amount // 2, 1)


def _other_than(account: str) -> str:
    return account[:-1] + str((int(account[-1]) + 1) % 10 if account[-1:].isdigit() else 0)
