"""Two admins in front of the same money, through the Bot API: one of them decides, and the other is told."""

import asyncio

from flows.invite_admins import PAYLOAD, invite_admin, new_token
from tests.journeys.people import KEY, Phone, Town, said


async def two_admins(town: Town) -> tuple[Phone, Phone]:
    """The seller, and whoever holds the buyer's phone, who takes an invitation."""
    token, house = new_token(), town.opened.house
    await house.store.write(lambda unit: invite_admin(unit, house.premises, token))
    await town.seller.write("/start")
    await town.buyer.write(f"/start {PAYLOAD}{token}")
    await town.buyer.sees("Từ giờ bạn là quản trị")
    return town.seller, town.buyer


async def all_said(phones: tuple[Phone, Phone]) -> list[str]:
    return [said(each) for phone in phones for each in await phone.messages()]


async def test_both_open_the_queue_and_press_at_once(town: Town) -> None:
    code = await town.buyer.order(email=None)
    admins = await two_admins(town)
    await town.pay("memo_lost")
    assert code in said(await town.seller.sees("Tiền về không rõ đơn nào"))
    for phone in admins:
        await phone.write("/review")
        assert "79.000" in said(await phone.sees("Việc cần người xem"))
        await phone.press("review:")
        assert "…0814" in said(await phone.sees("Người chuyển"))
    await asyncio.gather(*(phone.press("review-assign:") for phone in admins))
    await town.buyer.sees(f"Hàng của đơn {code}")

    def decided(state: dict[str, object]) -> list[str]:
        told = [said(each) for phone in admins for each in phone.seen_in(state)]
        found = [each for each in told if "Đã ghi" in each or "xử lý lúc" in each]
        return found if len(found) == 2 else []

    told = await town.until(decided)
    assert sum("Đã ghi" in each for each in told) == 1
    assert sum("đã được" in each and f"ghi cho đơn {code}" in each for each in told) == 1
    ledger = await town.ledger()
    assert ledger["balanced"]
    assert {name: minor for name, minor in ledger["totals"]["VND"].items() if minor} == {
        "received": 79_000,
        "revenue": 79_000,
    }
    assert len({key for each in await all_said(admins) for key in KEY.findall(each)}) == 1, "one key was handed over"
    await town.seller.write("/review")
    await town.seller.sees("Không có việc nào cần người xem")
    await town.seller.write(f"/audit {code}")
    audit = said(await town.seller.sees("📜"))
    for words in ("chưa có gì", "chờ người xem", "ghi cho đơn", "đơn đã thanh toán", "đủ tiền"):
        assert words in audit


async def test_both_ask_for_the_same_refund_and_confirm_at_once(town: Town) -> None:
    code = await town.buyer.order(email=None)
    await town.pay()
    await town.buyer.sees(f"Hàng của đơn {code}")
    admins = await two_admins(town)
    for phone in admins:
        await phone.write(f"/refund {code}")
        await phone.sees("Hoàn 79.000")
    await asyncio.gather(*(phone.press("refund-yes:") for phone in admins))
    await town.buyer.sees("Shop sẽ hoàn")

    def told(state: dict[str, object]) -> list[str]:
        seen = [said(each) for phone in admins for each in phone.seen_in(state)]
        return [each for each in seen if "đã thay đổi" in each]

    assert len(await town.until(told)) == 1
    totals = (await town.ledger())["totals"]["VND"]
    assert {name: minor for name, minor in totals.items() if minor} == {"received": 79_000, "refund_owed": 79_000}
    assert [each["state"] for each in (await town.order(code))["refunds"]] == ["approved"]
