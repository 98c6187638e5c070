"""What /metrics tells of the shop's rows: how much work stands where, and how its orders stand."""

from gateways.registry import GATEWAYS
from sales.ids import ShopId
from sales.order import Payment
from storage import looks, orders, queue
from storage.unit import Unit
from storage.work import INBOX, OUTBOX

STATES = ("ready", "running", "dead")

ASKED = {each.name: f"chotdon_look_failures_{each.name.replace('-', '_')}" for each in GATEWAYS if each.ask}

GAUGES = {
    **{f"chotdon_{it}_{state}": f"Rows of the {it} that are {state}" for it in ("outbox", "inbox") for state in STATES},
    **{f"chotdon_orders_{payment}": f"Orders that are {payment}" for payment in Payment},
    **{gauge: f"Times in a row that {name} could not be asked about payments" for name, gauge in ASKED.items()},
    "chotdon_looks_waiting": "Payments that gateways are asked about from time to time",
}
"""Name → meaning."""


def read_gauges(unit: Unit, shop: ShopId) -> dict[str, float]:
    """All of them at one moment; what is finished is not counted one by one."""
    stands = {table.name: queue.depths(unit, table) for table in (OUTBOX, INBOX)}
    depths = {f"chotdon_{it}_{state}": getattr(each, state) for it, each in stands.items() for state in STATES}
    counts = orders.counts(unit, shop)
    failures = {each.gateway: each.failures for each in looks.rows(unit, shop)}
    asking = {gauge: failures.get(name, 0) for name, gauge in ASKED.items()}
    asking["chotdon_looks_waiting"] = looks.waiting(unit, shop)
    return depths | asking | {f"chotdon_orders_{payment}": counts.get(payment, 0) for payment in Payment}
