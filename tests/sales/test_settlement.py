from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sales.ids import BuyerId, OrderId
from sales.money import Money
from sales.order import Bill, Payment
from sales.posting import Account, balanced
from sales.settlement import HONOURED_FOR, Decision, Meaning, decide, undo
from sales.transfer import Sighting, Standing

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
TICK = timedelta(microseconds=1)
quick = settings(max_examples=200, deadline=timedelta(seconds=2))

OPEN = Bill(OrderId(1), "KX2345678", BuyerId(1), Payment.OPEN, Money(79_000), NOW, NOW + timedelta(hours=24))
OTHER = replace(OPEN, order=OrderId(2), code="KX3456789")


def sighting(amount: int, currency: str = "VND") -> Sighting:
    return Sighting("casso", "7", amount, currency, "0123456789", "whatever")


def decided(amount: int, *bills: Bill, ours: bool = True, currency: str = "VND", now: datetime = NOW) -> Decision:
    return decide(sighting(amount, currency), ours, bills, now)


def booked(decision: Decision) -> dict[str, int]:
    return {posting.account.value: posting.amount.minor for posting in decision.postings}


def in_state(bill: Bill, state: Payment) -> Bill:
    return replace(bill, state=state)


@pytest.mark.parametrize(
    ("amount", "meaning", "books"),
    [
        (1, Meaning.SHORT, {"received": 1, "deposit": -1}),
        (78_999, Meaning.SHORT, {"received": 78_999, "deposit": -78_999}),
        (79_000, Meaning.EXACT, {"received": 79_000, "revenue": -79_000}),
        (79_001, Meaning.OVER, {"received": 79_001, "revenue": -79_000, "credit": -1}),
    ],
)
def test_the_amount_decides_to_the_last_dong(amount: int, meaning: Meaning, books: dict[str, int]) -> None:
    decision = decided(amount, OPEN)
    assert (decision.meaning, decision.order, booked(decision)) == (meaning, OPEN.order, books)
    assert decision.pays == (meaning is not Meaning.SHORT)


@pytest.mark.parametrize(
    ("amount", "meaning", "books"),
    [
        (8_999, Meaning.SHORT, {"received": 8_999, "deposit": -8_999}),
        (9_000, Meaning.EXACT, {"received": 9_000, "revenue": -79_000, "deposit": 70_000}),
        (9_001, Meaning.OVER, {"received": 9_001, "revenue": -79_000, "deposit": 70_000, "credit": -1}),
    ],
)
def test_parts_add_up_and_the_last_one_turns_the_deposit_into_revenue(
    amount: int, meaning: Meaning, books: dict[str, int]
) -> None:
    decision = decided(amount, OPEN.with_part(Money(70_000)))
    assert (decision.meaning, booked(decision)) == (meaning, books)


@pytest.mark.parametrize("state", [Payment.OPEN, Payment.EXPIRED, Payment.CANCELLED])
def test_while_the_shop_watches_money_pays_whatever_clock_or_buyer_said(state: Payment) -> None:
    bill = in_state(OPEN, state)
    assert decided(79_000, bill, now=OPEN.pay_until + TICK).meaning is Meaning.EXACT
    assert decided(79_000, bill, now=OPEN.watch_until).meaning is Meaning.EXACT
    assert decided(1, bill, now=OPEN.watch_until).meaning is Meaning.SHORT


NOT_PAID = [Payment.OPEN, Payment.EXPIRED, Payment.CANCELLED]
LATE = OPEN.watch_until + TICK


@pytest.mark.parametrize("state", NOT_PAID)
@pytest.mark.parametrize("amount", [1, 79_000, 79_001])
def test_a_moment_after_the_watch_money_is_late_and_the_buyers_credit(state: Payment, amount: int) -> None:
    decision = decided(amount, in_state(OPEN, state), now=LATE)
    assert (decision.meaning, decision.order, decision.pays) == (Meaning.LATE, OPEN.order, False)
    assert booked(decision) == {"received": amount, "credit": -amount}


@pytest.mark.parametrize("state", NOT_PAID)
@pytest.mark.parametrize(
    ("amount", "books"),
    [
        (79_000, {"received": 79_000, "revenue": -79_000}),
        (80_000, {"received": 80_000, "revenue": -79_000, "credit": -1_000}),
    ],
)
def test_late_money_pays_while_price_and_goods_stand(state: Payment, amount: int, books: dict[str, int]) -> None:
    bill = replace(in_state(OPEN, state), stands=frozenset({"VND"}))
    for now in (LATE, OPEN.watch_until + HONOURED_FOR):
        decision = decided(amount, bill, now=now)
        assert (decision.meaning, decision.pays, booked(decision)) == (Meaning.LATE, True, books)


@pytest.mark.parametrize(
    "bill",
    [
        replace(OPEN, stands=frozenset({"USD"})),
        replace(OPEN, stands=frozenset({"VND"}), total=Money(79_001)),
    ],
)
def test_late_money_is_credit_where_another_currency_stands_or_it_is_too_little(bill: Bill) -> None:
    decision = decided(79_000, bill, now=LATE)
    assert (decision.pays, decision.waits, booked(decision)) == (False, False, {"received": 79_000, "credit": -79_000})


def test_a_part_that_was_left_helps_late_money_to_pay() -> None:
    bill = replace(OPEN, stands=frozenset({"VND"})).with_part(Money(70_000))
    assert booked(decided(9_000, bill, now=LATE)) == {"received": 9_000, "revenue": -79_000, "deposit": 70_000}


def test_money_long_after_the_watch_waits_for_a_person_whatever_stands() -> None:
    bill = replace(OPEN, stands=frozenset({"VND"}))
    decision = decided(79_000, bill, now=OPEN.watch_until + HONOURED_FOR + TICK)
    assert (decision.meaning, decision.pays, decision.waits) == (Meaning.LATE, False, True)
    assert booked(decision) == {"received": 79_000, "unplaced": -79_000}


@pytest.mark.parametrize(
    ("amount", "meaning", "books"),
    [
        (78_499, Meaning.SHORT, {"received": 78_499, "deposit": -78_499}),
        (78_500, Meaning.EXACT, {"received": 78_500, "revenue": -78_500}),
        (79_100, Meaning.OVER, {"received": 79_100, "revenue": -79_000, "credit": -100}),
    ],
)
def test_within_the_tolerance_a_little_too_little_pays(amount: int, meaning: Meaning, books: dict[str, int]) -> None:
    decision = decided(amount, replace(OPEN, tolerance=500))
    assert (decision.meaning, booked(decision)) == (meaning, books)


def test_the_tolerance_counts_what_is_missing_beside_a_part_and_only_in_dong() -> None:
    bill = replace(OPEN, tolerance=500, prices={"VND": 79_000, "USD": 320})
    assert booked(decided(8_600, bill.with_part(Money(70_000)))) == {
        "received": 8_600, "revenue": -78_600, "deposit": 70_000,
    }  # fmt: skip
    assert decided(319, bill, currency="USD").meaning is Meaning.SHORT


@pytest.mark.parametrize("now", [NOW, OPEN.watch_until + TICK])
@pytest.mark.parametrize("amount", [1, 79_000, 500_000])
def test_money_for_a_paid_order_is_the_buyers_credit_whenever_it_comes(amount: int, now: datetime) -> None:
    decision = decided(amount, in_state(OPEN, Payment.PAID), now=now)
    assert (decision.meaning, decision.order) == (Meaning.SECOND, OPEN.order)
    assert booked(decision) == {"received": amount, "credit": -amount}


def test_money_that_names_no_order_is_unmatched() -> None:
    decision = decided(79_000)
    assert (decision.meaning, decision.order) == (Meaning.UNMATCHED, None)
    assert booked(decision) == {"received": 79_000, "unplaced": -79_000}


CLOSED = [Payment.PAID, Payment.EXPIRED, Payment.CANCELLED]


@pytest.mark.parametrize("state", CLOSED)
def test_of_several_orders_the_only_open_one_is_meant(state: Payment) -> None:
    decision = decided(79_000, in_state(OTHER, state), OPEN)
    assert (decision.meaning, decision.order) == (Meaning.EXACT, OPEN.order)


@pytest.mark.parametrize("states", [(Payment.OPEN, Payment.OPEN), *[(one, two) for one in CLOSED for two in CLOSED]])
def test_of_several_orders_with_two_open_or_none_nobody_can_say_which(states: tuple[Payment, Payment]) -> None:
    decision = decided(79_000, in_state(OPEN, states[0]), in_state(OTHER, states[1]))
    assert (decision.meaning, decision.order) == (Meaning.AMBIGUOUS, None)
    assert booked(decision) == {"received": 79_000, "unplaced": -79_000}


@pytest.mark.parametrize("state", Payment)
def test_the_wrong_currency_never_pays_even_with_the_right_number(state: Payment) -> None:
    decision = decided(79_000, in_state(OPEN, state), currency="USD")
    assert (decision.meaning, decision.order) == (Meaning.WRONG_CURRENCY, OPEN.order)
    assert {posting.amount.currency for posting in decision.postings} == {"USD"}
    assert booked(decision) == {"received": 79_000, "unplaced": -79_000}


@pytest.mark.parametrize("ours", [True, False])
def test_money_that_left_is_never_in_the_books(ours: bool) -> None:
    assert decided(-79_000, OPEN, ours=ours) == Decision(Meaning.OUT)


def test_money_on_a_foreign_account_is_never_in_the_books() -> None:
    assert decided(79_000, OPEN, ours=False) == Decision(Meaning.FOREIGN_ACCOUNT)


def bills() -> st.SearchStrategy[Bill]:
    """Any order a shop may have: parts never reach the total of one that is not paid."""
    return st.builds(
        lambda total, part, state, watch, number: replace(
            OPEN,
            order=OrderId(number),
            state=state,
            total=Money(total),
            deposits={"VND": 0 if state is Payment.PAID else total * part // 100},
            watch_until=NOW + timedelta(seconds=watch),
        ),
        st.integers(1, 10**9),
        st.integers(0, 99),
        st.sampled_from(Payment),
        st.integers(-5, 5),
        st.integers(1, 10**6),
    )


amounts = st.integers(-(10**9), 10**9).filter(bool)


@quick
@given(amounts, st.lists(bills(), max_size=3), st.booleans(), st.sampled_from(["VND", "USD"]))
def test_every_decision_balances_and_books_what_came(amount: int, named: list[Bill], ours: bool, currency: str) -> None:
    decision = decided(amount, *named, ours=ours, currency=currency)
    assert balanced(decision.postings)
    received = sum(each.amount.minor for each in decision.postings if each.account is Account.RECEIVED)
    assert received == (amount if ours and amount > 0 else 0)
    assert decision.bill is None or decision.bill in named


@quick
@given(st.integers(1, 2 * 10**9), bills())
def test_it_pays_exactly_when_it_is_enough_in_time_for_an_unpaid_order(amount: int, bill: Bill) -> None:
    enough = bill.deposited.minor + amount >= bill.total.minor
    in_time = bill.watch_until >= NOW
    assert decided(amount, bill).pays == (enough and in_time and bill.state is not Payment.PAID)


@quick
@given(bills().filter(lambda bill: bill.state is not Payment.PAID and bill.watch_until >= NOW), st.data())
def test_however_the_total_is_cut_the_last_part_pays_it_exactly(bill: Bill, data: st.DataObject) -> None:
    first = data.draw(st.integers(1, bill.missing.minor))
    if first < bill.missing.minor:
        short = decided(first, bill)
        assert short.meaning is Meaning.SHORT
        bill = bill.with_part(Money(first))
        first = bill.missing.minor
    last = decided(first, bill)
    assert (last.meaning, booked(last)["revenue"]) == (Meaning.EXACT, -bill.total.minor)


TWO_PRICES = replace(OPEN, prices={"VND": 79_000, "USD": 320})


def test_any_price_of_the_order_pays_it() -> None:
    decision = decided(320, TWO_PRICES, currency="USD")
    assert decision.meaning is Meaning.EXACT
    assert booked(decision) == {"received": 320, "revenue": -320}


def test_parts_of_different_currencies_never_add_up() -> None:
    begun = TWO_PRICES.with_part(Money(78_999))
    assert decided(319, begun, currency="USD").meaning is Meaning.SHORT
    assert decided(1, begun.with_part(Money(319, "USD")), currency="USD").meaning is Meaning.EXACT


def test_what_was_paid_in_another_currency_becomes_credit() -> None:
    decision = decided(320, TWO_PRICES.with_part(Money(50_000)), currency="USD")
    assert decision.meaning is Meaning.EXACT
    assert balanced(decision.postings)
    freed = [(each.account, each.amount) for each in decision.postings if each.amount.currency == "VND"]
    assert freed == [("deposit", Money(50_000)), ("credit", Money(-50_000))]


def test_a_currency_the_order_has_no_price_in_never_pays() -> None:
    assert decided(79_000, TWO_PRICES, currency="KHR").meaning is Meaning.WRONG_CURRENCY


def test_money_that_is_held_is_in_no_book() -> None:
    held = replace(sighting(79_000), standing=Standing.HELD)
    decision = decide(held, True, [OPEN], NOW)
    assert (decision.meaning, decision.order, decision.postings) == (Meaning.HELD, OPEN.order, ())


@pytest.mark.parametrize("amount", [50_000, 79_000, 90_000])
def test_what_is_taken_back_leaves_nothing_behind(amount: int) -> None:
    came = decided(amount, OPEN)
    gone = undo(came.postings, OPEN if came.pays else OPEN.with_part(Money(amount)))
    assert gone.meaning is Meaning.REVERSED
    assert gone.order == OPEN.order
    left: dict[str, int] = {}
    for posting in came.postings + gone.postings:
        left[posting.account] = left.get(posting.account, 0) + posting.amount.minor
    assert not any(left.values())
    assert gone.took_back(Account.REVENUE) == came.pays
