"""The admin's side of a refund, and that there is none for anybody else."""

from datetime import timedelta

import pytest

from flows.look_up_refunds import LISTED
from flows.messages import Reply
from sales.purchase import Order
from sales.refund import Refund
from sales.transfer import Payer
from storage import admins
from storage.schema.money import refunds as table
from storage.schema.work import events
from tests.bot.talk.people import Person, lines, say, tokens
from tests.bot.talk.test_refund import TYPED, bought, looked, refunded
from tests.clock import FrozenClock
from tests.flows.shop import ADMIN, PRICE


@pytest.fixture
def admin(person: Person) -> Person:
    return Person(person.shop, ADMIN.external)


def cards(replies: list[Reply]) -> list[Reply]:
    return [reply for reply in replies if reply.refund]


async def test_refund_alone_tells_how_and_what_is_owed(person: Person, admin: Person) -> None:
    replies = await admin.type("/refund")
    assert lines(replies) == ["refund-usage", "refunds-none"]
    waits, _ = await refunded(person, await bought(person))
    ready, _ = await refunded(person, await bought(person), "5k")
    await admin.press(f"refund-checked:{ready.mark}")
    replies = await admin.type("/refund")
    assert tokens(replies) == [f"refund-open:{ready.id}", f"refund-open:{waits.id}"]
    assert [sign for sign in say(replies) if sign in "⏳💸"] == ["💸", "⏳"]
    await admin.press(f"refund-sent:{ready.mark}")
    assert tokens(await admin.type("/refund")) == [f"refund-open:{waits.id}"]


async def test_a_long_list_shows_the_oldest(person: Person, admin: Person) -> None:
    order = await bought(person)
    for _ in range(LISTED + 1):
        await refunded(person, order, "1k")
    assert len(tokens(await admin.type("/refund"))) == LISTED


async def test_what_waits_for_a_buyer_hides_nothing_that_can_be_sent(person: Person, admin: Person) -> None:
    order = await bought(person)
    made = [(await refunded(person, order, "1k"))[0] for _ in range(LISTED + 2)]
    for ready in made[-2:]:
        await admin.press(f"refund-checked:{ready.mark}")
    shown = [f"refund-open:{each.id}" for each in (*made[-2:], *made[: LISTED - 2])]
    assert tokens(await admin.type("/refund")) == shown


async def test_it_shows_what_will_happen_and_asks_once(person: Person, admin: Person) -> None:
    order = await bought(person)
    replies = await admin.type(f"/refund {order.code.lower()} 50.000 khách đổi ý")
    assert lines(replies) == ["refund-sure", "refund-sure-reason"]
    assert "Lý do: khách đổi ý" in say(replies)
    assert "Reason: khách đổi ý" in say(replies, "en")
    assert ["50.000" in say(replies), "79.000" in say(replies), "Ảnh Đẹp Pro" in say(replies)] == [True] * 3
    (row,) = await person.shop.rows(table)
    assert (row.amount, row.reason, row.state) == (50_000, "khách đổi ý", "asked")
    assert tokens(replies) == [f"refund-yes:{row.id}", f"refund-no:{row.id}"]
    assert await person.shop.totals() == {"received": PRICE, "revenue": PRICE}
    told = await admin.press(f"refund-yes:{row.id}")
    assert lines(told)[-2:] == ["refund-now-owed", "refund-proposed"]
    assert (await person.shop.totals())["refund_owed"] == 50_000
    assert lines(await admin.press(f"refund-yes:{row.id}"))[-1] == "refund-confirmed-already"
    assert (await person.shop.totals())["refund_owed"] == 50_000


@pytest.mark.parametrize(
    ("rest", "answer"),
    [
        ("", ["refund-sure", "refund-sure-revokes"]),
        ("79k", ["refund-sure", "refund-sure-revokes"]),
        ("1 xin lỗi", ["refund-sure", "refund-sure-reason"]),
        ("xin lỗi 5k", ["refund-sure", "refund-sure-reason", "refund-sure-revokes"]),
        ("79.001", ["refund-too-much"]),
        ("0", ["refund-amount-wrong"]),
        ("-5", ["refund-amount-wrong"]),
        ("50.00", ["refund-amount-wrong"]),
        ("1,5tr", ["refund-amount-wrong"]),
        (".".join(["999"] * 9), ["refund-amount-wrong"]),
        ("5\0k", ["refund-sure"]),
        ("lý\0 do \ud800", ["refund-sure", "refund-sure-reason", "refund-sure-revokes"]),
    ],
)
async def test_amounts_are_read_strictly_and_everything_else_is_a_reason(
    person: Person, admin: Person, rest: str, answer: list[str]
) -> None:
    order = await bought(person)
    replies = await admin.type(f"/refund {order.code} {rest}")
    assert lines(replies) == answer
    assert say(replies)
    assert say(replies, "en")


@pytest.mark.parametrize("code", ["KX2222222", "nope", "\ud800\0x", "9" * 3000])
async def test_a_code_without_an_order_is_told(admin: Person, code: str) -> None:
    replies = await admin.type(f"/refund {code} 5k")
    assert lines(replies) == ["refund-order-unknown"]
    assert len(say(replies)) < 500


async def test_an_unpaid_order_has_nothing_to_give_back(person: Person, admin: Person) -> None:
    order = await person.buy()
    assert lines(await admin.type(f"/refund {order.code}")) == ["refund-nothing-held"]
    await person.shop.settle(person.shop.sighting(order.code, 5_000))
    assert lines(await admin.type(f"/refund {order.code}"))[-1] == "refund-sure-cancels"


async def test_that_the_qr_for_the_rest_will_be_closed_is_told_before(
    person: Person, admin: Person, clock: FrozenClock
) -> None:
    order = await person.buy()
    await person.shop.settle(person.shop.sighting(order.code, 5_000))
    clock.now = order.pay_until
    await person.shop.work()
    replies = await admin.type(f"/refund {order.code}")
    assert lines(replies) == ["refund-sure", "refund-sure-revokes", "refund-sure-closes"]
    assert "mã QR cho phần còn thiếu sẽ bị đóng" in say(replies)


async def test_no_leaves_everything(person: Person, admin: Person) -> None:
    asked = await admin.type(f"/refund {(await bought(person)).code}")
    yes, no = tokens(asked)
    assert lines(await admin.press(no))[-1] == "refund-left"
    assert lines(await admin.press(no)) == ["toast-dead-button", "dead-button"]
    assert lines(await admin.press(yes))[-1] == "refund-gone"


async def test_a_question_lapses(person: Person, admin: Person, clock: FrozenClock) -> None:
    asked = await admin.type(f"/refund {(await bought(person)).code}")
    clock.move(timedelta(minutes=15))
    assert lines(await admin.press(tokens(asked)[0]))[-1] == "refund-lapsed"


async def test_the_card_comes_when_the_admin_has_checked_the_account(person: Person, admin: Person) -> None:
    refund, _ = await refunded(person, await bought(person))
    opened = await admin.press(f"refund-open:{refund.id}")
    assert lines(opened)[-2:] == ["refund-waits", "refund-proposed"]
    assert cards(opened) == []
    (card,) = cards(await admin.press(f"refund-checked:{refund.mark}"))
    assert "0987654321" in say([card])
    assert cards(await admin.press(f"refund-open:{refund.id}")) == [card]


async def test_who_looked_at_what_is_in_the_log(person: Person, admin: Person) -> None:
    """A card shows a buyer's whole account number; the log keeps its end."""
    order = await bought(person)
    refund, _ = await refunded(person, order)
    await admin.type("/refund")
    await admin.press(f"refund-open:{refund.id}")
    *_, listed, opened = [row for row in await person.shop.rows(events) if row.kind.startswith("admin.")]
    who = f"admin:telegram:{ADMIN.external}"
    assert (listed.kind, listed.actor, listed.order_id) == ("admin.refunds", who, None)
    assert (opened.kind, opened.actor, opened.order_id) == ("admin.refund_opened", who, order.id)
    assert opened.detail == {"refund": refund.id, "tail": "4321"}


async def test_an_account_that_the_admin_types_counts_at_once(person: Person, admin: Person) -> None:
    refund, _ = await refunded(person, await bought(person, Payer()))
    assert tokens(await admin.press(f"refund-open:{refund.id}")) == [f"refund-type:{refund.id}"]
    await admin.press(f"refund-type:{refund.id}")
    assert lines(await admin.type("vcb 1")) == ["refund-account-wrong", "refund-type-account"]
    (card,) = cards(await admin.type(TYPED))
    assert "NGUYỄN VĂN A" in say([card])
    assert (await looked(person, refund)).payable


async def test_buttons_about_an_account_that_was_changed_are_dead(person: Person, admin: Person) -> None:
    refund, _ = await refunded(person, await bought(person))
    await person.press(f"refund-other:{refund.id}")
    await person.type(TYPED)
    assert lines(await admin.press(f"refund-checked:{refund.mark}"))[-1] == "refund-account-changed"
    new = await looked(person, refund)
    await admin.press(f"refund-checked:{new.mark}")
    assert lines(await admin.press(f"refund-sent:{refund.mark}"))[-1] == "refund-account-changed"
    assert (await looked(person, refund)).sent_at is None


async def test_sent_turns_the_card_and_counts_once(person: Person, admin: Person) -> None:
    refund, _ = await refunded(person, await bought(person))
    assert lines(await admin.press(f"refund-sent:{refund.mark}"))[-1] == "refund-not-open", "nobody confirmed it"
    await admin.press(f"refund-checked:{refund.mark}")
    replies = await admin.press(f"refund-sent:{refund.mark}")
    assert (replies[-1].replace, replies[-1].refund, replies[-1].choices) == ("100", refund.mark, ())
    assert lines(replies)[-1] == "refund-card-sent"
    assert lines(await admin.press(f"refund-sent:{refund.mark}"))[-1] == "refund-not-open"
    for late in (f"refund-open:{refund.id}", f"refund-type:{refund.id}", f"refund-checked:{refund.mark}"):
        assert lines(await admin.press(late))[-1] == "refund-not-open"
    assert await person.shop.totals() == {"received": PRICE, "refund_paid": PRICE}


async def test_typing_an_account_for_what_was_sent_meanwhile_changes_nothing(person: Person, admin: Person) -> None:
    refund, _ = await refunded(person, await bought(person))
    await admin.press(f"refund-type:{refund.id}")
    await confirm_and_send(await invited(person), refund)
    assert lines(await admin.type(TYPED)) == ["refund-not-open"]


async def invited(person: Person) -> Person:
    """Another admin, who joined by invitation."""
    shop = person.shop.premises.shop.id
    await person.shop.store.write(lambda unit: admins.join(unit, shop, "telegram", "555", "Second"))
    return Person(person.shop, "555")


async def confirm_and_send(second: Person, refund: Refund) -> None:
    await second.press(f"refund-checked:{refund.mark}")
    await second.press(f"refund-sent:{refund.mark}")


async def every_button(person: Person) -> tuple[Order, list[str]]:
    """One token of each admin button, all of them good for an admin at this moment."""
    order = await bought(person)
    asked = await Person(person.shop, ADMIN.external).type(f"/refund {order.code} 5k")
    owed, _ = await refunded(person, order, "6k")
    names = [f"refund-open:{owed.id}", f"refund-type:{owed.id}"]
    return order, [*tokens(asked), *names, f"refund-checked:{owed.mark}", f"refund-sent:{owed.mark}"]


async def test_a_stranger_gets_what_unknown_words_and_dead_buttons_get(person: Person) -> None:
    order, buttons = await every_button(person)
    stranger = Person(person.shop, "77")
    unknown, dead = await stranger.type("/abracadabra"), await stranger.press("abracadabra:1")
    before = (await person.shop.rows(table), await person.shop.rows(events), await person.shop.books())
    for words in ("/refund", f"/refund {order.code}", f"/refund {order.code} 5k", "/REFUND x"):
        assert await stranger.type(words) == unknown
    for token in buttons:
        assert await stranger.press(token) == dead
        assert await person.press(token) == dead, "the buyer is no admin either"
    assert (await person.shop.rows(table), await person.shop.rows(events), await person.shop.books()) == before


@pytest.mark.parametrize("rest", ["", "0", "x", "-1", "9" * 40, "1:", "\ud800\0", "٣"])
async def test_buttons_that_name_no_refund_are_dead(person: Person, admin: Person, rest: str) -> None:
    for verb in ("refund-yes", "refund-no", "refund-open", "refund-type"):
        assert lines(await admin.press(f"{verb}:{rest}")) == ["toast-dead-button", "dead-button"]
    for verb in ("refund-checked", "refund-sent"):
        assert lines(await admin.press(f"{verb}:{rest}"))[-1] == "refund-account-changed"


async def test_who_is_admin_no_more_cannot_type_an_account(person: Person) -> None:
    refund, _ = await refunded(person, await bought(person))
    shop, second = person.shop.premises.shop.id, await invited(person)
    await second.press(f"refund-type:{refund.id}")
    await person.shop.store.write(lambda unit: admins.part(unit, shop, "telegram", "555"))
    assert lines(await second.type(TYPED)) == ["not-understood"]
    assert not (await looked(person, refund)).payable
