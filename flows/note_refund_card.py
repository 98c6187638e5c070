"""Which admin was shown the card of a refund, with its account in full: the log keeps it, and where the card hangs."""

from flows.office import After
from flows.premises import Premises
from flows.task import Task
from sales.ids import RefundId
from storage import refunds, work
from storage.unit import Unit
from storage.work import Event

SHOWN = "refund.card_shown"


def noting_refund(premises: Premises, task: Task, mark: str, message: str) -> After:
    """What is written once the card of that mark hangs in a chat."""
    return lambda unit: _note(unit, premises, task, RefundId(int(mark.partition(":")[0])), message)


def _note(unit: Unit, premises: Premises, task: Task, number: RefundId, message: str) -> None:
    shop, (channel, to) = premises.shop.id, (task.payload["channel"], task.payload["to"])
    refund = refunds.by_id(unit, shop, number)
    if refund is not None:
        detail = {"refund": refund.id, "tail": refund.payee.tail, "channel": channel, "to": to, "message": message}
        work.log(unit, shop, [Event(SHOWN, refund.order, f"admin:{channel}:{to}", detail)])
