"""Which gateways may send a refund, and the payment that goes back."""

from datetime import timedelta

import pytest

from flows.ways_out import giving_of, way_rows, ways_out
from gateways.giving import Stage
from sales.errors import Rejected, Tell
from sales.money import Money
from sales.purchase import Order
from sales.refund import Means, Refund
from sales.transfer import Payer
from storage import orders
from tests.clock import FrozenClock
from tests.flows.desk import Desk
from tests.flows.giving import Counter
from tests.flows.many_prices import BY_CARD, attempts, order_by, sell_in_all, told_by
from tests.flows.shop import PRICE, Shop

LOOK = timedelta(minutes=1)


@pytest.fixture
async def vnpay(sqlite_shop: Shop) -> Counter:
    """A shop whose orders are paid by VNPay, which can give them back."""
    sell_in_all(sqlite_shop)
    return Counter.open(await Desk.open(sqlite_shop), Means.VNPAY)


async def offered(counter: Counter, refund: Refund) -> tuple[Means, ...]:
    premises = counter.desk.shop.premises
    return await counter.desk.shop.store.read(lambda unit: ways_out(unit, premises, refund))


async def paid(counter: Counter, transaction: str = "14831393") -> Order:
    shop = counter.desk.shop
    order = await order_by(shop, BY_CARD)
    number = (await attempts(shop, order))[-1].number
    await shop.settle(await told_by(shop, order, ref=f"{number}:{transaction}", payer=Payer(bank="NCB")))
    return order


async def owed(counter: Counter, minor: int | None = None) -> Refund:
    return await counter.desk.owed(await paid(counter), minor)


async def test_a_payout_needs_a_gateway_and_a_confirmed_account(sqlite_shop: Shop) -> None:
    desk = await Desk.open(sqlite_shop)
    confirmed = await desk.confirm_as_admin(await desk.owed(await desk.paid()))
    premises = sqlite_shop.premises
    assert await sqlite_shop.store.read(lambda unit: ways_out(unit, premises, confirmed)) == ()
    counter = Counter.open(desk)
    assert await offered(counter, confirmed) == (Means.PAYOUT,)
    assert await offered(counter, await desk.owed(await desk.paid())) == ()
    assert await offered(counter, await counter.send(confirmed)) == ()


async def test_what_vnpay_brought_may_go_back_by_vnpay_without_any_account(vnpay: Counter) -> None:
    refund = await owed(vnpay)
    assert (refund.confirmed_at, await offered(vnpay, refund)) == (None, (Means.VNPAY,))
    premises = vnpay.desk.shop.premises
    ((button,),) = await vnpay.desk.shop.store.read(lambda unit: way_rows(unit, premises, refund.id))
    assert (button.label.id, button.token) == ("refund-by-vnpay-button", f"refund-by:vnpay:{refund.mark}")
    assert await offered(vnpay, await vnpay.desk.owed(await vnpay.desk.paid())) == ()


@pytest.mark.parametrize(("minor", "whole"), [(None, True), (20_000, False)])
async def test_the_very_payment_goes_back(vnpay: Counter, minor: int | None, whole: bool) -> None:
    refund, shop = await vnpay.choose(await owed(vnpay, minor)), vnpay.desk.shop
    giving = await shop.store.read(lambda unit: giving_of(unit, shop.premises.shop.id, refund))
    order = await shop.store.read(lambda unit: orders.by_id(unit, shop.premises.shop.id, refund.of_order))
    attempt = (await attempts(shop, order))[-1]
    assert giving.origin is not None
    assert (giving.origin.number, giving.origin.made_at) == (attempt.number, attempt.made_at)
    assert (giving.origin.transaction, giving.origin.amount) == ("14831393", Money(PRICE))
    assert (giving.amount == giving.origin.amount, giving.key) == (whole, refund.request_key)


async def test_it_is_followed_to_its_end(vnpay: Counter, clock: FrozenClock) -> None:
    refund = await vnpay.send(await owed(vnpay))
    assert (refund.state, await vnpay.desk.shop.totals()) == ("sent", {"received": PRICE, "refund_paid": PRICE})
    vnpay.till.ends(Stage.ARRIVED)
    clock.move(LOOK)
    refund = await vnpay.follow(refund)
    assert refund.state == "settled"
    assert "order-refund-sent-vnpay" in await vnpay.desk.shop.said((await vnpay.desk.buyer(refund)).external)


async def test_what_vnpay_refuses_may_go_another_way_but_not_by_vnpay_again(vnpay: Counter) -> None:
    """What VNPay says of a payment does not tell its second refund from its first."""
    vnpay.till.troubles = [Rejected("VNPay: code 95")]
    refund = await vnpay.send(await owed(vnpay))
    assert (refund.state, refund.means, refund.error) == ("approved", Means.VIETQR, "VNPay: code 95")
    assert (bool(refund.payee), refund.confirmed_at) == (False, None), "what stood for no account is none"
    assert await offered(vnpay, refund) == ()
    payable = await vnpay.desk.confirm_as_admin(refund)
    assert (await vnpay.desk.close(payable)).state == "sent"


async def test_what_vnpay_fails_at_later_may_go_another_way(vnpay: Counter, clock: FrozenClock) -> None:
    refund = await vnpay.send(await owed(vnpay))
    vnpay.till.ends(Stage.FAILED, "VNPay: status 09")
    clock.move(LOOK)
    refund = await vnpay.follow(refund)
    assert (refund.state, refund.means, bool(refund.payee)) == ("failed", Means.VIETQR, False)
    assert (await vnpay.desk.shop.said((await vnpay.desk.buyer(refund)).external))[-1] == "refund-not-gone"
    assert (await vnpay.desk.close(await vnpay.desk.confirm_as_admin(refund))).state == "sent"


async def test_one_payment_goes_back_by_vnpay_once(vnpay: Counter) -> None:
    order = await paid(vnpay)
    first = await vnpay.send(await vnpay.desk.owed(order, 20_000))
    second = await vnpay.desk.owed(order, 20_000)
    assert (first.state, await offered(vnpay, second)) == ("sent", ())
    with pytest.raises(Tell, match="refund-not-open"):
        await vnpay.choose(second)


async def test_a_confirmed_account_stays_when_vnpay_refuses(vnpay: Counter) -> None:
    refund = await vnpay.desk.confirm_as_admin(await owed(vnpay))
    vnpay.till.troubles = [Rejected("VNPay: code 95")]
    refund = await vnpay.send(refund)
    assert refund.payable
