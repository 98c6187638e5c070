"""How a notice travels: as it was written, once or again, and never elsewhere."""

from datetime import timedelta

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from gateways.gateway import Request
from sales.transfer import Sighting
from sandbox.bank.delivery import Route, deliver
from sandbox.bank.faults import Fault, Mischief, Plan
from sandbox.bank.manners import REPEATS
from sandbox.clock import MovableClock
from tests.clock import FrozenClock

NOTICE = Request(b'{"a": 1}', (("content-type", "application/json"), ("x-signature", "abc")), (("shop", "main"),))
PLAN = Plan(Sighting("casso", "7", 50_000, "VND", "123456", "KX7R2M9CF"))


async def carried(status: int, **headers: str) -> tuple[list[web.Request], list[bytes], list[int]]:
    """Deliver NOTICE to a door that always answers `status`."""
    requests: list[web.Request] = []
    bodies: list[bytes] = []
    heard: list[int] = []

    async def door(request: web.Request) -> web.Response:
        requests.append(request)
        bodies.append(await request.read())
        return web.Response(status=status, headers=headers)

    app = web.Application()
    app.router.add_route("*", "/{any:.*}", door)
    async with TestServer(app) as server, ClientSession() as client:
        route = Route(str(server.make_url("/door")), MovableClock(FrozenClock()))
        await deliver(client, route, NOTICE, lambda status, _: heard.append(status))
    return requests, bodies, heard


async def test_body_headers_and_query_arrive_untouched() -> None:
    (request,), bodies, heard = await carried(200)
    assert (bodies, heard) == ([NOTICE.body], [200])
    assert request.headers["X-Signature"] == "abc"
    assert request.content_type == "application/json"
    assert dict(request.query) == {"shop": "main"}


async def test_a_refusal_is_final() -> None:
    for status in (400, 401, 404, 413):
        assert (await carried(status))[2] == [status]


async def test_a_redirect_is_not_followed() -> None:
    requests, _, heard = await carried(307, Location="/elsewhere")
    assert (len(requests), heard) == (1, [307])


def test_repeats_are_bounded_and_grow() -> None:
    assert len(REPEATS) < 17
    assert sum(REPEATS, timedelta()) < timedelta(minutes=5)
    assert all(first + second == third for first, second, third in zip(REPEATS, REPEATS[1:], REPEATS[2:], strict=False))


def test_every_fault_changes_the_plan_and_only_in_its_own_way() -> None:
    mischief = Mischief()
    plans = {fault: mischief(fault, PLAN) for fault in Fault}
    assert plans.pop(Fault.NONE) == PLAN
    assert all(plan != PLAN for plan in plans.values())
    assert {fault for fault, plan in plans.items() if plan.sighting.account != "123456"} == {Fault.WRONG_ACCOUNT}
    assert {fault for fault, plan in plans.items() if plan.sighting.amount != 50_000} == {Fault.SHORT, Fault.OVER}
    assert {fault for fault, plan in plans.items() if plan.forged} == {Fault.FORGED}
    assert {fault for fault, plan in plans.items() if plan.copies != 1} == {Fault.TWICE, Fault.LOST}
    assert {fault for fault, plan in plans.items() if plan.delay} == {Fault.LATE, Fault.TOO_LATE}
    assert {plan.sighting.ref for plan in plans.values()} == {"7"}
