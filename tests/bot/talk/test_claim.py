"""/claim: every step, what is no answer to it, and that nobody learns from it what money there is."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from flows.messages import pack
from sales.claim import MOST_OPEN, Claim
from sales.transfer import Payer
from storage import claims
from storage.schema.money import claims as table
from tests.bot.talk.chooser import buy as buy_by
from tests.bot.talk.people import Person, lines, say, tokens
from tests.clock import FrozenClock
from tests.flows.shop import PRICE

PAYER = Payer("NGUYEN VAN A", "1028000814", "VCB")
NOON_HERE = datetime(2026, 11, 21, 5, tzinfo=UTC)
"""Noon in the shop's zone on the day that the clock stands at."""


async def made(person: Person) -> list[Claim]:
    shop = person.shop.premises.shop.id
    found = [await person.shop.store.read(lambda unit, id_=row.id: claims.by_id(unit, shop, id_))  # type: ignore[misc]
             for row in await person.shop.rows(table)]  # fmt: skip
    return [each for each in found if each is not None]


async def claim(person: Person, amount: str = "79000", day: str = "claim-day:today", tail: str = "0814") -> list[str]:
    """Walk through it, for no order in particular; answers the last sentences."""
    await person.press("claim:none")
    await person.type(amount)
    await (person.press(day) if day.startswith("claim-day") else person.type(day))
    return lines(await (person.type(tail) if tail else person.press("claim-no-tail")))


async def test_a_buyer_names_order_amount_day_and_digits(person: Person) -> None:
    order = await person.buy()
    asked = await person.type("/claim")
    assert lines(asked) == ["claim-which-order"]
    assert tokens(asked) == [f"claim:{order.code}", "claim:none"]
    asked = await person.press(f"claim:{order.code}")
    assert (lines(asked)[-1], tokens(asked)) == ("claim-how-much", ["claim-whole"])
    asked = await person.press("claim-whole")
    assert (lines(asked)[-1], tokens(asked)) == ("claim-which-day", ["claim-day:today", "claim-day:yesterday"])
    asked = await person.press("claim-day:yesterday")
    assert (lines(asked)[-1], tokens(asked)) == ("claim-which-tail", ["claim-no-tail"])
    told = await person.type("1028 000 814")
    assert lines(told) == ["claim-passed-on"]
    assert "79.000" in say(told)
    (kept,) = await made(person)
    assert (kept.order, kept.amount.minor, kept.tail) == (order.id, PRICE, "0814")
    assert kept.moved_at == NOON_HERE - timedelta(days=1)
    assert await person.step() == ""


async def test_all_may_be_typed_and_the_digits_left_out(person: Person) -> None:
    await person.buy()
    assert await claim(person, "79 000đ", "14h30 20/11", "") == ["claim-passed-on"]
    (kept,) = await made(person)
    assert (kept.order, kept.amount.minor, kept.tail) == (None, PRICE, "")
    assert kept.moved_at == datetime(2026, 11, 20, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "typed", "wrong", "step"),
    [
        ([], "a lot", "claim-amount-wrong", "claim-amount"),
        ([], "150 xtr", "claim-amount-wrong", "claim-amount"),
        ([], "9" * 20, "claim-amount-wrong", "claim-amount"),
        ([], ".".join(["999"] * 9), "claim-amount-wrong", "claim-amount"),
        ([], "-5", "claim-amount-wrong", "claim-amount"),
        (["79k"], "soon", "claim-when-wrong", "claim-when"),
        (["79k"], "01/01/2020", "claim-when-wrong", "claim-when"),
        (["79k", "14:30"], "08", "claim-tail-wrong", "claim-tail"),
        (["79k", "14:30"], "\ud800\0 x", "claim-tail-wrong", "claim-tail"),
    ],
)
async def test_what_is_no_answer_is_asked_for_again(
    person: Person, before: list[str], typed: str, wrong: str, step: str
) -> None:
    await person.buy()
    await person.press("claim:none")
    for words in before:
        await person.type(words)
    assert lines(await person.type(typed))[0] == wrong
    assert await person.step() == step
    for words in ("79k", "14:30", "0814")[len(before) :]:
        last = await person.type(words)
    assert lines(last) == ["claim-passed-on"]


@pytest.mark.parametrize(
    "token", ["claim-whole", "claim-day:today", "claim-day:never", "claim-no-tail", "claim:KX2345678"]
)
async def test_a_button_out_of_its_turn_is_dead(person: Person, token: str) -> None:
    assert lines(await person.press(token)) == ["toast-dead-button", "dead-button"]
    assert await made(person) == []


async def test_nobody_claims_for_an_order_of_somebody_else(person: Person) -> None:
    order = await person.buy()
    stranger = Person(person.shop, "77")
    assert lines(await stranger.press(f"claim:{order.code}")) == ["toast-dead-button", "dead-button"]


async def test_who_has_no_order_is_told_so_before_they_type_anything(person: Person) -> None:
    for act in (person.type("/claim"), person.press("claim"), person.press("claim:none")):
        assert lines(await act)[-1] == "claims-without-order"
    assert await made(person) == []


async def test_a_price_in_another_currency_is_claimed_in_it(chooser: Person) -> None:
    order = await buy_by(chooser, "bakong.USD")
    await chooser.press(f"claim:{order.code}")
    await chooser.type("3.20")
    await chooser.press("claim-day:today")
    await chooser.type("0814")
    assert [(each.amount.minor, each.amount.currency) for each in await made(chooser)] == [(320, "USD")]


async def test_a_buyer_with_too_many_is_told_before_they_type_anything(person: Person) -> None:
    await person.buy()
    for _ in range(MOST_OPEN):
        assert await claim(person) == ["claim-passed-on"]
    for act in (person.type("/claim"), person.press("claim"), person.press("claim:none")):
        assert lines(await act)[-1] == "claims-waiting"
    assert len(await made(person)) == MOST_OPEN


async def test_the_way_to_it_stands_wherever_money_may_be_missing(person: Person, clock: FrozenClock) -> None:
    assert "claim" in tokens(await person.type("/help"))
    order = await person.buy()
    assert f"claim:{order.code}" in tokens(await person.press(f"paid:{order.code}"))
    clock.move(timedelta(minutes=31))
    await person.shop.work()
    shown = person.shop.mouths["telegram"].shown
    (ended,) = [each for each in shown if "order-expired" in each.lines]
    assert f"claim:{order.code}" in tokens([ended.reply])
    assert f"claim:{order.code}" in tokens(await person.press(f"order:{order.code}"))


async def no_money(_: Person) -> None:
    """None at all."""


async def the_very_money(person: Person) -> None:
    await person.shop.settle(person.shop.sighting("nothing", payer=PAYER))


async def other_money(person: Person) -> None:
    await person.shop.settle(person.shop.sighting("nothing", 1, payer=PAYER))


async def test_nothing_tells_whether_there_is_such_money(person: Person, clock: FrozenClock) -> None:
    """Three who claim the same, of whom one is right, are told the same, and the same number of times."""
    heard: list[object] = []
    money: list[Callable[[Person], Awaitable[None]]] = [no_money, other_money, the_very_money]
    for place, arrange in enumerate(money):
        buyer = Person(person.shop, str(1000 + place))
        await buyer.buy()
        await arrange(buyer)
        assert lines(await buyer.type("/claim")) == ["claim-which-order"]
        replies = [*await buyer.press("claim:none"), *await buyer.type("79k")]
        replies += [*await buyer.press("claim-day:today"), *await buyer.type("0814")]
        clock.move(timedelta(hours=1))
        await person.shop.work()
        told = [row for row in await person.shop.jobs("reply") if row.payload["to"] == buyer.chat]
        answers = [pack(each) for each in replies if each.toast is None]
        heard.append((answers, len(told), lines(await buyer.type("/myorders")), await buyer.step()))
        clock.move(-timedelta(hours=1))
    assert heard[1:] == heard[:1] * 2
