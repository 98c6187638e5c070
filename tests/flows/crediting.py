"""What tests do about credit, in short."""

from flows.cancel_order import cancel_order
from flows.credit import keep_parts, spendable
from flows.messages import Reply, unpack
from flows.wish_refund import wish_refund
from sales.people import Peer
from sales.purchase import Order
from sales.refund import Refund
from storage import credit, orders
from tests.flows.shop import Shop


async def with_credit(shop: Shop, minor: int, peer: Peer | None = None) -> tuple[Peer, Order]:
    """A buyer who has paid so much too much for a first order."""
    buyer = peer or await shop.meet()
    order = await shop.order(buyer)
    (asked,) = (await shop.story(order))["attempts"]
    await shop.settle(shop.sighting(order.code, asked["amount"] + minor))
    return buyer, order


async def has(shop: Shop, peer: Peer, currency: str = "VND") -> int:
    """The buyer's credit by the ledger."""
    found = await shop.store.read(lambda unit: credit.credit_of(unit, shop.premises.shop.id, peer.buyer))
    return found.get(currency, 0)


async def free(shop: Shop, peer: Peer) -> dict[str, int]:
    """What the next order of the buyer would take."""
    return await shop.store.read(lambda unit: spendable(unit, shop.premises, peer.buyer))


async def lies(shop: Shop, peer: Peer) -> dict[str, int]:
    """Code → minor units of credit that lie on that order."""
    found = await shop.store.read(lambda unit: credit.lots(unit, shop.premises.shop.id, peer.buyer))
    return {lot.code: lot.amount.minor for lot in found}


async def cancel(shop: Shop, peer: Peer, order: Order) -> bool:
    actor = f"buyer:{peer.buyer}"
    return await shop.store.write(lambda unit: cancel_order(unit, shop.premises, peer, order, actor))


async def keep(shop: Shop, order: Order) -> int:
    """Keep the part of an order, as it stands now."""
    now = await standing(shop, order)
    kept = await shop.store.write(lambda unit: keep_parts(unit, shop.premises, now, "VND", f"buyer:{now.buyer}"))
    return kept.minor


async def wish(shop: Shop, peer: Peer, order: Order, minor: int) -> Refund:
    now = await standing(shop, order)
    return await shop.store.write(lambda unit: wish_refund(unit, shop.premises, peer, now, minor, "VND"))


async def standing(shop: Shop, order: Order) -> Order:
    return await shop.store.read(lambda unit: orders.by_id(unit, shop.premises.shop.id, order.id))


async def told(shop: Shop, to: str, id_: str) -> list[Reply]:
    """Every reply for that chat that holds a line of this id."""
    replies = [unpack(row.payload["reply"]) for row in await shop.jobs("reply") if row.payload["to"] == to]
    return [reply for reply in replies if id_ in [line.id for line in reply.lines]]


def tokens(reply: Reply) -> list[str]:
    """What its buttons send back."""
    return [choice.token for row in reply.choices for choice in row if choice.token]
