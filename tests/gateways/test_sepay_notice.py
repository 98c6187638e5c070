"""What a SePay notice says, in each kind of body."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest

from gateways.gateway import Request
from gateways.sepay import SEPAY
from sales.errors import Forged, Malformed
from sales.transfer import Sighting, Standing
from tests.gateways.sepay_signing import FIELDS, KEY, NOW, SECRET, as_form, as_json, as_multipart, keyed, sent, stamped

SECRETS = {"api_key": KEY, "webhook_secret": SECRET}
FORM = "application/x-www-form-urlencoded"
Write = Callable[..., tuple[bytes, str]]
KINDS: dict[str, Write] = {
    "json": lambda **changes: (as_json(**changes), "application/json"),
    "json with a charset": lambda **changes: (as_json(**changes), "Application/JSON; charset=utf-8"),
    "form": lambda **changes: (as_form(**changes), FORM),
    "form with a charset": lambda **changes: (as_form(**changes), f"{FORM}; charset=UTF-8"),
    "multipart": as_multipart,
}
KIND = pytest.mark.parametrize("write", KINDS.values(), ids=KINDS)


def read(body: bytes, kind: str = "application/json") -> tuple[Sighting, ...]:
    """The same by whatever proof it comes."""
    told = SEPAY.read(SECRETS, keyed(body, kind=kind), NOW)
    assert SEPAY.read(SECRETS, stamped(body, kind=kind), NOW) == told
    assert SEPAY.read(SECRETS, sent(body, kind, ("secret_key", SECRET)), NOW) == told
    return told


def malformed(body: bytes, kind: str = "application/json") -> None:
    with pytest.raises(Malformed):
        read(body, kind)


@KIND
def test_money_in_is_read_from_every_kind_of_body(write: Write) -> None:
    assert read(*write(content="KX7R2M9CF khoá học & ộ + = % 😀", subAccount="96247VA99")) == (
        Sighting(
            source="sepay",
            ref="92704",
            amount=199000,
            currency="VND",
            account="0000111122223333",
            memo="KX7R2M9CF khoá học & ộ + = % 😀",
            virtual_account="96247VA99",
            reference="MBVCB.3278907687",
            booked_at=datetime(2025, 10, 22, 8, 1, 45, tzinfo=UTC),
        ),
    )


@KIND
def test_money_out_is_negative(write: Write) -> None:
    [said] = read(*write(transferType="out"))
    assert (said.amount, said.standing) == (-199000, Standing.ARRIVED)


@KIND
@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(
            ("transferAmount", value)
            for value in (0, -1, -199000, 10**13 + 1, "", "x", "1e5", "199000.50", "199000,00", "٣", "1_000")
        ),
        *(("id", value) for value in (0, -1, 2**53, "", "x", "92704x", "92704.00")),
        *(("transferType", value) for value in ("", "IN", "credit", "in ", "inout")),
    ],
)
def test_what_cannot_be_is_malformed(write: Write, field: str, value: object) -> None:
    malformed(*write(**{field: value}))


@KIND
@pytest.mark.parametrize("amount", [199000, "199000", "199000.0", "199000.00"])
def test_whole_numbers_are_read_in_any_exact_spelling(write: Write, amount: object) -> None:
    assert read(*write(transferAmount=amount, id="92704")) == read(as_json())


def test_json_may_have_real_numbers_that_are_whole() -> None:
    assert read(as_json(transferAmount=199000.0, id=92704.0)) == read(as_json())


@pytest.mark.parametrize("value", [True, 199000.5, 1.0e16, None, [], {}])
@pytest.mark.parametrize("field", ["id", "transferAmount"])
def test_what_is_no_whole_number_is_malformed(field: str, value: object) -> None:
    malformed(as_json(**{field: value}))


@KIND
@pytest.mark.parametrize("field", ["id", "transferAmount", "transferType"])
def test_what_must_be_there_may_not_be_empty(write: Write, field: str) -> None:
    malformed(*write(**{field: None}))


@pytest.mark.parametrize("field", ["id", "transferAmount", "transferType"])
def test_nor_left_out(field: str) -> None:
    left = {name: value for name, value in FIELDS.items() if name != field}
    malformed(json.dumps(left).encode())
    malformed(urlencode(left).encode(), FORM)


def test_a_notice_without_an_account_is_not_lost() -> None:
    for account in (None, ""):
        [said] = read(as_json(accountNumber=account))
        assert (said.account, said.amount) == ("", 199000)


def test_the_code_that_sepay_found_is_only_a_hint() -> None:
    assert read(as_json(code="ANOTHER1")) == read(as_json(code=None)) == read(as_json(code=7))


def test_money_on_another_account_keeps_its_name() -> None:
    assert read(as_json(accountNumber=" 77 "))[0].account == "77"


@KIND
@pytest.mark.parametrize("reference", ["SB52117364BC30", "SB3AA09DBE2D73", "SB1A2B3C4D5E", " SB52117364BC30 "])
def test_what_the_test_mode_plays_is_no_money(write: Write, reference: str) -> None:
    assert read(*write(referenceCode=reference, content="KX7R2M9CF")) == ()


def test_a_test_call_must_be_proven_as_well() -> None:
    body = as_json(referenceCode="SB52117364BC30")
    with pytest.raises(Forged):
        SEPAY.read(SECRETS, keyed(body, "another"), NOW)


@KIND
@pytest.mark.parametrize(
    ("memo", "reference"),
    [
        ("Giao dich thu nghiem 23h47m38s", "FT1"),
        ("Giao dich thu nghiem", "FT1"),
        ("Giao dich sandbox 2026-11-21 10:04:05", "FT1"),
        ("KX7R2M9CF", "SB1"),
        ("KX7R2M9CF", "SB.52117364BC30"),
        ("KX7R2M9CF", "SBV52117364BC30"),
        ("KX7R2M9CF", "SB52117364BC30 2"),
        ("KX7R2M9CF", "sb52117364bc30"),
        ("Giao dich thu nghiem KX7R2M9CF", "FT1"),
        ("CT tu NGUYEN VAN A Giao dich thu nghiem", "FT1"),
        ("Giao dich thu nghiem 23h47m38s. TU: NGUYEN VAN A", "FT1"),
        ("Giao dich thu nghiemx", "FT1"),
        ("SB1", "sb1"),
        ("SB1", "XSB1"),
        ("", ""),
    ],
)
def test_real_money_with_such_words_stays_money(write: Write, memo: str, reference: str) -> None:
    assert len(read(*write(content=memo, referenceCode=reference))) == 1


def test_two_kinds_of_body_at_once_are_refused() -> None:
    twice = Request(as_json(), (*keyed(as_json()).headers, ("content-type", FORM)))
    with pytest.raises(Malformed):
        SEPAY.read(SECRETS, twice, NOW)


def test_a_body_without_a_kind_is_json() -> None:
    told = Request(as_json(), (("authorization", f"Apikey {KEY}"),))
    assert len(SEPAY.read(SECRETS, told, NOW)) == 1


def test_one_kind_is_never_taken_for_another() -> None:
    form, boundary = as_multipart()
    for body, kind in ((as_json(), FORM), (as_form(), "application/json"), (form, FORM), (as_json(), boundary)):
        malformed(body, kind)


@pytest.mark.parametrize("field", ["id", "transferAmount", "content"])
def test_a_field_given_twice_is_refused(field: str) -> None:
    malformed(as_form() + f"&{field}=1".encode(), FORM)
    malformed(as_json()[:-1] + f',"{field}":1}}'.encode())
    form, kind = as_multipart()
    part = f'--{kind.partition("boundary=")[2]}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n1\r\n'.encode()
    malformed(part + form[form.index(b"--") :], kind)


def test_a_newer_field_is_let_in() -> None:
    for write in KINDS.values():
        assert read(*write(aNewerField="x")) == read(*write())


def test_texts_are_cut_and_cleaned() -> None:
    [said] = read(as_json(content="a\nb\0c\u202ed" + "x" * 5000, referenceCode="r" * 500, subAccount="v" * 500))
    assert (len(said.memo), len(said.reference), len(said.virtual_account)) == (1000, 200, 200)
    assert said.memo.isprintable()


def test_half_a_letter_in_a_form_loses_no_money() -> None:
    for write in (as_form, lambda **changes: as_multipart(**changes)[0]):
        kind = FORM if write is as_form else as_multipart()[1]
        body = write(content="MARK").replace(b"MARK", b"%E1%BB" if write is as_form else b"\xe1\xbb")
        [said] = read(body, kind)
        assert (said.ref, said.amount) == ("92704", 199000)


def test_what_is_forged_is_as_sepay_writes_it() -> None:
    [said] = read(as_json(transferType="out", subAccount=None))
    told = json.loads(SEPAY.forge(SECRETS, said, NOW).body)
    assert (told["transferType"], told["transferAmount"], told["subAccount"]) == ("out", 199000, None)
    assert (told["transactionDate"], told["code"]) == ("2025-10-22 15:01:45", None)
