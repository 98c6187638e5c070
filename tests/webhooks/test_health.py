import asyncio

import pytest

from sales.errors import StoreBusy
from tests.webhooks.house import House, Visitor, opened


async def test_alive_while_the_loop_runs(house: House, visitor: Visitor) -> None:
    house.failure = RuntimeError("everything is broken")
    house.checks = {"database": False}
    answer = await visitor.ask("GET", "/health/live")
    assert (answer.status, answer.json) == (200, {"live": True})


async def test_ready_names_its_parts(visitor: Visitor) -> None:
    answer = await visitor.ask("GET", "/health/ready")
    assert answer.status == 200
    assert answer.json == {"ready": True, "checks": {"database": True, "worker": True}}


async def test_not_ready_names_what_fails(house: House, visitor: Visitor) -> None:
    house.checks["worker"] = False
    answer = await visitor.ask("GET", "/health/ready")
    assert answer.status == 503
    assert answer.json == {"ready": False, "checks": {"database": True, "worker": False}}


@pytest.mark.parametrize("failure", [StoreBusy("locked"), RuntimeError("secret words"), OSError(5, "secret words")])
async def test_a_check_that_fails_is_not_ready(house: House, visitor: Visitor, failure: Exception) -> None:
    house.failure = failure
    answer = await visitor.ask("GET", "/health/ready")
    assert (answer.status, answer.json) == (503, {"ready": False, "checks": {}})


async def test_a_check_that_hangs_is_not_ready() -> None:
    house = House(stuck=asyncio.Event(), patience=0.05)
    async with opened(house) as visitor, asyncio.timeout(5):
        assert (await visitor.ask("GET", "/health/ready")).status == 503
        assert (await visitor.ask("GET", "/health/live")).status == 200


@pytest.mark.parametrize("path", ["/health/live", "/health/ready", "/metrics"])
async def test_wrong_method(visitor: Visitor, path: str) -> None:
    answer = await visitor.ask("POST", path)
    assert (answer.status, answer.json) == (405, {"error": "method_not_allowed"})


async def test_unknown_health_is_not_found(visitor: Visitor) -> None:
    answer = await visitor.ask("GET", "/health/else")
    assert (answer.status, answer.json) == (404, {"error": "not_found"})
