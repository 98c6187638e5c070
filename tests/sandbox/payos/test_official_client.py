"""The official package for Python as the seller's side of the wire, for all it does right."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from payos import APIError, AsyncPayOS, TooManyRequestsError, UnauthorizedError, WebhookError
from payos.types import CreatePaymentLinkRequest, ItemData

from sales.vietqr import decode
from tests.sandbox.house import House
from tests.sandbox.payos.seller import KEYS, pay


@pytest.fixture
async def client(house: House) -> AsyncIterator[AsyncPayOS]:
    async with AsyncPayOS(**KEYS, base_url=f"{house.base}{house.street.payos_url}/", max_retries=0) as client:
        yield client


def request(number: int = 42, words: str = "Mua khoá học số 7") -> CreatePaymentLinkRequest:
    return CreatePaymentLinkRequest(
        order_code=number,
        amount=50_000,
        description=words,
        cancel_url="https://shop.example/huỷ",
        return_url="https://t.me/shopbot?start=42",
        items=[ItemData(name="Khoá học", quantity=1, price=50_000)],
        buyer_name="NGUYEN VAN A",
    )


async def test_it_opens_asks_and_cancels(house: House, client: AsyncPayOS) -> None:
    wish = request()
    wish.expired_at = int((house.clock() + timedelta(minutes=30)).timestamp())
    made = await client.payment_requests.create(wish)
    assert decode(made.qr_code).account == made.account_number
    assert (made.order_code, made.amount, made.status, made.expired_at) == (42, 50_000, "PENDING", wish.expired_at)
    assert made.description.endswith(" Mua khoá học số 7")
    asked = await client.payment_requests.get(42)
    assert (asked.id, asked.amount_remaining, asked.transactions) == (made.payment_link_id, 50_000, [])
    told = await client.payment_requests.cancel(made.payment_link_id, "hết hàng")
    assert (told.status, told.cancellation_reason) == ("CANCELLED", "hết hàng")


async def test_it_sees_the_money(house: House, client: AsyncPayOS) -> None:
    made = await client.payment_requests.create(request())
    link = {"accountNumber": made.account_number, "amount": made.amount, "description": made.description}
    await pay(house, link, "short")
    await pay(house, link, amount=10_000, sources=["payos"])
    asked = await client.payment_requests.get(42)
    assert (asked.status, [each.amount for each in asked.transactions]) == ("PAID", [40_000, 10_000])
    notices = [body for body in house.door.bodies if b"paymentLinkId" in body]
    seen = [await client.webhooks.verify(body) for body in notices]
    assert [each.reference for each in seen] == [each.reference for each in asked.transactions]
    assert {(each.order_code, each.payment_link_id) for each in seen} == {(42, made.payment_link_id)}


async def test_it_refuses_a_forged_notice(house: House, client: AsyncPayOS) -> None:
    made = await client.payment_requests.create(request())
    link = {"accountNumber": made.account_number, "amount": made.amount, "description": made.description}
    await pay(house, link, "forged", sources=["payos"])
    with pytest.raises(WebhookError):
        await client.webhooks.verify(house.door.bodies[0])


async def test_it_confirms_a_webhook(house: House, client: AsyncPayOS) -> None:
    url = f"{house.base}/webhooks/main/payos"
    assert (await client.webhooks.confirm(url)).webhook_url == url
    assert (await client.webhooks.verify(house.door.bodies[0])).order_code == 123
    house.door.script.append(404)
    with pytest.raises(WebhookError):
        await client.webhooks.confirm(url)


async def test_it_understands_what_is_refused(house: House, client: AsyncPayOS) -> None:
    await client.payment_requests.create(request())
    with pytest.raises(APIError) as taken:
        await client.payment_requests.create(request())
    with pytest.raises(APIError) as unknown:
        await client.payment_requests.get(43)
    with pytest.raises(APIError) as long:
        await client.payment_requests.create(request(44, "x" * 26))
    assert [each.value.error_code for each in (taken, unknown, long)] == ["231", "101", "20"]
    await house.post("faults", payos_limit_next=True)
    with pytest.raises(TooManyRequestsError):
        await client.payment_requests.get(42)
    client.checksum_key = "another key"
    with pytest.raises(APIError) as forged:
        await client.payment_requests.create(request(45))
    assert forged.value.error_code == "201"
    client.api_key = "another key"
    with pytest.raises(UnauthorizedError):
        await client.payment_requests.get(42)
