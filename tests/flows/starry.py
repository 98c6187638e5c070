"""A shop that also takes Stars, dollars and riels, and people who pay it in the chat itself."""

from dataclasses import dataclass, replace

from bot.talk.answer import answer
from flows.change_way import change_way
from flows.check_checkout import Checkout, Leave, check_checkout
from flows.messages import Incoming
from flows.place_order import place_order
from flows.premises import Plug
from gateways.bakong import BAKONG
from gateways.stars import STARS
from gateways.stars_payload import write_payload
from gateways.stars_payment import Charge, given_back, paid
from locales import Texts
from sales.money import Money
from sales.people import Peer
from sales.purchase import Attempt, Order
from sales.transfer import Sighting
from sales.way import Way
from storage import orders
from storage.store import Store
from tests.flows.shop import FILE, SOFTWARE, Shop, open_shop

PRICES = (Money(79_000), Money(100, "XTR"), Money(500, "USD"), Money(20_000, "KHR"))
TEXTS = Texts()
STARS_WAY = Way("stars", "XTR")


@dataclass(slots=True)
class Starry:
    """The shop and one buyer at chat 42."""

    shop: Shop
    buyer: Peer

    @classmethod
    async def open(cls, store: Store) -> "Starry":
        plan = replace(SOFTWARE.plans[0], prices=PRICES)
        shop = await open_shop(store, replace(FILE, products=(replace(SOFTWARE, plans=(plan,)),)))
        plugs = (Plug(STARS, {}), Plug(BAKONG, {"token": "t", "account": "shop@bank"}))
        shop.premises = replace(shop.premises, plugs=plugs)
        return cls(shop, await shop.meet())

    async def order(self, way: Way | None = STARS_WAY) -> Order:
        """An order to be paid that way; None: the first way there is."""
        offer, premises = await self.shop.offer(), self.shop.premises
        return await self.shop.store.write(lambda unit: place_order(unit, premises, self.buyer, offer, "", way))

    async def change(self, order: Order, way: Way) -> None:
        premises = self.shop.premises
        await self.shop.store.write(lambda unit: change_way(unit, premises, self.buyer, order, way, "buyer"))

    async def attempts(self, order: Order) -> list[Attempt]:
        shop = self.shop.premises.shop.id
        return await self.shop.store.read(lambda unit: orders.attempts_of(unit, shop, order.id))

    async def payload(self, order: Order) -> str:
        return write_payload(order.code, (await self.attempts(order))[-1].number)

    async def check(self, payload: str, amount: Money = PRICES[1], payer: str = "42") -> Leave:
        """What the platform is answered before it takes money."""
        asked, premises = Checkout("telegram", payer, payload, amount), self.shop.premises
        return await self.shop.store.read(lambda unit: check_checkout(unit, premises, asked))

    async def charge(self, order: Order, number: str = "stx1", amount: int = 100) -> Charge:
        return Charge(number, amount, "XTR", await self.payload(order), "42", "NGUYEN VAN A", None)

    async def hear(self, told: Sighting) -> None:
        """One update of the platform, as the inbox works it off."""
        incoming = Incoming("telegram", "42", str(next(self.shop.refs)), name="An", paid=told)
        await self.shop.store.write(lambda unit: answer(unit, self.shop.premises, TEXTS, incoming))

    async def pay(self, order: Order, number: str = "stx1", amount: int = 100) -> Charge:
        charge = await self.charge(order, number, amount)
        await self.hear(paid(charge))
        return charge

    async def take_back(self, charge: Charge) -> None:
        await self.hear(given_back(charge))
