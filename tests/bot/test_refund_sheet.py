"""The sheet of refunds: text stays text, amounts are numbers, and nobody's name is a formula."""

import csv
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO, StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from bot.refund_sheet import COLUMNS, as_csv, as_xlsx
from flows.list_payable import Payable
from sales.money import Money

ZONE = "Asia/Ho_Chi_Minh"
HEADINGS = [name.upper() for name in COLUMNS]


def payable(holder: str = "NGUYEN VAN A", account: str = "0071000123456") -> Payable:
    return Payable(
        "RF2345678", "KX2345678", Money(50_000), "Vietcombank", "970436", account, holder, "RF2345678 HOAN TIEN"
    )


def from_csv(written: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(written.decode("utf-8-sig"), newline="")))


def test_csv_holds_what_is_to_be_paid() -> None:
    head, row = from_csv(as_csv(HEADINGS, [payable()], ZONE))
    assert head == HEADINGS
    assert dict(zip(COLUMNS, row, strict=True)) == {
        "bank": "Vietcombank",
        "bin": "970436",
        "account": "0071000123456",
        "holder": "NGUYEN VAN A",
        "amount": "50000",
        "memo": "RF2345678 HOAN TIEN",
        "refund": "RF2345678",
        "order": "KX2345678",
        "listed": "",
    }
    assert b'"0071000123456"' in as_csv(HEADINGS, [payable()], ZONE), "text stands in quotes"
    assert as_csv(HEADINGS, [], ZONE).startswith(b"\xef\xbb\xbf")


def test_it_shows_when_a_refund_stood_in_a_sheet_before() -> None:
    before = replace(payable(), listed_at=datetime(2026, 11, 20, 18, 30, tzinfo=UTC))
    assert from_csv(as_csv(HEADINGS, [before], ZONE))[1][-1] == "2026-11-21 01:30"
    sheet = load_workbook(BytesIO(as_xlsx(HEADINGS, [before], ZONE))).active
    assert sheet is not None
    assert sheet["I2"].value == "2026-11-21 01:30"


def test_xlsx_keeps_account_numbers_as_text_and_amounts_as_numbers() -> None:
    sheet = load_workbook(BytesIO(as_xlsx(HEADINGS, [payable(), payable(account="000000")], ZONE))).active
    assert sheet is not None
    assert [cell.value for cell in sheet[1]] == HEADINGS
    account, amount = sheet["C2"], sheet["E2"]
    assert (account.value, account.data_type, account.number_format) == ("0071000123456", "s", "@")
    assert (amount.value, amount.data_type) == (50_000, "n")
    assert sheet["C3"].value == "000000"


@pytest.mark.parametrize("holder", ['=HYPERLINK("X")', "+AB", "-AB", "@AB", "\t=AB", "=AB\x00", "\n-AB"])
def test_a_name_is_no_formula(holder: str) -> None:
    written = from_csv(as_csv(HEADINGS, [payable(holder)], ZONE))[1][3]
    sheet = load_workbook(BytesIO(as_xlsx(HEADINGS, [payable(holder)], ZONE))).active
    assert sheet is not None
    for shown in (written, str(sheet["D2"].value)):
        assert shown.startswith("'"), shown
        assert shown.isprintable()
    assert sheet["D2"].data_type == "s"


@given(st.text(max_size=60), st.text("0123456789", min_size=6, max_size=19))
def test_whatever_people_are_called_both_forms_can_be_read_back(holder: str, account: str) -> None:
    row = from_csv(as_csv(HEADINGS, [payable(holder, account)], ZONE))[1]
    sheet = load_workbook(BytesIO(as_xlsx(HEADINGS, [payable(holder, account)], ZONE))).active
    assert sheet is not None
    assert (row[2], sheet["C2"].value) == (account, account)
    assert (sheet["D2"].value or "") == row[3]
    assert not row[3].startswith(("=", "+", "-", "@"))
