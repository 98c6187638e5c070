"""An admin has a gateway send a refund, over its buttons; nobody else can, and nobody can send it beside."""

import pytest

from flows.messages import Reply
from sales.refund import Refund
from storage.store import Store
from tests.bot.talk.people import Person, lines, say, tokens
from tests.flows.desk import Desk
from tests.flows.giving import Counter
from tests.flows.shop import open_shop


@pytest.fixture
async def counter(lite: Store) -> Counter:
    return Counter.open(await Desk.open(await open_shop(lite)))


@pytest.fixture
def admin(counter: Counter) -> Person:
    return Person(counter.desk.shop, "999")


def way(replies: list[Reply]) -> str:
    return next(each for each in tokens(replies) if each.startswith("refund-by:"))


async def card(counter: Counter, admin: Person) -> tuple[Refund, list[Reply]]:
    """An owed refund with its account confirmed, and its card as `/refund` shows it."""
    refund = await counter.payable()
    return refund, await admin.press(f"refund-open:{refund.id}")


async def test_the_card_offers_it_and_says_that_it_is_under_way(counter: Counter, admin: Person) -> None:
    refund, shown = await card(counter, admin)
    assert way(shown) == f"refund-by:payout:{refund.mark}"
    turned = next(each for each in await admin.press(way(shown)) if each.lines)
    assert (turned.refund, turned.choices, lines([turned])) == (refund.mark, (), ["refund-under-way"])
    for language in ("vi", "en"):
        assert "payOS" in say([turned], language)
    assert (await counter.desk.look(refund)).under_way
    assert lines(await admin.press(f"refund-open:{refund.id}")) == ["refund-under-way"]


async def test_nobody_sends_it_beside(counter: Counter, admin: Person) -> None:
    refund, shown = await card(counter, admin)
    await admin.press(way(shown))
    for token in (way(shown), f"refund-sent:{refund.mark}", f"refund-checked:{refund.mark}"):
        assert lines(await admin.press(token)) == ["refund-not-open"]
    await counter.desk.shop.work()
    assert len(counter.till.keys) == 1


async def test_a_button_is_about_one_account(counter: Counter, admin: Person) -> None:
    refund, shown = await card(counter, admin)
    await admin.press(f"refund-type:{refund.id}")
    await admin.type("MB 9999888877 TRAN THI B")
    assert lines(await admin.press(way(shown))) == ["refund-account-changed"]
    assert not (await counter.desk.look(refund)).under_way


@pytest.mark.parametrize(
    "token", ["refund-by:", "refund-by:nothing:1:abc", "refund-by:payout:", "refund-by:payout:x:y"]
)
async def test_buttons_that_are_none(counter: Counter, admin: Person, token: str) -> None:
    await counter.payable()
    assert lines(await admin.press(token))[0] in ("toast-dead-button", "refund-account-changed")


async def test_a_stranger_learns_and_changes_nothing(counter: Counter, admin: Person) -> None:
    refund, shown = await card(counter, admin)
    stranger = Person(counter.desk.shop, "77")
    assert lines(await stranger.press(way(shown))) == lines(await stranger.press("nonsense:1"))
    assert not (await counter.desk.look(refund)).under_way
