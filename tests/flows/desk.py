"""What admins and buyers do about refunds, in short."""

from dataclasses import dataclass

from flows.name_payee import confirm_as_admin, confirm_as_buyer, propose_payee
from flows.refund_order import Prospect, ask_refund, confirm_refund
from flows.send_refund import close_refund
from sales.payee import Payee
from sales.people import Peer
from sales.purchase import Order
from sales.refund import Refund
from storage import buyers, orders, refunds
from tests.flows.shop import ADMIN, PRICE, Shop

PAYEE = Payee("970436", "0071000123456", "NGUYEN VAN A")


@dataclass(slots=True)
class Desk:
    """A shop with an admin who has spoken to it before."""

    shop: Shop
    admin: Peer

    @classmethod
    async def open(cls, shop: Shop) -> "Desk":
        return cls(shop, await shop.meet(ADMIN.external))

    async def paid(self, *amounts: int, plan: int = 0, email: str = "") -> Order:
        """An order and what came for it; its price when nothing is said."""
        order = await self.shop.order(plan=plan, email=email)
        await self.shop.settle(*(self.shop.sighting(order.code, amount) for amount in amounts or (PRICE,)))
        return order

    async def ask(
        self, order: Order, minor: int | None = None, by: Peer | None = None, currency: str | None = None
    ) -> Prospect:
        admin, premises, code = by or self.admin, self.shop.premises, order.code
        return await self.shop.store.write(
            lambda unit: ask_refund(unit, premises, admin, code, minor, "sorry", currency)
        )

    async def confirm(self, prospect: Prospect, by: Peer | None = None) -> Prospect:
        admin, premises = by or self.admin, self.shop.premises
        return await self.shop.store.write(lambda unit: confirm_refund(unit, premises, admin, prospect.refund.id))

    async def owed(self, order: Order, minor: int | None = None) -> Refund:
        """A refund that was asked for and confirmed."""
        return await self.look((await self.confirm(await self.ask(order, minor))).refund)

    async def look(self, refund: Refund) -> Refund:
        shop = self.shop.premises.shop.id
        found = await self.shop.store.read(lambda unit: refunds.by_id(unit, shop, refund.id))
        assert found is not None
        return found

    async def propose(self, refund: Refund, payee: Payee = PAYEE) -> Refund:
        premises = self.shop.premises
        return await self.shop.store.write(lambda unit: propose_payee(unit, premises, refund, payee))

    async def confirm_as_buyer(self, refund: Refund) -> Refund:
        buyer, premises = await self.buyer(refund), self.shop.premises
        await self.shop.store.write(lambda unit: confirm_as_buyer(unit, premises, buyer, refund))
        return await self.look(refund)

    async def confirm_as_admin(self, refund: Refund, payee: Payee = PAYEE) -> Refund:
        premises = self.shop.premises
        return await self.shop.store.write(lambda unit: confirm_as_admin(unit, premises, self.admin, refund, payee))

    async def close(self, refund: Refund) -> Refund:
        premises = self.shop.premises
        await self.shop.store.write(lambda unit: close_refund(unit, premises, self.admin, refund))
        return await self.look(refund)

    async def buyer(self, refund: Refund) -> Peer:
        shop = self.shop.premises.shop.id
        order = await self.shop.store.read(lambda unit: orders.by_id(unit, shop, refund.order))
        return await self.shop.store.read(lambda unit: buyers.peer(unit, shop, order.peer))

    async def events(self, order: Order) -> list[tuple[str, str]]:
        """Kind and actor of what has happened to an order about its refunds."""
        told = (await self.shop.story(order))["events"]
        return [(each["kind"], each["actor"]) for each in told if "refund" in each["kind"]]
