from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sales.ids import OrderId
from sales.pairing import LOOK_BACK, SAME_DAY, SAME_MOMENT, Lone, Named, in_doubt, pair, sources_without, told_by
from sales.settlement import Meaning
from sales.transfer import Sighting

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
SIGHTING = Sighting("payos", "link:FT1", 79_000, "VND", "0000111122223333", "CS1 KX", reference="FT1", booked_at=NOW)
LONE = Lone(
    transfer=1,
    account=7,
    amount=79_000,
    currency="VND",
    sources=frozenset({"casso"}),
    references=frozenset({"T-9"}),
    meaning=Meaning.EXACT,
    order=OrderId(5),
    booked_at=NOW,
    seen_at=NOW,
)
NOBODY = Named()
ORDER = Named(frozenset({OrderId(5)}))


def test_the_same_amount_on_the_same_account_by_another_source_is_the_same_money() -> None:
    assert pair(SIGHTING, 7, ORDER, [LONE], NOW) == LONE


@pytest.mark.parametrize(
    "other",
    [
        replace(LONE, account=8),
        replace(LONE, amount=79_001),
        replace(LONE, currency="USD"),
        replace(LONE, sources=frozenset({"casso", "payos"})),
        replace(LONE, order=OrderId(6)),
        replace(LONE, booked_at=NOW - SAME_DAY - timedelta(seconds=1)),
        replace(LONE, booked_at=None, seen_at=NOW - LOOK_BACK - timedelta(seconds=1)),
    ],
    ids=["account", "amount", "currency", "told already", "another order", "booked apart", "too long ago"],
)
def test_what_speaks_against_it(other: Lone) -> None:
    assert pair(SIGHTING, 7, ORDER, [other], NOW) is None


def test_one_source_never_tells_of_one_transfer_twice() -> None:
    twin = replace(SIGHTING, source="casso", reference="T-9")
    assert pair(twin, 7, ORDER, [LONE], NOW) is None


def test_the_order_both_name_bridges_a_day_but_no_more() -> None:
    far = replace(LONE, booked_at=NOW - SAME_DAY)
    assert pair(SIGHTING, 7, ORDER, [far], NOW) == far


def test_told_weeks_later_it_is_still_the_money_of_that_day() -> None:
    later = NOW + timedelta(days=20)
    assert pair(SIGHTING, 7, ORDER, [LONE], later) == LONE


@pytest.mark.parametrize(("booked", "apart"), [(NOW, SAME_MOMENT), (MIDNIGHT, SAME_DAY), (None, SAME_DAY)])
def test_without_an_order_the_moments_must_be_near(booked: datetime | None, apart: timedelta) -> None:
    lone = replace(LONE, order=None, meaning=Meaning.UNMATCHED, booked_at=booked)
    base = booked or lone.seen_at
    near, far = replace(SIGHTING, booked_at=base + apart), replace(SIGHTING, booked_at=base + apart + timedelta(1 / 24))
    assert pair(near, 7, ORDER, [lone], NOW) == lone
    assert pair(far, 7, ORDER, [lone], NOW) is None


def test_the_banks_own_number_weighs_more_than_the_order() -> None:
    same = replace(LONE, transfer=2, order=None, references=frozenset({"FT1"}), booked_at=NOW - timedelta(hours=5))
    assert pair(SIGHTING, 7, ORDER, [LONE, same], NOW) == same


def test_equal_numbers_do_not_make_one_payment_of_two_orders() -> None:
    other = replace(LONE, order=OrderId(6), references=frozenset({"FT1"}))
    assert pair(SIGHTING, 7, ORDER, [other], NOW) is None


def test_an_empty_reference_is_no_number() -> None:
    lone = replace(LONE, order=None, references=frozenset({""}), booked_at=NOW - timedelta(hours=5))
    assert pair(replace(SIGHTING, reference=""), 7, NOBODY, [lone], NOW) is None


OTHER = replace(LONE, order=OrderId(6))


BOUNCED = Named(refunds=frozenset({"RF2345679"}))
RETURNED = replace(LONE, meaning=Meaning.RETURNED, refunds=BOUNCED.refunds)
GOING = Named(refunds=frozenset({"RF9999999"}))


@pytest.mark.parametrize(
    ("named", "lone", "same"),
    [
        (BOUNCED, RETURNED, True),
        (NOBODY, RETURNED, True),
        (GOING, RETURNED, False),
        (ORDER, RETURNED, False),
        (BOUNCED, LONE, False),
        (Named(ORDER.orders, BOUNCED.refunds), LONE, True),
        (BOUNCED, replace(LONE, order=None, meaning=Meaning.UNMATCHED), True),
        (BOUNCED, replace(LONE, order=None, meaning=Meaning.UNMATCHED, refunds=GOING.refunds), False),
        (ORDER, replace(LONE, order=None, meaning=Meaning.UNMATCHED, refunds=GOING.refunds), False),
        # The source that was first has left out the code.
        (BOUNCED, replace(RETURNED, refunds=frozenset()), True),
        (ORDER, replace(RETURNED, refunds=frozenset()), False),
    ],
)
def test_a_refunds_money_is_none_of_another_and_no_payment(named: Named, lone: Lone, same: bool) -> None:
    assert (pair(SIGHTING, 7, named, [lone], NOW) == lone) == same
    assert in_doubt(SIGHTING, 7, named, [lone], NOW) != same


def test_of_several_the_one_that_names_the_refund_is_meant() -> None:
    unnamed = replace(LONE, transfer=0, order=None, meaning=Meaning.UNMATCHED)
    assert pair(SIGHTING, 7, BOUNCED, [unnamed, RETURNED], NOW) == RETURNED
    far = replace(RETURNED, booked_at=NOW - SAME_DAY)
    assert pair(SIGHTING, 7, BOUNCED, [far], NOW) == far
    assert pair(SIGHTING, 7, NOBODY, [far], NOW) is None


def test_news_near_a_lone_transfer_of_another_order_is_in_doubt() -> None:
    assert in_doubt(SIGHTING, 7, ORDER, [OTHER], NOW)


@pytest.mark.parametrize(
    "lone",
    [
        LONE,
        replace(OTHER, order=None),
        replace(OTHER, amount=1),
        replace(OTHER, account=8),
        replace(OTHER, sources=frozenset({"payos"})),
        replace(OTHER, booked_at=NOW - SAME_MOMENT - timedelta(seconds=1)),
    ],
    ids=["same order", "no order", "amount", "account", "its own source", "another moment"],
)
def test_nothing_else_is_in_doubt(lone: Lone) -> None:
    assert not in_doubt(SIGHTING, 7, ORDER, [lone], NOW)


def test_of_several_the_one_with_the_order_then_the_nearest_then_the_oldest_is_meant() -> None:
    unnamed = replace(LONE, transfer=2, order=None)
    nearer = replace(LONE, transfer=3, booked_at=NOW + timedelta(minutes=1))
    later = replace(LONE, transfer=4, booked_at=NOW + timedelta(minutes=9))
    assert pair(SIGHTING, 7, ORDER, [later, unnamed, nearer], NOW) == nearer
    assert pair(SIGHTING, 7, NOBODY, [replace(LONE, transfer=9), LONE], NOW) == LONE


def test_every_set_of_other_sources_is_looked_for() -> None:
    assert sources_without("casso", ("casso", "payos")) == ("payos",)
    assert set(sources_without("b", ("c", "b", "a"))) == {"a", "c", "a c"}
    assert all(told_by(each.split()) == each for each in sources_without("b", ("d", "c", "b", "a")))
    assert sources_without("only", ("only",)) == ()


def replay(told: Sequence[tuple[str, int]]) -> int:
    """Pair a stream of (source, order) sightings of equal amounts; answers how many transfers that makes."""
    lone: list[Lone] = []
    for place, (source, order) in enumerate(told):
        named = Named(frozenset({OrderId(order)})) if order else NOBODY
        sighting = replace(SIGHTING, source=source, ref=str(place), reference="")
        twin = pair(sighting, 7, named, lone, NOW)
        if twin is None:
            sources = frozenset({source})
            lone.append(replace(LONE, transfer=place, sources=sources, order=OrderId(order) if order else None))
        else:
            lone[lone.index(twin)] = replace(twin, sources=twin.sources | {source})
    return len(lone)


BY_BOTH = st.lists(st.integers(1, 3), max_size=8).map(
    lambda paid: [(source, order) for order in paid for source in "ab"]
)


@given(BY_BOTH.flatmap(st.permutations))
def test_each_payment_that_both_sources_tell_of_is_one_transfer_in_whatever_order(told: list[tuple[str, int]]) -> None:
    assert replay(told) == len(told) // 2


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 3)), max_size=12))
def test_pairing_never_makes_fewer_transfers_than_one_source_has_told_of(told: list[tuple[str, int]]) -> None:
    each = [sum(source == name for source, _ in told) for name in "ab"]
    assert max(each) <= replay(told) <= len(told)
