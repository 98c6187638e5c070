from dataclasses import replace
from datetime import UTC, datetime

import pytest

from gateways.came_in import came_in, concerns
from sales.transfer import Sighting
from tests.gateways.asked import ACCOUNT, question

SINCE = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def moved(booked: datetime | None, amount: int = 1000) -> Sighting:
    return Sighting("bank", "1", amount, "VND", "77", "", booked_at=booked)


@pytest.mark.parametrize(
    ("booked", "may_be"),
    [
        (datetime(2026, 11, 21, 9, 0, tzinfo=UTC), True),
        (datetime(2026, 11, 21, 8, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 11, 20, 17, 0, tzinfo=UTC), True),  # the day alone, in Vietnam's time
        (datetime(2026, 11, 19, 17, 0, tzinfo=UTC), False),
        (datetime(2026, 11, 21, 0, 0, tzinfo=UTC), True),  # the day alone, written with a zone
        (datetime(2026, 11, 20, 0, 0, tzinfo=UTC), False),
        (None, True),
    ],
)
def test_money_may_be_for_an_attempt_when_it_came_no_earlier(booked: datetime | None, may_be: bool) -> None:
    assert came_in(moved(booked), SINCE) is may_be


def test_money_that_went_out_never_is() -> None:
    assert not came_in(moved(None, -1000), SINCE)


def test_money_on_a_shown_account_or_with_a_code_is_the_shops_business() -> None:
    asked = [question(1, code="KX7R2M9CF"), question(2, code="KX23456789", account="96247VA99")]
    here = replace(moved(None), account=ACCOUNT)
    assert concerns(here, asked)
    assert concerns(replace(moved(None), virtual_account="96247VA99"), asked)
    assert concerns(replace(moved(None), memo="tra kx7r 2m9cf nhe"), asked)
    assert not concerns(moved(None), asked)
    assert not concerns(here, asked[1:])
