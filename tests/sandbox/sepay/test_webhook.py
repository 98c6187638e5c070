"""SePay's notices in every way there is to set them up, read by the gateway itself; and how SePay comes again."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from sandbox.bank.manners import BY_STATUS, SEPAY, SEPAY_MINUTES
from sandbox.sepay.webhook import Form, Proof
from tests.sandbox.house import ACCOUNT, House

MEMO = "KX7R2M9CF Tiền quà & bánh=1+2"
KINDS = {"json": "application/json", "form": "application/x-www-form-urlencoded", "multipart": "multipart/form-data"}


async def pay(house: House, **more: Any) -> dict[str, Any]:
    body = {
        "account": ACCOUNT.account,
        "amount": 199_000,
        "memo": MEMO,
        "sources": ["sepay"],
    }
    return await house.post("bank/pay", **body | more)


@pytest.mark.parametrize("form", list(Form))
@pytest.mark.parametrize("proof", list(Proof))
async def test_every_proof_with_every_body(watched: House, proof: Proof, form: Form) -> None:
    await watched.post("sepay", proof=proof.value, form=form.value)
    payment = await pay(watched)
    ((seen,),) = watched.door.heard
    assert (seen.source, seen.ref, seen.amount, seen.account) == ("sepay", payment["ref"], 199_000, ACCOUNT.account)
    assert (seen.memo, seen.booked_at) == (payment["memo"], watched.clock())
    assert watched.door.contents == [KINDS[form]]


async def test_any_way_is_drawn_anew_for_each_notice(watched: House) -> None:
    for _ in range(40):
        assert (await pay(watched))["answers"] == [200]
    assert set(watched.door.contents) == set(KINDS.values())


@pytest.mark.parametrize("proof", list(Proof))
async def test_a_forged_one_is_refused_in_every_way(watched: House, proof: Proof) -> None:
    await watched.post("sepay", proof=proof.value)
    assert (await pay(watched, fault="forged"))["answers"] == [401]
    assert watched.door.heard == []


async def test_it_comes_again_by_sepays_own_clock_signed_anew(watched: House) -> None:
    await watched.post("sepay", proof="hmac")
    watched.door.script.extend([503, 404, 200, 500, 401, 302, 422])
    await pay(watched)
    news, payments = watched.street.news, watched.street.bank.payments
    for number, (before, after) in enumerate(pairwise(SEPAY_MINUTES), 1):
        while len(payments[0].answers) < number:
            await news.after(news.version)
        watched.clock.move(timedelta(minutes=after - before))
    while not payments[0].done:
        await news.after(news.version)
    assert payments[0].answers == [503, 404, 200, 500, 401, 302, 422, 200]
    assert len(watched.door.heard) == 1


def test_what_each_takes_for_delivered() -> None:
    assert SEPAY.repeats[-1] == timedelta(minutes=13)
    assert sum(SEPAY.repeats, timedelta()) == timedelta(minutes=33)
    told = b'{"success": true}'
    assert SEPAY.content(200, told)
    assert SEPAY.content(201, told)
    refused = [(204, b""), (200, b""), (200, b"[]"), (200, b'{"success": 1}'), (202, told), (400, told), (0, b"")]
    assert not any(SEPAY.content(*each) for each in refused)
    assert [BY_STATUS.content(status, b"") for status in (200, 401, 500, 0)] == [True, True, False, False]
