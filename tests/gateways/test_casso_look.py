"""What Casso tells when it is asked: the same movements as in its notices, page by page."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import ClientSession
from structlog.testing import capture_logs

from gateways.casso import CASSO
from gateways.casso_look import PAGE_SIZE, PAGES, SYNC_EVERY, SYNCS
from gateways.gateway import Asking, Reach
from sales.errors import Later, Misconfigured, Rejected
from sales.pace import CALM
from sales.transfer import Sighting
from tests.clock import FrozenClock
from tests.gateways import casso_signing
from tests.gateways.asked import ACCOUNT, MADE, question
from tests.gateways.casso_server import KEY, SECRETS, CassoServer, record, serving, success
from tests.gateways.payos_server import saying


@pytest.fixture
async def casso() -> AsyncIterator[CassoServer]:
    async with serving() as server:
        yield server


@pytest.fixture
def asking(casso: CassoServer, session: ClientSession, clock: FrozenClock) -> Asking:
    return built(Reach(SECRETS, casso.url, session, clock))


def built(reach: Reach) -> Asking:
    assert CASSO.ask is not None
    asking = CASSO.ask(reach)
    assert asking is not None
    return asking


def refs(seen: tuple[Sighting, ...]) -> list[str]:
    return [each.ref for each in seen]


async def test_a_movement_is_told_of_as_both_notices_tell_of_it(casso: CassoServer, asking: Asking) -> None:
    casso.records = [record(218897, description="MBVCB.1.KEY251022001.CT tu 0123", tid="FT25295123456789")]
    (seen,) = await asking.ask([question()])
    said = {"when": "2026-11-21 16:10:00"}
    (v1,) = CASSO.read({"secure_token": casso_signing.TOKEN}, casso_signing.rows(casso_signing.row(**said)), MADE)
    v2_notice = casso_signing.notice(transactionDateTime=said["when"])
    (v2,) = CASSO.read(casso_signing.SECRETS, v2_notice, MADE)
    assert seen == v1 == v2
    assert (seen.source, seen.ref) == ("casso", "218897")
    assert seen.booked_at == datetime(2026, 11, 21, 9, 10, tzinfo=UTC)


async def test_how_often_it_may_be_asked(asking: Asking) -> None:
    assert (asking.most >= 1000, asking.gap, asking.pace) == (True, timedelta(seconds=30), CALM)


@pytest.mark.parametrize("secrets", [{}, {"checksum_key": "dummy"}, {"api_key": ""}, {"api_key": " "}])
async def test_without_a_key_there_is_no_second_look(session: ClientSession, secrets: dict[str, str]) -> None:
    assert CASSO.ask is not None
    assert CASSO.ask(Reach(secrets, CASSO.url, session)) is None
    assert "api_key" in CASSO.names


async def test_the_key_is_not_sent_unencrypted(session: ClientSession) -> None:
    with pytest.raises(Misconfigured) as refusal:
        built(Reach(SECRETS, "http://casso.example/v2", session))
    assert KEY not in str(refusal.value.values)
    assert built(Reach(SECRETS, CASSO.url, session))


async def test_all_pages_are_read_the_oldest_movement_first(casso: CassoServer, asking: Asking) -> None:
    casso.records, casso.largest_page = [record(number) for number in range(1, 251)], 40
    assert refs(await asking.ask([question()])) == [str(number) for number in range(1, 251)]
    assert [each["page"] for each in casso.asked] == [str(page) for page in range(1, 8)]
    assert {each["pageSize"] for each in casso.asked} == {str(PAGE_SIZE)}


async def test_one_full_page_is_one_call(casso: CassoServer, asking: Asking) -> None:
    casso.records = [record(number) for number in range(1, PAGE_SIZE + 1)]
    assert len(await asking.ask([question()])) == PAGE_SIZE
    assert len(casso.asked) == 1
    casso.records = []
    assert await asking.ask([question()]) == ()
    assert await asking.ask([]) == ()
    assert len(casso.asked) == 2


async def test_an_endless_list_is_read_so_far_and_the_newest_of_it(casso: CassoServer, asking: Asking) -> None:
    casso.records, casso.largest_page = [record(number) for number in range(1, 101)], 2
    with capture_logs() as logs:
        seen = refs(await asking.ask([question(1), question(2)]))
    assert (len(casso.asked), len(seen), seen[-1]) == (PAGES, PAGES * 2, "100")
    too_long = {"event": "look.list_too_long", "log_level": "warning", "gateway": "casso", "read": PAGES * 2}
    assert logs == [too_long | {"asked": 2}]


@pytest.mark.parametrize("when", ["2026-11-21 15:58:59", "2026-11-20"])
async def test_a_list_that_reaches_back_before_the_orders_is_long_enough(
    casso: CassoServer, asking: Asking, when: str
) -> None:
    older = [record(number, when=when) for number in range(1, 100)]
    casso.records, casso.largest_page = [*older, record(100)], 2
    with capture_logs() as logs:
        assert refs(await asking.ask([question()])) == ["100"]
    assert logs == []


async def test_a_list_without_a_count_ends_with_a_page_that_is_not_full(casso: CassoServer, asking: Asking) -> None:
    async def uncounted(request: Any) -> Any:
        return success({"records": casso.page(dict(request.query))["records"]})

    casso.records, casso.fault = [record(number) for number in range(1, PAGE_SIZE + 8)], uncounted
    assert len(await asking.ask([question()])) == PAGE_SIZE + 7
    assert len(casso.asked) == 2


async def test_what_moves_to_the_next_page_meanwhile_is_told_once(casso: CassoServer, asking: Asking) -> None:
    async def moving(request: Any) -> Any:
        page = casso.page(dict(request.query))
        casso.records.append(record(len(casso.records) + 1))
        return success(page)

    casso.records, casso.largest_page, casso.fault = [record(number) for number in range(1, 9)], 3, moving
    seen = refs(await asking.ask([question()]))
    assert sorted(seen, key=int) == [str(number) for number in range(1, 9)]


@pytest.mark.parametrize(
    ("made", "day"),
    [
        (datetime(2026, 11, 21, 9, 0, tzinfo=UTC), "2026-11-21"),
        (datetime(2026, 11, 21, 17, 30, tzinfo=UTC), "2026-11-22"),
        (datetime(2026, 11, 21, 16, 59, tzinfo=UTC), "2026-11-21"),
    ],
)
async def test_the_day_is_vietnams_and_of_the_oldest(
    casso: CassoServer, asking: Asking, made: datetime, day: str
) -> None:
    await asking.ask([question(1, made_at=made + timedelta(days=2)), question(2, made_at=made)])
    assert [each["fromDate"] for each in casso.asked] == [day]


async def test_what_was_there_before_is_left_out_when_it_carries_a_time(casso: CassoServer, asking: Asking) -> None:
    casso.records = [
        record(1, when="2026-11-21 15:58:00"),
        record(2, when="2026-11-21T15:58:59+07:00"),
        record(3, when="2026-11-21 16:00:00"),
        record(4, when="2026-11-21"),
        record(5, when="2026-11-21T00:00:00.000Z"),
        record(6, when="2026-11-21 00:00:00"),
        record(7, when="2026-11-22"),
        record(8, when=""),
        record(9, when="2026-11-20 00:00:00"),
        record(10, when="2026-11-20T00:00:00.000Z"),
    ]
    assert refs(await asking.ask([question()])) == ["3", "4", "5", "6", "7", "8"]


async def test_money_that_left_and_the_test_movement_are_no_answer(casso: CassoServer, asking: Asking) -> None:
    casso.records = [record(1, amount=-199_000), record(2), record(0)]
    assert refs(await asking.ask([question()])) == ["2"]


async def test_what_moves_on_other_accounts_is_none_of_the_shops_business(casso: CassoServer, asking: Asking) -> None:
    other = {"bankSubAccId": "999", "description": "an tet"}
    casso.records = [
        record(1, **other),
        record(2, **other | {"description": "kx7r2m9cf chuyen tien"}),
        record(3, **other | {"virtualAccount": ACCOUNT}),
        record(4, description="an tet"),
    ]
    assert refs(await asking.ask([question()])) == ["2", "3", "4"]


async def test_a_movement_that_cannot_be_read_hides_no_other(casso: CassoServer, asking: Asking) -> None:
    casso.records = [record(1), record(2, amount="x"), "x", None, record(3, bankSubAccId=""), record(4, id="4")]
    assert refs(await asking.ask([question()])) == ["1"]
    casso.records = casso.records[1:]
    with pytest.raises(Later, match="no movement"):
        await asking.ask([question()])


async def test_the_bank_is_read_anew_before_but_not_too_often(
    casso: CassoServer, asking: Asking, clock: FrozenClock
) -> None:
    await asking.ask([question(1), question(2), question(3, account="777"), question(4, account="")])
    assert casso.synced == [ACCOUNT, "777"]
    clock.move(SYNC_EVERY - timedelta(seconds=1))
    await asking.ask([question(1), question(5, account="888")])
    assert casso.synced == [ACCOUNT, "777", "888"]
    clock.move(timedelta(seconds=1))
    await asking.ask([question(1), question(5, account="888")])
    assert casso.synced == [ACCOUNT, "777", "888", ACCOUNT]


async def test_many_virtual_accounts_are_not_all_read_anew(casso: CassoServer, asking: Asking) -> None:
    await asking.ask([question(number, account=f"CAS{number}") for number in range(1, 1001)])
    assert len(casso.synced) == SYNCS


@pytest.mark.parametrize("status", [302, 400, 401, 429, 500])
async def test_that_the_bank_is_not_read_anew_is_no_failure(casso: CassoServer, asking: Asking, status: int) -> None:
    casso.records, casso.deaf = [record(1)], saying(status, "<html>", Retry_After="600")
    for _ in range(2):
        assert refs(await asking.ask([question()])) == ["1"]
    assert casso.synced == [ACCOUNT]


async def test_a_wrong_key_is_rejected(casso: CassoServer, session: ClientSession) -> None:
    asking = built(Reach({"api_key": "AK_CS.other"}, casso.url, session))
    with pytest.raises(Rejected, match="401") as refusal:
        await asking.ask([question()])
    assert "AK_CS" not in str(refusal.value) + repr(asking)


async def test_a_refusal_may_come_with_status_200(casso: CassoServer, asking: Asking) -> None:
    casso.fault = saying(200, {"error": 401, "message": f"Unauthorized Access {KEY}", "data": None})
    with pytest.raises(Rejected) as refusal:
        await asking.ask([question()])
    assert KEY not in str(refusal.value)
