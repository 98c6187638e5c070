"""The seller's hand on the gateways is written into the log, without what is kept."""

from typing import Any

import pytest

from flows.keep_secrets import keep_secret, switch_gateway
from storage import gateways
from storage.schema.work import events
from tests.flows.shop import Shop

SECRET = "dummy-hash-secret"


async def logged(shop: Shop) -> list[Any]:
    return [row for row in await shop.rows(events) if row.kind.startswith("gateway.")]


async def test_a_secret_is_sealed_and_told_by_its_name(shop: Shop) -> None:
    premises = shop.premises
    await shop.store.write(lambda unit: keep_secret(unit, premises, "vnpay", "hash_secret", SECRET))
    kept = await shop.store.read(lambda unit: gateways.secrets_of(unit, premises.shop.id, premises.vault))
    assert kept == {"vnpay": {"hash_secret": SECRET}}
    [event] = await logged(shop)
    assert (event.kind, event.actor) == ("gateway.secret_kept", "seller")
    assert event.detail == {"gateway": "vnpay", "field": "hash_secret"}


@pytest.mark.parametrize("off", [True, False])
async def test_only_a_change_is_told(shop: Shop, off: bool) -> None:
    premises = shop.premises
    await shop.store.write(lambda unit: gateways.switch(unit, premises.shop.id, "vnpay", off=not off))
    turns = [await shop.store.write(lambda unit: switch_gateway(unit, premises, "vnpay", off=off)) for _ in range(2)]
    assert turns == [True, False]
    [event] = await logged(shop)
    assert event.kind == ("gateway.switched_off" if off else "gateway.switched_on")
    assert event.detail == {"gateway": "vnpay"}
