"""The street's SePay, asked as its reference describes it, and by the shop's own second look."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientSession

from gateways.gateway import Asking, Reach
from gateways.sepay import SEPAY as GATEWAY
from sales.errors import Later, Rejected
from sandbox.trouble import RETRY_AFTER
from tests.gateways.asked import question
from tests.sandbox.house import ACCOUNT, SEPAY, House

LIST = "/sandbox/sepay/userapi/transactions/list"

ACCOUNTS = "/sandbox/sepay/userapi/bankaccounts/list"


@pytest.fixture
async def http() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


def built(house: House, http: ClientSession, token: str = SEPAY["user_token"]) -> Asking:
    assert GATEWAY.ask is not None
    asking = GATEWAY.ask(Reach({"user_token": token}, f"{house.base}/sandbox/sepay", http, house.clock))
    assert asking is not None
    return asking


async def listed(house: House, **query: str) -> list[Any]:
    """Ask, slowly enough for SePay."""
    house.clock.move(timedelta(seconds=0.5))
    headers = {"Authorization": f"Bearer {SEPAY['user_token']}"}
    async with house.session.get(LIST, params=query, headers=headers) as answer:
        assert answer.status == 200
        return list((await answer.json())["transactions"])


async def pay(house: House, memo: str = "KX7R2M9CF", **more: Any) -> dict[str, Any]:
    body = {"account": ACCOUNT.account, "amount": 199_000, "memo": memo, "sources": ["sepay"]}
    return await house.post("bank/pay", **body | more)


async def test_the_newest_movement_stands_first_in_sepays_own_words(watched: House) -> None:
    await pay(watched, "so 1")
    watched.clock.move(timedelta(hours=1))
    payment = await pay(watched, "so 2")
    newest, oldest = await listed(watched)
    assert (newest["transaction_content"], oldest["transaction_content"]) == ("so 2", "so 1")
    assert (newest["id"], newest["amount_in"], newest["amount_out"]) == (payment["ref"], "199000.00", "0.00")
    assert (newest["transaction_date"], newest["account_number"]) == ("2026-11-21 17:00:00", ACCOUNT.account)
    assert len(await listed(watched, limit="1")) == 1
    assert len(await listed(watched, transaction_date_min="2026-11-21 16:30:00")) == 1
    assert len(await listed(watched, transaction_date_max="2026-11-21 16:30:00")) == 1
    assert await listed(watched, account_number="1") == []


async def test_only_what_sepay_has_seen_is_there(watched: House) -> None:
    await pay(watched, sources=["casso"])
    await pay(watched, fault="forged")
    assert await listed(watched) == []


async def test_the_second_look_sees_what_the_notice_never_said(watched: House, http: ClientSession) -> None:
    wanted = question(made_at=watched.clock(), account=ACCOUNT.account)
    await watched.post("sources", source="sepay", silent=True)
    payment = await pay(watched)
    (seen,) = await built(watched, http).ask([wanted])
    assert (seen.ref, seen.amount, seen.account, seen.memo) == (payment["ref"], 199_000, ACCOUNT.account, "KX7R2M9CF")
    assert watched.door.contents == []


async def test_a_wrong_token_opens_nothing(watched: House, http: ClientSession) -> None:
    with pytest.raises(Rejected):
        await built(watched, http, "other").ask([question(made_at=watched.clock())])


@pytest.mark.parametrize("trouble", ["down", "busy", "html", "wrong"])
async def test_an_api_in_trouble_is_asked_later(watched: House, http: ClientSession, trouble: str) -> None:
    await watched.post("sources", source="sepay", trouble=trouble)
    with pytest.raises(Later) as later:
        await built(watched, http).ask([question(made_at=watched.clock())])
    assert later.value.seconds == (RETRY_AFTER if trouble == "busy" else None)


async def test_only_what_is_newer_than_an_id(watched: House) -> None:
    await pay(watched, "so 1")
    watched.clock.move(timedelta(seconds=1))
    await pay(watched, "so 2")
    newest, oldest = await listed(watched)
    assert [each["transaction_content"] for each in await listed(watched, since_id=oldest["id"])] == ["so 2"]
    assert await listed(watched, since_id=newest["id"]) == []


async def test_the_api_may_have_ids_of_its_own(watched: House) -> None:
    payment = await pay(watched)
    watched.clock.move(timedelta(days=1))
    later = await pay(watched)
    assert [each["id"] for each in await listed(watched)] == [later["ref"], payment["ref"]]
    await watched.post("sepay", own_ids=True)
    ids = [int(each["id"]) for each in await listed(watched)]
    assert ids == [int(payment["ref"]), int(payment["ref"]) - 86_400_000]  # one number for two payments


async def test_two_calls_a_second_and_no_more(watched: House, http: ClientSession) -> None:
    asking, asked = built(watched, http), [question(made_at=watched.clock())]
    for _ in range(2):
        assert await asking.ask(asked) == ()
    with pytest.raises(Later) as later:
        await asking.ask(asked)
    assert later.value.seconds == 1
    watched.clock.move(timedelta(seconds=1))
    assert await asking.ask(asked) == ()


async def test_who_may_not_ask_counts_for_nothing(watched: House, http: ClientSession) -> None:
    for _ in range(3):
        with pytest.raises(Rejected):
            await built(watched, http, "other").ask([question(made_at=watched.clock())])
    assert await listed(watched) == []


async def test_the_linked_account_is_listed(watched: House) -> None:
    headers = {"Authorization": f"Bearer {SEPAY['user_token']}"}
    async with watched.session.get(ACCOUNTS, headers=headers) as answer:
        (account,) = (await answer.json())["bankaccounts"]
    assert (account["id"], account["account_number"]) == ("1", ACCOUNT.account)
    assert (account["account_holder_name"], account["bank_bin"]) == (ACCOUNT.holder, ACCOUNT.bin)
    async with watched.session.get(ACCOUNTS) as answer:
        assert answer.status == 401


@pytest.mark.parametrize("name", ["limit", "since_id"])
async def test_a_limit_that_is_no_number(watched: House, name: str) -> None:
    headers = {"Authorization": f"Bearer {SEPAY['user_token']}"}
    async with watched.session.get(LIST, params={name: "x"}, headers=headers) as answer:
        assert answer.status == 400
