"""What buyers type of a transfer."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sales.claim_words import noon, read_moment, read_tail

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 21, 15, 30, 20, 5, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("typed", "tail"),
    [
        ("0814", "0814"),
        (" 0814 ", "0814"),
        ("814", "814"),
        ("1028000814", "0814"),
        ("1028 000 814", "0814"),
        ("...0814", "0814"),
        ("…0814", "0814"),
        ("****0814", "0814"),
    ],
)
def test_the_last_digits_are_kept_and_no_more(typed: str, tail: str) -> None:
    assert read_tail(typed) == tail


@pytest.mark.parametrize("typed", ["", "14", "abcd", "08a4", "٠٨١٤", "²³¹", "1" * 20, "VCB 0814", "\ud800814"])
def test_what_ends_no_account(typed: str) -> None:
    assert read_tail(typed) is None


@pytest.mark.parametrize(
    ("typed", "day", "time"),
    [
        ("14:30", (2026, 11, 21), (14, 30)),
        ("14h30", (2026, 11, 21), (14, 30)),
        ("9h", (2026, 11, 21), (9, 0)),
        ("9 giờ 05", (2026, 11, 21), (9, 5)),
        ("15:34", (2026, 11, 21), (15, 34)),
        ("23:50", (2026, 11, 20), (23, 50)),
        ("14:30 20/11", (2026, 11, 20), (14, 30)),
        ("20/11 14:30", (2026, 11, 20), (14, 30)),
        ("20-11-2026, 14h30", (2026, 11, 20), (14, 30)),
        ("20.11.2026", (2026, 11, 20), (12, 0)),
        ("20/11", (2026, 11, 20), (12, 0)),
        ("21/11", (2026, 11, 21), (12, 0)),
        (" １４:３０ ", (2026, 11, 21), (14, 30)),
    ],
)
def test_moments_as_people_type_them(typed: str, day: tuple[int, int, int], time: tuple[int, int]) -> None:
    assert read_moment(typed, NOW) == datetime(*day, *time, tzinfo=ZONE)


@pytest.mark.parametrize(
    "typed",
    ["", "x", "25:00", "14:61", "31/02", "30/2 10:00", "0/1", "22/11/2026", "14:30 22/11/2026", "20/11/2025", "1430"],
)
def test_what_is_no_moment_lies_ahead_or_too_long_ago(typed: str) -> None:
    assert read_moment(typed, NOW) is None


def test_in_january_december_is_last_year() -> None:
    january = NOW.replace(month=1, day=5)
    assert read_moment("30/12 08:00", january) == datetime(2025, 12, 30, 8, 0, tzinfo=ZONE)


def test_todays_date_in_the_morning_means_now() -> None:
    morning = NOW.replace(hour=8)
    assert read_moment("21/11", morning) == morning


def test_the_noon_of_a_day_never_lies_ahead() -> None:
    assert noon(NOW, 0) == NOW.replace(hour=12, minute=0, second=0, microsecond=0)
    assert noon(NOW, 1) == noon(NOW, 0) - timedelta(days=1)
    morning = NOW.replace(hour=8)
    assert noon(morning, 0) == morning
