from dataclasses import replace
from datetime import UTC, datetime, timedelta
from string import ascii_lowercase, digits
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sales import emv
from sales.emv import BadQr
from sales.khqr import CURRENCIES, Khqr, decode, digest, encode
from sales.money import Money
from tests.sales.khqrs import VECTORS, khqr_of, moment

MADE = moment(1793500000000)
ENDS = MADE + timedelta(minutes=15)
STATIC = Khqr("seller@aclb", "Coffee Klaing", Money(0, "USD"))
DYNAMIC = replace(STATIC, amount=Money(950, "USD"), created=MADE, expires=ENDS, bill="DH7K3M9Q2")
MERCHANT = replace(DYNAMIC, merchant="1243546472", bank="DEVBKKHPXXX")

quick = settings(max_examples=80, deadline=None)


def texts(longest: int) -> st.SearchStrategy[str]:
    letters = st.characters(codec="utf-8", min_codepoint=32, max_codepoint=0xFFFF, exclude_characters="\x7f")
    return st.text(letters, max_size=longest)


@st.composite
def khqrs(draw: st.DrawFn) -> Khqr:
    """Any code whose fields fit together; templates are kept below their 99 characters."""
    named = draw(st.booleans())
    local = {"language": "km", "local_name": "ហាង", "local_city": draw(texts(15))} if draw(st.booleans()) else {}
    created = moment(draw(st.integers(10**12, 2 * 10**12)))
    amount = Money(draw(st.integers(0, 10**10)), draw(st.sampled_from(list(CURRENCIES))))
    times = {"created": created, "expires": created + timedelta(milliseconds=draw(st.integers(0, 10**9)))}
    return Khqr(
        account=draw(st.text(ascii_lowercase, min_size=1, max_size=12)) + "@bank",
        name=draw(texts(25).filter(len)),
        amount=amount,
        **(times if amount.minor else {}),
        city=draw(texts(15).filter(len)),
        mcc=draw(st.text(digits, min_size=4, max_size=4)),
        information="" if named else draw(texts(20)),
        merchant=draw(texts(20).filter(len)) if named else "",
        bank=draw(texts(25).filter(len)) if named else draw(texts(25)),
        bill=draw(texts(25)),
        mobile=draw(texts(10)),
        store=draw(texts(20)),
        terminal=draw(texts(10)),
        purpose=draw(texts(10)),
        union_pay=draw(texts(40)) if amount.currency == "KHR" else "",
        **local,
    )


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: str(vector["id"]))
def test_codes_that_independent_implementations_agree_on(vector: dict[str, Any]) -> None:
    text = encode(khqr_of(vector))
    assert text == vector["expected"]
    assert digest(text) == vector["md5"]
    assert decode(text) == as_read(khqr_of(vector))


def as_read(khqr: Khqr) -> Khqr:
    """What a code says of it: without an amount, not when it was made."""
    return khqr if khqr.amount.minor else replace(khqr, created=None)


PASSED_BY_THE_OFFICIAL_PACKAGE = ("pypi:bakong-khqr", "pypi:cambodia-bank")
UNOFFICIAL = [
    pytest.param(vector, by, text, id=f"{vector['id']}-{by}")
    for vector in VECTORS
    for by, text in vector["disagree"].items()
]


@pytest.mark.parametrize(("vector", "by", "text"), UNOFFICIAL)
def test_codes_of_other_makers_are_read_as_the_official_package_does(
    vector: dict[str, Any], by: str, text: str
) -> None:
    if by not in PASSED_BY_THE_OFFICIAL_PACKAGE:
        with pytest.raises(BadQr):
            decode(text)
        return
    read = decode(text)
    expected = as_read(khqr_of(vector))
    assert replace(read, expires=expected.expires) == expected, "they write the same, but whole days"


@quick
@given(khqrs())
def test_what_is_encoded_is_decoded(khqr: Khqr) -> None:
    assert decode(encode(khqr)) == khqr


@quick
@given(khqrs(), st.data())
def test_one_wrong_character_is_refused(khqr: Khqr, data: st.DataObject) -> None:
    text = encode(khqr)
    at = data.draw(st.sampled_from([at for at, character in enumerate(text) if character.isascii()]))
    wrong = data.draw(st.characters(min_codepoint=33, max_codepoint=126))
    if wrong.upper() != text[at].upper():
        with pytest.raises(BadQr):
            decode(text[:at] + wrong + text[at + 1 :])


@pytest.mark.parametrize(
    ("minor", "currency", "written"),
    [
        (1, "USD", "54040.01"),
        (50, "USD", "54040.50"),
        (950, "USD", "54049.50"),
        (5000, "USD", "540250"),
        (10**12 - 1, "USD", "54139999999999.99"),
        (1, "KHR", "54011"),
        (10**13 - 1, "KHR", "54139999999999999"),
    ],
)
def test_an_amount_is_written_as_the_official_package_does(minor: int, currency: str, written: str) -> None:
    khqr = replace(DYNAMIC, amount=Money(minor, currency))
    assert f"5303{CURRENCIES[currency]}{written}5802KH" in encode(khqr)
    assert decode(encode(khqr)) == khqr


@pytest.mark.parametrize(
    "wrong",
    [
        {"account": ""},
        {"account": "seller"},
        {"account": "@aclb"},
        {"account": "seller@"},
        {"account": "sel ler@aclb"},
        {"account": "a@b@c"},
        {"account": "ហាង@aclb"},
        {"account": "a" * 28 + "@bank"},
        {"name": ""},
        {"name": "N" * 26},
        {"name": "Shop\n"},
        {"name": "Shop 😀"},
        {"name": "Shop \ud800"},
        {"city": ""},
        {"city": "C" * 16},
        {"mcc": "599"},
        {"mcc": "59999"},
        {"mcc": "59.9"},
        {"mcc": "５999"},
        {"bill": "B" * 26},
        {"mobile": "8" * 26},
        {"store": "S" * 26},
        {"terminal": "T" * 26},
        {"purpose": "P" * 26},
        {"information": "1" * 33},
        {"bank": "B" * 33},
        {"merchant": "M0001"},
        {"merchant": "M" * 33, "bank": "Bakong"},
        {"merchant": "M0001", "bank": "Bakong", "information": "012345678"},
        {"language": "KM"},
        {"local_name": "ហាង"},
        {"local_city": "ភ្នំពេញ"},
        {"language": "KHM", "local_name": "ហាង"},
        {"language": "KM", "local_name": "ហ" * 26},
        {"language": "KM", "local_name": "ហាង", "local_city": "ភ" * 16},
        {"union_pay": "0132"},
        {"amount": Money(0, "KHR"), "union_pay": "0" * 100},
        {"amount": Money(950, "VND")},
        {"amount": Money(-950, "USD")},
        {"amount": Money(10**13, "KHR")},
        {"amount": Money(10**12 + 1, "USD")},
        {"amount": Money(0, "USD")},
        {"expires": None},
        {"created": None},
        {"expires": MADE - timedelta(milliseconds=1)},
        {"created": datetime(2001, 9, 9, 1, 46, 39, 999000, tzinfo=UTC)},
        {"expires": datetime(2286, 11, 20, 17, 46, 40, tzinfo=UTC)},
    ],
    ids=str,
)
def test_fields_that_fit_no_code_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadQr):
        replace(DYNAMIC, **wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"bill": "B" * 25, "mobile": "8" * 25, "store": "S" * 25, "terminal": "T" * 9},
        {"merchant": "M" * 32, "bank": "B" * 32, "account": "a" * 27 + "@bank"},
    ],
    ids=["additional", "payee"],
)
def test_fields_that_are_too_long_together_are_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(BadQr, match="cannot hold"):
        encode(replace(DYNAMIC, **wrong))


def test_a_code_may_end_as_it_is_made_and_no_sooner() -> None:
    khqr = replace(DYNAMIC, expires=MADE)
    assert decode(encode(khqr)) == khqr


def test_times_are_kept_to_the_millisecond() -> None:
    late = replace(DYNAMIC, created=MADE + timedelta(microseconds=999))
    assert encode(late) == encode(DYNAMIC)


def _altered(khqr: Khqr = DYNAMIC, **changes: str | None) -> str:
    """Seal a code's fields again with some changed, or left out for None; `t54` names field 54."""
    fields = emv.unseal(encode(khqr)) | {name[1:]: value for name, value in changes.items() if value is not None}
    return emv.seal({tag: value for tag, value in fields.items() if changes.get(f"t{tag}", "") is not None})


def test_altering_nothing_changes_nothing() -> None:
    assert _altered() == encode(DYNAMIC)


TIMES = "0013179350000000001131793500900000"


@pytest.mark.parametrize(
    "changes",
    [
        {"t01": None},
        {"t01": "11"},
        {"t01": "13"},
        {"t29": None},
        {"t30": "0011seller@aclb0105M00010206Bakong"},
        {"t29": "0006seller"},
        {"t29": "0109012345678"},
        {"t29": "0012seller@aclb"},
        {"t52": None},
        {"t53": None},
        {"t53": "704"},
        {"t54": None},
        {"t54": "0"},
        {"t54": "0.00"},
        {"t54": "9.505"},
        {"t54": "-9.50"},
        {"t54": "9,50"},
        {"t54": "9e1"},
        {"t54": "٩"},
        {"t54": "1" * 14},
        {"t58": None},
        {"t58": "VN"},
        {"t59": None},
        {"t60": None},
        {"t62": "0126" + "B" * 26},
        {"t64": "0002KM"},
        {"t99": None},
        {"t99": TIMES[:17]},
        {"t99": TIMES[17:]},
        {"t99": TIMES.replace("09", "0X")},
        {"t99": "0013179350090000101131793500900000"},
        {"t99": "0012179350000000" + TIMES[17:]},
    ],
    ids=str,
)
def test_a_right_checksum_does_not_make_a_khqr(changes: dict[str, str | None]) -> None:
    with pytest.raises(BadQr):
        decode(_altered(**changes))


@pytest.mark.parametrize("payee", ["0010devit@abaa0211DEVBKKHPXXX", "0010devit@abaa01101243546472"])
def test_a_merchants_code_names_merchant_and_bank(payee: str) -> None:
    with pytest.raises(BadQr):
        decode(_altered(MERCHANT, t30=payee))


def test_amounts_are_read_however_their_zeros_are_written() -> None:
    assert decode(_altered(t54="9.5")) == DYNAMIC
    assert decode(_altered(t54="9.500")) == DYNAMIC
    assert decode(_altered(t53="116", t54="9500.00")).amount == Money(9500, "KHR")
    with pytest.raises(BadQr):
        decode(_altered(t53="116", t54="9500.50"))


def test_other_fields_of_the_standard_are_passed_over() -> None:
    assert decode(_altered(t61="12000")) == DYNAMIC
    assert decode(_altered(t62="0109DH7K3M9Q20503abc")) == DYNAMIC
    assert decode(_altered(STATIC, t99=TIMES)) == STATIC


def test_a_vietqr_is_no_khqr() -> None:
    vietqr = "00020101021138570010A00000072701270006970436011300710001234560208QRIBFTTA53037045802VN"
    with pytest.raises(BadQr):
        decode(emv.seal(emv.decode(vietqr[6:])))
