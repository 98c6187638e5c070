"""/review in an admin's chat: what waits, what can be made of it, and nothing of it for anybody else."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.talk.admin.review_list import SIZE
from flows.claim_money import make_claim
from flows.wish_refund import wish_refund
from sales.money import Money
from sales.transfer import Payer
from storage import buyers, reviews
from storage.reviews import Review
from tests.bot.talk.people import Person, lines, say, tokens
from tests.bot.talk.test_refund import bought
from tests.clock import FrozenClock
from tests.flows.shop import ADMIN, PRICE

OTHER = "1000"


@pytest.fixture
async def admin(person: Person) -> Person:
    return Person(person.shop, ADMIN.external)


async def lost(person: Person, memo: str = "tiền hàng", amount: int = PRICE) -> Review:
    """Money that names no order."""
    await person.shop.settle(person.shop.sighting(memo, amount))
    return (await waiting(person))[-1]


async def waiting(person: Person) -> list[Review]:
    shop = person.shop.premises.shop.id
    return await person.shop.store.read(lambda unit: reviews.waiting(unit, shop, 100))


async def test_an_empty_queue_says_so(admin: Person) -> None:
    assert lines(await admin.type("/review")) == ["reviews-none"]


async def test_the_oldest_stands_first_with_all_that_is_known(
    person: Person, admin: Person, clock: FrozenClock
) -> None:
    first = await lost(person)
    clock.move(timedelta(hours=2))
    old = await person.buy()
    clock.move(timedelta(days=60))
    late = await lost(person, old.code, 5_000)
    replies = await admin.type("/review")
    assert tokens(replies) == [f"review:{first.id}", f"review:{late.id}"]
    told = say(replies)
    for words in ("79.000", "5.000", "tiền hàng", "NGUYEN VAN A", "…4321", "casso", old.code, "về quá trễ"):
        assert words in told
    assert "0987654321" not in told, "of an account only its end is shown"
    assert "came too late" in say(replies, "en")
    assert lines(replies).count("review-late") == 1


async def test_a_long_queue_has_pages(person: Person, admin: Person) -> None:
    found = [await lost(person) for _ in range(SIZE + 2)]
    first = await admin.type("/review")
    assert tokens(first) == [*(f"review:{each.id}" for each in found[:SIZE]), f"reviews:{found[SIZE - 1].id}"]
    rest = await admin.press(f"reviews:{found[SIZE - 1].id}")
    assert tokens(rest) == [*(f"review:{each.id}" for each in found[SIZE:]), "reviews:0"]
    assert rest[-1].replace == "100"


async def test_the_alert_offers_the_likeliest_orders_at_once(person: Person, admin: Person) -> None:
    order = await person.buy()
    review = await lost(person, order.code[2:], 1_000)
    alert = (await person.shop.jobs("reply"))[-1].payload
    assert alert["to"] == ADMIN.external
    offered = [choice["token"] for row in alert["reply"]["choices"] for choice in row]
    assert offered == [f"review-assign:{review.id}:{order.code}", f"review:{review.id}"]
    assert lines(await admin.press(offered[1]))[:1] == ["review-money"]
    replies = await admin.press(offered[0])
    assert lines(replies) == ["review-verdict"]
    assert "còn thiếu" in say(replies)


async def test_one_press_pays_the_order_and_the_second_admin_is_told_who_was_first(person: Person) -> None:
    first, second = Person(person.shop, ADMIN.external), Person(person.shop, OTHER)
    admins = (*person.shop.premises.admins, replace(ADMIN, external=OTHER))
    person.shop.premises = replace(person.shop.premises, admins=admins)
    order = await person.buy()
    review = await lost(person)
    opened = await second.press(f"review:{review.id}")
    assert f"review-assign:{review.id}:{order.code}" in tokens(opened)
    assert "giao" in say(await first.press(f"review-assign:{review.id}:{order.code}"))
    for token in (f"review-assign:{review.id}:{order.code}", f"review-foreign:{review.id}", f"review:{review.id}"):
        replies = await second.press(token)
        assert lines(replies)[-1] == "review-decided"
        assert "đã được <b>An</b> xử lý" in say(replies)
        assert f"ghi cho đơn {order.code}" in say(replies)
    assert (await person.shop.story(order))["order"]["payment"] == "paid"


async def test_a_code_is_typed_until_it_is_one(person: Person, admin: Person) -> None:
    order, review = await person.buy(), await lost(person)
    assert lines(await admin.press(f"review-code:{review.id}"))[-1] == "review-which-code"
    assert lines(await admin.type("không nhớ")) == ["review-order-unknown", "review-which-code"]
    assert await admin.step() == "review-code"
    assert lines(await admin.type(f" {order.code.lower()} ")) == ["review-verdict"]
    assert await admin.step() == ""


async def test_credit_goes_to_the_buyer_of_the_typed_or_named_order(
    person: Person, admin: Person, clock: FrozenClock
) -> None:
    order, review = await person.buy(), await lost(person, amount=5_000)
    assert lines(await admin.press(f"review-credit:{review.id}:"))[-1] == "review-which-credit"
    assert "tiền của người mua" in say(await admin.type(order.code))
    clock.move(timedelta(days=60))
    named = await lost(person, order.code)
    token = f"review-credit:{named.id}:{order.code}"
    assert token in tokens(await admin.press(f"review:{named.id}"))
    await admin.press(token)
    assert (await person.shop.totals())["credit"] == PRICE + 5_000


async def test_what_is_discarded_needs_a_typed_reason(person: Person, admin: Person) -> None:
    review = await lost(person)
    assert lines(await admin.press(f"review-discard:{review.id}"))[-1] == "review-why"
    assert lines(await admin.type("\u200b ")) == ["review-reason-missing", "review-why"]
    assert "Đã bỏ qua" in say(await admin.type("x" * 400))
    shop = person.shop.premises.shop.id
    closed = await person.shop.store.read(lambda unit: reviews.by_id(unit, shop, review.id))
    assert closed is not None
    assert (closed.outcome, len(closed.reason)) == ("discarded", 300)


async def test_that_money_is_not_the_shop_s_is_asked_once_more(person: Person, admin: Person) -> None:
    review = await lost(person)
    replies = await admin.press(f"review-foreign:{review.id}")
    assert lines(replies) == ["review-foreign-sure"]
    assert tokens(replies) == [f"review-foreign-yes:{review.id}", f"review:{review.id}"]
    assert [each.id for each in await waiting(person)] == [review.id]
    assert lines(await admin.press(tokens(replies)[1]))[:1] == ["review-money"]
    assert lines(await admin.press(tokens(replies)[0])) == ["review-verdict"]
    assert (await waiting(person), await person.shop.totals()) == ([], {})


async def test_typed_words_for_what_somebody_else_has_decided_say_so(person: Person, admin: Person) -> None:
    review = await lost(person)
    await admin.press(f"review-discard:{review.id}")
    await admin.press(f"review-foreign-yes:{review.id}")
    await admin.press(f"review-discard:{(await lost(person)).id}")
    assert lines(await admin.type("sai")) == ["review-verdict"]
    assert await waiting(person) == []


async def test_money_is_given_back_by_the_same_question_as_any_refund(
    person: Person, admin: Person, clock: FrozenClock
) -> None:
    nobody_s = await lost(person)
    replies = await admin.press(f"review-refund:{nobody_s.id}")
    assert tokens(replies)[0].startswith("refund-yes:")
    order = await person.buy()
    clock.move(timedelta(days=60))
    of_order = await lost(person, order.code)
    replies = await admin.press(f"review-refund:{of_order.id}")
    assert order.code in say(replies)
    assert len(await waiting(person)) == 2, "it waits until the refund is confirmed"
    await admin.press(tokens(replies)[0])
    assert [each.id for each in await waiting(person)] == [nobody_s.id]


async def test_an_account_that_names_nobody_is_shown_as_a_dash(person: Person, admin: Person) -> None:
    await person.shop.settle(person.shop.sighting("", payer=Payer()))
    assert "Người chuyển: – …" in say(await admin.type("/review"))


@pytest.mark.parametrize("rest", ["", "x", "-1", "9" * 30, "1:KX2222222"])
async def test_buttons_that_were_never_drawn_are_dead(admin: Person, rest: str) -> None:
    acts = ("code", "refund", "foreign", "foreign-yes", "discard")
    for name in ("review", "reviews", *(f"review-{act}" for act in acts)):
        assert lines(await admin.press(f"{name}:{rest}"))[-1] in ("dead-button", "review-gone")


async def test_to_anybody_else_it_is_a_word_nobody_knows(person: Person) -> None:
    order, review = await person.buy(), await lost(person)
    unknown, dead = lines(await person.type("/qwerty")), lines(await person.press("nobody:1"))
    for words in ("/review", f"/audit {order.code}", "/audit"):
        assert lines(await person.type(words)) == unknown
    names = ("review", "review-code", "review-credit", "review-refund", "review-foreign", "review-foreign-yes")
    for token in (*(f"{name}:{review.id}" for name in names), f"review-assign:{review.id}:{order.code}", "reviews:0"):
        assert lines(await person.press(token)) == dead
    assert lines(await person.press(f"audit:{order.code}:0")) == dead
    assert len(await waiting(person)) == 1


async def test_a_buyer_s_wish_is_granted_or_left_from_the_queue(person: Person, admin: Person) -> None:
    order, shop = await bought(person), person.shop
    await shop.settle(shop.sighting(order.code, 5_000))
    peer = await shop.store.read(lambda unit: buyers.peer(unit, shop.premises.shop.id, order.peer))
    wish = await shop.store.write(lambda unit: wish_refund(unit, shop.premises, peer, order, 5_000, "VND"))
    (review,) = await waiting(person)
    told = say(await admin.type("/review"))
    assert [word for word in ("5.000", order.code, "xin hoàn", str(wish.code)) if word not in told] == []
    replies = await admin.press(f"review:{review.id}")
    assert tokens(replies) == [f"refund-yes:{wish.id}", f"refund-no:{wish.id}", "reviews:0"]
    await admin.press(f"refund-yes:{wish.id}")
    assert await waiting(person) == []
    again = await admin.press(f"review:{review.id}")
    assert f"đồng ý hoàn {order.code}" in say(again)


async def test_a_claim_opens_from_the_queue(person: Person, admin: Person, clock: FrozenClock) -> None:
    order, shop = await person.buy(), person.shop
    peer = await shop.store.read(lambda unit: buyers.peer(unit, shop.premises.shop.id, order.peer))
    money = Money(PRICE)
    await shop.store.write(lambda unit: make_claim(unit, shop.premises, peer, order, money, clock.now, "0814"))
    (review,) = await waiting(person)
    told = say(await admin.type("/review"))
    assert [word for word in ("79.000", order.code, "…0814") if word not in told] == []
    assert lines(await admin.press(f"review:{review.id}"))[:1] == ["claim-page"]
