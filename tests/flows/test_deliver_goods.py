import re
from datetime import timedelta

from bot.channels.letter import write
from flows.carry_out import MOST_ATTEMPTS
from flows.channel import Address
from flows.deliver_goods import deliver_again
from flows.place_order import place_order
from locales import Texts
from sales.errors import Blocked, Later, Rejected
from sales.money import Money
from sales.purchase import Order
from storage import buyers
from tests.clock import FrozenClock
from tests.flows.many_prices import IN_DOLLARS, dear, sell_in_all, told_by
from tests.flows.mouths import Shown
from tests.flows.shop import ADMIN, COURSE, SOFTWARE, Shop

KEY = re.compile(r"[2-9A-HJ-NP-Z]{4}(?:-[2-9A-HJ-NP-Z]{4}){3}")
LONG = timedelta(hours=1)


async def paid(shop: Shop, email: str = "an@example.com", plan: int = 0) -> Order:
    """An order that is paid, all of whose other messages have gone out."""
    order = await shop.order(await shop.meet(), plan, email)
    await shop.work()
    await shop.settle(shop.sighting(order.code, order.total.minor))
    return order


def goods(shop: Shop, mouth: str) -> list[Shown]:
    return [each for each in shop.mouths[mouth].shown if {"goods-title", "letter-greeting"} & set(each.lines)]


async def states(shop: Shop, order: Order) -> dict[str, str]:
    return {each["channel"]: each["state"] for each in (await shop.story(order))["deliveries"]}


async def test_the_same_key_goes_to_the_chat_and_to_the_address(shop: Shop) -> None:
    order = await paid(shop)
    await shop.work()
    (chat,), (mail,) = goods(shop, "telegram"), goods(shop, "email")
    assert (chat.to, mail.to) == ("42", "an@example.com")
    assert len(chat.copies) == 1
    assert KEY.fullmatch(chat.copies[0])
    key = chat.copies[0]
    letter = write(mail.reply, Address("an@example.com", "vi", "Asia/Ho_Chi_Minh"), Texts(), "Tiệm Mẫu")
    assert (letter.text.count(key), letter.html.count(key)) == (1, 1), "a letter has no button that copies"
    assert chat.key != mail.key
    assert await states(shop, order) == {"telegram": "sent", "email": "sent"}


async def test_a_licence_comes_with_its_end_and_how_to_use_it(shop: Shop, clock: FrozenClock) -> None:
    await paid(shop)
    await shop.work()
    (chat,) = goods(shop, "telegram")
    assert chat.lines == [
        "goods-title",
        "goods-licence",
        "goods-key",
        "goods-expires",
        "goods-activation",
        "goods-download",
    ]
    assert chat.reply.lines[3].values["at"] == clock.now + timedelta(days=30)
    assert [each.url for row in chat.reply.choices for each in row if each.url] == [SOFTWARE.download_url]


async def test_a_course_gives_its_links_and_no_key(shop: Shop) -> None:
    await paid(shop, plan=2)
    await shop.work()
    (chat,) = goods(shop, "telegram")
    assert chat.lines == ["goods-title", "goods-course", "goods-link", "goods-link", "goods-lifetime"]
    assert chat.copies == []
    assert [each.url for row in chat.reply.choices for each in row] == [link.url for link in COURSE.links]


async def test_the_receipt_is_in_the_currency_it_was_paid_in(shop: Shop) -> None:
    sell_in_all(shop)
    peer, offer = await shop.meet(), await dear(shop)
    order = await shop.store.write(
        lambda unit: place_order(unit, shop.premises, peer, offer, "an@example.com", IN_DOLLARS)
    )
    await shop.settle(await told_by(shop, order))
    await shop.work()
    (mail,) = goods(shop, "email")
    *_, row, total = mail.reply.lines
    assert (row.values["price"], total.values["total"]) == (Money(320, "USD"), Money(320, "USD"))
    assert (await shop.story(order))["order"]["lines"][0]["price"] == 320


async def test_the_letter_ends_with_the_receipt(shop: Shop, clock: FrozenClock) -> None:
    order = await paid(shop)
    await shop.work()
    (mail,) = goods(shop, "email")
    assert mail.lines[-3:] == ["receipt-title", "receipt-line", "receipt-total"]
    assert mail.reply.title is not None
    assert mail.reply.title.values == {"code": order.code, "shop": "Tiệm Mẫu"}
    assert mail.reply.lines[-1].values["total"] == order.total


async def test_without_an_address_there_is_no_letter(shop: Shop) -> None:
    order = await paid(shop, email="")
    await shop.work()
    assert await states(shop, order) == {"telegram": "sent"}
    assert shop.mouths["email"].shown == []


async def test_a_buyer_who_blocked_the_bot_still_gets_the_letter_and_the_admins_are_told(shop: Shop) -> None:
    order = await paid(shop)
    shop.mouths["telegram"].trouble = Blocked("403")
    await shop.work()
    shop.mouths["telegram"].trouble = None
    await shop.work()
    assert await states(shop, order) == {"telegram": "failed", "email": "sent"}
    assert (await shop.said(ADMIN.external))[-1] == "admin-undeliverable"
    peer = await shop.store.read(lambda unit: buyers.peer_at(unit, shop.premises.shop.id, "telegram", "42"))
    assert peer is not None
    assert not peer.reachable
    assert "goods.undeliverable" in [event["kind"] for event in (await shop.story(order))["events"]]


async def test_a_mail_server_that_is_down_delays_the_letter_only(shop: Shop, clock: FrozenClock) -> None:
    order = await paid(shop)
    shop.mouths["email"].trouble = Later("451")
    await shop.work()
    assert await states(shop, order) == {"telegram": "sent", "email": "waiting"}
    shop.mouths["email"].trouble = None
    clock.move(timedelta(seconds=2))
    await shop.work()
    assert await states(shop, order) == {"telegram": "sent", "email": "sent"}


async def test_a_letter_that_is_refused_is_given_up_and_told(shop: Shop) -> None:
    order = await paid(shop)
    shop.mouths["email"].trouble = Rejected("550 no such user")
    await shop.work()
    (mail,) = [each for each in (await shop.story(order))["deliveries"] if each["channel"] == "email"]
    assert (mail["state"], mail["error"]) == ("failed", "Rejected")
    assert shop.mouths["telegram"].lines(ADMIN.external) == ["admin-undeliverable"]


async def test_a_letter_waits_for_the_seller_however_long_and_is_never_buried(shop: Shop, clock: FrozenClock) -> None:
    mail = shop.mouths.pop("email")
    order = await paid(shop)
    for _ in range(5):
        await shop.work()
        clock.move(LONG)
    (row,) = [row for row in await shop.jobs("deliver_goods") if row.lane == "email:an@example.com"]
    assert (row.state, row.attempts, row.last_error) == ("ready", 0, "email is not configured")
    assert row.attempts < MOST_ATTEMPTS
    shop.mouths["email"] = mail
    await shop.work()
    assert await states(shop, order) == {"telegram": "sent", "email": "sent"}


async def test_goods_are_handed_over_again_once_an_asking(shop: Shop) -> None:
    order = await paid(shop)
    await shop.work()
    peer = await shop.store.read(lambda unit: buyers.peer(unit, shop.premises.shop.id, order.peer))
    for event in ("tap-1", "tap-2"):
        await shop.store.write(lambda unit, event=event: deliver_again(unit, shop.premises, order, peer, event))
        await shop.work()
    keys = [each.copies for each in goods(shop, "telegram")]
    assert len(keys) == 3
    assert keys[0] == keys[1] == keys[2]
    assert len(goods(shop, "email")) == 1


async def test_goods_of_a_plan_taken_off_the_shelf_are_still_handed_over(shop: Shop) -> None:
    from storage import catalogue

    order = await shop.order(await shop.meet())
    await shop.store.write(lambda unit: catalogue.stock_shelf(unit, shop.premises.shop.id, []))
    await shop.settle(shop.sighting(order.code))
    await shop.work()
    assert await states(shop, order) == {"telegram": "sent"}
