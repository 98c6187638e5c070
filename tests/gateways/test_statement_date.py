"""Moments as statements write them."""

# ruff: noqa: DTZ001 - what a file says has no zone

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateways.notice_fields import VIETNAM
from gateways.statement_date import NoMoment, read_moment
from gateways.statement_row import Cell
from sales.pairing import timed

MOMENTS = st.datetimes(datetime(2000, 1, 2), datetime(2098, 12, 31)).map(lambda at: at.replace(microsecond=0))
DATES = ["{:%d/%m/%Y}", "{:%d-%m-%Y}", "{:%d.%m.%Y}", "{:%Y-%m-%d}", "{:%Y/%m/%d}", "{0.day}/{0.month}/{0.year}"]


def at(said: datetime) -> datetime:
    return said.replace(tzinfo=VIETNAM).astimezone(UTC)


@given(MOMENTS, st.sampled_from(DATES), st.sampled_from(["{} {:%H:%M:%S}", "{}T{:%H:%M:%S}", "{}  {:%H:%M:%S}.000"]))
def test_a_date_with_its_time_is_read_in_every_form(said: datetime, day: str, both: str) -> None:
    assert read_moment(both.format(day.format(said), said)) == at(said)


@given(MOMENTS, st.sampled_from(DATES))
def test_a_date_alone_is_its_midnight_and_no_time_of_day(said: datetime, day: str) -> None:
    read = read_moment(day.format(said))
    assert read == at(datetime.combine(said, time()))
    assert not timed(read)


@given(MOMENTS)
def test_the_time_may_stand_before_or_in_a_column_of_its_own(said: datetime) -> None:
    day, clock = f"{said:%d/%m/%Y}", f"{said:%H:%M:%S}"
    assert read_moment(f"{clock} {day}") == read_moment(day, clock) == read_moment(f"{day}\n{clock}") == at(said)
    assert read_moment(said.date(), said.time()) == read_moment(said, said) == read_moment(said) == at(said)


@given(MOMENTS)
def test_serial_days_of_a_spreadsheet_are_read_to_the_second(said: datetime) -> None:
    days = (said - datetime(1899, 12, 30)) / timedelta(days=1)
    assert read_moment(days) == read_moment(f"{days:.10f}") == at(said)
    assert read_moment(int(days)) == at(datetime.combine(said, time()))


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("03/04/2026", datetime(2026, 4, 3)),  # the day first, never the month
        ("21/11/26", datetime(2026, 11, 21)),
        ("21/11/2026 2:30 PM", datetime(2026, 11, 21, 14, 30)),
        ("21/11/2026 12:05 am", datetime(2026, 11, 21, 0, 5)),
        ("2026-11-21 14:05", datetime(2026, 11, 21, 14, 5)),
        (datetime(2026, 11, 21, 14, 5, 8, 999_600), datetime(2026, 11, 21, 14, 5, 9)),
        (date(2026, 11, 21), datetime(2026, 11, 21)),
    ],
)
def test_single_forms(cell: Cell, said: datetime) -> None:
    assert read_moment(cell) == at(said)


def test_a_clock_of_a_spreadsheet_is_a_part_of_a_day() -> None:
    assert read_moment("21/11/2026", 0.5) == at(datetime(2026, 11, 21, 12))


@pytest.mark.parametrize(
    "cell",
    [
        None,
        "",
        "31/02/2026",
        "11/21/2026",
        "2026-13-01",
        "21/11-2026",
        "21/11/2026 25:00",
        "21/11/2026 14:05 PM",
        "31/12/1999",
        "121/11/2026",
        "21/11/20261",
        "Trang 21/11/2026",
        "21/11/2026 to 22/11/2026",
        "20261121",
        "79000",
        79_000,
        12,
        -1.5,
        float("nan"),
        True,
        time(1, 2),
    ],
)
def test_what_is_no_day_is_refused(cell: Cell) -> None:
    with pytest.raises(NoMoment):
        read_moment(cell)


@pytest.mark.parametrize("clock", ["25:00", "x", 1.5, -0.1, 7, "14:05 21/11/2026"])
def test_what_is_no_time_of_day_is_refused(clock: Cell) -> None:
    with pytest.raises(NoMoment):
        read_moment("21/11/2026", clock)


@given(st.text(max_size=40), st.text(max_size=20))
def test_no_text_breaks_the_reader(day: str, clock: str) -> None:
    with suppress(NoMoment):
        assert read_moment(day, clock).tzinfo is UTC
