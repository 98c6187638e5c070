"""Names of a statement's lines: letters of one length, by which two readings of one line are compared."""

from datetime import UTC, datetime, timedelta

import pytest

from gateways.statement_name import CONTENT, REST, LineName

AT = datetime(2026, 11, 20, 2, 15, 30, tzinfo=UTC)
DAY = datetime(2026, 11, 19, 17, tzinfo=UTC)
"""The same day in Vietnam, without a time."""


def name(moment: datetime = AT, reference: str = "", memo: str = "x") -> LineName:
    return LineName.of("0123456789", moment, 5_000, memo, reference)


@pytest.mark.parametrize("reference", ["", "FT1", "đ" * 200])
def test_a_name_is_read_as_it_was_written(reference: str) -> None:
    written = str(name(reference=reference))
    assert LineName.read(written) == name(reference=reference)
    assert len(written) == CONTENT + REST
    assert set(written) <= set("0123456789abcdef")


def test_the_day_and_time_are_those_of_vietnam() -> None:
    assert name().time == "091530"
    assert (name(DAY).time, name(DAY).content) == ("000000", name().content)
    assert name(DAY - timedelta(seconds=1)).content != name().content


def test_blanks_and_marks_of_a_memo_do_not_matter() -> None:
    assert name(memo="Chuyển  tiền").content == name(memo="CHUYEN TIEN").content != name().content


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (name(reference="FT1"), name(), True),
        (name(), name(DAY), True),
        (name(reference="FT1"), name(DAY), True),
        (name(reference="FT1"), name(DAY, "FT1"), True),
        (name(reference="FT1"), name(AT + timedelta(hours=1), "FT1"), True),
        (name(reference="FT1"), name(reference="FT2"), True),
        (name(DAY, "FT1"), name(DAY, "FT2"), False),
        (name(reference="FT1"), name(DAY, "FT2"), False),
        (name(), name(AT + timedelta(seconds=1)), False),
        (name(reference="FT1"), name(AT + timedelta(seconds=1)), False),
        (name(), name(memo="y"), False),
    ],
)
def test_two_readings_may_be_of_one_line_unless_what_both_tell_speaks_against_it(
    one: LineName, other: LineName, same: bool
) -> None:
    assert one.may_be(other) is same
    assert other.may_be(one) is same
