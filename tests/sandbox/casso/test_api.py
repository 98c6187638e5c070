"""The street's Casso, asked as its reference describes it, and by the shop's own second look."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientSession

from gateways.casso import CASSO
from gateways.casso_api import linked_accounts
from gateways.gateway import Asking, Reach
from sales.errors import Later, Rejected
from sandbox.bank.faults import LATE
from sandbox.trouble import RETRY_AFTER
from tests.gateways.asked import question
from tests.sandbox.house import ACCOUNT, SECRETS, House

KEY = SECRETS["casso"]["api_key"]
HEADERS = {"Authorization": f"Apikey {KEY}"}


@pytest.fixture
async def http() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


@pytest.fixture
def asking(house: House, http: ClientSession) -> Asking:
    return built(house, http, KEY)


def built(house: House, http: ClientSession, key: str) -> Asking:
    assert CASSO.ask is not None
    asking = CASSO.ask(Reach({"api_key": key}, f"{house.base}/sandbox/casso", http, house.clock))
    assert asking is not None
    return asking


async def get(house: House, path: str, **query: str) -> tuple[int, Any]:
    async with house.session.get(f"/sandbox/casso/{path}", params=query, headers=HEADERS) as answer:
        body = await answer.json()
        assert body["error"] == (0 if answer.status == 200 else answer.status)
        return answer.status, body["data"]


async def pay(house: House, memo: str = "KX7R2M9CF", **more: Any) -> None:
    answer = await house.post("bank/pay", **{"account": ACCOUNT.account, "amount": 199_000, "memo": memo} | more)
    assert answer["status"] == 200


def asked(house: House) -> Any:
    return question(made_at=house.clock(), account=ACCOUNT.account)


async def test_whose_key_it_is_and_which_account_is_linked(house: House, http: ClientSession) -> None:
    status, user = await get(house, "userInfo")
    assert (status, user["business"]["name"]) == (200, ACCOUNT.holder)
    assert [each["bankSubAccId"] for each in (await get(house, "accounts"))[1]] == [ACCOUNT.account]
    (account,) = await linked_accounts(KEY, http, f"{house.base}/sandbox/casso")
    assert account.number == ACCOUNT.account


async def test_movements_page_by_page_in_both_orders(house: House) -> None:
    for number in range(5):
        await pay(house, f"so {number}")
    _, page = await get(house, "transactions", page="2", pageSize="2")
    assert [each["description"] for each in page["records"]] == ["so 2", "so 3"]
    assert {name: page[name] for name in page if name != "records"} == {
        "page": 2,
        "pageSize": 2,
        "nextPage": 3,
        "prevPage": 1,
        "totalPages": 3,
        "totalRecords": 5,
    }
    _, last = await get(house, "transactions", page="3", pageSize="2", sort="DESC")
    assert ([each["description"] for each in last["records"]], last["nextPage"]) == (["so 0"], None)
    assert len((await get(house, "transactions", page="9"))[1]["records"]) == 0


async def test_movements_from_a_day_on(house: House) -> None:
    await pay(house, "hom nay")
    house.clock.move(timedelta(days=1))
    await pay(house, "hom sau")
    for day, count in (("2026-11-21", 2), ("2026-11-22", 1), ("2026-11-23", 0)):
        assert (await get(house, "transactions", fromDate=day))[1]["totalRecords"] == count


@pytest.mark.parametrize("query", [{"fromDate": "21-11-2026"}, {"page": "0"}, {"pageSize": "x"}])
async def test_a_wish_that_makes_no_sense(house: House, query: dict[str, str]) -> None:
    assert (await get(house, "transactions", **query))[0] == 400


async def test_the_bank_is_read_anew_for_its_own_account_alone(house: House) -> None:
    for body, status in ((b'{"bank_acc_id": "0001112223334"}', 200), (b'{"bank_acc_id": "1"}', 404), (b"x", 400)):
        async with house.session.post("/sandbox/casso/sync", data=body, headers=HEADERS) as answer:
            assert answer.status == status


async def test_a_wrong_key_opens_nothing(house: House, http: ClientSession) -> None:
    for path in ("userInfo", "accounts", "transactions"):
        async with house.session.get(f"/sandbox/casso/{path}", headers={"Authorization": f"Bearer {KEY}"}) as answer:
            assert answer.status == 401
    with pytest.raises(Rejected):
        await built(house, http, "other").ask([asked(house)])


async def test_the_second_look_sees_what_the_notice_says(house: House, asking: Asking) -> None:
    wanted = asked(house)
    await pay(house)
    (seen,) = await asking.ask([wanted])
    ((noticed,),) = house.door.heard
    assert seen == noticed == replace(seen, source="casso", account=ACCOUNT.account, memo="KX7R2M9CF")


async def test_the_second_look_sees_what_the_notice_never_said(house: House, asking: Asking) -> None:
    wanted = asked(house)
    await house.post("sources", source="casso", silent=True)
    await pay(house)
    await pay(house, fault="lost")
    assert len(await asking.ask([wanted])) == 2
    assert house.door.contents == []


async def test_what_the_bank_tells_late_is_seen_late(house: House, asking: Asking) -> None:
    wanted = asked(house)
    await pay(house, fault="late")
    assert await asking.ask([wanted]) == ()
    house.clock.move(LATE)
    assert len(await asking.ask([wanted])) == 1


@pytest.mark.parametrize("trouble", ["down", "busy", "html", "wrong"])
async def test_an_api_in_trouble_is_asked_later(house: House, asking: Asking, trouble: str) -> None:
    wanted = asked(house)
    await pay(house)
    await house.post("sources", source="casso", trouble=trouble)
    with pytest.raises(Later) as later:
        await asking.ask([wanted])
    assert later.value.seconds == (RETRY_AFTER if trouble == "busy" else None)
    await house.post("sources", source="casso", trouble="none")
    assert len(await asking.ask([wanted])) == 1


async def test_an_api_that_hangs_answers_when_it_is_well_again(house: House) -> None:
    await house.post("sources", source="casso", trouble="hang")
    waiting = asyncio.create_task(house.session.get("/sandbox/casso/accounts", headers=HEADERS).__aenter__())
    await house.state()
    assert not waiting.done()
    await house.post("sources", source="casso", trouble="none")
    answer = await waiting
    assert answer.status == 504
    answer.release()
