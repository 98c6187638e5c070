"""A gateway that can be asked, and short ways to have it asked."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from flows.check_payments import Asker, check_payments
from flows.till import Till
from gateways.gateway import Asking
from sales.errors import Later
from sales.pace import CALM
from sales.purchase import Order
from sales.question import Question
from sales.transfer import Sighting
from storage import looks
from storage.looks import Look
from tests.flows.shop import Shop

GAP = timedelta(seconds=2)
SECOND = timedelta(seconds=1)


@dataclass
class Gateway:
    """Answers what it was given to know, remembers what it was asked, and fails when it is told to."""

    knows: list[Sighting] = field(default_factory=list)
    asked: list[list[int]] = field(default_factory=list)
    trouble: Exception | None = None
    most: int = 10
    fails_for: set[int] = field(default_factory=set)

    async def ask(self, questions: Sequence[Question]) -> tuple[Sighting, ...]:
        numbers = [each.number for each in questions]
        self.asked.append(numbers)
        if self.trouble is not None:
            raise self.trouble
        if self.fails_for.intersection(numbers):
            raise Later("its answer cannot be read")
        return tuple(each for each in self.knows if each.number in numbers)

    @property
    def asker(self) -> Asker:
        return Asker("vnpay", ("vnpay",), Asking(self.ask, CALM, self.most, GAP))


async def look(shop: Shop, till: Till, gateway: Gateway) -> int:
    return await check_payments(shop.store, shop.premises, till, [gateway.asker])


async def how_it_goes(shop: Shop) -> Look:
    return (await shop.store.read(lambda unit: looks.rows(unit, shop.premises.shop.id)))[0]


async def payment(shop: Shop, order: Order) -> str:
    return str((await shop.story(order))["order"]["payment"])
