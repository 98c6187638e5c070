import pytest

from sales.banks import bank_by_bin, find_bank
from sales.catalogue import FiledAccount
from sales.memo_rules import BY_VIRTUAL_ACCOUNT, WORDS, Lack, lack
from sales.shop import BankAccount


def account(bank: str, word: str = "", virtual: str = "") -> FiledAccount:
    return FiledAccount(find_bank(bank).bin, "0000111122223333", "NGUYEN VAN A", word, virtual)


@pytest.mark.parametrize("bank", ["VietinBank", "ABBANK"])
def test_some_banks_need_a_word(bank: str) -> None:
    assert lack(account(bank)) == Lack("SEVQR")
    assert lack(account(bank, word="OTHER")) == Lack("SEVQR")
    assert lack(account(bank, word="SEVQR")) is None


def test_a_longer_word_may_hold_it() -> None:
    assert lack(account("VietinBank", word="SEVQRTKP1")) is None


@pytest.mark.parametrize("bank", ["BIDV", "MSB", "OCB", "KienLongBank"])
def test_some_banks_need_a_virtual_account(bank: str) -> None:
    assert lack(account(bank)) == Lack()
    assert lack(account(bank, word="SEVQR")) == Lack()
    assert lack(account(bank, virtual="96247VA99")) is None


def test_a_virtual_account_is_enough_where_others_need_a_word() -> None:
    assert lack(account("VietinBank", virtual="VTB99")) is None


@pytest.mark.parametrize("bank", ["MBBank", "ACB", "Vietcombank", "VPBank", "Sacombank", "TPBank"])
def test_most_banks_need_nothing(bank: str) -> None:
    assert lack(account(bank)) is None


def test_an_account_of_the_shop_is_judged_alike() -> None:
    assert lack(BankAccount(1, "970415", "1", "A")) == Lack("SEVQR")
    assert lack(BankAccount(1, "970415", "1", "A", word="SEVQR")) is None


def test_every_bank_named_exists() -> None:
    assert all(bank_by_bin(number) for number in (*WORDS, *BY_VIRTUAL_ACCOUNT))
    assert not BY_VIRTUAL_ACCOUNT & set(WORDS)
