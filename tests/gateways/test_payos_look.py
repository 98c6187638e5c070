"""What payOS tells of a link when it is asked: the same movements as in its notices, under a signature."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientSession

from gateways.gateway import Asking, Links, Reach
from gateways.payos import PAYOS
from sales.errors import CutShort, Later, Misconfigured, Rejected
from sales.pace import CALM
from sales.transfer import Sighting
from tests.clock import FrozenClock
from tests.gateways import payos_signing
from tests.gateways.asked import question
from tests.gateways.payos_server import WANTED, PayosServer
from tests.gateways.payos_signing import SECRETS

ONLY_NOTICED = ("orderCode", "currency", "paymentLinkId", "code", "desc")
"""Fields of a notice that a transfer in the API's list has not: its link has them, or nobody."""


@pytest.fixture
def asking(payos: PayosServer, session: ClientSession, clock: FrozenClock) -> Asking:
    return built(Reach(SECRETS, payos.url, session, clock))


def built(reach: Reach) -> Asking:
    assert PAYOS.ask is not None
    asking = PAYOS.ask(reach)
    assert asking is not None
    return asking


def listed(**changes: Any) -> dict[str, Any]:
    """A transfer as the API lists it (names of its fields as in payOS's reference)."""
    data = {name: value for name, value in payos_signing.DATA.items() if name not in ONLY_NOTICED}
    return data | {"transactionDateTime": "2025-10-22T15:01:45+07:00"} | changes


async def asked(payos: PayosServer, api: Links, asking: Asking, *transfers: Any) -> tuple[Sighting, ...]:
    """Open a link, let these transfers stand under it, and ask."""
    if WANTED.number not in payos.links:
        await api.open(WANTED)
    payos.data = {"transactions": list(transfers)}
    return await asking.ask([question(WANTED.number)])


async def test_a_transfer_is_told_of_as_the_notice_tells_of_it(payos: PayosServer, api: Links, asking: Asking) -> None:
    (seen,) = await asked(payos, api, asking, listed())
    link = f"link{WANTED.number}"
    (noticed,) = PAYOS.read(SECRETS, payos_signing.notice(paymentLinkId=link), FrozenClock()())
    assert seen == noticed
    assert (seen.source, seen.ref, seen.number, seen.link) == ("payos", f"{link}:FT25295123456789", WANTED.number, link)
    assert (payos.heard[-1].method, payos.heard[-1].path) == ("GET", f"/v2/payment-requests/{WANTED.number}")


async def test_how_often_it_may_be_asked(asking: Asking) -> None:
    assert (asking.most, asking.gap, asking.pace) == (20, timedelta(seconds=0.5), CALM)


async def test_a_link_may_get_several_transfers_and_none(payos: PayosServer, api: Links, asking: Asking) -> None:
    assert await asked(payos, api, asking) == ()
    one, other = await asked(payos, api, asking, listed(), listed(reference="FT2", amount=1_000))
    assert (one.ref != other.ref, one.link) == (True, other.link)
    assert (one.amount, other.amount) == (199_000, 1_000)


async def test_a_transfer_without_its_optional_fields(payos: PayosServer, api: Links, asking: Asking) -> None:
    bare = {"reference": "FT1", "amount": 5, "accountNumber": "12", "description": None, "transactionDateTime": None}
    (seen,) = await asked(payos, api, asking, bare)
    expected = Sighting("payos", f"link{WANTED.number}:FT1", 5, "VND", "12", "", reference="FT1", number=WANTED.number)
    assert seen == replace(expected, link=f"link{WANTED.number}")


async def test_an_unknown_link_has_no_money(asking: Asking) -> None:
    assert await asking.ask([question(7)]) == ()


async def test_an_answer_about_another_link_is_no_answer(payos: PayosServer, api: Links, asking: Asking) -> None:
    await api.open(WANTED)
    payos.data = {"orderCode": WANTED.number + 1, "transactions": [listed()]}
    with pytest.raises(Later, match="another link"):
        await asking.ask([question(WANTED.number)])


@pytest.mark.parametrize("changes", [{"transactions": None}, {"transactions": "x"}, {"id": ""}, {"orderCode": "1"}])
async def test_an_answer_of_another_shape_is_no_answer(
    payos: PayosServer, api: Links, asking: Asking, changes: dict[str, Any]
) -> None:
    await api.open(WANTED)
    payos.data = changes
    with pytest.raises(Later, match="reference"):
        await asking.ask([question(WANTED.number)])


@pytest.mark.parametrize(
    "broken",
    [
        {},
        listed(amount=0),
        listed(amount="5"),
        listed(amount=1.5),
        listed(reference=""),
        listed(accountNumber=""),
    ],
)
async def test_a_transfer_that_cannot_be_read_hides_no_other(
    payos: PayosServer, api: Links, asking: Asking, broken: Any
) -> None:
    (seen,) = await asked(payos, api, asking, broken, listed())
    assert seen.reference == "FT25295123456789"
    with pytest.raises(Later, match="no transfer"):
        await asked(payos, api, asking, broken)


@pytest.mark.parametrize("twist", [{"signature": None}, {"signature": "0" * 64}, {"data": {"orderCode": 1}}])
async def test_a_lie_about_the_signature_is_not_believed(
    payos: PayosServer, api: Links, asking: Asking, twist: dict[str, Any]
) -> None:
    await api.open(WANTED)
    payos.data, payos.twist = {"transactions": [listed()]}, lambda answer: answer | twist
    with pytest.raises(Later, match="signed"):
        await asking.ask([question(WANTED.number)])


async def test_a_changed_amount_breaks_the_signature(payos: PayosServer, api: Links, asking: Asking) -> None:
    def richer(answer: dict[str, Any]) -> dict[str, Any]:
        answer["data"]["transactions"][0]["amount"] += 1
        return answer

    await api.open(WANTED)
    payos.data, payos.twist = {"transactions": [listed()]}, richer
    with pytest.raises(Later, match="signed"):
        await asking.ask([question(WANTED.number)])


async def test_links_are_asked_for_together_and_none_is_lost_to_trouble(
    payos: PayosServer, api: Links, asking: Asking
) -> None:
    await api.open(WANTED)
    payos.data = {"transactions": [listed()]}
    known, unknown = question(WANTED.number), [question(number) for number in range(1, 8)]
    found = await asking.ask([*unknown, known])
    assert [each.number for each in found] == [WANTED.number]
    payos.data = {"transactions": None}
    with pytest.raises(CutShort, match="reference") as cut:
        await asking.ask([*unknown, known])
    assert cut.value.answered == {each.number for each in unknown}


async def test_wrong_keys_are_rejected(payos: PayosServer, session: ClientSession) -> None:
    with pytest.raises(Rejected):
        await built(Reach({**SECRETS, "api_key": "other"}, payos.url, session)).ask([question()])
    with pytest.raises(Misconfigured):
        built(Reach(SECRETS, "http://payos.example", session))
