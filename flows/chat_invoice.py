"""An invoice that the chat itself shows, for an attempt that is paid there."""

from flows.channel import ChatInvoice
from flows.messages import Say
from flows.office import Office
from gateways.stars_payload import write_payload
from sales.ids import AttemptId, ShopId
from sales.purchase import Attempt, Order
from storage import charges, orders
from storage.unit import Unit


async def chat_invoice(office: Office, attempt_id: AttemptId) -> ChatInvoice | None:
    """The invoice of an attempt; None when nobody should pay it any more."""
    shop = office.premises.shop.id
    return await office.store.read(lambda unit: _invoice(unit, shop, attempt_id))


def is_receipt(unit: Unit, shop: ShopId, attempt: Attempt, order: Order) -> bool:
    """Whether that very invoice was paid: the platform makes its message the payer's receipt."""
    if not attempt.in_chat:
        return False
    payload = write_payload(order.code, attempt.number)
    return any(charge.memo == payload for charge in charges.of_order(unit, shop, order.id, attempt.gateway))


def _invoice(unit: Unit, shop: ShopId, attempt_id: AttemptId) -> ChatInvoice | None:
    attempt, order = orders.attempt_of(unit, shop, attempt_id)
    if not attempt.payable(order, unit.now):
        return None
    line = orders.lines(unit, shop, [order.id])[order.id][0]
    title = Say("invoice-title", {"product": line.product_name, "plan": line.plan_name})
    return ChatInvoice(title, write_payload(order.code, attempt.number), attempt.amount)
