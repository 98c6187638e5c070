"""What admins do with the review queue, in short."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest

from flows import review_money
from flows.review_money import Verdict
from sales.errors import Tell
from sales.people import Peer
from storage import reviews
from storage.reviews import Review
from storage.schema.money import decisions, postings
from storage.unit import Unit
from tests.flows.shop import ADMIN, Shop


@dataclass(slots=True)
class Queue:
    """A shop with an admin in front of its queue."""

    shop: Shop
    admin: Peer

    @classmethod
    async def open(cls, shop: Shop) -> "Queue":
        return cls(shop, await shop.meet(ADMIN.external))

    async def waiting(self) -> list[Review]:
        shop = self.shop.premises.shop.id
        return await self.shop.store.read(lambda unit: reviews.waiting(unit, shop, 100))

    async def only(self) -> Review:
        (one,) = await self.waiting()
        return one

    async def look(self, review: Review) -> Review:
        shop = self.shop.premises.shop.id
        found = await self.shop.store.read(lambda unit: reviews.by_id(unit, shop, review.id))
        assert found is not None
        return found

    async def do(self, act: Callable[..., Verdict], review: Review, *words: str, by: Peer | None = None) -> Verdict:
        """One decision, in one Unit, as the talk makes it."""
        admin, premises = by or self.admin, self.shop.premises

        def unit_of_work(unit: Unit) -> Verdict:
            return act(unit, premises, admin, review.id, *words)

        return await self.shop.store.write(unit_of_work)

    async def assign(self, review: Review, code: str, by: Peer | None = None) -> Verdict:
        return await self.do(review_money.assign, review, code, by=by)

    async def credit(self, review: Review, code: str) -> Verdict:
        return await self.do(review_money.credit, review, code)

    async def not_ours(self, review: Review) -> Verdict:
        return await self.do(review_money.not_ours, review)

    async def discard(self, review: Review, reason: str = "test") -> Verdict:
        return await self.do(review_money.discard, review, reason)

    async def decided(self) -> list[tuple[str, str, str]]:
        """Meaning, who and why of every decision, in order."""
        return [(row.meaning, row.decided_by, row.reason) for row in await self.shop.rows(decisions)]

    async def sums(self) -> dict[int, int]:
        """Decision → sum of its postings: each must be zero."""
        found: dict[int, int] = {}
        for row in await self.shop.rows(postings):
            if row.decision_id is not None:
                found[row.decision_id] = found.get(row.decision_id, 0) + row.amount
        return found


async def told(act: Awaitable[Any]) -> Tell:
    """What somebody is told instead."""
    with pytest.raises(Tell) as said:
        await act
    return said.value
