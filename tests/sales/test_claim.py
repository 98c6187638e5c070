"""Which money a claim may mean."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from sales.claim import NEAR, Claim, ClaimState, Loose, fitting
from sales.ids import BuyerId, PeerId
from sales.money import Money
from sales.transfer import Payer

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
CLAIM = Claim(1, BuyerId(1), PeerId(1), None, Money(79_000), NOON, "0814", ClaimState.OPEN, NOON)
MONEY = Loose(1, 1, Money(79_000), "", Payer("NGUYEN VAN A", "1028000814", "VCB"), NOON)


def test_money_of_that_amount_near_that_time_from_that_account_fits() -> None:
    assert fitting(CLAIM, [MONEY]) == [MONEY]


@pytest.mark.parametrize(
    "other",
    [
        replace(MONEY, amount=Money(79_001)),
        replace(MONEY, amount=Money(79_000, "KHR")),
        replace(MONEY, at=NOON + NEAR + timedelta(seconds=1)),
        replace(MONEY, at=NOON - NEAR - timedelta(seconds=1)),
        replace(MONEY, payer=Payer("NGUYEN VAN A", "0814000000")),
    ],
    ids=["amount", "currency", "later", "earlier", "account"],
)
def test_other_money_does_not(other: Loose) -> None:
    assert fitting(CLAIM, [other]) == []


@pytest.mark.parametrize("away", [NEAR, -NEAR])
def test_the_bounds_of_time_are_within(away: timedelta) -> None:
    assert fitting(CLAIM, [replace(MONEY, at=NOON + away)])


def test_the_account_weighs_most_then_the_time_then_the_age() -> None:
    far = replace(MONEY, transfer=4, at=NOON + timedelta(hours=9))
    unnamed = replace(MONEY, transfer=1, payer=Payer())
    older, newer = replace(MONEY, transfer=2), replace(MONEY, transfer=3)
    assert fitting(CLAIM, [unnamed, far, newer, older]) == [older, newer, far, unnamed]


def test_a_buyer_who_knows_no_digits_is_shown_all_that_is_near() -> None:
    knows_none = replace(CLAIM, tail="")
    found = [MONEY, replace(MONEY, transfer=2, payer=Payer("B", "555")), replace(MONEY, transfer=3, payer=Payer())]
    assert fitting(knows_none, found) == found
