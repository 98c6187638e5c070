from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sales.permutation import permute

KEY = bytes(range(32))


@settings(max_examples=40, deadline=None)
@given(size=st.integers(1, 700), key=st.binary(min_size=16, max_size=32))
def test_every_number_has_a_place_of_its_own(size: int, key: bytes) -> None:
    assert sorted(permute(number, size, key) for number in range(size)) == list(range(size))


def test_another_key_is_another_order() -> None:
    def order(key: bytes) -> list[int]:
        return [permute(number, 1_000_000, key) for number in range(50)]

    assert order(KEY) == order(KEY)
    assert not set(order(KEY)) & set(order(KEY[::-1]))


def test_neighbours_land_far_apart() -> None:
    size = 45_873_129
    places = [permute(number, size, KEY) for number in range(2_000)]
    steps = [abs(after - before) for before, after in pairwise(places)]
    assert sum(steps) / len(steps) > size / 4
    assert sorted(places) != places


def test_the_order_never_changes_over_versions() -> None:
    # Codes are printed on old orders for ever: whoever changes this breaks every shop's counter.
    assert [permute(number, 45_873_129, KEY) for number in (0, 1, 2, 45_873_128)] == PINNED


@pytest.mark.parametrize("number", [-1, 10, 11])
def test_a_number_outside_has_no_place(number: int) -> None:
    with pytest.raises(ValueError, match="is not one of"):
        permute(number, 10, KEY)


PINNED = [25733592, 19373942, 30836274, 9148560]
