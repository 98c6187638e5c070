"""Who tells the shop of money: chosen, silenced, troubled, over the street's own API."""

from typing import Any

import pytest

from sandbox.silence import SOURCES, Silence
from sandbox.trouble import APIS, Trouble
from tests.sandbox.house import ACCOUNT, House
from tests.sandbox.payos.seller import open_link


async def pay(house: House, **more: Any) -> dict[str, Any]:
    return await house.post("bank/pay", **{"account": ACCOUNT.account, "amount": 199_000, "memo": "KX7R2M9CF"} | more)


def told(payment: dict[str, Any]) -> dict[str, list[int]]:
    return {report["source"]: report["answers"] for report in payment["reports"]}


def test_silence_is_kept_by_name() -> None:
    silence = Silence()
    silence.switch("vnpay", True)
    silence.switch("vnpay", True)
    assert [name for name in SOURCES if silence.is_silent(name)] == ["vnpay"]
    silence.switch("vnpay", False)
    assert not any(silence.state().values())
    with pytest.raises(KeyError):
        silence.switch("nobody", True)


async def test_all_speak_and_all_is_well_at_first(house: House) -> None:
    sources = (await house.state())["sources"]
    assert sources["silent"] == dict.fromkeys(SOURCES, False)
    assert sources["trouble"] == dict.fromkeys(APIS, "none")
    assert sources["sepay"] == {"proof": "", "form": "", "own_ids": False}
    assert sources["vnpay"] == {"refunds_refused": False, "refunds_bounced": False}


async def test_a_silent_source_sends_nothing_and_keeps_nothing_for_later(house: House) -> None:
    assert (await house.post("sources", source="casso", silent=True))["status"] == 200
    assert (await house.state())["sources"]["silent"]["casso"] is True
    payment = await pay(house)
    assert told(payment) == {"casso": []}
    await house.post("sources", source="casso", silent=False)
    assert (await house.state())["bank"]["payments"][0]["done"] is True
    assert house.door.contents == []
    assert told(await pay(house)) == {"casso": [200]}
    assert len(house.door.heard) == 1


async def test_one_that_falls_silent_does_not_come_again(house: House) -> None:
    house.door.script.append(503)
    assert told(await pay(house)) == {"casso": [503]}
    await house.post("sources", source="casso", silent=True)
    await house.post("clock", seconds=60)
    news, done = house.street.news, False
    while not done:
        version = news.version
        payment = (await house.state())["bank"]["payments"][0]
        done = payment["done"] or not await news.within(version, 5)
    assert (payment["done"], told(payment)) == (True, {"casso": [503]})


async def test_one_that_is_silent_keeps_no_other_from_speaking(house: House) -> None:
    link = await open_link(house)
    await house.post("sources", source="payos", silent=True)
    payment = await pay(house, account=link["accountNumber"], memo=link["description"])
    assert told(payment) == {"payos": [], "casso": [200]}
    assert house.street.links.by_id(link["paymentLinkId"]).paid == 199_000  # type: ignore[union-attr]


async def test_the_shop_relies_on_one_watcher_and_others_can_be_asked_to_tell_too(watched: House) -> None:
    link = await open_link(watched)
    bank = watched.street.bank
    assert bank.sources(ACCOUNT.account) == ("casso", "sepay")
    assert (bank.telling(ACCOUNT.account), bank.telling(link["accountNumber"])) == (("casso",), ("payos", "casso"))
    assert told(await pay(watched)) == {"casso": [200]}
    assert told(await pay(watched, sources=["casso", "sepay"])) == {"casso": [200], "sepay": [200]}
    assert told(await pay(watched, sources=["sepay"])) == {"sepay": [200]}
    assert told(await pay(watched, sources=[])) == {}
    assert [len(bank.seen_by(name)) for name in ("casso", "sepay", "payos")] == [2, 2, 0]


@pytest.mark.parametrize("fault", ["none", "lost", "twice"])
async def test_what_moved_is_known_whatever_becomes_of_the_notice(house: House, fault: str) -> None:
    await pay(house, fault=fault)
    assert [each.amount for each in house.street.bank.seen_by("casso")] == [199_000]


async def test_a_forged_notice_tells_of_no_movement(house: House) -> None:
    await pay(house, fault="forged")
    assert house.street.bank.seen_by("casso") == []


async def test_troubles_are_switched_one_by_one(house: House) -> None:
    for trouble in Trouble:
        assert (await house.post("sources", source="sepay", trouble=trouble.value))["status"] == 200
        state = (await house.state())["sources"]
        assert state["trouble"] == dict.fromkeys(APIS, "none") | {"sepay": trouble.value}
        assert not any(state["silent"].values())


async def test_sepays_webhook_is_set_up(house: House) -> None:
    await house.post("sepay", proof="apikey")
    await house.post("sepay", form="multipart")
    assert (await house.state())["sources"]["sepay"] == {"proof": "apikey", "form": "multipart", "own_ids": False}
    await house.post("sepay", proof="", own_ids=True)
    assert (await house.state())["sources"]["sepay"] == {"proof": "", "form": "multipart", "own_ids": True}


async def test_refunds_over_vnpay_are_refused(house: House) -> None:
    await house.post("vnpay", refunds_refused=True)
    assert (await house.state())["sources"]["vnpay"] == {"refunds_refused": True, "refunds_bounced": False}


async def test_how_what_is_given_back_ends_is_chosen(house: House) -> None:
    await house.post("vnpay", refunds_bounced=True)
    await house.post("payouts", ending="REVERSED")
    sources = (await house.state())["sources"]
    assert sources["vnpay"] == {"refunds_refused": False, "refunds_bounced": True}
    assert sources["payouts"] == {"ending": "REVERSED"}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("sources", {}),
        ("sources", {"source": "nobody"}),
        ("sources", {"source": ["casso"]}),
        ("sources", {"source": "casso", "silent": "yes"}),
        ("sources", {"source": "bakong", "silent": True, "trouble": "down"}),
        ("sources", {"source": "casso", "silent": True, "trouble": "other"}),
        ("sources", {"source": "casso", "trouble": None}),
        ("sepay", {"proof": "none"}),
        ("sepay", {"form": ["json"]}),
        ("sepay", {"own_ids": "yes", "proof": "hmac"}),
        ("vnpay", {"refunds_bounced": None}),
        ("payouts", {}),
        ("payouts", {"ending": "LOST"}),
        ("vnpay", {"refunds_refused": 1}),
    ],
)
async def test_what_is_no_wish_changes_nothing(house: House, path: str, body: dict[str, Any]) -> None:
    before = (await house.state())["sources"]
    assert await house.post(path, **body) == {"status": 400, "error": "sandbox-error-request"}
    assert (await house.state())["sources"] == before
