import asyncio
from itertools import count
from unittest.mock import Mock

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families

from tests.webhooks.house import House, Visitor, counted, notice, opened
from webhooks import health
from webhooks.metrics import Metrics
from webhooks.server import build_app


def samples(text: bytes) -> dict[str, float]:
    return {
        sample.name: sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
    }


async def test_text_is_what_prometheus_reads(visitor: Visitor) -> None:
    await visitor.notify(notice())
    answer = await visitor.ask("GET", "/metrics")
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert samples(answer.body)["chotdon_notices_total"] == 1


async def test_gauges_are_read_when_somebody_looks(house: House, visitor: Visitor) -> None:
    depth = iter((3.0, 5.0))

    async def outbox() -> dict[str, float]:
        return {"chotdon_outbox_depth": next(depth)}

    house.metrics.watch({"chotdon_outbox_depth": "Rows waiting to be sent"}, outbox)
    for expected in (3.0, 5.0):
        assert samples((await visitor.ask("GET", "/metrics")).body)["chotdon_outbox_depth"] == expected


async def test_a_gauge_that_fails_hides_no_other() -> None:
    metrics, never = Metrics(), asyncio.Event()

    async def broken() -> dict[str, float]:
        raise OSError("gone")

    async def stuck() -> dict[str, float]:
        await never.wait()
        return {"chotdon_stuck": 1.0}

    async def good() -> dict[str, float]:
        return {"chotdon_good": 7.0}

    for name, reader in (("broken", broken), ("stuck", stuck), ("good", good)):
        metrics.watch({f"chotdon_{name}": name}, reader)
    async with asyncio.timeout(5):
        found = samples(await metrics.text(0.05))
    assert found["chotdon_good"] == 7.0
    assert found["chotdon_broken"] != found["chotdon_broken"]
    assert found["chotdon_stuck"] != found["chotdon_stuck"]


async def test_many_who_ask_at_once_cost_one_reading() -> None:
    metrics, times, asked, gate = Metrics(), count(1), asyncio.Event(), asyncio.Event()

    async def slow() -> dict[str, float]:
        asked.set()
        await gate.wait()
        return {"chotdon_slow": next(times)}

    metrics.watch({"chotdon_slow": "A gauge"}, slow)
    asking = [asyncio.create_task(metrics.text(5)) for _ in range(50)]
    await asked.wait()
    asking[0].cancel()
    gate.set()
    assert {samples(text)["chotdon_slow"] for text in await asyncio.gather(*asking[1:])} == {1}
    assert samples(await metrics.text(5))["chotdon_slow"] == 2


@pytest.mark.parametrize("name", ["X-Forwarded-For", "x-forwarded-proto", "Forwarded", "Via", "X-Real-IP"])
async def test_what_is_sold_is_not_told_through_a_proxy(visitor: Visitor, name: str) -> None:
    answer = await visitor.ask("GET", "/metrics", headers={name: "192.0.2.1"})
    assert (answer.status, answer.json) == (404, {"error": "not_found"})
    assert (await visitor.ask("GET", "/health/live", headers={name: "192.0.2.1"})).status == 200


@pytest.mark.parametrize(
    ("peer", "status"), [("8.8.8.8", 404), ("2001:4860:4860::8888", 404), ("10.1.2.3", 200), ("::1", 200)]
)
async def test_what_is_sold_is_told_on_the_sellers_own_networks_only(house: House, peer: str, status: int) -> None:
    transport = Mock(get_extra_info=Mock(return_value=(peer, 50_000)))
    request = make_mocked_request("GET", "/metrics", app=build_app(house.doors()), transport=transport)
    try:
        answer: web.StreamResponse = await health.metrics(request)
    except web.HTTPNotFound as refused:
        answer = refused
    assert answer.status == status


async def test_two_houses_count_apart() -> None:
    async with opened(House()) as first, opened(House()) as second:
        await first.notify(notice())
        assert (await counted(first, "accepted"), await counted(second, "accepted")) == (1, 0)


def test_nothing_goes_into_the_registry_of_the_process() -> None:
    Metrics()
    assert not [family for family in REGISTRY.collect() if family.name.startswith("chotdon")]


async def test_senders_choose_no_label(visitor: Visitor) -> None:
    for name in ("unheard", "x" * 500):
        await visitor.notify(notice(), f"/webhooks/main/{name}")
    assert b"unheard" not in (await visitor.ask("GET", "/metrics")).body


def test_a_name_can_be_watched_once() -> None:
    metrics = Metrics()

    async def zero() -> dict[str, float]:
        return {"chotdon_inbox_depth": 0.0}

    metrics.watch({"chotdon_inbox_depth": "Updates not worked off"}, zero)
    with pytest.raises(ValueError, match="Duplicate"):
        metrics.watch({"chotdon_inbox_depth": "Updates not worked off"}, zero)


async def test_gauges_of_one_reader_cost_one_reading_and_one_it_leaves_out_is_unknown() -> None:
    metrics, times = Metrics(), count(1)

    async def both() -> dict[str, float]:
        return {"chotdon_one": next(times), "chotdon_two": 2.0}

    metrics.watch({"chotdon_one": "One", "chotdon_two": "Two", "chotdon_three": "Three"}, both)
    found = samples(await metrics.text(5))
    assert (found["chotdon_one"], found["chotdon_two"]) == (1.0, 2.0)
    assert found["chotdon_three"] != found["chotdon_three"]
