"""Headers are found, and what columns mean is recognised by them and by what stands below."""

import pytest

from gateways.statement_columns import Role, complete, guess
from gateways.statement_layout import Header, as_data, find_header, from_data, named_columns
from sales.errors import Misconfigured
from tests.gateways.statements import rows

VIETNAMESE = ["STT", "Ngày giao dịch", "Số tham chiếu", "Diễn giải", "Ghi nợ", "Ghi có", "Số dư"]


@pytest.mark.parametrize(
    ("headers", "roles"),
    [
        (VIETNAMESE, ["", "date", "reference", "memo", "debit", "credit", "balance"]),
        (["No", "Ngày", "Nội dung", "Nợ", "Có", "Số dư"], ["", "date", "memo", "debit", "credit", "balance"]),
        (
            [
                "Ngày GD\nTransaction date",
                "Số CT/ Doc No",
                "Số tiền ghi nợ/ Debit",
                "Số tiền ghi có/ Credit",
                "Chi tiết",
            ],
            ["date", "reference", "debit", "credit", "memo"],
        ),
        (
            ["Ngày hạch toán", "Ngày giao dịch", "Giờ", "Số tiền", "Tên người chuyển", "Tài khoản đối ứng", "Mã GD"],
            ["", "date", "time", "amount", "payer_name", "payer_account", "reference"],
        ),
        (["Thời gian", "Loại", "Số tiền (VND)", "Mô tả"], ["date", "", "amount", "memo"]),
        (["Date", "Time", "Money in", "Money out", "Details"], ["date", "time", "credit", "debit", "memo"]),
        (["Sender name", "Sender account", "Counterparty"], ["payer_name", "payer_account", ""]),
        (["Posting date", "Value date", "Amount", "Ref No", "Balance"], ["date", "", "amount", "reference", "balance"]),
        (["Ngày", "C/D", "Số tiền", "Diễn giải"], ["date", "way", "amount", "memo"]),
        (["Ngày", "Số tiền (ghi nợ/ghi có)", "Nội dung chi tiết"], ["date", "amount", "memo"]),
        (["No.", "Date", "Amount"], ["", "date", "amount"]),
        (["Cột 1", "Cột 2", ""], ["", "", ""]),
    ],
)
def test_columns_are_recognised_in_both_languages(headers: list[str], roles: list[str]) -> None:
    assert guess(headers, []) == {Role(role): place for place, role in enumerate(roles) if role}


def test_what_stands_below_must_read_as_it_is_headed() -> None:
    below = rows(["Ghi có", "20/11/2026", "79.000"], ["Ghi nợ", "20/11/2026", "5"])
    assert guess(["Ngày", "Time", "Amount"], below) == {Role.AMOUNT: 2}
    assert guess(["Ngày", "Ngày ghi", "Amount"], below) == {Role.DATE: 1, Role.AMOUNT: 2}
    assert guess(["D/C", "Ngày", "Amount"], below) == {Role.WAY: 0, Role.DATE: 1, Role.AMOUNT: 2}


def test_a_file_needs_a_date_and_money() -> None:
    assert complete({Role.DATE: 0, Role.AMOUNT: 1})
    assert complete({Role.DATE: 0, Role.CREDIT: 1})
    assert not complete({Role.DATE: 0, Role.DEBIT: 1})
    assert not complete({Role.AMOUNT: 0, Role.CREDIT: 1})


def test_the_header_is_found_below_a_preamble() -> None:
    header = find_header(rows(["NGÂN HÀNG MẪU"], ["Số tài khoản:", "123"], [], VIETNAMESE, ["1", "20/11/2026"]))
    assert header.number == 4
    assert header.columns[Role.CREDIT] == 5
    assert header.signature == "stt|ngay giao dich|so tham chieu|dien giai|ghi no|ghi co|so du"


def test_a_header_of_two_rows_is_put_together() -> None:
    above = ["Ngày", "Phát sinh", "", "Nội dung"]
    header = find_header(rows(["Sao kê"], above, ["", "Nợ", "Có", ""], ["20/11/2026", "", "79.000", "x"]))
    assert header.number == 3
    assert header.texts == ("Ngày", "Phát sinh Nợ", "Phát sinh Có", "Nội dung")
    assert header.columns == {Role.DATE: 0, Role.DEBIT: 1, Role.CREDIT: 2, Role.MEMO: 3}


def test_the_first_line_of_money_is_never_taken_for_a_part_of_the_header() -> None:
    """Its memo may hold any word."""
    header = find_header(rows(["Ngày", "Số tiền", ""], ["20/11/2026", "5", "số dư"], ["20/11/2026", "6", "x"]))
    assert (header.number, header.columns) == (1, {Role.DATE: 0, Role.AMOUNT: 1})


def test_a_row_may_be_named_and_a_file_may_have_none() -> None:
    found = rows(["Ngày", "Số tiền"], ["Date", "Amount"], ["20/11/2026", "5"])
    assert find_header(found, 2).texts == ("Date", "Amount")
    none = find_header(found, 0)
    assert (none.number, none.columns, none.signature) == (0, {}, "?2")
    with pytest.raises(Misconfigured) as caught:
        find_header(found, 7)
    assert caught.value.values == {"row": "7"}
    with pytest.raises(Misconfigured):
        find_header([])


def test_nothing_recognised_still_shows_the_widest_row() -> None:
    header = find_header(rows(["x"], ["a", "b", "c"], ["1", "2"]))
    assert (header.number, header.columns) == (2, {})


def test_columns_are_named_by_place_or_by_header() -> None:
    header = Header(1, ("Ngày", "Tiền", "Nội dung", "Tiền"), {})
    named = named_columns(["date=1", "memo=noi DUNG", "amount=4"], header)
    assert named == {Role.DATE: 0, Role.MEMO: 2, Role.AMOUNT: 3}
    assert from_data(as_data(named)) == named


@pytest.mark.parametrize("word", ["memo", "memo=", "memo=0", "memo=5", "memo=x", "memo=Tiền", "memo=\u0661", "what=1"])
def test_a_column_that_is_not_there_is_refused(word: str) -> None:
    with pytest.raises(Misconfigured):
        named_columns([word], Header(1, ("Ngày", "Tiền", "Nội dung", "Tiền"), {}))
