"""What stands around a KHQR: codes without an amount, digests, accounts."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sales import emv
from sales.emv import BadQr
from sales.khqr import Khqr, digest, encode, is_account
from sales.money import Money
from tests.sales.khqrs import moment

MADE = moment(1793500000000)
STATIC = Khqr("seller@aclb", "Coffee Klaing", Money(0, "USD"))


def test_a_code_without_an_amount_does_not_say_when_it_was_made() -> None:
    assert encode(replace(STATIC, created=MADE)) == encode(STATIC)
    assert "99" not in emv.unseal(encode(replace(STATIC, created=MADE)))
    with pytest.raises(BadQr, match="expires"):
        replace(STATIC, created=MADE, expires=MADE + timedelta(minutes=15))


def test_a_digest_is_of_the_whole_text_in_utf_8() -> None:
    assert digest("") == "d41d8cd98f00b204e9800998ecf8427e"
    assert digest("ហាង") == "b9ec0a36ff70c39ba87591494c44d9a0"


@pytest.mark.parametrize(
    ("text", "holds"),
    [("a@b", True), ("a" * 27 + "@bank", True), ("a" * 28 + "@bank", False), ("ab", False), ("a@b c", False)],
)
def test_what_can_be_an_account(text: str, holds: bool) -> None:
    assert is_account(text) is holds
