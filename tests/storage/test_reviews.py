"""Reviews wait once for each thing, and are closed once, by the first who decides."""

from sales.ids import ShopId
from storage import reviews
from storage.reviews import RULE, Kind, Review
from storage.unit import Unit
from tests.flows.shop import Shop, open_shop


async def waiting(shop: Shop) -> list[Review]:
    return await shop.store.read(lambda unit: reviews.waiting(unit, shop.premises.shop.id, 10))


async def close(shop: Shop, review: Review, by: str, outcome: str, of: ShopId | None = None) -> bool:
    named = of or shop.premises.shop.id
    return await shop.store.write(lambda unit: reviews.close(unit, named, review.id, by, outcome, "why"))


async def test_the_first_who_closes_it_has_decided(shop: Shop) -> None:
    await shop.settle(shop.sighting("không mã"))
    (review,) = await waiting(shop)
    assert await close(shop, review, "admin:1", "discarded")
    assert not await close(shop, review, "admin:2", "credited")
    found = await shop.store.read(lambda unit: reviews.by_id(unit, shop.premises.shop.id, review.id))
    assert found is not None
    assert (found.closed_by, found.outcome, found.reason) == ("admin:1", "discarded", "why")
    assert await waiting(shop) == []


async def test_another_shop_sees_and_closes_none_of_it(shop: Shop) -> None:
    await shop.settle(shop.sighting("không mã"))
    (review,) = await waiting(shop)
    other = await open_shop(shop.store, slug="other")
    assert await waiting(other) == []
    assert not await close(shop, review, "admin:1", "discarded", of=other.premises.shop.id)
    found = await shop.store.read(
        lambda unit: (
            reviews.by_id(unit, other.premises.shop.id, review.id),
            reviews.all_about(unit, other.premises.shop.id, Kind.MONEY, [review.transfer or 0]),
        )
    )
    assert found == (None, [])


async def test_what_waits_is_not_opened_twice_and_what_ended_may_wait_again(shop: Shop) -> None:
    await shop.settle(shop.sighting("không mã"))
    (review,) = await waiting(shop)
    shop_id, about = shop.premises.shop.id, [(review.transfer or 0, None)]

    def again(unit: Unit) -> None:
        reviews.open_reviews(unit, shop_id, Kind.MONEY, about)

    await shop.store.write(again)
    assert await waiting(shop) == [review]
    await close(shop, review, "admin:1", "refunded")
    await shop.store.write(again)
    assert [each.transfer for each in await waiting(shop)] == [review.transfer]
    both = await shop.store.read(lambda unit: reviews.all_about(unit, shop_id, Kind.MONEY, [review.transfer or 0]))
    assert [each.outcome for each in both] == ["refunded", ""]


async def test_a_rule_s_end_is_no_person_s_decision(shop: Shop) -> None:
    await shop.settle(shop.sighting("một"), shop.sighting("hai"))
    one, other = await waiting(shop)
    await close(shop, one, RULE, "placed")
    await close(shop, other, "admin:1", "discarded")
    shop_id = shop.premises.shop.id
    for review, decided in ((one, False), (other, True)):
        transfer = review.transfer or 0
        assert await shop.store.read(lambda unit, at=transfer: reviews.decided(unit, shop_id, at)) is decided  # type: ignore[misc]
