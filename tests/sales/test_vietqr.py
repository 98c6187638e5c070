import json
from pathlib import Path
from string import ascii_letters, digits
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sales import emv
from sales.codes import Mint
from sales.emv import BadQr
from sales.vietqr import LARGEST, VietQr, decode, encode, shop_qr

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "vietqr.json").read_text("utf-8"))
SAMPLE = VietQr("970415", "113366668888", 79000, "Ung Ho Quy Vac Xin")
SAMPLE_TEXT = VECTORS["positive"][0]["expected"]

quick = settings(max_examples=80, deadline=None)
texts = st.text(st.characters(codec="utf-8"), min_size=1, max_size=45)
vietqrs = st.builds(
    VietQr,
    bin=st.text(digits, min_size=6, max_size=6),
    account=st.text(ascii_letters + digits, min_size=1, max_size=19),
    amount=st.none() | st.integers(1, 10**13 - 1),
    memo=st.none() | texts,
    service=st.sampled_from(["QRIBFTTA", "QRIBFTTC", "QRPUSH", "QRCASH"]),
    bill=st.none() | texts,
)


def _vietqr(vector: dict[str, Any]) -> VietQr:
    return VietQr(**{name: vector[name] for name in ("bin", "account", "amount", "memo", "service", "poi", "bill")})


@pytest.mark.parametrize("vector", VECTORS["positive"], ids=lambda vector: str(vector["id"]))
def test_codes_that_independent_implementations_agree_on(vector: dict[str, Any]) -> None:
    assert encode(_vietqr(vector)) == vector["expected"]
    assert decode(vector["expected"]) == _vietqr(vector)


@pytest.mark.parametrize("vector", VECTORS["negative"], ids=lambda vector: str(vector["id"]))
def test_codes_that_a_strict_reader_refuses(vector: dict[str, Any]) -> None:
    with pytest.raises(BadQr):
        decode(vector["payload"])


@pytest.mark.parametrize("vector", VECTORS["edge"], ids=lambda vector: str(vector["id"]))
def test_codes_that_are_odd_but_sound(vector: dict[str, Any]) -> None:
    assert decode(vector["payload"]) == SAMPLE


@quick
@given(vietqrs)
def test_what_is_encoded_is_decoded(vietqr: VietQr) -> None:
    assert decode(encode(vietqr)) == vietqr


@quick
@given(vietqrs, st.data())
def test_one_wrong_character_is_refused(vietqr: VietQr, data: st.DataObject) -> None:
    text = encode(vietqr)
    places = [at for at, character in enumerate(text) if character.isascii()]
    at = data.draw(st.sampled_from(places))
    wrong = data.draw(st.characters(min_codepoint=33, max_codepoint=126))
    if wrong.upper() != text[at].upper():
        with pytest.raises(BadQr):
            decode(text[:at] + wrong + text[at + 1 :])


def test_the_amount_decides_between_static_and_dynamic() -> None:
    assert encode(VietQr("970422", "0123456789")).startswith("000201010211")
    assert encode(VietQr("970422", "0123456789", 1)).startswith("000201010212")


@pytest.mark.parametrize(("amount", "poi"), [(None, "12"), (5000, "11")])
def test_a_seller_may_overrule_it(amount: int | None, poi: str) -> None:
    vietqr = VietQr("970422", "0123456789", amount, poi=poi)
    assert encode(vietqr).startswith(f"0002010102{poi}")
    assert decode(encode(vietqr)) == vietqr


def test_a_memo_in_vietnamese_counts_characters() -> None:
    text = encode(VietQr("970422", "0123456789", memo="Ủng hộ"))
    assert "62100806Ủng hộ6304" in text
    assert decode(text).memo == "Ủng hộ"


@pytest.mark.parametrize(
    "wrong",
    [
        {"bin": "97041"},
        {"bin": "9704155"},
        {"bin": "97041X"},
        {"bin": "９70415"},
        {"bin": "970415\n"},
        {"account": ""},
        {"account": "1" * 20},
        {"account": "0123 456"},
        {"account": "0123-456"},
        {"account": "đ123"},
        {"amount": 0},
        {"amount": -1},
        {"amount": 10**13},
        {"service": ""},
        {"service": "QRIBFTTA123"},
        {"service": "qribftta"},
        {"poi": "13"},
        {"poi": ""},
    ],
    ids=str,
)
def test_fields_that_fit_no_code_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadQr):
        VietQr(**({"bin": "970415", "account": "113366668888"} | wrong))


@pytest.mark.parametrize(("memo", "bill"), [("", None), (None, ""), ("x" * 96, None), ("x" * 50, "y" * 42)])
def test_memo_and_bill_must_fit_their_template(memo: str | None, bill: str | None) -> None:
    with pytest.raises(BadQr):
        encode(VietQr("970415", "113366668888", 1, memo, bill=bill))


def test_memo_and_bill_may_fill_their_template() -> None:
    for vietqr in (VietQr("970415", "1", memo="x" * 95), VietQr("970415", "1", memo="x" * 50, bill="y" * 41)):
        assert decode(encode(vietqr)) == vietqr


def _altered(**changes: str | None) -> str:
    """Seal the sample's fields again with some changed, or left out for None; `t38` names field 38."""
    fields = emv.unseal(SAMPLE_TEXT) | {name[1:]: value for name, value in changes.items() if value is not None}
    return emv.seal({tag: value for tag, value in fields.items() if changes.get(f"t{tag}", "") is not None})


def test_altering_nothing_changes_nothing() -> None:
    assert _altered() == SAMPLE_TEXT


PAYEE = "0006970415" + "0112113366668888"


@pytest.mark.parametrize(
    "changes",
    [
        {"t01": None},
        {"t01": "13"},
        {"t38": None},
        {"t53": None},
        {"t53": "840"},
        {"t58": None},
        {"t58": "KH"},
        {"t54": "0"},
        {"t54": "79000.00"},
        {"t54": "-5"},
        {"t54": "٣٣"},
        {"t54": "1" * 14},
        {"t62": "0819Ung Ho Quy Vac Xin"},
        {"t62": "0818Ung Ho Quy Vac Xin0"},
        {"t38": f"0010A0000007270126{PAYEE}"},
        {"t38": f"0010A0000007270126{PAYEE}0209QRIBFTTA"},
        {"t38": f"0126{PAYEE}0208QRIBFTTA"},
        {"t38": "0010A00000072701100006970415" + "0208QRIBFTTA"},
        {"t38": "0010A0000007270116" + "0112113366668888" + "0208QRIBFTTA"},
        {"t38": "0010A0000007270127" + "0006970415" + "0112113366668888" + "X" + "0208QRIBFTTA"},
        {"t38": "0010A0000007270125" + "000597041" + "0112113366668888" + "0208QRIBFTTA"},
    ],
    ids=str,
)
def test_a_right_checksum_does_not_make_a_vietqr(changes: dict[str, str | None]) -> None:
    with pytest.raises(BadQr):
        decode(_altered(**changes))


def test_other_fields_of_the_standard_are_passed_over() -> None:
    assert decode(_altered(t52="5999", t59="NGUYEN VAN A", t60="HA NOI")) == SAMPLE
    assert decode(_altered(t62="0304SHOP0818Ung Ho Quy Vac Xin")) == SAMPLE


def test_a_shop_prints_its_order_code() -> None:
    code = Mint("KX", bytes(32)).code(0)
    text = shop_qr("970422", "0123456789", 199_000, code)
    assert decode(text) == VietQr("970422", "0123456789", 199_000, code)
    assert text == text.upper()


@pytest.mark.parametrize("amount", [1, LARGEST])
@pytest.mark.parametrize("memo", ["K", "KX234567C", "KX234567C MUA KEY 30 NGAY", "X" * 25])
def test_a_shop_may_print_up_to_the_edge(amount: int, memo: str) -> None:
    assert decode(shop_qr("970422", "A" * 19, amount, memo)).memo == memo


@pytest.mark.parametrize("memo", ["", " ", "X" * 26, "kx234567c", "KX-234567C", "MÃ KX", " KX", "KX ", "KX\n", "KX\tA"])
def test_a_shop_prints_no_memo_that_a_bank_would_spoil(memo: str) -> None:
    with pytest.raises(BadQr, match="memo"):
        shop_qr("970422", "0123456789", 5000, memo)


@pytest.mark.parametrize("amount", [-1, 0, LARGEST + 1, 500_000_000])
def test_a_shop_asks_for_no_amount_that_napas_would_not_carry(amount: int) -> None:
    with pytest.raises(BadQr, match="VND"):
        shop_qr("970422", "0123456789", amount, "KX")


@pytest.mark.parametrize(("bank", "account"), [("97042", "1"), ("MB", "1"), ("970422", ""), ("970422", "1" * 20)])
def test_a_shop_names_a_real_account(bank: str, account: str) -> None:
    with pytest.raises(BadQr):
        shop_qr(bank, account, 5000, "KX")
