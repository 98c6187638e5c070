"""What VNPay's notices say, and what a payment is by its two codes."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateways.gateway import Answer, Request, Verdict
from gateways.notice_fields import MEMO_LIMIT, TEXT_LIMIT
from gateways.vnpay import VNPAY
from gateways.vnpay_notice import NOBODY, noticed, sighting
from sales.errors import Forged, Malformed
from sales.transfer import Payer, Sighting, Standing
from tests.gateways.vnpay_signing import PARAMS, SECRETS, VECTORS, asked, notice, signed, without

NOW = datetime(2026, 11, 21, 3, 4, 5, tzinfo=UTC)
ARRIVED = Sighting(
    source="vnpay",
    ref="251022001:14831393",
    amount=199_000,
    currency="VND",
    account="vnpay:DUMMYTMN",
    memo="Thanh toan don hang 251022001",
    reference="14831393",
    booked_at=datetime(2025, 10, 22, 8, 2, 45, tzinfo=UTC),
    payer=Payer(bank="NCB"),
    number=251022001,
)


def read(request: Any) -> Sighting:
    (seen,) = VNPAY.read(SECRETS, request, NOW)
    return seen


def test_a_payment_that_arrived() -> None:
    assert read(notice()) == ARRIVED


@pytest.mark.parametrize("name", ["ipn.success", "ipn.cancelled_by_buyer", "ipn.unicode_info"])
def test_the_recorded_notices(name: str) -> None:
    vector = VECTORS[name]
    seen = read(asked(vector["params"] | {"vnp_SecureHash": vector["expected"]}))
    assert (seen.standing is Standing.ARRIVED) is vector["money_arrived"]
    assert seen.amount * 100 == int(vector["params"]["vnp_Amount"])
    assert seen.memo == vector["params"]["vnp_OrderInfo"]


def test_a_payment_that_the_buyer_cancelled() -> None:
    vector = VECTORS["ipn.cancelled_by_buyer"]
    seen = read(signed(vector["params"]))
    assert (seen.standing, seen.reason, seen.number) == (Standing.FAILED, "24", 251022001)


PAY_CODES = ["01", "02", "03", "04", "05", "06", "08", "09", "10", "11", "12", "13", "24", "51", "65", "75", "79", "99"]


@pytest.mark.parametrize("code", PAY_CODES)
def test_any_other_code_is_a_payment_that_failed(code: str) -> None:
    seen = read(notice(ResponseCode=code, TransactionStatus="02"))
    assert (seen.standing, seen.reason) == (Standing.FAILED, code)


@pytest.mark.parametrize(
    ("code", "status", "standing", "reason"),
    [
        ("00", "00", Standing.ARRIVED, ""),
        ("00", "02", Standing.FAILED, "02"),
        ("24", "00", Standing.FAILED, "24"),
        ("99", "01", Standing.FAILED, "99"),
        ("00", "03", Standing.FAILED, "03"),
        ("07", "00", Standing.HELD, "07"),
        ("00", "07", Standing.HELD, "07"),
        ("07", "07", Standing.HELD, "07"),
        ("00", "04", Standing.HELD, "04"),
        ("00", "05", Standing.HELD, "05"),
        ("00", "06", Standing.HELD, "06"),
        ("00", "09", Standing.HELD, "09"),
        ("00", "01", Standing.HINT, "01"),
        ("00", "", Standing.HINT, ""),
    ],
)
def test_both_codes_decide(code: str, status: str, standing: Standing, reason: str) -> None:
    seen = read(notice(ResponseCode=code, TransactionStatus=status))
    assert (seen.standing, seen.reason) == (standing, reason)


def test_arrived_money_is_news_whatever_was_said_of_it_before() -> None:
    refs = [
        read(notice(ResponseCode=code, TransactionStatus=status)).ref
        for code, status in (("00", "00"), ("07", "07"), ("24", "02"), ("00", "01"))
    ]
    assert refs[0] == ARRIVED.ref
    assert len(set(refs)) == len(refs)


def test_payments_of_one_number_are_told_apart() -> None:
    assert read(notice(TransactionNo="14831394")).ref == "251022001:14831394"


@pytest.mark.parametrize("request_", [notice(TransactionNo="0"), notice(TransactionNo="000"), without("TransactionNo")])
def test_a_success_without_vnpays_number_makes_us_ask(request_: Request) -> None:
    """Asked, VNPay names it: booked before, it would be another payment then."""
    seen = read(request_)
    assert (seen.standing, seen.number, seen.amount) == (Standing.HINT, 251022001, 199_000)
    assert seen.ref != ARRIVED.ref


@pytest.mark.parametrize("txn_ref", ["A-1_b", "0251022001", "251022001x", "9" * 20, "-1", "1.0"])
def test_what_another_program_sold_by_our_terminal_is_ours_and_nobodys(txn_ref: str) -> None:
    seen = read(notice(TxnRef=txn_ref))
    assert (seen.number, seen.standing, seen.amount) == (NOBODY, Standing.ARRIVED, 199_000)
    assert seen.ref == f"{txn_ref}:14831393"


def test_another_terminals_money_is_no_word_about_ours() -> None:
    seen = read(notice(TmnCode="OTHERTMN"))
    assert (seen.number, seen.standing, seen.account) == (NOBODY, Standing.HINT, "vnpay:OTHERTMN")


@pytest.mark.parametrize("hundredths", ["19900001", "19899999", "1", "0", "199", "9" * 15])
def test_an_amount_that_cannot_be_the_price_is_no_payment(hundredths: str) -> None:
    seen = read(notice(Amount=hundredths))
    assert seen.amount != 199_000
    assert (seen.number, seen.standing) == (251022001, Standing.HINT)


@pytest.mark.parametrize("amount", ["", "-19900000", "199000.00", "1e7", "19 900 000", "١٩٩", "9" * 17, "x"])
def test_what_is_no_amount_is_none(amount: str) -> None:
    seen = read(notice(Amount=amount))
    assert (seen.number, seen.standing, seen.amount) == (251022001, Standing.HINT, 0)


@pytest.mark.parametrize("txn_ref", ["", " ", "1:2", "1 2", "251022001 ", "251022001:", "²", "ộ", "\ud83d", "1" * 101])
def test_what_is_no_number_is_nobodys(txn_ref: str) -> None:
    seen = noticed("DUMMYTMN", {**PARAMS, "vnp_TxnRef": txn_ref})
    assert (seen.number, seen.standing, seen.ref) == (NOBODY, Standing.HINT, "?:14831393:hint")


@pytest.mark.parametrize(
    "changes",
    [
        {"TransactionNo": "1:held"},
        {"TransactionNo": "9" * 21},
        {"ResponseCode": "0"},
        {"ResponseCode": "000"},
        {"ResponseCode": "²²"},
        {"TransactionStatus": "x"},
        {"TransactionStatus": "000"},
    ],
)
def test_codes_and_numbers_of_another_shape_make_us_ask(changes: dict[str, str]) -> None:
    seen = read(notice(**changes))
    assert (seen.number, seen.standing, seen.amount) == (251022001, Standing.HINT, 199_000)
    with pytest.raises(Malformed):
        sighting("DUMMYTMN", {**PARAMS, **{f"vnp_{name}": value for name, value in changes.items()}})


@pytest.mark.parametrize(
    ("name", "number", "amount"),
    [
        ("Amount", 251022001, 0),
        ("ResponseCode", 251022001, 199_000),
        ("TmnCode", NOBODY, 199_000),
        ("TxnRef", NOBODY, 199_000),
    ],
)
def test_what_every_notice_has_is_missed(name: str, number: int, amount: int) -> None:
    seen = read(without(name))
    assert (seen.number, seen.amount, seen.standing) == (number, amount, Standing.HINT)


def test_a_notice_of_nothing_says_nothing() -> None:
    seen = read(signed({"vnp_OrderInfo": "x"}))
    assert (seen.number, seen.amount, seen.standing, seen.memo) == (NOBODY, 0, Standing.HINT, "x")


@pytest.mark.parametrize("date", ["", "2025102215024", "20251322150245", "2025-10-22 15:02:45", "00000000000000"])
def test_a_payment_without_a_time_is_a_payment(date: str) -> None:
    assert read(notice(PayDate=date)) == replace(ARRIVED, booked_at=None)


def test_texts_of_strangers_are_cleaned_and_cut() -> None:
    seen = read(notice(OrderInfo="a\u202eb\n" + "x" * 3000, BankCode="N" * 300))
    assert seen.memo.startswith("ab xxx")
    assert (len(seen.memo), len(seen.payer.bank)) == (MEMO_LIMIT, TEXT_LIMIT)


def test_parameters_that_are_not_vnpays_change_nothing() -> None:
    request = notice()
    for extra in (("fbclid", "x"), ("Vnp_Amount", "1"), ("vnp_SecureHashType", "MD5"), ("vnp_BankTranNo", "")):
        query = tuple(each for each in request.query if each[0] != extra[0] or each[1])
        if extra[0] not in dict(query):
            assert read(replace(request, query=(*query, extra))) == ARRIVED


@pytest.mark.parametrize("name", PARAMS)
def test_every_changed_value_is_forged(name: str) -> None:
    query = tuple((key, f"{value}1" if key == name else value) for key, value in notice().query)
    with pytest.raises(Forged):
        VNPAY.read(SECRETS, replace(notice(), query=query), NOW)


def test_the_body_is_nobodys_word() -> None:
    assert read(replace(notice(), body=b"vnp_Amount=1")) == ARRIVED


@pytest.mark.parametrize("standing", Standing)
def test_any_standing_can_be_written(standing: Standing) -> None:
    said = replace(ARRIVED, standing=standing, amount=5)
    seen = read(VNPAY.forge(SECRETS, said, NOW))
    # VNPay has no word for money taken back: a payment undone on the way is one that the shop never had.
    assert seen.standing is (Standing.HELD if standing is Standing.REVERSED else standing)
    assert (seen.number, seen.amount, seen.reference) == (251022001, 5, "14831393")


@given(st.text(max_size=50), st.integers(1, 10**13), st.sampled_from(["24", "51", "99"]))
def test_what_is_written_is_read_back(memo: str, amount: int, reason: str) -> None:
    memo = "".join(letter for letter in memo if letter.isprintable())
    said = replace(ARRIVED, memo=memo, amount=amount)
    assert read(VNPAY.forge(SECRETS, said, NOW)) == said
    failed = replace(said, ref=f"{said.ref}:failed", standing=Standing.FAILED, reason=reason)
    assert read(VNPAY.forge(SECRETS, failed, NOW)) == failed


def test_answers() -> None:
    answers = {verdict: VNPAY.acknowledge(verdict) for verdict in Verdict}
    assert {answer.status for answer in answers.values()} == {200}
    codes = {verdict.value: answer.body["RspCode"] for verdict, answer in answers.items()}
    assert codes == {
        "accepted": "00",
        "unknown": "01",
        "again": "02",
        "wrong_amount": "04",
        "forged": "97",
        "malformed": "99",
        "busy": "99",
        "broken": "99",
    }
    assert answers[Verdict.ACCEPTED] == Answer(200, {"RspCode": "00", "Message": "Confirm Success"})
