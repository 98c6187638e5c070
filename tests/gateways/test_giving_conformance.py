"""One sweep over all gateways that give money back: whoever gets such a hook is held to the same rules.

A new one brings a line in SAMPLES: what it may be asked, and how it is reached.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from gateways.gateway import Reach, Secrets
from gateways.giving import Giver, Giving
from gateways.registry import GATEWAYS
from sales.errors import Later, Misconfigured, Rejected
from sales.money import Money
from tests.clock import FrozenClock
from tests.gateways import payout_server, test_payos_payout, test_vnpay_giving, vnpay_signing


@dataclass(frozen=True, slots=True)
class Sample:
    """`ref` is what it may have called the sending; `path` stands behind the address of its server."""

    secrets: Secrets
    giving: Giving
    ref: str
    path: str = ""


SAMPLES = {
    "payos-payout payout": Sample(payout_server.SECRETS, test_payos_payout.WANTED, test_payos_payout.REF),
    "vnpay refund": Sample(
        vnpay_signing.SECRETS, test_vnpay_giving.WANTED, test_vnpay_giving.REF, "/paymentv2/vpcpay.html"
    ),
}
HOOKS = {
    f"{gateway.name} {name}": (gateway, hook)
    for gateway in GATEWAYS
    for name, hook in (("payout", gateway.payout), ("refund", gateway.refund))
    if hook is not None
}
NO_ANSWERS: dict[str, tuple[int, str]] = {
    "down": (503, ""),
    "busy": (429, '{"code":"429","desc":"busy"}'),
    "a page": (200, "<!doctype html><h1>Bad gateway</h1>"),
    "nothing": (200, ""),
    "an empty object": (200, "{}"),
    "a bare yes": (200, '{"code":"00","desc":"success","data":{"id":"1","state":"SUCCEEDED"}}'),
    "a yes nobody signed": (200, '{"vnp_ResponseCode":"00","vnp_TransactionType":"02","vnp_TransactionStatus":"00"}'),
    "elsewhere": (302, ""),
    "far too much": (200, "[" + "0," * 300_000 + "0]"),
}
Call = Callable[[Giver, Sample], Awaitable[object]]
CALLS: dict[str, Call] = {
    "send": lambda giver, sample: giver.send(sample.giving),
    "ask": lambda giver, sample: giver.ask(sample.giving, sample.ref),
    "ask without a name": lambda giver, sample: giver.ask(sample.giving, ""),
}


def test_every_hook_is_known_to_the_sweep() -> None:
    assert set(HOOKS) == set(SAMPLES)


def test_who_only_pays_out_takes_no_money_and_makes_no_invoice() -> None:
    for gateway, _ in HOOKS.values():
        assert bool(gateway.currencies) == (gateway.open_invoice is not None or gateway.links is not None)


@asynccontextmanager
async def answering(status: int, body: str, heard: list[Any]) -> AsyncIterator[str]:
    async def handle(request: web.Request) -> web.Response:
        heard.append((request.method, await request.text(), dict(request.headers)))
        return web.Response(status=status, text=body, headers={"location": "/elsewhere"} if status == 302 else {})

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handle)
    async with TestServer(app) as server:
        yield str(server.make_url("")).rstrip("/")


def built(name: str, url: str, session: ClientSession, secrets: Secrets | None = None) -> Giver:
    hook = HOOKS[name][1]
    sample = SAMPLES[name]
    giver = hook(Reach(secrets or sample.secrets, url + sample.path, session, FrozenClock()))
    assert giver is not None
    return giver


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("answer", NO_ANSWERS)
@pytest.mark.parametrize("name", HOOKS)
async def test_what_is_no_true_answer_is_asked_for_again(
    name: str, answer: str, call: str, session: ClientSession
) -> None:
    """Neither sent nor refused: for all we know the money may have gone."""
    heard: list[Any] = []
    async with answering(*NO_ANSWERS[answer], heard) as url:
        with pytest.raises(Later):
            await CALLS[call](built(name, url, session), SAMPLES[name])
    assert len(heard) == 1


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("name", HOOKS)
async def test_nobody_there_is_asked_for_again(name: str, call: str, session: ClientSession) -> None:
    async with answering(200, "{}", []) as url:
        pass
    with pytest.raises(Later):
        await CALLS[call](built(name, url, session), SAMPLES[name])


@pytest.mark.parametrize("name", HOOKS)
async def test_the_key_is_in_every_sending_and_stays(name: str, session: ClientSession) -> None:
    heard: list[Any] = []
    async with answering(503, "", heard) as url:
        for giving in (SAMPLES[name].giving, SAMPLES[name].giving, replace(SAMPLES[name].giving, key="0" * 32)):
            with pytest.raises(Later):
                await built(name, url, session).send(giving)
    keys = [giving.replace("-", "") for giving in (SAMPLES[name].giving.key,) * 2] + ["0" * 32]
    for key, (_, body, headers) in zip(keys, heard, strict=True):
        assert key in body.replace("-", "") + "".join(headers.values()).replace("-", "")


@pytest.mark.parametrize("name", HOOKS)
async def test_no_secret_is_told_in_trouble(name: str, session: ClientSession) -> None:
    secrets = SAMPLES[name].secrets
    echo = str({"code": "20", "desc": " ".join(secrets.values())}).replace("'", '"')
    async with answering(400, echo, []) as url:
        with pytest.raises((Later, Rejected)) as trouble:
            await built(name, url, session).send(SAMPLES[name].giving)
    assert not [secret for secret in secrets.values() if secret in str(trouble.value)]


@pytest.mark.parametrize("name", HOOKS)
async def test_keys_go_to_no_open_line_and_another_currency_nowhere(name: str, session: ClientSession) -> None:
    with pytest.raises(Misconfigured):
        built(name, "http://gateway.example", session)
    giver = built(name, "https://gateway.example", session)
    with pytest.raises(ValueError, match="VND"):
        await giver.send(replace(SAMPLES[name].giving, amount=Money(1, "USD")))
