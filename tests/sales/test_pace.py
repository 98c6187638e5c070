from datetime import timedelta
from itertools import pairwise

import pytest

from sales.pace import CALM, CLOSE, Pace, next_after


@pytest.mark.parametrize(
    ("minutes", "seconds"), [(0, 5), (4.9, 5), (5, 10), (14, 10), (15, 15), (59, 15), (60, 300), (24 * 60, 300)]
)
def test_bakong_is_asked_as_a_client_in_use_asks(minutes: float, seconds: int) -> None:
    assert next_after(CLOSE, timedelta(minutes=minutes)) == timedelta(seconds=seconds)


@pytest.mark.parametrize("pace", [CALM, CLOSE])
def test_a_pace_only_slows_down_and_ends(pace: Pace) -> None:
    assert all(one[0] < other[0] and one[1] < other[1] for one, other in pairwise(pace))
    assert next_after(pace, pace[-1][0]) is None


def test_a_gateway_that_sends_notices_is_asked_less_often() -> None:
    ages = [timedelta(minutes=each) for each in (0, 10, 30, 120, 1000)]
    assert all(next_after(CALM, age) > next_after(CLOSE, age) for age in ages[:3])  # type: ignore[operator]
