"""A refund that the bank itself closes, by what it tells of money going out, and opens again when it bounces."""

from pathlib import Path
from typing import Any

import pytest

from app.settings import Settings
from tests.journeys.people import Town

PART = 50_000


@pytest.fixture(params=["casso", "sepay"])
def settings(tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    return Settings(database_url=f"sqlite:///{tmp_path / 'shop.db'}", port=0, sandbox_gateway=request.param)


def watcher(town: Town) -> str:
    """Who tells of what moves on the shop's account."""
    return town.street.bank.messenger.watchers[0]


async def owed(town: Town) -> str:
    """A paid order of which a part is to go back; answers its code."""
    await town.seller.write("/start")
    code = await town.buyer.order(email=None, way=watcher(town))
    await town.pay()
    await town.buyer.sees("🎁")
    await town.seller.write(f"/refund {code} 50k khách đổi ý")
    await town.seller.press("refund-yes:")
    return code


async def refund(town: Town, code: str) -> dict[str, Any]:
    (only,) = (await town.order(code))["refunds"]
    return dict(only)


async def paid_back(town: Town) -> tuple[int, int]:
    """What the ledger holds as paid back and as still owed; it must balance."""
    books = await town.ledger()
    assert books["balanced"]
    totals = books["totals"]["VND"]
    return totals["refund_paid"], totals["refund_owed"]


async def test_the_bank_closes_a_refund_and_one_that_bounces_is_sent_again(town: Town) -> None:
    code = await owed(town)
    if watcher(town) == "sepay":  # whose notices name no payer: the buyer types the account
        await town.buyer.press("refund-other:")
        await town.buyer.sees("ngân hàng")
        await town.buyer.write("vietcombank 0071000123456 NGUYEN VAN A")
    await town.buyer.press("refund-mine:")
    await town.seller.cards(1)
    gone = await town.send()
    assert (gone["answers"], gone["amount"]) == ([200], -PART)
    await town.seller.sees("Ngân hàng đã báo tiền ra")
    await town.buyer.sees("Ngân hàng xác nhận đã chuyển trả")
    assert ((await refund(town, code))["state"], await paid_back(town)) == ("settled", (PART, 0))

    back = await town.ask("bank/bounce", ref=gone["ref"])
    assert (back["answers"], back["amount"]) == ([200], PART)
    await town.seller.sees("bị ngân hàng trả về")
    await town.buyer.sees("đã bị ngân hàng trả về")
    assert ((await refund(town, code))["state"], await paid_back(town)) == ("returned", (0, PART))

    await town.buyer.press("refund-mine:")
    await town.seller.cards(2)
    await town.send()
    await town.until(lambda _: town.street.bank.payments[-1].done)
    assert ((await refund(town, code))["state"], await paid_back(town)) == ("settled", (PART, 0))
    assert [each["decision"] for each in (await town.ledger())["transfers"]] == ["exact", "out", "returned", "out"]
