"""One payment told of by every watcher of the account: SePay's notice, SePay's list and Casso count it once."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest
from aiohttp import ClientSession

from gateways.gateway import Reach
from gateways.sepay import SEPAY
from gateways.sepay_api import asking
from sales.catalogue import FiledAccount
from sales.ids import AttemptId
from sales.money import Money
from sales.purchase import Order
from sales.question import Question
from sales.transfer import Sighting
from storage.schema.money import sightings, transfers
from storage.schema.orders import attempts
from tests.clock import FrozenClock
from tests.flows.shop import ACCOUNT, PRICE, Shop
from tests.gateways.sepay_server import SECRETS, SepayServer, row, serving

KEY = {"api_key": "dummy-sepay-key"}
BOOKED = "2026-11-21 16:00:00"
"""Now, by the frozen clock, as banks of Vietnam write it."""
ALL = pytest.mark.parametrize("turns", list(permutations(("sepay", "sepay-api", "casso"))), ids="-".join)


@pytest.fixture
async def sepay() -> AsyncIterator[SepayServer]:
    async with serving() as server:
        yield server


def by_casso(shop: Shop, memo: str, clock: FrozenClock) -> Sighting:
    return shop.sighting(memo, booked_at=clock(), reference=f"tid {next(shop.refs)}")


def by_notice(shop: Shop, memo: str, clock: FrozenClock, reference: str = "FT1") -> Sighting:
    """What SePay's notice says, once it came through our door."""
    told = shop.sighting(memo, source="sepay", booked_at=clock(), reference=reference)
    [said] = SEPAY.read(KEY, SEPAY.forge(KEY, told, clock()), clock())
    return said


async def by_list(sepay: SepayServer, order: Order, clock: FrozenClock) -> tuple[Sighting, ...]:
    """What SePay answers when it is asked about the order's payment."""
    made = clock() - timedelta(minutes=5)
    asked = Question(AttemptId(1), 1, order.code, Money(PRICE), made, clock(), account=ACCOUNT)
    async with ClientSession() as session:
        look = asking(Reach(SECRETS, sepay.url, session, clock))
        assert look is not None
        return await look.ask([asked])


async def told(shop: Shop, sepay: SepayServer, order: Order, clock: FrozenClock) -> dict[str, Sighting]:
    """One payment, by everybody's word: each calls it by a number of its own, and gives it the bank's in its way."""
    sepay.rows = [
        row(7, BOOKED, amount_in=f"{PRICE}.00", transaction_content=f"CT {order.code} nhanh", reference_number="FT1")
    ]
    [listed] = await by_list(sepay, order, clock)
    notice, casso = by_notice(shop, order.code, clock), by_casso(shop, order.code, clock)
    return {each.source: each for each in (notice, listed, casso)}


async def counted(shop: Shop) -> tuple[int, int]:
    return len(await shop.rows(transfers)), len(await shop.rows(sightings))


@ALL
async def test_whoever_comes_first_it_counts_once(
    shop: Shop, sepay: SepayServer, clock: FrozenClock, turns: tuple[str, ...]
) -> None:
    order = await shop.order()
    words = await told(shop, sepay, order, clock)
    for source in turns:
        assert await shop.settle(words[source]) == 1
    assert await shop.settle(*words.values()) == 0
    assert await counted(shop) == (1, 3)
    assert await shop.totals() == {"received": PRICE, "revenue": PRICE}
    assert (await shop.story(order))["order"]["payment"] == "paid"


async def test_all_in_one_list(shop: Shop, sepay: SepayServer, clock: FrozenClock) -> None:
    order = await shop.order()
    words = await told(shop, sepay, order, clock)
    assert await shop.settle(*words.values()) == 3
    assert await counted(shop) == (1, 3)
    assert await shop.meanings() == ["exact"]


async def test_a_second_payment_stays_a_second_one(shop: Shop, sepay: SepayServer, clock: FrozenClock) -> None:
    order = await shop.order()
    words = await told(shop, sepay, order, clock)
    sepay.rows.append(replace_row(sepay, id="8", reference_number="FT2"))
    listed = await by_list(sepay, order, clock)
    await shop.settle(*listed)
    await shop.settle(words["sepay"], by_notice(shop, order.code, clock, "FT2"))
    await shop.settle(words["casso"], by_casso(shop, order.code, clock))
    assert await counted(shop) == (2, 6)
    assert await shop.meanings() == ["exact", "second"]


async def test_the_same_number_at_sepays_two_doors_names_nothing(
    shop: Shop, sepay: SepayServer, clock: FrozenClock
) -> None:
    """Whether SePay's two numberings are one is nowhere promised: an equal number must not hide another payment."""
    first, second = await shop.order(), await shop.order()
    sepay.rows = [row(7, BOOKED, amount_in=f"{PRICE}.00", transaction_content=second.code, reference_number="FT2")]
    await shop.settle(replace(by_notice(shop, first.code, clock), ref="7"))
    await shop.settle(*await by_list(sepay, second, clock))
    assert await counted(shop) == (2, 2)
    for order in (first, second):
        assert (await shop.story(order))["order"]["payment"] == "paid"


async def test_money_without_a_code_is_never_taken_for_what_a_notice_told_of_just_before(
    shop: Shop, sepay: SepayServer, clock: FrozenClock
) -> None:
    paid, waiting = await shop.order(), await shop.order()
    clock.move(timedelta(minutes=-10))
    await shop.settle(by_notice(shop, paid.code, clock, "FT1"))
    clock.move(timedelta(minutes=10))
    amount = f"{PRICE}.00"
    sepay.rows = [
        row(7, "2026-11-21 15:50:00", amount_in=amount, transaction_content=paid.code, reference_number="FT1"),
        row(8, BOOKED, amount_in=amount, transaction_content="chuyen tien", reference_number="FT2"),
    ]
    await shop.settle(*await by_list(sepay, waiting, clock))
    assert await counted(shop) == (2, 3)
    assert await shop.meanings() == ["exact", "unmatched"]


async def test_money_on_a_virtual_account_is_money_on_the_real_one(shop: Shop, clock: FrozenClock) -> None:
    await shop.show_accounts(FiledAccount("970418", ACCOUNT, "NGUYEN VAN A", virtual="96247VA99"))
    order = await shop.order()
    [attempt] = await shop.rows(attempts)
    assert attempt.account == "96247VA99"
    behind = replace(by_notice(shop, order.code, clock), virtual_account="96247VA99")
    await shop.settle(replace(behind, account=""))
    await shop.settle(replace(by_casso(shop, order.code, clock), account="96247VA99"))
    assert await counted(shop) == (1, 2)
    assert await shop.meanings() == ["exact"]


async def test_a_memo_with_the_banks_word_pays(shop: Shop, clock: FrozenClock) -> None:
    await shop.show_accounts(FiledAccount("970415", ACCOUNT, "NGUYEN VAN A", word="SEVQR"))
    order = await shop.order()
    [attempt] = (await shop.story(order))["attempts"]
    assert attempt["memo"] == f"SEVQR {order.code}"
    await shop.settle(by_notice(shop, attempt["memo"].replace(" ", ""), clock))
    assert await shop.meanings() == ["exact"]


def replace_row(sepay: SepayServer, **changes: str) -> dict[str, object]:
    return {**sepay.rows[0], **changes}
