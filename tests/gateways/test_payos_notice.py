import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from gateways.gateway import Request
from gateways.notice_fields import MAX_AMOUNT, MEMO_LIMIT, TEXT_LIMIT
from gateways.payos import PAYOS
from gateways.payos_signature import sign
from sales.errors import Forged, Malformed
from sales.transfer import Payer, Sighting
from tests.gateways.payos_signing import DATA, KEY, SECRETS, envelope, notice, raw, signed, text, without

NOW = datetime(2025, 10, 22, 8, 1, 45, tzinfo=UTC)
LINK = "0123456789abcdef0123456789abcdef"
SAMPLE = {
    "orderCode": 123,
    "amount": 3000,
    "description": "VQRIO123",
    "accountNumber": "12345678",
    "reference": "TF230204212323",
    "transactionDateTime": "2023-02-04 18:25:00",
    "currency": "VND",
    "paymentLinkId": "124c33293c43417ab7879e14c8d9eb18",
    "code": "00",
    "desc": "success",
}


def read(request: Request) -> Sighting:
    [said] = PAYOS.read(SECRETS, request, NOW)
    return said


def test_every_field_finds_its_place() -> None:
    assert read(notice()) == Sighting(
        source="payos",
        ref=f"{LINK}:FT25295123456789",
        amount=199000,
        currency="VND",
        account="0000111122223333",
        memo="CS62H9BJD45 KX7R2M9CF",
        virtual_account="CAS0000111122223333",
        reference="FT25295123456789",
        booked_at=datetime(2025, 10, 22, 8, 1, 45, tzinfo=UTC),
        payer=Payer("NGUYEN VAN A", "0999888777", "Vietcombank"),
        number=251022001,
        link=LINK,
    )


@pytest.mark.parametrize("memo", ["VQRIO123", "Ma giao dich thu nghiem"])
def test_the_sample_sent_before_an_address_is_registered_is_no_movement(memo: str) -> None:
    assert PAYOS.read(SECRETS, signed(envelope({**SAMPLE, "description": memo})), NOW) == ()
    bare = {"orderCode": 123, "amount": 3000, "description": memo}
    assert PAYOS.read(SECRETS, signed(envelope(bare)), NOW) == ()


@pytest.mark.parametrize("change", [{"orderCode": 124}, {"amount": 3001}, {"description": "CS62 KX7R2M9CF"}], ids=str)
def test_our_own_attempt_123_is_no_sample(change: dict[str, Any]) -> None:
    assert read(signed(envelope({**SAMPLE, **change}))).link == SAMPLE["paymentLinkId"]


def test_a_forged_sample_is_forged() -> None:
    with pytest.raises(Forged):
        PAYOS.read(SECRETS, raw({**envelope(SAMPLE), "signature": "0" * 64}), NOW)


@pytest.mark.parametrize("code", ["01", "", "0", "000", "null", "99"])
def test_what_is_no_success_is_no_movement(code: str) -> None:
    assert PAYOS.read(SECRETS, notice(code=code), NOW) == ()


@pytest.mark.parametrize("beside", [{"code": "99"}, {"success": False}, {"desc": None}, {"success": None}], ids=str)
def test_what_stands_unsigned_beside_the_data_is_nobodys_word(beside: dict[str, Any]) -> None:
    true = json.loads(notice().body)
    assert read(raw({**true, **beside})) == read(notice())
    assert read(raw({"data": true["data"], "signature": true["signature"]})) == read(notice())
    failed = json.loads(notice(code="99").body)
    assert PAYOS.read(SECRETS, raw({**failed, **envelope(failed["data"])}), NOW) == ()


def test_a_second_transfer_on_one_link_is_another_movement() -> None:
    first, second = read(notice()), read(notice(reference="FT25295123456790"))
    assert (first.link, first.number) == (second.link, second.number)
    assert first.ref != second.ref


OPTIONAL = [
    "description",
    "transactionDateTime",
    *(name for name in DATA if name.startswith(("counter", "virtual"))),
]


@pytest.mark.parametrize("field", OPTIONAL)
def test_null_absent_and_what_is_signed_as_empty_are_empty(field: str) -> None:
    bare = read(without(field))
    for empty in (None, "", "null", "undefined"):
        assert read(notice(**{field: empty})) == bare


@pytest.mark.parametrize("field", ["accountNumber", "reference", "paymentLinkId"])
@pytest.mark.parametrize("empty", [None, "", "null", "undefined", "  "])
def test_what_names_a_movement_is_never_what_is_signed_as_empty(field: str, empty: object) -> None:
    with pytest.raises(Malformed):
        read(notice(**{field: empty}))


def test_bank_without_a_name_is_known_by_its_number() -> None:
    assert read(notice(counterAccountBankName=None)).payer.bank == "970436"


@pytest.mark.parametrize(
    "changes",
    [
        {"orderCode": "251022001"},
        {"orderCode": 251022001.0},
        {"orderCode": None},
        {"orderCode": True},
        {"orderCode": -1},
        {"orderCode": 2**53},
        {"amount": 0},
        {"amount": None},
        {"amount": "199000"},
        {"amount": True},
        {"amount": [199000]},
        {"amount": MAX_AMOUNT + 1},
        {"currency": "USD"},
        {"currency": "vnd"},
        {"currency": None},
        {"currency": ""},
        {"accountNumber": 1111},
        {"accountNumber": "1" * 65},
        {"paymentLinkId": "a" * 65},
        {"paymentLinkId": "a:b"},
        {"paymentLinkId": "a&b"},
        {"paymentLinkId": 7},
        {"reference": "FT1&x=1"},
        {"reference": "FT1=1"},
        {"reference": "FT1\n"},
        {"reference": "FT1\u202e"},
        {"reference": "FT1\ud83d"},
        {"reference": "F" * (TEXT_LIMIT + 1)},
        {"reference": 7},
        {"code": None},
        {"code": 0},
        {"description": 7},
        {"description": ["KX7R2M9CF"]},
        {"description": {"text": "KX7R2M9CF"}},
        {"counterAccountName": {}},
        {"transactionDateTime": 1761120105},
    ],
    ids=str,
)
def test_wrong_values_are_malformed_though_signed(changes: dict[str, Any]) -> None:
    data: dict[str, Any] = {**DATA, **changes}
    with pytest.raises(Malformed) as refusal:
        read(raw({**envelope(data), "signature": sign(KEY, data)}))
    assert refusal.value.__suppress_context__ or not refusal.value.__context__
    assert "251022001" not in str(refusal.value)


@pytest.mark.parametrize("field", ["orderCode", "amount", "accountNumber", "reference", "paymentLinkId", "code"])
def test_what_settling_needs_must_be_there(field: str) -> None:
    with pytest.raises(Malformed):
        read(without(field))


def test_a_number_that_prints_alike_is_malformed() -> None:
    true = json.loads(notice().body)
    for alike in (199000.0, "199000"):
        with pytest.raises(Malformed):
            read(raw({**true, "data": {**true["data"], "amount": alike}}))


def test_an_ordinary_and_sign_in_a_memo_is_let_in() -> None:
    assert read(notice(description="A&B = C & D")).memo == "A&B = C & D"


def test_one_signature_never_fits_two_movements() -> None:
    """Whoever pays chooses the memo: it must not become the names of a second movement."""
    memo = "x&orderCode=7&paymentLinkId=abc&reference=R2&transactionDateTime=2025"
    true = json.loads(notice(description=memo).body)
    kept = {name: value for name, value in DATA.items() if name < "description"}
    swallowed = text({name: value for name, value in DATA.items() if name > "description"})
    other = {"description": "x", "orderCode": 7, "paymentLinkId": "abc", "reference": "R2"}
    second = {**kept, **other, "transactionDateTime": f"2025&{swallowed}"}
    assert text(second) == text(true["data"])
    for data in (true["data"], second):
        with pytest.raises(Malformed, match="fits other values"):
            read(raw({**true, "data": data}))


def test_a_later_value_is_never_swallowed() -> None:
    """The virtual account ends in another field of the signed text, which is then missing."""
    data = {name: value for name, value in DATA.items() if name != "orderCode"}
    data["description"] = f"{DATA['description']}&orderCode={DATA['orderCode']}"
    assert text(data) == text(DATA)
    with pytest.raises(Malformed):
        read(signed(envelope(data)))


@pytest.mark.parametrize("amount", [1, MAX_AMOUNT])
def test_limits_of_an_amount(amount: int) -> None:
    assert read(notice(amount=amount)).amount == amount


def test_texts_are_cut_and_only_what_can_be_seen_is_kept() -> None:
    said = read(notice(description="KX7R2M9CF\r\n\x1b[2J" + "x" * 2000, counterAccountName="n\u202e" * 1000))
    assert said.memo.startswith("KX7R2M9CF  [2Jxxx")
    assert (len(said.memo), len(said.payer.name), "\u202e" in said.payer.name) == (MEMO_LIMIT, TEXT_LIMIT, False)


def test_unknown_fields_are_let_in_and_signed() -> None:
    newer = {"fee": 1.5, "nested": {"deep": {"er": True}}, "zone": None}
    assert read(notice(**newer)) == read(notice())
    true = json.loads(notice(fee=1).body)
    with pytest.raises(Forged):
        read(raw({**true, "data": {**true["data"], "fee": 2}}))


def test_a_movement_without_a_time_keeps_none_and_can_be_forged() -> None:
    said = read(notice(transactionDateTime="hôm nay"))
    assert said.booked_at is None
    assert read(PAYOS.forge(SECRETS, said, NOW)) == said


def test_half_an_emoji_can_be_forged_too() -> None:
    said = replace(read(notice()), memo="KX7R2M9CF \ud83d")
    assert read(PAYOS.forge(SECRETS, said, NOW)).memo == "KX7R2M9CF "


def test_there_is_no_qr_of_our_own_and_all_three_keys_open_the_door() -> None:
    assert PAYOS.open_invoice is None
    assert PAYOS.opened_by(SECRETS)
    for name in SECRETS:
        assert not PAYOS.opened_by({**SECRETS, name: " "})
