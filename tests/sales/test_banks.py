import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sales import banks
from sales.banks import COMMON, AmbiguousBank, Bank, UnknownBank, bank_by_bin, banks_by_use, find_bank
from sales.errors import Tell

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "banks.json").read_text("utf-8"))
ROWS = VECTORS["banks"]
AMBIGUOUS: dict[str, list[str]] = VECTORS["ambiguousAliases"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row["code"]))
def test_every_bank_is_found_by_number_and_by_every_name(row: dict[str, Any]) -> None:
    bank = bank_by_bin(row["bin"])
    assert bank == Bank(row["code"], row["bin"], row["shortName"], row["name"], tuple(row["aliases"]))
    for name in (row["code"], row["bin"], row["shortName"], row["name"], row["nameAscii"], *row["aliases"]):
        if name.lower() not in AMBIGUOUS:
            assert find_bank(name) == bank


def test_no_two_banks_share_a_number_and_all_are_there() -> None:
    assert len({row["bin"] for row in ROWS}) == len(banks._by_bin()) == VECTORS["count"]
    assert all(len(number) == 6 and number.isdigit() for number in banks._by_bin())


@pytest.mark.parametrize("alias", AMBIGUOUS)
def test_a_name_for_two_banks_is_asked_about(alias: str) -> None:
    with pytest.raises(AmbiguousBank) as asked:
        find_bank(alias.upper())
    assert {bank.code for bank in asked.value.candidates} == set(AMBIGUOUS[alias])
    assert asked.value.message == "bank-ambiguous"
    assert asked.value.values["text"] == alias.upper()
    assert all(bank.bin in str(asked.value.values["candidates"]) for bank in asked.value.candidates)


def test_only_names_known_to_be_ambiguous_are() -> None:
    shared = {name for name, found in banks._by_name().items() if len(found) > 1}
    assert shared == {"BANVIET", "BVB", "TIMO", "CONGNGHIEP", "IBKBANK"}


@pytest.mark.parametrize("text", ["vietcombank", " VIETCOMBANK ", "Vietcom-Bank", "vcb", "970436", "ＶＣＢ"])
def test_case_blanks_and_dashes_do_not_matter(text: str) -> None:
    assert find_bank(text).bin == "970436"


@pytest.mark.parametrize("text", ["Ngân hàng TMCP Quân đội", "ngan hang tmcp quan doi", "NGÂN HÀNG TMCP QUÂN ĐỘI"])
def test_diacritics_do_not_matter(text: str) -> None:
    assert find_bank(text).code == "MB"


@pytest.mark.parametrize(("code", "number"), [("BIDV", "970418"), ("CAKE", "546034"), ("TIMO", "963388")])
def test_numbers_that_other_lists_get_wrong(code: str, number: str) -> None:
    bank = bank_by_bin(number)
    assert bank is not None
    assert bank.code == code


@pytest.mark.parametrize("text", ["", " ", "nowhere bank", "97043", "9704366", "vietcombankk"])
def test_an_unknown_name_is_said_to_be_unknown(text: str) -> None:
    with pytest.raises(UnknownBank) as unknown:
        find_bank(text)
    assert isinstance(unknown.value, Tell)
    assert (unknown.value.message, unknown.value.values) == ("bank-unknown", {"text": text})


@pytest.mark.parametrize("number", ["", "000000", "970436 ", "VCB", "９70436"])
def test_an_unknown_number_is_no_bank(number: str) -> None:
    assert bank_by_bin(number) is None


@settings(max_examples=60, deadline=None)
@given(st.text())
def test_any_text_gets_a_plain_no(text: str) -> None:
    with pytest.raises(UnknownBank):
        find_bank(f"{text} is no bank")


def test_the_list_is_read_once() -> None:
    for kept in (banks._load, banks._by_bin, banks._by_name):
        kept.cache_clear()
    find_bank("vcb")
    find_bank("acb")
    bank_by_bin("970436")
    assert banks._load.cache_info().misses == 1


def test_every_bank_is_listed_once_the_common_ones_first() -> None:
    listed = banks_by_use()
    assert [bank.code for bank in listed[: len(COMMON)]] == list(COMMON)
    assert len({bank.bin for bank in listed}) == len(listed)
    assert {bank.code for bank in listed} >= {"NCB", "TIMO", "CAKE"}
