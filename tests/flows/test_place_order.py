from datetime import timedelta

import pytest
from sqlalchemy import update

from flows.limit_orders import MOST_ORDERS_A_DAY
from flows.messages import unpack
from flows.place_order import may_order, place_order
from sales.banks import bank_by_bin
from sales.catalogue import FiledAccount
from sales.codes import is_code
from sales.errors import Tell
from sales.money import Money
from sales.vietqr import decode
from storage import buyers, catalogue, orders
from storage.schema.orders import orders as orders_table
from storage.schema.shop import bank_accounts
from storage.unit import Unit
from tests.clock import FrozenClock
from tests.flows.shop import ACCOUNT, BANK, FILE, PRICE, Shop


async def test_an_order_has_a_code_todays_price_and_its_times(shop: Shop, clock: FrozenClock) -> None:
    order = await shop.order(email="an@example.com")
    assert is_code(order.code, "KX")
    assert (order.payment, order.total, order.email) == ("open", Money(PRICE), "an@example.com")
    assert order.pay_until == clock.now + FILE.payment_window
    assert order.watch_until == order.pay_until + FILE.monitoring


async def test_its_line_keeps_name_and_price_of_the_day(shop: Shop) -> None:
    order = await shop.order()
    await shop.store.write(lambda unit: catalogue.stock_shelf(unit, shop.premises.shop.id, []))
    lines = (await shop.story(order))["order"]["lines"]
    assert lines == [{"product": "Ảnh Đẹp Pro", "plan": "1 tháng", "days": 30, "price": PRICE}]


async def test_its_qr_asks_for_the_amount_with_the_code_as_memo(shop: Shop) -> None:
    order = await shop.order()
    (attempt,) = (await shop.story(order))["attempts"]
    qr = decode(attempt["qr"])
    assert (qr.bin, qr.account, qr.amount, qr.memo) == (BANK[0], ACCOUNT, PRICE, order.code)
    assert (attempt["state"], attempt["link_id"], attempt["link_url"]) == ("open", None, None)


async def test_the_buyer_is_shown_the_card(shop: Shop) -> None:
    order = await shop.order(peer := await shop.meet())
    await shop.work()
    (card,) = shop.mouths["telegram"].shown
    assert (card.to, card.lines) == (peer.external, ["card-caption"])
    assert card.copies == [ACCOUNT, str(PRICE), order.code]
    values = card.reply.lines[0].values
    assert (values["bank"], values["account"]) == (bank_by_bin(BANK[0]).short_name, ACCOUNT)  # type: ignore[union-attr]
    assert card.picture is not None
    assert card.picture.png == f"{ACCOUNT} {PRICE} {order.code}".encode()
    assert (await shop.story(order))["attempts"][0]["chat_message"] == card.message


async def test_a_card_shown_again_names_the_account_inside_its_qr(shop: Shop) -> None:
    from flows.show_card import show_card

    order = await shop.order(peer := await shop.meet())
    shop_id = shop.premises.shop.id
    await shop.show_accounts(FiledAccount("970436", "77", "TRAN THI B"))
    attempt = await shop.store.read(lambda unit: orders.open_attempt(unit, shop_id, order.id))
    assert attempt is not None
    await shop.store.write(lambda unit: show_card(unit, shop.premises, peer, order, attempt, "again"))
    again = unpack((await shop.jobs("reply"))[-1].payload["reply"])
    assert again.lines[0].values["holder"] == BANK[2]
    assert again.choices[0][0].copy == ACCOUNT


async def test_the_clock_that_ends_it_is_set_and_the_placing_is_logged(shop: Shop) -> None:
    order = await shop.order()
    (job,) = await shop.jobs("expire_order")
    assert (job.run_at, job.order_id) == (order.pay_until, order.id)
    (event,) = (await shop.story(order))["events"]
    assert (event["kind"], event["actor"]) == ("order.placed", f"buyer:{order.buyer}")


@pytest.mark.parametrize(("email", "remembered"), [("an@example.com", "an@example.com"), ("", None)])
async def test_an_address_is_remembered_for_next_time(shop: Shop, email: str, remembered: str | None) -> None:
    order = await shop.order(email=email)
    found = await shop.store.read(lambda unit: buyers.last_email(unit, shop.premises.shop.id, order.buyer))
    assert found == remembered


async def test_codes_and_numbers_are_never_given_twice(shop: Shop) -> None:
    peer = await shop.meet()
    made = [await shop.order(peer) for _ in range(5)]
    assert len({order.code for order in made}) == 5
    numbers = [(await shop.story(order))["attempts"][0]["number"] for order in made]
    assert numbers == list(range(numbers[0], numbers[0] + 5))


async def test_too_many_orders_in_a_day_are_refused_until_the_day_is_over(shop: Shop, clock: FrozenClock) -> None:
    peer = await shop.meet()
    for _ in range(MOST_ORDERS_A_DAY):
        await shop.order(peer)
        clock.move(timedelta(minutes=7))
    with pytest.raises(Tell, match=r"order-too-many$"):
        await shop.order(peer)
    await shop.order(await shop.meet("another"))
    clock.move(timedelta(days=1, milliseconds=1))
    await shop.order(peer)


@pytest.mark.parametrize("links", [False, True])
async def test_only_a_gateway_that_makes_links_needs_no_account(shop: Shop, links: bool) -> None:
    peer, offer = await shop.meet(), await shop.offer()
    if links:
        shop.sell_by_links()
    await shop.store.write(lambda unit: unit.conn.execute(update(bank_accounts).values(shown=False)))

    def may(unit: Unit) -> bool:
        try:
            may_order(unit, shop.premises, peer, offer)
        except Tell:
            return False
        return True

    assert await shop.store.read(may) == links


async def test_without_an_account_the_buyer_is_told_before_anything_is_written(shop: Shop) -> None:
    peer, offer = await shop.meet(), await shop.offer()
    await shop.store.write(lambda unit: unit.conn.execute(update(bank_accounts).values(shown=False)))

    def place_and_go_on(unit: object) -> None:
        with pytest.raises(Tell, match="shop-cannot-take-money"):
            place_order(unit, shop.premises, peer, offer, "")  # type: ignore[arg-type]

    await shop.store.write(place_and_go_on)
    assert await shop.rows(orders_table) == []
    assert await shop.jobs() == []
