"""Accounts as people write them, and what may be shown of them."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sales.banks import AmbiguousBank, UnknownBank
from sales.errors import Tell
from sales.payee import LONGEST_HOLDER, BadPayee, Payee, known_payee, read_account, read_holder, read_payee

WANTED = Payee("970436", "0071000123456", "NGUYEN VAN A")


@pytest.mark.parametrize(
    "line",
    [
        "Vietcombank 0071000123456 NGUYEN VAN A",
        "vcb 0071000123456 nguyen van a",
        "  VCB,0071000123456,Nguyen Van A  ",
        "VCB\n0071000123456\nNguyen Van A",
        "vcb - 0071 0001 23456 - nguyen  van a",
        "970436 0071000123456 Nguyen Van A",
        "Ngân hàng TMCP Ngoại thương Việt Nam: 0071000123456; Nguyen Van A",
        "VCB 0071000123456 Nguyen\u202e Van A",
        "0071000123456 Vietcombank NGUYEN VAN A",
        "0071000123456 Nguyen Van A - Vietcombank",
        "NGUYEN VAN A 0071000123456 VCB",
        "NGUYEN VAN A, VCB, 0071 0001 23456",
        "VCB NGUYEN VAN A 0071000123456",
        "STK: 0071000123456 VCB NGUYEN VAN A",
        "Số tài khoản 0071000123456, chủ TK: Nguyen Van A, Vietcombank",
        "Nguyen Van A 0071000123456 970436",
        "0071000123456 Ngân hàng TMCP Ngoại thương Việt Nam: Nguyen Van A",
    ],
)
def test_bank_account_and_name_are_found(line: str) -> None:
    assert read_payee(line) == WANTED


def test_a_name_keeps_its_marks_in_capitals() -> None:
    assert read_payee("momo 0912345678 Trần Thị Bé").holder == "TRẦN THỊ BÉ"


@pytest.mark.parametrize(
    "line",
    [
        "",
        "vcb",
        "vcb 0071000123456",
        "vcb NGUYEN VAN A",
        "vcb 12345 NGUYEN VAN A",
        "vcb 12345678901234567890 NGUYEN VAN A",
        "vcb 0071000123456 A",
        "vcb 0071000123456 123",
        "vcb 0071000123456 NGUYEN VAN 4",
        "vcb 00710A0123456 NGUYEN VAN A",
        "vcb ００７１０００１２３４５６ NGUYEN VAN A",
        "vcb 0071000123456 " + "A" * (LONGEST_HOLDER + 1),
    ],
)
def test_what_is_not_complete_is_asked_for_again(line: str) -> None:
    with pytest.raises(BadPayee):
        read_payee(line)


def test_a_bank_nobody_knows_is_named() -> None:
    with pytest.raises(UnknownBank) as told:
        read_payee("sparkasse 0071000123456 NGUYEN VAN A")
    assert told.value.values == {"text": "sparkasse"}


def test_a_name_of_several_banks_is_asked_about() -> None:
    with pytest.raises(AmbiguousBank):
        read_payee("timo 0071000123456 NGUYEN VAN A")


def test_a_name_that_is_a_bank_s_too_is_read_by_its_place_or_asked_about() -> None:
    named = Payee("970436", "0071000123456", "NGUYEN AN BINH")
    assert read_payee("VCB 0071000123456 Nguyen An Binh") == named
    assert read_payee("Nguyen An Binh 0071000123456 VCB") == named
    with pytest.raises(AmbiguousBank) as told:
        read_payee("0071000123456 VCB Nguyen An Binh")
    assert {bank.bin for bank in told.value.candidates} == {"970436", "970425"}


def test_a_long_line_takes_no_long_time() -> None:
    """A stranger types it, and it is read while nobody else is served."""
    for line in ("a " * 100, "1 " * 100, "1 a " * 50, "timo 1 " * 28, "111111 " * 28, "tk " * 66):
        start = process_time()
        with pytest.raises(Tell):
            read_payee(line)
        assert process_time() - start < 0.5


@given(st.text(max_size=300))
def test_no_line_breaks_it(line: str) -> None:
    try:
        payee = read_payee(line)
    except Tell:
        return
    assert 6 <= len(payee.account) <= 19


def test_what_the_bank_says_is_taken_only_when_money_can_be_sent_there() -> None:
    assert known_payee("VCB", "0071000123456", "NGUYEN VAN A") == WANTED
    assert not known_payee("", "0071000123456", "NGUYEN VAN A")
    assert not known_payee("timo", "0071000123456", "NGUYEN VAN A")
    assert not known_payee("VCB", "xxxx123456", "NGUYEN VAN A")
    assert not known_payee("VCB", "0071000123456", "")


def test_the_mark_changes_with_every_part() -> None:
    others = [
        Payee("970422", WANTED.account, WANTED.holder),
        Payee(WANTED.bin, "0071000123457", WANTED.holder),
        Payee(WANTED.bin, WANTED.account, "NGUYEN VAN B"),
        Payee(WANTED.bin + "0", WANTED.account[1:], WANTED.holder),
        Payee(),
    ]
    assert len({WANTED.mark, *(other.mark for other in others)}) == 6


def test_the_number_is_in_no_repr() -> None:
    assert WANTED.account not in repr(WANTED)
    assert (WANTED.bank, WANTED.tail) == ("Vietcombank", "3456")
    assert Payee("999999", "1", "").bank == "999999"


@pytest.mark.parametrize(
    "typed",
    ["0071000123456", " 0071 000 123 456 ", "0071.000.123.456", "STK: 0071000123456", "số tài khoản 0071000123456"],
)
def test_an_account_number_is_read_by_itself(typed: str) -> None:
    assert read_account(typed) == "0071000123456"


@pytest.mark.parametrize("typed", ["", "12345", "1" * 20, "007x000123", "VCB 0071000123456", "٣٣٣٣٣٣٣", "\0"])
def test_what_is_no_account_number_is_refused(typed: str) -> None:
    with pytest.raises(BadPayee, match="refund-number-wrong"):
        read_account(typed)


def test_a_holder_is_read_by_itself() -> None:
    assert read_holder("  nguyễn  văn\na ") == "NGUYỄN VĂN A"


@pytest.mark.parametrize("typed", ["", "A", "1", "NGUYEN 2", "x" * 61, "..", "\0"])
def test_what_is_no_holder_is_refused(typed: str) -> None:
    with pytest.raises(BadPayee, match="refund-holder-wrong"):
        read_holder(typed)
