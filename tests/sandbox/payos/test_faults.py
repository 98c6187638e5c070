"""What goes wrong with payOS's API on demand."""

import asyncio

from tests.sandbox.house import House
from tests.sandbox.payos.seller import BASE, LINKS, look, open_link, pay, refused, wanted


async def test_down_means_every_call_until_it_is_up_again(house: House) -> None:
    link = await open_link(house)
    await house.post("faults", payos_down=True)
    for method, path in (("GET", f"{LINKS}/7"), ("POST", f"{LINKS}/7/cancel"), ("POST", f"{BASE}/confirm-webhook")):
        assert await refused(house, method, path) == (503, "503")
    assert await refused(house, "POST", LINKS, json=wanted(8)) == (503, "503")
    assert (await pay(house, link))["answers"] == [200, 200]
    await house.post("faults", payos_down=False)
    assert (await look(house))["status"] == "PAID"
    assert 8 not in house.street.links


async def test_too_many_requests_once_with_the_time_to_wait(house: House) -> None:
    await house.post("faults", payos_limit_next=True)
    async with house.session.post(f"{LINKS}/7/cancel") as answer:
        assert (answer.status, answer.headers["Retry-After"], (await answer.json())["code"]) == (429, "2", "429")
    assert (await house.state())["payos"]["limit_next"] is False
    assert (await open_link(house))["status"] == "PENDING"


async def test_a_slow_answer_comes_after_the_work_is_done(house: House) -> None:
    await house.post("faults", payos_slow=True)
    asking = asyncio.create_task(open_link(house))
    news = house.street.news
    while 7 not in house.street.links:
        await news.after(news.version)
    await house.state()
    assert not asking.done()
    await house.post("faults", payos_slow=False)
    assert (await asking)["orderCode"] == 7


async def test_who_hangs_up_on_a_slow_answer_finds_the_link_made(house: House) -> None:
    await house.post("faults", payos_slow=True)
    asking = asyncio.create_task(open_link(house))
    news = house.street.news
    while 7 not in house.street.links:
        await news.after(news.version)
    asking.cancel()
    await asyncio.wait([asking])
    await house.post("faults", payos_slow=False)
    assert await refused(house, "POST", LINKS, json=wanted()) == (200, "231")
    assert (await look(house))["status"] == "PENDING"


async def test_a_slow_answer_does_not_keep_the_street_open(house: House) -> None:
    await house.post("faults", payos_slow=True)
    asking = asyncio.create_task(open_link(house))
    news = house.street.news
    while 7 not in house.street.links:
        await news.after(news.version)
    house.street.hang_up()
    assert (await asking)["orderCode"] == 7
