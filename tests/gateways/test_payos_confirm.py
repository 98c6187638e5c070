"""The address of the notices is registered; and the official client speaks with the server that stands for payOS."""

import pytest
from aiohttp import ClientSession
from payos import AsyncPayOS

from gateways.gateway import Links, LinkState
from gateways.payos_api import Channel, confirm_webhook
from sales.errors import Later, Rejected
from tests.gateways.payos_server import WANTED, PayosServer, refusal, saying
from tests.gateways.payos_signing import SECRETS

HOOK = "https://shop.example/webhooks/main/payos"


async def test_an_address_is_registered(payos: PayosServer, session: ClientSession) -> None:
    told = await confirm_webhook(SECRETS, payos.url, session, HOOK)
    assert told == Channel("0000111122223333", "NGUYEN VAN A", "Cửa hàng", "MB")
    assert (payos.heard[0].path, payos.heard[0].body) == ("/confirm-webhook", {"webhookUrl": HOOK})
    payos.twist = lambda answer: answer | {"signature": None}
    assert await confirm_webhook(SECRETS, payos.url, session, HOOK) == told
    payos.twist = lambda answer: answer | {"data": None}
    with pytest.raises(Later):
        await confirm_webhook(SECRETS, payos.url, session, HOOK)


async def test_an_address_that_payos_cannot_reach_is_rejected(payos: PayosServer, session: ClientSession) -> None:
    payos.fault = saying(400, refusal("20", "Webhook url không hoạt động"))
    with pytest.raises(Rejected, match="không hoạt động"):
        await confirm_webhook(SECRETS, payos.url, session, HOOK)


async def test_the_server_here_answers_as_the_official_client_expects(payos: PayosServer, api: Links) -> None:
    """Two readers of one wire: what our client opened, the official one finds, and the other way round."""
    keys = {"client_id": SECRETS["client_id"], "api_key": SECRETS["api_key"]}
    async with AsyncPayOS(**keys, checksum_key=SECRETS["checksum_key"], base_url=payos.url, max_retries=0) as official:
        await api.open(WANTED)
        found = await official.payment_requests.get(251022001)
        assert (found.id, found.amount, found.status) == ("link251022001", 199000, "PENDING")
        cancelled = await official.payment_requests.cancel(251022001, "het hang")
        assert cancelled.status == "CANCELLED"
        confirmed = await official.webhooks.confirm(HOOK)
        assert confirmed.short_name == "MB"
    asked = await api.ask(251022001)
    assert asked is not None
    assert asked.state is LinkState.CLOSED
