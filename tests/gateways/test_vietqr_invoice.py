from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from gateways.casso import CASSO
from gateways.gateway import Invitation, Invoice
from gateways.sepay import SEPAY
from gateways.vietqr_invoice import open_invoice
from sales.codes import Mint
from sales.memo import codes_in
from sales.money import Money
from sales.shop import BankAccount
from sales.vietqr import decode

NOW = datetime(2026, 11, 21, 3, 4, 5, tzinfo=UTC)
BANK = BankAccount(1, "970422", "0000111122223333", "NGUYEN VAN A")
INVOICE = Invoice(251022001, "KX7R2M9CF", Money(199000), NOW, NOW + timedelta(minutes=30), BANK)


def invited(**bank: str) -> Invitation:
    return open_invoice({}, replace(INVOICE, bank=replace(BANK, **bank)))


def test_the_code_alone_goes_to_the_account() -> None:
    asked = invited()
    assert (asked.memo, asked.bin, asked.account, asked.holder) == ("KX7R2M9CF", BANK.bin, BANK.account, BANK.holder)
    qr = decode(asked.qr)
    assert (qr.bin, qr.account, qr.amount, qr.memo) == (BANK.bin, BANK.account, 199000, "KX7R2M9CF")
    assert asked.url == ""


def test_a_word_stands_before_the_code_and_hides_it_from_nobody() -> None:
    code = Mint("KX", bytes(32)).code(7)
    asked = open_invoice({}, replace(INVOICE, code=code, bank=replace(BANK, bin="970415", word="SEVQR")))
    assert decode(asked.qr).memo == asked.memo == f"SEVQR {code}"
    for memo in (asked.memo, asked.memo.replace(" ", ""), f"CT DEN:1 {asked.memo.lower()} FT1"):
        assert codes_in(memo, "KX") == (code,)


def test_a_virtual_account_is_paid_to_instead_of_the_real_one() -> None:
    asked = invited(bin="970418", virtual="96247VA99")
    assert decode(asked.qr).account == asked.account == "96247VA99"
    assert asked.holder == BANK.holder


def test_both_at_once() -> None:
    asked = invited(bin="970415", word="SEVQR", virtual="VTB1")
    assert (asked.memo, asked.account) == ("SEVQR KX7R2M9CF", "VTB1")


def test_another_currency_and_no_account_are_bugs() -> None:
    with pytest.raises(ValueError, match="VND"):
        open_invoice({}, replace(INVOICE, amount=Money(1500, "USD")))
    with pytest.raises(ValueError, match="bank account"):
        open_invoice({}, replace(INVOICE, bank=None))


def test_those_that_only_watch_ask_alike() -> None:
    for gateway in (CASSO, SEPAY):
        assert gateway.open_invoice is open_invoice
        assert gateway.bank
