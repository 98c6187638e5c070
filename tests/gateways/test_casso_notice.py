from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gateways.casso import CASSO
from gateways.gateway import Request
from gateways.notice_fields import MAX_AMOUNT, MEMO_LIMIT, TEXT_LIMIT
from sales.errors import Malformed
from sales.transfer import Payer, Sighting
from tests.gateways.casso_signing import DATA, SECRETS, notice, raw, signed, stamp, without

NOW = datetime(2025, 10, 22, 8, 1, 45, tzinfo=UTC)


def read(request: Request) -> Sighting:
    [said] = CASSO.read(SECRETS, request, NOW)
    return said


def test_every_field_finds_its_place() -> None:
    assert read(notice(virtualAccountNumber="VA12")) == Sighting(
        source="casso",
        ref="218897",
        amount=199000,
        currency="VND",
        account="0000111122223333",
        memo="MBVCB.1.KEY251022001.CT tu 0123",
        virtual_account="VA12",
        reference="FT25295123456789",
        booked_at=datetime(2025, 10, 22, 8, 1, 45, tzinfo=UTC),
        payer=Payer("NGUYEN VAN A", "0999888777", "Vietcombank"),
    )


OPTIONAL = sorted(set(DATA) - {"id", "amount", "accountNumber"})


@pytest.mark.parametrize("field", OPTIONAL)
def test_null_and_absent_are_empty(field: str) -> None:
    assert read(notice(**{field: None})) == read(without(field))


def test_all_optionals_null_or_absent() -> None:
    bare = Sighting("casso", "218897", 199000, "VND", "0000111122223333", "")
    assert read(notice(**dict.fromkeys(OPTIONAL))) == bare
    assert read(signed({"data": {name: DATA[name] for name in ("id", "amount", "accountNumber")}})) == bare


def test_bank_without_a_name_is_known_by_its_number() -> None:
    assert read(notice(counterAccountBankName="")).payer.bank == "970436"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2025-10-22", datetime(2025, 10, 21, 17, tzinfo=UTC)),
        ("2025-10-22 00:00:00", datetime(2025, 10, 21, 17, tzinfo=UTC)),
        ("2025-10-22 15:01:45", datetime(2025, 10, 22, 8, 1, 45, tzinfo=UTC)),
        ("2025-10-22T15:01:45", datetime(2025, 10, 22, 8, 1, 45, tzinfo=UTC)),
        ("2025-10-22T15:01:45+07:00", datetime(2025, 10, 22, 8, 1, 45, tzinfo=UTC)),
        ("2025-10-22T08:01:45.000Z", datetime(2025, 10, 22, 8, 1, 45, tzinfo=UTC)),
        ("", None),
        ("hôm nay", None),
        ("2025-02-30 00:00:00", None),
        ("22/10/2025", None),
        ("0001-01-01 00:00:00", None),
        ("9999-12-31T23:59:59-23:59", None),
        ("1761120105123", None),
    ],
)
def test_times_are_vietnams(text: str, moment: datetime | None) -> None:
    assert read(notice(transactionDateTime=text)).booked_at == moment


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "218897"},
        {"id": 218897.0},
        {"id": None},
        {"id": True},
        {"id": False},
        {"id": -1},
        {"id": 2**53},
        {"amount": 0},
        {"amount": None},
        {"amount": "199000"},
        {"amount": 199000.0},
        {"amount": 199000.5},
        {"amount": True},
        {"amount": [199000]},
        {"amount": MAX_AMOUNT + 1},
        {"amount": -MAX_AMOUNT - 1},
        {"amount": 10**25},
        {"accountNumber": None},
        {"accountNumber": ""},
        {"accountNumber": "  "},
        {"accountNumber": 1111},
        {"accountNumber": "1" * 65},
        {"description": 7},
        {"description": ["KEY251022001"]},
        {"description": {"text": "KEY251022001"}},
        {"reference": False},
        {"transactionDateTime": 1761120105123},
        {"counterAccountName": {}},
        {"virtualAccountNumber": 5},
    ],
    ids=str,
)
def test_wrong_types_are_malformed_though_signed(changes: dict[str, Any]) -> None:
    with pytest.raises(Malformed) as refusal:
        read(notice(**changes))
    assert refusal.value.__suppress_context__
    assert "218897" not in str(refusal.value)


@pytest.mark.parametrize("field", ["id", "amount", "accountNumber"])
def test_what_settling_needs_must_be_there(field: str) -> None:
    with pytest.raises(Malformed):
        read(without(field))


@pytest.mark.parametrize(
    "body",
    [
        None,
        True,
        0,
        1.5,
        "text",
        [],
        {},
        {"data": None},
        {"data": []},
        {"data": [dict(DATA)]},
        {"data": "x"},
        [dict(DATA)],
    ],
    ids=lambda body: str(body)[:20],
)
def test_only_an_object_with_a_data_object_is_a_notice(body: object) -> None:
    with pytest.raises(Malformed):
        read(signed(body))


def test_numbers_a_float_would_hide_are_malformed() -> None:
    body = b'{"data":{"id":1,"amount":1e3,"accountNumber":"1"}}'
    with pytest.raises(Malformed):
        read(raw(body, stamp('{"data":{"accountNumber":"1","amount":1000,"id":1}}')))


@pytest.mark.parametrize("amount", [1, -1, MAX_AMOUNT, -MAX_AMOUNT])
def test_limits_of_an_amount(amount: int) -> None:
    assert read(notice(amount=amount)).amount == amount


def test_long_texts_are_cut() -> None:
    said = read(notice(description="KEY251022001" + "x" * 5000, reference="r" * 5000, counterAccountName="n" * 5000))
    assert (len(said.memo), len(said.reference), len(said.payer.name)) == (MEMO_LIMIT, TEXT_LIMIT, TEXT_LIMIT)
    assert said.memo.startswith("KEY251022001")


def test_zero_characters_vanish() -> None:
    assert read(notice(description="KEY\x00251022001", accountNumber="12\x003")).memo == "KEY251022001"


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("KEY251022001\r\n\nDA HOAN TIEN", "KEY251022001   DA HOAN TIEN"),
        ("KEY251022001\u2028x", "KEY251022001 x"),
        ("KEY\u202e251022001\u2066\u200b", "KEY251022001"),
        ("KEY251022001 \x1b[2J\x9b31m", "KEY251022001 [2J31m"),
        ("KEY251022001 \ud83d", "KEY251022001 "),
        ("Chuyển tiền 😀 \u1ed9", "Chuyển tiền 😀 ộ"),
    ],
    ids=["new lines", "line separator", "directions", "terminal codes", "half an emoji", "what can be seen"],
)
def test_only_what_can_be_seen_is_kept_on_one_line(written: str, read_as: str) -> None:
    said = read(notice(description=written, counterAccountName=written))
    assert (said.memo, said.payer.name) == (read_as, read_as)


def test_half_an_emoji_can_be_forged_too() -> None:
    said = replace(read(notice()), memo="KEY251022001 \ud83d")
    assert read(CASSO.forge(SECRETS, said, NOW)).memo == "KEY251022001 "


def test_unknown_fields_are_let_in() -> None:
    newer = {"fee": 1.5, "tags": ["a", None], "nested": {"deep": {"er": True}}}
    assert read(notice(**newer)) == read(notice())
    assert read(signed({"error": 0, "version": 3, "data": dict(DATA)})) == read(notice())


def test_forged_notice_carries_the_chosen_time() -> None:
    now = NOW + timedelta(milliseconds=7)
    request = CASSO.forge(SECRETS, read(notice()), now)
    assert (request.header("x-casso-signature") or "").startswith("t=1761120105007,v1=")
    assert read(request) == read(notice())


def test_a_movement_without_a_time_keeps_none() -> None:
    said = read(notice(transactionDateTime=""))
    assert read(CASSO.forge(SECRETS, said, NOW)) == said
