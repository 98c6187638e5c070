"""An invoice that the chat itself shows, for an attempt that is paid there."""

from flows.channel import ChatInvoice
from flows.messages import Say
from flows.office import Office
from gateways.stars_payload import write_payload
from sales.ids import AttemptId, ShopId
from storage import orders
from storage.unit import Unit


async def chat_invoice(office: Office, attempt_id: AttemptId) -> ChatInvoice | None:
    """The invoice of an attempt; None when nobody should pay it any more."""
    shop = office.premises.shop.id
    return await office.store.read(lambda unit: _invoice(unit, shop, attempt_id))


def _invoice(unit: Unit, shop: ShopId, attempt_id: AttemptId) -> ChatInvoice | None:
    attempt, order = orders.attempt_of(unit, shop, attempt_id)
    if attempt.state != "open" or attempt.expires_at <= unit.now:
        return None
    line = orders.lines(unit, shop, [order.id])[order.id][0]
    title = Say("invoice-title", {"product": line.product_name, "plan": line.plan_name})
    return ChatInvoice(title, write_payload(order.code, attempt.number), attempt.amount)
