"""What the shop file says of tolerance and of how many orders the shop takes."""

import pytest

from app.shop_file import parse_shop_file
from app.words import mistakes
from tests.app.test_shop_file import GOOD, broken

PREFIX = 'code_prefix = "KX"'


def written(line: str) -> str:
    """The good file with one more line in [shop]."""
    assert PREFIX in GOOD
    return GOOD.replace(PREFIX, f"{PREFIX}\n{line}")


def test_a_file_that_says_nothing_forgives_nothing_and_takes_the_usual() -> None:
    file = parse_shop_file(GOOD)
    assert (file.tolerance, file.most_open, file.most_an_hour) == (0, 3, 500)


def test_all_three_are_read() -> None:
    file = parse_shop_file(written("tolerance = 500\nopen_orders = 1\norders_an_hour = 40"))
    assert (file.tolerance, file.most_open, file.most_an_hour) == (500, 1, 40)


@pytest.mark.parametrize(
    ("line", "message", "field"),
    [
        ("tolerance = -1", "mistake-too-small", "tolerance"),
        ("tolerance = 50_001", "mistake-too-big", "tolerance"),
        ('tolerance = "500"', "mistake-number", "tolerance"),
        ("tolerance = 1.500", "mistake-thousands", "tolerance"),
        ("open_orders = 0", "mistake-too-small", "open_orders"),
        ("open_orders = 11", "mistake-too-big", "open_orders"),
        ("orders_an_hour = 0", "mistake-too-small", "orders_an_hour"),
        ("orders_an_hour = true", "mistake-number", "orders_an_hour"),
    ],
)
def test_a_wrong_number_is_told_with_its_line(line: str, message: str, field: str) -> None:
    (mistake,) = broken(written(line))
    assert (mistake.message, mistake.place) == (message, ("shop", field))
    assert written(line).splitlines()[mistake.line - 1] == line


@pytest.mark.parametrize(("price", "tolerance", "right"), [(5_000, 4_999, True), (5_000, 5_000, False)])
def test_a_tolerance_that_would_give_a_plan_away_is_refused(price: int, tolerance: int, right: bool) -> None:
    text = written(f"tolerance = {tolerance}").replace("price = 79_000", f"price = {price}")
    if right:
        assert parse_shop_file(text).tolerance == tolerance
        return
    (mistake,) = broken(text)
    assert (mistake.message, mistake.place) == ("mistake-tolerance", ("shop", "tolerance"))
    assert "5000" in mistakes([mistake])[0]
