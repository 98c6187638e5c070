"""What /metrics tells of the shop's rows: how much work stands where, and how its orders stand."""

from sales.ids import ShopId
from sales.order import Payment
from storage import orders, queue
from storage.unit import Unit
from storage.work import INBOX, OUTBOX

STATES = ("ready", "running", "dead")

GAUGES = {
    **{f"chotdon_{it}_{state}": f"Rows of the {it} that are {state}" for it in ("outbox", "inbox") for state in STATES},
    **{f"chotdon_orders_{payment}": f"Orders that are {payment}" for payment in Payment},
}
"""Name → meaning."""


def read_gauges(unit: Unit, shop: ShopId) -> dict[str, float]:
    """All of them at one moment; what is finished is not counted one by one."""
    stands = {table.name: queue.depths(unit, table) for table in (OUTBOX, INBOX)}
    depths = {f"chotdon_{it}_{state}": getattr(each, state) for it, each in stands.items() for state in STATES}
    counts = orders.counts(unit, shop)
    return depths | {f"chotdon_orders_{payment}": counts.get(payment, 0) for payment in Payment}
