"""Hand the goods over: by chat and by e-mail, each by itself, so that one broken way never stops the other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flows.channel import Address
from flows.compose_goods import letter_of_goods, message_of_goods
from flows.messages import Reply, Say
from flows.office import After, Office
from flows.premises import Premises
from flows.send_reply import admin_jobs
from flows.task import Task
from sales.ids import OrderId
from sales.people import Peer
from sales.purchase import Order
from storage import buyers, goods, orders, work
from storage.unit import Unit
from storage.work import Event, Job

TOPIC = "deliver_goods"
EMAIL = "email"


def first_deliveries(unit: Unit, premises: Premises, paid: Sequence[Order], peers: Mapping[OrderId, Peer]) -> list[Job]:
    """Jobs that carry the goods of newly paid orders to their chat and, where given, to their e-mail address."""
    ways = [(order, peers[order.id].channel, peers[order.id].external) for order in paid]
    ways += [(order, EMAIL, order.email) for order in paid if order.email]
    return _deliveries(unit, premises, ways, "first")


def deliver_again(unit: Unit, premises: Premises, order: Order, peer: Peer, event: str) -> None:
    """Hand the goods of a paid order over once more, to the chat that asks; `event` names the asking."""
    jobs = _deliveries(unit, premises, [(order, peer.channel, peer.external)], event)
    work.enqueue(unit, premises.shop.id, jobs)


def _deliveries(unit: Unit, premises: Premises, ways: Sequence[tuple[Order, str, str]], occasion: str) -> list[Job]:
    shop = premises.shop.id
    rows = [{"shop_id": shop, "order_id": order.id, "channel": way, "address": to} for order, way, to in ways]
    ids = goods.add_deliveries(unit, rows)
    return [
        Job(TOPIC, f"goods:{order.id}:{way}:{occasion}", {"delivery": id_}, f"{way}:{to}", order.id)
        for id_, (order, way, to) in zip(ids, ways, strict=True)
    ]


async def deliver_goods(office: Office, task: Task) -> After:
    """Show the goods of one order by one way; the delivery is marked in the Unit that ends the job."""
    parcel = await office.store.read(lambda unit: _pack_parcel(unit, office.premises, int(task.payload["delivery"])))
    address = Address(parcel.to, parcel.language, office.premises.shop.zone)
    message = await office.channel(parcel.channel).show(address, parcel.reply, task.key)
    return lambda unit: _delivered(unit, office.premises, parcel, message)


def lose_delivery(unit: Unit, premises: Premises, delivery_id: int, reason: str) -> None:
    """Note that a delivery will never arrive by its way, and tell the admins."""
    shop = premises.shop.id
    delivery = goods.delivery(unit, shop, delivery_id)
    order = orders.by_id(unit, shop, OrderId(delivery.order_id))
    goods.end_delivery(unit, shop, delivery_id, None, reason)
    work.log(unit, shop, [Event("goods.undeliverable", order.id, detail={"channel": delivery.channel})])
    line = Say("admin-undeliverable", {"code": order.code, "channel": delivery.channel})
    work.enqueue(unit, shop, admin_jobs(unit, premises, [line], f"undeliverable:{delivery_id}", order.id))


@dataclass(frozen=True, slots=True)
class _Parcel:
    delivery: int
    order: OrderId
    channel: str
    to: str
    language: str
    reply: Reply


def _pack_parcel(unit: Unit, premises: Premises, delivery_id: int) -> _Parcel:
    shop = premises.shop
    delivery = goods.delivery(unit, shop.id, delivery_id)
    order = orders.by_id(unit, shop.id, OrderId(delivery.order_id))
    peer = buyers.peer(unit, shop.id, order.peer)
    lines = orders.lines(unit, shop.id, [order.id])[order.id]
    grants = goods.grants_of(unit, shop.id, order.id, premises.vault)
    compose = letter_of_goods if delivery.channel == EMAIL else message_of_goods
    reply = compose(shop, order, list(zip(lines, grants, strict=True)))
    return _Parcel(delivery_id, order.id, delivery.channel, delivery.address, peer.language, reply)


def _delivered(unit: Unit, premises: Premises, parcel: _Parcel, message: str) -> None:
    shop = premises.shop.id
    goods.end_delivery(unit, shop, parcel.delivery, message, None)
    work.log(unit, shop, [Event("goods.delivered", parcel.order, detail={"channel": parcel.channel})])
