"""Both forms of Casso's notice in one ledger."""

from flows.notice import Notice
from flows.settle_payments import settle_payments
from gateways.casso import CASSO
from gateways.gateway import Request
from sales.errors import PartlyMalformed
from storage.schema.money import sightings, transfers
from tests.clock import FrozenClock
from tests.flows.shop import ACCOUNT, PRICE, Shop
from tests.gateways.casso_signing import SECRETS, TOKEN, row, rows

BOTH = {**SECRETS, "secure_token": TOKEN}
NOW = FrozenClock()()
V1 = {"secure_token": TOKEN}


async def settle(shop: Shop, request: Request) -> int:
    """Settle what can be read of a request, as the door does; answers how many movements were new."""
    try:
        told = CASSO.read(BOTH, request, NOW)
    except PartlyMalformed as refusal:
        told = refusal.readable
    notice = Notice("casso", request.body.decode(), told)
    return (await shop.store.write(lambda unit: settle_payments(unit, shop.premises, [notice]))).new


async def test_the_same_movement_in_both_forms_is_kept_once(shop: Shop) -> None:
    order = await shop.order()
    said = shop.sighting(order.code)
    for secrets, new in ((V1, 1), (SECRETS, 0), (V1, 0)):
        assert await settle(shop, CASSO.forge(secrets, said, NOW)) == new
    assert len(await shop.rows(transfers)) == len(await shop.rows(sightings)) == 1
    assert (await shop.story(order))["order"]["payment"] == "paid"


async def test_a_call_of_hundreds_of_rows_is_settled_as_one_unit(shop: Shop) -> None:
    order = await shop.order()
    many = [row(id=number, bank_sub_acc_id=ACCOUNT, amount=PRICE, description=str(number)) for number in range(1, 500)]
    paying = row(id=500, bank_sub_acc_id=ACCOUNT, amount=PRICE, description=order.code)
    assert await settle(shop, rows(*many, paying, paying)) == 500
    assert await settle(shop, rows(paying, *many)) == 0
    assert (await shop.story(order))["order"]["payment"] == "paid"
    assert (await shop.books())["balanced"]


async def test_rows_beside_an_unreadable_one_pay_their_orders(shop: Shop) -> None:
    one, other = await shop.order(), await shop.order()
    mine = {"bank_sub_acc_id": ACCOUNT, "amount": PRICE}
    call = rows(row(id=1, description=one.code, **mine), {"id": 2}, row(id=3, description=other.code, **mine))
    assert (await settle(shop, call), await settle(shop, call)) == (2, 0)
    assert [(await shop.story(each))["order"]["payment"] for each in (one, other)] == ["paid", "paid"]
