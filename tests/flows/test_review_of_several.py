"""Several sums lie on one order: a refund begun from a review takes that money, and what is left can be decided."""

from datetime import timedelta

from flows.refund_order import ask_refund, ask_refund_of_money, confirm_refund
from flows.review_case import waiting_case
from sales.money import Money
from sales.purchase import Order
from sales.refund import Refund
from sales.transfer import Payer
from storage.reviews import Review
from tests.clock import FrozenClock
from tests.flows.queue import Queue, told
from tests.flows.shop import PRICE, Shop

PART = 50_000
OTHER = Payer("TRAN THI B", "0071000000111", "970436")


async def long_late(shop: Shop, clock: FrozenClock, *payers: Payer, part: int = 0) -> tuple[Queue, Order, list[Review]]:
    """An order for which money came when nobody remembered it: its price from each of these payers."""
    queue, order = await Queue.open(shop), await shop.order()
    if part:
        await shop.settle(shop.sighting(order.code, part))
    clock.now = order.watch_until + timedelta(days=31)
    await shop.work()
    await shop.settle(*(shop.sighting(order.code, payer=payer) for payer in payers))
    return queue, order, await queue.waiting()


async def refund(queue: Queue, order: Order, minor: int, review: Review | None = None) -> Refund:
    """Owed, as the button of a review asks for it, or as an admin types it."""
    shop, admin = queue.shop, queue.admin
    about = (shop.premises, admin, order.code)
    if review is None:
        asked = await shop.store.write(lambda unit: ask_refund(unit, *about, minor, ""))
    else:
        transfer = review.transfer or 0
        asked = await shop.store.write(lambda unit: ask_refund_of_money(unit, *about, Money(minor), transfer))
    await shop.store.write(lambda unit: confirm_refund(unit, shop.premises, admin, asked.refund.id))
    return asked.refund


async def test_a_review_gives_back_its_own_money_and_leaves_a_part_alone(sqlite_shop: Shop, clock: FrozenClock) -> None:
    queue, order, (review,) = await long_late(sqlite_shop, clock, OTHER, part=PART)
    given = await refund(queue, order, PRICE, review)
    assert (given.transfer, given.payee.account) == (review.transfer, OTHER.account)
    assert await sqlite_shop.totals() == {"received": PART + PRICE, "deposit": PART, "refund_owed": PRICE}
    assert (await queue.look(review)).outcome == "refunded"


async def test_of_two_one_is_given_back_and_the_other_can_be_decided(sqlite_shop: Shop, clock: FrozenClock) -> None:
    """The bank named nobody: which of them goes back is known from the review alone."""
    queue, order, (first, second) = await long_late(sqlite_shop, clock, Payer(), Payer())
    await refund(queue, order, PRICE, second)
    assert await queue.waiting() == [first]
    await queue.assign(first, order.code)
    assert await sqlite_shop.totals() == {"received": 2 * PRICE, "revenue": PRICE, "refund_owed": PRICE}
    assert await queue.waiting() == []


async def test_what_an_admin_types_is_taken_from_the_oldest(sqlite_shop: Shop, clock: FrozenClock) -> None:
    queue, order, (first, second) = await long_late(sqlite_shop, clock, Payer(), OTHER)
    await refund(queue, order, PRICE + 9_000)
    assert await queue.waiting() == [second]
    assert (await told(queue.assign(first, order.code))).message == "review-decided"
    assert (await told(queue.not_ours(second))).message == "review-being-refunded"
    await queue.credit(second, order.code)
    assert await sqlite_shop.totals() == {
        "received": 2 * PRICE, "credit": PRICE - 9_000, "refund_owed": PRICE + 9_000,
    }  # fmt: skip
    await sqlite_shop.books()


async def test_what_is_left_of_one_can_be_discarded_or_too_little_for_its_order(
    sqlite_shop: Shop, clock: FrozenClock
) -> None:
    queue, order, (review,) = await long_late(sqlite_shop, clock, OTHER)
    await refund(queue, order, 9_000)
    case = await sqlite_shop.store.read(lambda unit: waiting_case(unit, sqlite_shop.premises, review.id))
    assert (case.amount.minor, case.taken) == (PRICE - 9_000, 9_000)
    assert (await told(queue.assign(review, order.code))).message == "review-too-little"
    await queue.discard(review)
    assert await sqlite_shop.totals() == {"received": PRICE, "refund_owed": 9_000, "discarded": PRICE - 9_000}
    assert set((await queue.sums()).values()) == {0}


async def test_what_is_left_of_one_can_pay_a_cheaper_order(sqlite_shop: Shop, clock: FrozenClock) -> None:
    queue, order, (review,) = await long_late(sqlite_shop, clock, OTHER)
    await refund(queue, order, 9_000)
    other = await sqlite_shop.order(await sqlite_shop.meet("other"))
    await queue.assign(review, other.code)
    assert await sqlite_shop.totals() == {"received": PRICE, "refund_owed": 9_000, "deposit": PRICE - 9_000}
    story = await sqlite_shop.story(other)
    assert (story["order"]["payment"], story["order"]["deposited"]) == ("open", PRICE - 9_000)
    assert await sqlite_shop.meanings() == ["short"]


async def test_all_of_it_given_back_leaves_nothing_to_decide(sqlite_shop: Shop, clock: FrozenClock) -> None:
    queue, order, _ = await long_late(sqlite_shop, clock, Payer(), OTHER, part=PART)
    await refund(queue, order, 2 * PRICE + PART)
    assert await queue.waiting() == []
    assert await sqlite_shop.totals() == {"received": 2 * PRICE + PART, "refund_owed": 2 * PRICE + PART}
