"""The scanner reads the very picture that the bot has sent."""

from aiohttp import FormData
from PIL import Image

from sales import khqr
from sales.money import Money
from sales.vietqr import VietQr, encode
from sandbox.bank.scan import scan
from tests.sandbox.house import House
from tests.sandbox.pictures import blank, png, qr, vietqr


def test_a_vietqr_or_a_khqr_is_read_and_nothing_else() -> None:
    code = VietQr("970422", "0001112223334", 199_000, "KX7R2M9CF")
    assert scan(vietqr(amount=199_000, memo="KX7R2M9CF")) == (code, encode(code))
    text = khqr.encode(khqr.Khqr("nguyen_van_a@toyb", "Key Shop", Money(0, "USD")))
    assert scan(qr(text)) == (khqr.decode(text), text)
    for picture in (blank(), qr("https://example.com"), qr("00020101021238"), png(Image.new("RGBA", (9, 9)))):
        assert scan(picture) is None


async def show(house: House, picture: bytes, chat: int = 0) -> int:
    form = FormData({"chat_id": str(chat or house.street.buyer_chat)})
    form.add_field("photo", picture, filename="x.png")
    async with house.session.post(f"/sandbox/telegram/bot{house.street.token}/sendPhoto", data=form) as answer:
        return int((await answer.json())["result"]["message_id"])


async def test_the_latest_picture_is_read_unless_one_is_named(house: House) -> None:
    first = await show(house, vietqr(memo="KXFIRST"))
    await show(house, vietqr(memo="KXSECOND", account="9990001"))
    latest = await house.post("bank/scan", phone=house.street.buyer_chat)
    assert latest == {
        "status": 200,
        "bank": "MBBank",
        "account": "9990001",
        "holder": "",
        "out": False,
        "amount": 199_000,
        "memo": "KXSECOND",
        "sources": ["casso"],
        "telling": ["casso"],
    }
    named = await house.post("bank/scan", phone=house.street.buyer_chat, message=first)
    assert (named["memo"], named["holder"]) == ("KXFIRST", "NGUYEN VAN A")


async def test_nothing_to_read(house: House) -> None:
    chat = house.street.buyer_chat
    assert (await house.post("bank/scan", phone=chat))["error"] == "sandbox-error-no-picture"
    assert (await house.post("bank/scan", phone=1))["error"] == "sandbox-error-no-picture"
    assert (await house.post("bank/scan"))["error"] == "sandbox-error-request"
    number = await show(house, blank())
    assert (await house.post("bank/scan", phone=chat))["error"] == "sandbox-error-no-qr"
    assert (await house.post("bank/scan", phone=chat, message=number + 1))["error"] == "sandbox-error-no-picture"
