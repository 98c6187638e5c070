"""The check of a webhook's address: a signed sample goes there, and nowhere else."""

import pytest

from tests.sandbox.house import ACCOUNT, House
from tests.sandbox.payos.seller import BASE, data, refused

CONFIRM = f"{BASE}/confirm-webhook"


async def test_the_sample_is_truly_signed_and_says_nothing(house: House) -> None:
    url = f"{house.base}/webhooks/main/payos"
    told = await data(house, "POST", CONFIRM, json={"webhookUrl": url})
    assert told == {
        "webhookUrl": url,
        "accountNumber": ACCOUNT.account,
        "accountName": ACCOUNT.holder,
        "name": ACCOUNT.holder,
        "shortName": ACCOUNT.holder,
    }
    assert (house.door.heard, house.door.refused) == ([()], 0)
    (sample,) = house.door.bodies
    for words in (b'"orderCode":123,', b'"amount":3000,', b'"description":"VQRIO123"', b'"code":"00"'):
        assert words in sample


@pytest.mark.parametrize("status", [302, 400, 404, 500])
async def test_an_address_that_does_not_take_it_is_not_confirmed(house: House, status: int) -> None:
    house.door.script.append(status)
    url = f"{house.base}/webhooks/main/payos"
    assert await refused(house, "POST", CONFIRM, json={"webhookUrl": url}) == (200, "20")
    assert len(house.door.contents) == 1


@pytest.mark.parametrize(
    "url",
    [
        "https://shop.example/webhooks/main/payos",
        "http://127.0.0.1:1/webhooks/main/payos",
        "{base}.example/webhooks/main/payos",
        "{base}@example.com/webhooks/main/payos",
        "{base}/sandbox/api/clock",
        "{base}/webhooks",
        "",
        None,
        7,
    ],
)
async def test_nothing_leaves_the_street(house: House, url: object) -> None:
    url = url.replace("{base}", house.base) if isinstance(url, str) else url
    assert await refused(house, "POST", CONFIRM, json={"webhookUrl": url}) == (200, "20")
    assert house.door.contents == []


@pytest.mark.parametrize("path", ["../sandbox/api/faults", "x/../../sandbox/api/faults", "%2e%2e/sandbox/api/faults"])
async def test_a_path_that_climbs_out_of_the_webhooks_is_refused_too(house: House, path: str) -> None:
    url = f"{house.base}/webhooks/{path}"
    assert await refused(house, "POST", CONFIRM, json={"webhookUrl": url}) == (200, "20")
