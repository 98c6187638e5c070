"""What Bakong tells of a payment is read to the cent; what cannot be read hides nothing else."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from gateways.gateway import Asking
from sales.errors import CutShort, Later
from tests.gateways.bakong_asked import SEEN, A, B, question
from tests.gateways.bakong_server import ACCOUNT, LIST, BakongServer, payment, saying


@pytest.mark.parametrize(
    ("told", "minor", "currency"),
    [
        ('"currency":"USD","amount":9.5', 950, "USD"),
        ('"currency":"USD","amount":9', 900, "USD"),
        ('"currency":"USD","amount":0.29', 29, "USD"),
        ('"currency":"USD","amount":1.10', 110, "USD"),
        ('"currency":"USD","amount":99999999999.99', 9999999999999, "USD"),
        ('"currency":"KHR","amount":4000', 4000, "KHR"),
        ('"currency":"KHR","amount":4000.0', 4000, "KHR"),
        ('"currency":"KHR","amount":1.0E7', 10_000_000, "KHR"),
        ('"currency":"KHR","amount":"4000"', 4000, "KHR"),
    ],
)
async def test_an_amount_is_read_to_the_cent_whatever_was_asked(
    desk: Asking, bakong: BakongServer, told: str, minor: int, currency: str
) -> None:
    data = f'{{"hash":"{SEEN.ref}","toAccountId":"{ACCOUNT}",{told}}}'
    bakong.faults[LIST] = saying(200, f'{{"responseCode":0,"data":[{{"md5":"{A}","status":"SUCCESS","data":{data}}}]}}')
    (seen,) = await desk.ask([question()])
    assert (seen.amount, seen.currency, seen.number) == (minor, currency, 251022001)


@pytest.mark.parametrize("at", [None, "soon", 1793500012, 10**40, -1, 1.5, {}, True])
async def test_a_time_that_is_none_does_no_harm(desk: Asking, bakong: BakongServer, at: Any) -> None:
    bakong.paid[A] = payment(createdDateMs=at, acknowledgedDateMs=None)
    assert await desk.ask([question()]) == (replace(SEEN, booked_at=None),)
    bakong.paid[A] = payment(createdDateMs=at, acknowledgedDateMs=1793497612000)
    (seen,) = await desk.ask([question()])
    assert seen.booked_at == datetime(2026, 11, 1, 1, 46, 52, tzinfo=UTC)


async def test_words_of_strangers_are_cleaned_and_cut(desk: Asking, bakong: BakongServer) -> None:
    bakong.paid[A] = payment(description="a\n\u202eb" * 1000, externalRef=None, fromAccountId="x" * 300)
    (seen,) = await desk.ask([question()])
    assert len(seen.memo) == 1000
    assert seen.memo.isprintable()
    assert (seen.reference, len(seen.payer.account)) == ("", 200)


@pytest.mark.parametrize(
    "change",
    [
        {"hash": ""},
        {"hash": None},
        {"hash": "x" * 129},
        {"hash": "mit Leer zeichen"},
        {"toAccountId": None},
        {"toAccountId": " "},
        {"currency": "VND"},
        {"currency": None},
        {"amount": 0},
        {"amount": -9.5},
        {"amount": 9.505},
        {"amount": None},
        {"amount": True},
        {"amount": "9,50"},
        {"amount": "NaN"},
        {"amount": [9.5]},
        {"amount": "1e999999999"},
        {"amount": "9" * 50},
        {"amount": 10**14},
    ],
    ids=str,
)
async def test_what_cannot_be_read_is_told_and_hides_no_other_payment(
    desk: Asking, bakong: BakongServer, change: dict[str, Any]
) -> None:
    bakong.paid = {A: payment(**change), B: payment()}
    for fault in ({}, {LIST: saying(403, "")}):
        bakong.faults = dict(fault)
        with pytest.raises(CutShort, match="reference") as cut:
            await desk.ask([question(A, 1), question(B)])
        assert cut.value.found == (SEEN,)
        assert isinstance(cut.value.trouble, Later)
        assert cut.value.answered == {1, SEEN.number}, "it is asked for again in its turn, and keeps no other waiting"


async def test_a_payment_that_is_said_to_be_nothing_is_no_unpaid_code(desk: Asking, bakong: BakongServer) -> None:
    bakong.paid[A] = None
    with pytest.raises(CutShort, match="reference"):
        await desk.ask([question(A)])
