"""What becomes of the cards that admins pay a refund by, once somebody else has told of the money."""

from flows.messages import Reply, Say
from flows.note_refund_card import SHOWN
from flows.premises import Premises
from flows.send_reply import admin_job
from sales.refund import Refund
from storage import work
from storage.unit import Unit
from storage.work import Job

MOST_CARDS = 10
"""Turned at once: an admin can have the same card shown again without end, and looks at the newest."""


def turning_jobs(unit: Unit, premises: Premises, refund: Refund, line: Say, name: str) -> list[Job]:
    """Jobs that put `line` under the newest cards, in place of what it asked for; `name` says it once."""
    rows = work.told_of(unit, premises.shop.id, refund.order, SHOWN)
    shown = [row.detail for row in rows if row.detail["refund"] == refund.id][-MOST_CARDS:]
    return [
        admin_job(
            each["channel"],
            each["to"],
            Reply((line,), replace=each["message"], refund=refund.mark),
            f"{name}:{each['channel']}:{each['to']}:{each['message']}",
            refund.order,
        )
        for each in shown
    ]
