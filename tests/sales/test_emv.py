import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sales.emv import LONGEST, BadQr, decode, encode, seal, unseal
from sales.errors import Malformed

quick = settings(max_examples=80, deadline=None)
tags = st.integers(1, 99).filter(lambda tag: tag != 63).map("{:02}".format)
values = st.text(st.characters(codec="utf-8"), min_size=1, max_size=99)
sealed = st.dictionaries(tags, st.text(st.characters(codec="utf-8"), min_size=1, max_size=40), max_size=8)


@quick
@given(st.dictionaries(tags, values, max_size=12))
def test_what_is_written_is_read_back(fields: dict[str, str]) -> None:
    assert decode(encode(fields)) == fields
    assert list(decode(encode(fields))) == list(fields)


@quick
@given(sealed)
def test_what_is_sealed_is_read_back(fields: dict[str, str]) -> None:
    assert unseal(seal(fields)) == fields


def _crc(text: str) -> str:
    """CRC-16/CCITT-FALSE bit by bit, as the standard words it."""
    register = 0xFFFF
    for byte in text.encode():
        register ^= byte << 8
        for _ in range(8):
            register = (register << 1 ^ (0x1021 if register & 0x8000 else 0)) & 0xFFFF
    return f"{register:04X}"


def test_the_reference_has_the_published_check_value() -> None:
    assert _crc("123456789") == "29B1"


@quick
@given(sealed)
def test_the_checksum_is_crc_16_ccitt_false_of_utf_8(fields: dict[str, str]) -> None:
    text = seal(fields)
    assert text[-8:] == "6304" + _crc(text[:-4])


@pytest.mark.parametrize("crc", ["000C", "00F9", "0F74"])
def test_leading_zeros_of_the_checksum_stay(crc: str) -> None:
    amounts = {"000C": (15755, "DH05755"), "00F9": (10351, "DH00351"), "0F74": (10025, "DH00025")}
    amount, memo = amounts[crc]
    account = "0010A00000072701240006970422011001234567890208QRIBFTTA"
    fields = {"01": "12", "38": account, "53": "704", "54": str(amount), "58": "VN", "62": f"0807{memo}"}
    assert seal(fields).endswith(f"6304{crc}")


@quick
@given(sealed, st.data())
def test_one_wrong_character_is_refused(fields: dict[str, str], data: st.DataObject) -> None:
    text = seal(fields)
    at = data.draw(st.integers(0, len(text) - 1))
    wrong = data.draw(st.characters(min_codepoint=33, max_codepoint=126))
    same = wrong == text[at] or (at >= len(text) - 4 and wrong.upper() == text[at])
    if text[at].isascii() and not same:
        _refused(text[:at] + wrong + text[at + 1 :])


TEXT = seal({"01": "12", "54": "79000", "58": "VN", "60": "HA NOI"})


def test_every_cut_end_is_refused() -> None:
    for end in range(len(TEXT)):
        _refused(TEXT[:end])


def test_every_lost_and_every_doubled_character_is_refused() -> None:
    for at in range(len(TEXT)):
        _refused(TEXT[:at] + TEXT[at + 1 :])
        _refused(TEXT[: at + 1] + TEXT[at:])


@pytest.mark.parametrize("around", ["{}\n", " {} ", "\t{}\r\n", "\u2003{}"])
def test_white_space_around_is_no_fault(around: str) -> None:
    assert unseal(around.format(TEXT)) == unseal(TEXT)


def test_a_checksum_in_lower_case_is_no_fault() -> None:
    assert TEXT[-4:].lower() != TEXT[-4:]
    assert unseal(TEXT[:-4] + TEXT[-4:].lower()) == unseal(TEXT)


@pytest.mark.parametrize(
    "text",
    ["0100", "0", "01", "010", "0102", "01021", "A1011", "01A11", "01 1a", "01-1a", "01+1a", "01１1a", "0101a0101b"],
)
def test_broken_fields_are_refused(text: str) -> None:
    with pytest.raises(BadQr):
        decode(text)


@pytest.mark.parametrize(
    ("tag", "value"), [("01", ""), ("01", "x" * 100), ("1", "x"), ("001", "x"), ("AB", "x"), ("", "x"), ("０１", "x")]
)
def test_fields_that_no_length_can_tell_are_refused(tag: str, value: str) -> None:
    with pytest.raises(BadQr):
        encode({tag: value})


def test_a_length_counts_characters_not_bytes() -> None:
    assert encode({"08": "Ứng"}) == "0803Ứng"
    assert encode({"08": "x" * 99}) == "0899" + "x" * 99


def _with_crc(body: str) -> str:
    """Seal anything, also what `seal` would not write."""
    return f"{body}6304{_crc(body + '6304')}"


@pytest.mark.parametrize(
    "body",
    ["", "0102110002015802VN", "0002025802VN", "000201630412345802VN", "0002010000", "00020158", "5802VN"],
    ids=["empty", "format not first", "wrong format", "63 twice", "zero length", "cut short", "no format"],
)
def test_a_right_checksum_alone_is_not_enough(body: str) -> None:
    assert unseal(_with_crc("0002015802VN")) == {"58": "VN"}
    _refused(_with_crc(body))


@pytest.mark.parametrize("text", ["", " ", "6304", "6304FFFF", "\ud800", "000201\ud8006304ABCD", "https://example.org"])
def test_foreign_texts_are_refused(text: str) -> None:
    _refused(text)


def test_more_than_the_standard_allows_is_refused() -> None:
    fields = {f"{tag:02}": "x" * 99 for tag in range(1, 5)}
    assert len(seal(fields)) <= LONGEST
    _refused(seal(fields | {"05": "x" * 99}))
    _refused("0" * 1_000_000)


@quick
@given(st.text())
def test_no_text_makes_it_stumble(text: str) -> None:
    _refused(text)


def test_half_a_character_cannot_be_sealed() -> None:
    with pytest.raises(BadQr):
        seal({"08": "\ud800"})


def _refused(text: str) -> None:
    with pytest.raises(BadQr) as refused:
        unseal(text)
    assert isinstance(refused.value, Malformed)
