"""The toy payOS pays out: asked for by payOS's own package and by our client, signed both ways."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import ClientSession
from payos import APIError, AsyncPayOS
from payos.types.v1.payouts import PayoutRequest

from gateways.gateway import Reach, Secrets
from gateways.giving import Giver, Giving, Stage
from gateways.payos_payout import PAYOS_PAYOUT
from sales.errors import Later, Rejected
from sales.money import Money
from sales.payee import Payee
from tests.sandbox.house import SECRETS, House

KEYS = SECRETS["payos-payout"]
UUID = "0b6f3a52-7a53-4c1e-9d59-1f2c3b4a5d6e"
WANTED = Giving(UUID, Money(50_000), "RF2345679 HOAN TIEN", Payee("970436", "0071000123456", "NGUYEN VAN A"))
TAKES, COMES_BACK = 20, 3600


@pytest.fixture
async def client(house: House) -> AsyncIterator[AsyncPayOS]:
    async with AsyncPayOS(**KEYS, base_url=f"{house.base}{house.street.payos_url}/", max_retries=0) as client:
        yield client


@pytest.fixture
async def giver(house: House) -> AsyncIterator[Giver]:
    async with ClientSession() as session:
        yield built(house, session)


def built(house: House, session: ClientSession, secrets: Secrets = KEYS) -> Giver:
    assert PAYOS_PAYOUT.payout is not None
    found = PAYOS_PAYOUT.payout(Reach(secrets, house.base + house.street.payos_url, session, house.clock))
    assert found is not None
    return found


async def listed(house: House) -> list[dict[str, Any]]:
    payouts: list[dict[str, Any]] = (await house.state())["payouts"]
    return payouts


async def test_the_official_package_pays_out(house: House, client: AsyncPayOS) -> None:
    wish = PayoutRequest(
        reference_id="r1", amount=2000, description="hoàn tiền", to_bin="970422", to_account_number="0973000000"
    )
    made = await client.payouts.create(wish, idempotency_key="k1")
    again = await client.payouts.create(wish, idempotency_key="k1")
    assert (made.id, made.transactions[0].state) == (again.id, "RECEIVED")
    await house.post("clock", seconds=TAKES)
    told = await client.payouts.get(made.id)
    assert (told.approval_state, told.transactions[0].state, told.transactions[0].amount) == (
        "COMPLETED",
        "SUCCEEDED",
        2000,
    )
    assert len(await listed(house)) == 1
    with pytest.raises(APIError, match="another payout"):
        await client.payouts.create(wish.model_copy(update={"amount": 3000}), idempotency_key="k1")


@pytest.mark.parametrize(
    ("ending", "after", "later"),
    [
        ("SUCCEEDED", Stage.ARRIVED, Stage.ARRIVED),
        ("FAILED", Stage.FAILED, Stage.FAILED),
        ("REJECTED", Stage.FAILED, Stage.FAILED),
        ("REVERSED", Stage.ARRIVED, Stage.FAILED),
    ],
)
async def test_they_end_as_was_chosen(house: House, giver: Giver, ending: str, after: Stage, later: Stage) -> None:
    await house.post("payouts", ending=ending)
    sent = await giver.send(WANTED)
    assert sent.stage is Stage.UNDER_WAY
    await house.post("payouts", ending="SUCCEEDED")
    for seconds, stage in ((1, Stage.UNDER_WAY), (TAKES, after), (COMES_BACK, later)):
        await house.post("clock", seconds=seconds)
        told = await giver.ask(WANTED, sent.ref)
        assert told is not None
        assert (told.stage, told.ref, bool(told.reason)) == (stage, sent.ref, stage is Stage.FAILED)
    assert [each["memo"] for each in await listed(house)] == ["RF2345679 HOAN TIEN"]


async def test_it_is_found_by_its_reference(giver: Giver) -> None:
    assert await giver.ask(WANTED, "") is None
    sent = await giver.send(WANTED)
    assert await giver.ask(WANTED, "") == sent


@pytest.mark.parametrize("trouble", ["down", "busy", "html", "wrong"])
async def test_in_trouble_nobody_knows(house: House, giver: Giver, trouble: str) -> None:
    await house.post("sources", source="payos", trouble=trouble)
    with pytest.raises(Later):
        await giver.send(WANTED)
    await house.post("sources", source="payos", trouble="none")
    await giver.send(WANTED)
    assert len(await listed(house)) == 1, "an answer under a wrong key has sent it all the same, and once"


async def test_strangers_and_what_is_not_signed_get_nothing(house: House) -> None:
    async with ClientSession() as session:
        for wrong in ({"client_id": "x"}, {"api_key": "x"}, {"checksum_key": "x"}):
            with pytest.raises(Later):  # no refusal is signed for a stranger, so that none is believed
                await built(house, session, {**KEYS, **wrong}).send(WANTED)
    assert await listed(house) == []


@pytest.mark.parametrize(
    "giving",
    [
        replace(WANTED, amount=Money(0)),
        replace(WANTED, memo="x" * 26),
        replace(WANTED, payee=Payee("9704", "1", "A")),
        replace(WANTED, payee=Payee("970436", "1/2", "A")),
        replace(WANTED, key=""),
    ],
)
async def test_what_is_no_payout_is_refused(house: House, giver: Giver, giving: Giving) -> None:
    with pytest.raises(Rejected):
        await giver.send(giving)
    assert await listed(house) == []


@pytest.mark.parametrize("body", ["", "[]", "not JSON"])
async def test_bodies_that_are_none(house: House, body: str) -> None:
    headers = {"x-client-id": KEYS["client_id"], "x-api-key": KEYS["api_key"]}
    for path in ("/sandbox/payos/v1/payouts", "/sandbox/payos/v1/payouts/"):
        async with house.session.post(path, data=body, headers=headers) as answer:
            assert (await answer.json())["code"] == "20"
    async with house.session.get("/sandbox/payos/v1/payouts/nobody", headers=headers) as answer:
        assert (await answer.json())["code"] == "101"
