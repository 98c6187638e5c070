"""Money that is paid to a link: how the link stands afterwards, and who tells the shop of it."""

from datetime import timedelta
from typing import Any

import pytest

from sales.transfer import Sighting
from sandbox.bank.faults import LATE, STEP
from sandbox.payos.links import TRANSFERS_KEPT
from tests.sandbox.house import ACCOUNT, House
from tests.sandbox.payos.seller import LINKS, data, look, open_link, pay, refused

BOTH = {"casso", "payos"}


def heard(house: House, source: str) -> list[Sighting]:
    return [seen for sightings in house.door.heard for seen in sightings if seen.source == source]


def told_by(payment: dict[str, Any]) -> dict[str, list[int]]:
    return {report["source"]: report["answers"] for report in payment["reports"]}


async def test_the_link_is_paid_and_both_gateways_say_so(house: House) -> None:
    link = await open_link(house)
    payment = await pay(house, link)
    assert told_by(payment) == {"payos": [200], "casso": [200]}
    (payos,), (casso,) = heard(house, "payos"), heard(house, "casso")
    for seen in (payos, casso):
        assert (seen.amount, seen.currency, seen.account) == (199_000, "VND", ACCOUNT.account)
        assert (seen.memo, seen.virtual_account) == (link["description"], link["accountNumber"])
        assert seen.booked_at == house.clock()
    assert payos.reference == casso.reference
    assert (payos.number, payos.link) == (7, link["paymentLinkId"])
    told = await look(house)
    assert (told["status"], told["amountPaid"], told["amountRemaining"]) == ("PAID", 199_000, 0)
    (transfer,) = told["transactions"]
    assert (transfer["reference"], transfer["amount"]) == (payos.reference, 199_000)
    assert (transfer["accountNumber"], transfer["virtualAccountNumber"]) == (ACCOUNT.account, link["accountNumber"])


async def test_one_source_alone_when_asked_to(house: House) -> None:
    link = await open_link(house)
    assert told_by(await pay(house, link, sources=["payos"])) == {"payos": [200]}
    assert told_by(await pay(house, link, sources=["casso"])) == {"casso": [200]}
    assert told_by(await pay(house, link, sources=["casso", "payos", "casso"])) == {"casso": [200], "payos": [200]}
    assert (len(heard(house, "payos")), len(heard(house, "casso"))) == (2, 2)


async def test_the_shops_own_account_is_watched_by_casso_alone(house: House) -> None:
    await open_link(house)
    payment = await house.post("bank/pay", account=ACCOUNT.account, amount=199_000, memo="KX7R2M9CF")
    assert told_by(payment) == {"casso": [200]}
    assert (await look(house))["status"] == "PENDING"


async def test_the_scanner_names_who_will_tell(house: House) -> None:
    link = await open_link(house)
    bank = house.street.bank
    assert bank.sources(link["accountNumber"]) == ("payos", "casso")
    assert bank.sources(ACCOUNT.account) == bank.sources("123") == ("casso",)
    assert bank.holder(link["bin"], link["accountNumber"]) == ACCOUNT.holder
    assert bank.holder("970436", link["accountNumber"]) == bank.holder(ACCOUNT.bin, "123") == ""


async def test_too_little_then_the_rest_on_the_same_link(house: House) -> None:
    link = await open_link(house)
    await pay(house, link, "short")
    told = await look(house)
    assert (told["status"], told["amountPaid"], told["amountRemaining"]) == ("UNDERPAID", 199_000 - STEP, STEP)
    await pay(house, link, amount=STEP)
    told = await look(house)
    assert (told["status"], told["amountRemaining"], len(told["transactions"])) == ("PAID", 0, 2)
    first, second = heard(house, "payos")
    assert first.link == second.link
    assert first.ref != second.ref


async def test_a_paid_link_takes_more_and_cannot_be_cancelled(house: House) -> None:
    link = await open_link(house)
    await pay(house, link, "over")
    await pay(house, link)
    told = await look(house)
    assert (told["status"], told["amountPaid"], told["amountRemaining"]) == ("PAID", 2 * 199_000 + STEP, 0)
    assert len(heard(house, "payos")) == 2
    assert await refused(house, "POST", f"{LINKS}/7/cancel") == (200, "20")
    assert (await look(house))["status"] == "PAID"


async def test_money_for_a_cancelled_link_is_not_lost(house: House) -> None:
    link = await open_link(house)
    await pay(house, link, "short")
    await data(house, "POST", f"{LINKS}/7/cancel")
    await pay(house, link, amount=STEP)
    told = await look(house)
    assert (told["status"], told["amountPaid"]) == ("CANCELLED", 199_000)
    assert len(heard(house, "payos")) == 2


async def test_money_for_a_link_that_has_ended_still_pays_it(house: House) -> None:
    link = await open_link(house, expiredAt=int((house.clock() + timedelta(minutes=5)).timestamp()))
    house.clock.move(timedelta(minutes=6))
    await pay(house, link, "short")
    assert (await look(house))["status"] == "EXPIRED"
    await pay(house, link, amount=STEP)
    assert (await look(house))["status"] == "PAID"


async def test_twice_is_one_payment_told_twice_by_each(house: House) -> None:
    payment = await pay(house, await open_link(house), "twice")
    assert told_by(payment) == {"payos": [200, 200], "casso": [200, 200]}
    assert len(set(heard(house, "payos"))) == len(set(heard(house, "casso"))) == 1
    assert len((await look(house))["transactions"]) == 1


async def test_late_money_is_at_the_link_when_the_bank_tells_of_it(house: House) -> None:
    await pay(house, await open_link(house, expiredAt=int((house.clock() + 2 * LATE).timestamp())), "late")
    assert (await look(house))["status"] == "PENDING"
    assert house.door.heard == []
    house.clock.move(LATE)
    assert (await look(house))["status"] == "PAID"
    news, payments = house.street.news, house.street.bank.payments
    while not all(payment.done for payment in payments):
        await news.after(news.version)
    assert {seen.source for sightings in house.door.heard for seen in sightings} == BOTH


async def test_a_lost_notice_leaves_the_link_paid_for_who_asks(house: House) -> None:
    payment = await pay(house, await open_link(house), "lost")
    assert (payment["done"], told_by(payment)) == (False, {"payos": [], "casso": []})
    assert (await look(house))["amountPaid"] == 199_000
    assert house.door.contents == []


async def test_a_forged_notice_moves_no_money(house: House) -> None:
    payment = await pay(house, await open_link(house), "forged")
    assert told_by(payment) == {"payos": [401], "casso": [401]}
    assert (house.door.heard, house.door.refused) == ([], 2)
    assert (await look(house))["status"] == "PENDING"


async def test_money_on_another_account_is_nothing_payos_could_see(house: House) -> None:
    link = await open_link(house)
    assert told_by(await pay(house, link, "wrong_account")) == {"casso": [200]}
    ((seen,),) = house.door.heard
    assert (seen.account, seen.virtual_account) == ("0001112223335", "")
    assert (await look(house))["status"] == "PENDING"
    alone = await pay(house, link, "wrong_account", sources=["payos"])
    assert (alone["done"], alone["reports"]) == (True, [])


@pytest.mark.parametrize("fault", ["garbled", "memo_lost"])
async def test_whatever_becomes_of_the_memo_payos_knows_the_link(house: House, fault: str) -> None:
    link = await open_link(house)
    await pay(house, link, fault)
    (payos,), (casso,) = heard(house, "payos"), heard(house, "casso")
    assert (payos.number, payos.link) == (7, link["paymentLinkId"])
    assert payos.memo == casso.memo != link["description"]
    assert (casso.number, casso.link) == (None, "")


async def test_a_door_in_trouble_hears_payos_again(house: House) -> None:
    house.door.script.append(503)
    payment = await pay(house, await open_link(house), sources=["payos"])
    assert payment["answers"] == [503]
    house.clock.move(timedelta(seconds=1))
    news, (kept,) = house.street.news, house.street.bank.payments
    while not kept.done:
        await news.after(news.version)
    assert kept.answers == [503, 200]


async def test_only_the_latest_transfers_are_listed_but_all_are_summed(house: House) -> None:
    link = await open_link(house)
    for _ in range(TRANSFERS_KEPT + 2):
        await pay(house, link, "lost", amount=1)
    told = await look(house)
    assert (told["amountPaid"], len(told["transactions"])) == (TRANSFERS_KEPT + 2, TRANSFERS_KEPT)


async def test_the_page_sees_how_the_links_stand(house: House) -> None:
    link = await open_link(house)
    await pay(house, link, "short")
    assert (await house.state())["payos"]["links"] == [
        {
            "number": 7,
            "id": link["paymentLinkId"],
            "account": link["accountNumber"],
            "amount": 199_000,
            "paid": 199_000 - STEP,
            "status": "UNDERPAID",
        }
    ]
