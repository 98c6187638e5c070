"""VNPay at the real door, before a real till and database: each notice gets the code that VNPay wants for it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from flows.notice import Notice
from flows.place_order import place_order
from flows.premises import Plug
from flows.till import Till
from gateways.gateway import Secrets
from gateways.vnpay import VNPAY
from gateways.vnpay_time import stamp
from sales.errors import StoreBusy
from sales.purchase import Attempt, Order
from sales.settlement import Outcome
from sales.transfer import Sighting
from sales.way import Way
from storage import looks, orders
from storage.schema.goods import grants
from storage.schema.money import notices, sightings, transfers
from storage.store import Store
from tests.clock import FrozenClock
from tests.flows.shop import PRICE, Shop, open_shop
from tests.gateways import vnpay_signing
from tests.gateways.vnpay_signing import SECRETS
from tests.webhooks.house import Visitor, opened
from webhooks.doors import Doors
from webhooks.server import build_app

PATH = "/webhooks/main/vnpay"


@dataclass
class Teller:
    """A shop that sells by VNPay, and VNPay in front of its door."""

    shop: Shop
    visitor: Visitor
    clock: FrozenClock

    async def order(self) -> tuple[Order, Attempt]:
        """An order that waits for VNPay, with its attempt."""
        buyer, offer = await self.shop.meet(), await self.shop.offer()
        premises, way = self.shop.premises, Way("vnpay", "VND")
        order = await self.shop.store.write(lambda unit: place_order(unit, premises, buyer, offer, "", way))
        [attempt] = await self.shop.store.read(lambda unit: orders.attempts_of(unit, premises.shop.id, order.id))
        return order, attempt

    async def tell(self, number: object, key: str = SECRETS["hash_secret"], **changes: str) -> str:
        """Bring a notice of this number; answer the code, for which HTTP is always 200."""
        said = {"TxnRef": str(number), "Amount": str(PRICE * 100), "PayDate": stamp(self.clock())} | changes
        params = {**vnpay_signing.PARAMS, **{f"vnp_{name}": value for name, value in said.items()}}
        answer = await self.visitor.notify(vnpay_signing.signed(params, key), PATH)
        assert answer.status == 200
        assert set(answer.json) == {"RspCode", "Message"}
        return str(answer.json["RspCode"])

    async def state(self, order: Order) -> str:
        return str((await self.shop.story(order))["order"]["payment"])


@asynccontextmanager
async def selling(store: Store, clock: FrozenClock) -> AsyncIterator[Teller]:
    shop = await open_shop(store)
    shop.premises = replace(shop.premises, plugs=(Plug(VNPAY, SECRETS, VNPAY.url),), base="https://shop.example")
    till = Till(store, shop.premises)

    async def settle(_shop: str, gateway: str, said: tuple[Sighting, ...], body: bytes) -> Outcome:
        return await till.settle(Notice(gateway, body.decode("utf-8", "replace"), said))

    async def ready() -> dict[str, bool]:
        return {}

    def secrets(name: str, gateway: str) -> Secrets | None:
        return SECRETS if (name, gateway) == ("main", "vnpay") else None

    async with opened(None, build_app(Doors(secrets, settle, ready, clock))) as visitor:  # type: ignore[arg-type]
        yield Teller(shop, visitor, clock)


@pytest.fixture
async def vnpay(store: Store, clock: FrozenClock) -> AsyncIterator[Teller]:
    async with selling(store, clock) as teller:
        yield teller


async def test_the_buyer_is_asked_by_a_signed_address(vnpay: Teller) -> None:
    order, attempt = await vnpay.order()
    params = dict(parse_qsl(urlsplit(attempt.link_url).query))
    assert (params["vnp_TxnRef"], params["vnp_Amount"]) == (str(attempt.number), str(PRICE * 100))
    assert params["vnp_ReturnUrl"] == "https://shop.example/return/main/vnpay"
    assert params["vnp_CreateDate"] == stamp(vnpay.clock())
    assert (params["vnp_OrderInfo"], attempt.bank_account) == (order.code, None)


async def test_a_success_pays_once_whatever_is_repeated(vnpay: Teller) -> None:
    order, attempt = await vnpay.order()
    assert [await vnpay.tell(attempt.number) for _ in range(3)] == ["00", "02", "02"]
    assert await vnpay.state(order) == "paid"
    assert (await vnpay.shop.meanings(), await vnpay.shop.totals()) == (
        ["exact"],
        {"received": PRICE, "revenue": PRICE},
    )
    assert len(await vnpay.shop.rows(grants)) == 1


async def test_a_forged_notice_leaves_no_trace(vnpay: Teller) -> None:
    order, attempt = await vnpay.order()
    assert await vnpay.tell(attempt.number, key="another key") == "97"
    true = vnpay_signing.notice(TxnRef=str(attempt.number), Amount=str(PRICE * 100))
    for query in (
        (*true.query, ("vnp_Amount", str(PRICE * 100))),
        tuple(each for each in true.query if each[0] != "vnp_SecureHash"),
        (("vnp_ResponseCode", "00"),),
    ):
        answer = await vnpay.visitor.notify(replace(true, query=query), PATH)
        assert (answer.status, answer.json["RspCode"]) == (200, "97")
    assert await vnpay.shop.rows(notices) == []
    assert await vnpay.state(order) == "open"


@pytest.mark.parametrize("number", ["7", "A-1_b", "0", "9" * 15])
async def test_a_number_that_is_not_ours_is_unknown_however_often_it_comes(vnpay: Teller, number: str) -> None:
    order, _ = await vnpay.order()
    assert [await vnpay.tell(number) for _ in range(2)] == ["01", "01"]
    assert await vnpay.shop.meanings() == ["unmatched"]
    assert await vnpay.state(order) == "open"


async def test_another_terminal_is_unknown_and_never_in_the_books(vnpay: Teller) -> None:
    order, attempt = await vnpay.order()
    assert await vnpay.tell(attempt.number, TmnCode="OTHERTMN") == "01"
    assert await vnpay.shop.rows(transfers) == []
    assert await vnpay.state(order) == "open"


async def test_the_number_of_another_gateways_attempt_is_unknown(vnpay: Teller) -> None:
    order = await vnpay.shop.order()
    [attempt] = (await vnpay.shop.story(order))["attempts"]
    assert attempt["gateway"] == "casso"
    assert await vnpay.tell(attempt["number"]) == "01"
    assert await vnpay.state(order) == "open"


@pytest.mark.parametrize(("amount", "meaning"), [(PRICE - 1, "short"), (PRICE + 1, "over"), (1, "short")])
async def test_a_wrong_amount_is_kept_with_its_decision(vnpay: Teller, amount: int, meaning: str) -> None:
    _, attempt = await vnpay.order()
    assert [await vnpay.tell(attempt.number, Amount=str(amount * 100)) for _ in range(2)] == ["04", "04"]
    assert await vnpay.shop.meanings() == [meaning]


@pytest.mark.parametrize("hundredths", [PRICE * 100 + 1, PRICE * 100 - 1, 0, 1])
async def test_parts_of_a_dong_pay_nothing(vnpay: Teller, hundredths: int) -> None:
    order, attempt = await vnpay.order()
    assert await vnpay.tell(attempt.number, Amount=str(hundredths)) == "04"
    assert await vnpay.shop.rows(transfers) == []
    assert await vnpay.state(order) == "open"


@pytest.mark.parametrize(
    ("code", "said"), [("24", "payment-cancelled"), ("51", "payment-failed"), ("11", "payment-failed")]
)
async def test_a_recorded_failure_is_taken_too_and_the_order_stays(vnpay: Teller, code: str, said: str) -> None:
    order, attempt = await vnpay.order()
    failed = {"ResponseCode": code, "TransactionStatus": "02", "TransactionNo": "0"}
    assert [await vnpay.tell(attempt.number, **failed) for _ in range(2)] == ["00", "00"]
    assert (await vnpay.shop.rows(sightings), await vnpay.state(order)) == ([], "open")
    assert [each for each in await vnpay.shop.said("42") if each.startswith("payment-")] == [said]
    assert (await vnpay.shop.story(order))["attempts"][0]["state"] == "failed"


@pytest.mark.parametrize(("code", "status"), [("00", "02"), ("24", "00"), ("99", "00")])
async def test_one_good_code_alone_is_no_money(vnpay: Teller, code: str, status: str) -> None:
    order, attempt = await vnpay.order()
    assert await vnpay.tell(attempt.number, ResponseCode=code, TransactionStatus=status) == "00"
    assert (await vnpay.shop.rows(transfers), await vnpay.state(order)) == ([], "open")


async def test_what_is_suspected_waits_for_a_person_and_may_still_arrive(vnpay: Teller) -> None:
    order, attempt = await vnpay.order()
    held = {"ResponseCode": "07", "TransactionStatus": "07"}
    assert [await vnpay.tell(attempt.number, **held) for _ in range(2)] == ["00", "02"]
    assert (await vnpay.shop.rows(grants), await vnpay.state(order)) == ([], "open")
    assert "admin-held" in await vnpay.shop.said("999")
    assert await vnpay.tell(attempt.number) == "00"
    assert (await vnpay.shop.meanings(), await vnpay.state(order)) == (["held", "exact"], "paid")


async def test_a_payment_in_work_is_only_a_hint(vnpay: Teller) -> None:
    order, attempt = await vnpay.order()
    assert await vnpay.tell(attempt.number, TransactionStatus="01") == "00"
    assert (await vnpay.shop.rows(sightings), await vnpay.state(order)) == ([], "open")


async def test_a_second_true_payment_of_a_paid_order_is_kept(vnpay: Teller) -> None:
    _, attempt = await vnpay.order()
    assert await vnpay.tell(attempt.number) == "00"
    assert await vnpay.tell(attempt.number, TransactionNo="14831394") == "02"
    assert await vnpay.shop.meanings() == ["exact", "second"]


@pytest.mark.parametrize(
    ("days", "meaning", "state"), [(0, "exact", "paid"), (30, "late", "paid"), (40, "late", "open")]
)
async def test_a_success_that_comes_late_is_taken(vnpay: Teller, days: int, meaning: str, state: str) -> None:
    order, attempt = await vnpay.order()
    vnpay.clock.move(timedelta(days=days, hours=1))
    assert await vnpay.tell(attempt.number) == "00"
    assert await vnpay.shop.meanings() == [meaning]
    assert await vnpay.state(order) == state


async def test_a_success_after_a_failure_pays(vnpay: Teller) -> None:
    order, attempt = await vnpay.order()
    await vnpay.tell(attempt.number, ResponseCode="24", TransactionStatus="02", TransactionNo="0")
    assert await vnpay.tell(attempt.number) == "00"
    assert await vnpay.state(order) == "paid"


@pytest.mark.parametrize("fault", [StoreBusy("busy"), RuntimeError("a bug")])
async def test_our_own_fault_asks_for_it_again(
    vnpay: Teller, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    order, attempt = await vnpay.order()

    def fail(*_: Any) -> None:
        raise fault

    with monkeypatch.context() as broken:
        broken.setattr("flows.till.settle_payments", fail)
        assert await vnpay.tell(attempt.number) == "99"
    assert await vnpay.state(order) == "open"
    assert await vnpay.tell(attempt.number) == "00"
    assert await vnpay.state(order) == "paid"


UNREADABLE = ["x", "199000.00", "-1", "9" * 17, ""]
UNKNOWN = ["7 8", "7:8", "ộ", "²", "9" * 101, ""]


@pytest.mark.parametrize("amount", UNREADABLE)
async def test_an_amount_that_is_none_is_a_wrong_one(vnpay: Teller, amount: str) -> None:
    order, attempt = await vnpay.order()
    assert [await vnpay.tell(attempt.number, Amount=amount) for _ in range(2)] == ["04", "04"]
    assert (await vnpay.shop.rows(sightings), await vnpay.state(order)) == ([], "open")
    assert await vnpay.tell(attempt.number) == "00"
    assert await vnpay.tell(attempt.number, Amount=amount) == "04"


@pytest.mark.parametrize("number", UNKNOWN)
async def test_a_number_of_no_shape_is_unknown_whatever_else_is_said(vnpay: Teller, number: str) -> None:
    order, _ = await vnpay.order()
    for changes in ({}, {"Amount": "x"}, {"ResponseCode": "x"}, {"TransactionNo": "x"}):
        assert await vnpay.tell(number, **changes) == "01"
    assert (await vnpay.shop.rows(sightings), await vnpay.state(order)) == ([], "open")


async def test_the_order_of_the_tests(vnpay: Teller) -> None:
    """The signature, the number, the amount, whether it is known already."""
    _, attempt = await vnpay.order()
    wrong = {"Amount": "x", "ResponseCode": "x"}
    assert await vnpay.tell("7 8", key="another key", **wrong) == "97"
    assert await vnpay.tell("7", **wrong) == "01"
    assert await vnpay.tell(attempt.number, **wrong) == "04"
    assert await vnpay.tell(attempt.number) == "00"
    assert await vnpay.tell("7", **wrong) == "01"
    assert await vnpay.tell(attempt.number, **wrong) == "04"
    assert await vnpay.tell(attempt.number, ResponseCode="x") == "02"


@pytest.mark.parametrize(
    "changes", [{"TransactionNo": "0"}, {"TransactionNo": ""}, {"TransactionNo": "x"}, {"ResponseCode": ""}], ids=str
)
async def test_a_success_that_cannot_be_booked_is_asked_for_at_once(vnpay: Teller, changes: dict[str, str]) -> None:
    """It is taken, for its repeat would say no more: that VNPay is asked stands in a row, which outlives any fall."""
    order, attempt = await vnpay.order()
    vnpay.clock.move(timedelta(seconds=1))
    assert await vnpay.tell(attempt.number, OrderInfo=order.code, **changes) == "00"
    assert (await vnpay.shop.rows(transfers), await vnpay.state(order)) == ([], "open")
    [due] = await vnpay.shop.store.read(lambda unit: looks.due(unit, vnpay.shop.premises.shop.id, ["vnpay"], 9))
    assert due.question.number == attempt.number
    assert await vnpay.tell(attempt.number) == "00"
    assert (await vnpay.shop.meanings(), await vnpay.state(order)) == (["exact"], "paid")
    assert await vnpay.tell(attempt.number, OrderInfo=order.code, **changes) == "02"
    assert await vnpay.shop.meanings() == ["exact"]


async def test_the_door_takes_nothing_but_get(vnpay: Teller) -> None:
    for method in ("POST", "PUT", "HEAD"):
        assert (await vnpay.visitor.ask(method, PATH)).status == 405
    assert (await vnpay.visitor.ask("GET", "/webhooks/other/vnpay")).status == 404
    assert (await vnpay.visitor.ask("GET", "/webhooks/main/casso")).status == 404
