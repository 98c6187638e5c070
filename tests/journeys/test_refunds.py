"""Money given back, from /refund in the seller's chat to "sent" in the buyer's, through the Bot API."""

from io import BytesIO

import zxingcpp
from PIL import Image

from sales.vietqr import VietQr, decode
from tests.journeys.people import KEY, Message, Phone, Town, buttons, said, token_of

PAYER_END = "…0814"


async def scanned(town: Town, message: Message) -> VietQr:
    """What a bank's app reads from the picture of a message."""
    unique = message["photo"][-1]["file_unique_id"]
    async with town.http.get(f"/sandbox/api/photos/{unique}") as answer:
        picture = await answer.read()
    with Image.open(BytesIO(picture)) as image:
        (code,) = zxingcpp.read_barcodes(image)
    return decode(code.text)


async def bought(town: Town) -> str:
    """A paid order whose goods have arrived."""
    code = await town.buyer.order(email=None)
    await town.pay()
    await town.buyer.sees(f"Hàng của đơn {code}")
    return code


async def forge(town: Town, phone: Phone, token: str) -> None:
    """Press a button that was never drawn on this phone."""
    message = [each for each in await phone.messages() if buttons(each)][-1]
    await town.ask(f"phones/{phone.id}/press", message=message["message_id"], data=f"t|{token}")


def count(messages: list[Message], words: str) -> int:
    return sum(words in said(each) for each in messages)


async def test_a_part_is_given_back_to_the_account_the_buyer_confirms(town: Town) -> None:
    await town.seller.write("/start")
    code = await bought(town)
    await town.seller.write(f"/refund {code} 50k khách đổi ý")
    assert "Đang giữ của đơn này: 79.000" in said(await town.seller.sees("Hoàn 50.000"))
    await town.seller.press("refund-yes:")
    await town.seller.sees("chưa xác nhận")
    question = await town.buyer.sees("Đây có phải tài khoản của bạn không")
    assert PAYER_END in said(question)
    assert "1028000814" not in said(question)
    await town.buyer.press("refund-mine:")
    (card,) = await town.seller.cards(1)
    qr = await scanned(town, card)
    (refund,) = (await town.order(code))["refunds"]
    memo = f"{refund['code']} HOAN TIEN"
    assert (qr.bin, qr.account, qr.amount, qr.memo) == ("970436", "1028000814", 50_000, memo)
    copies = [each["copy_text"]["text"] for each in buttons(card) if "copy_text" in each]
    assert copies == ["1028000814", "50000", memo]
    await town.seller.press("refund-sent:")
    told = await town.buyer.sees("Shop đã chuyển trả 50.000")
    assert f"Vietcombank {PAYER_END}" in said(told)
    turned = await town.seller.sees("✅ Đã chuyển 50.000")
    assert (turned["message_id"], buttons(turned)) == (card["message_id"], [])
    ledger = await town.ledger()
    assert ledger["balanced"]
    assert ledger["totals"]["VND"]["refund_paid"] == 50_000
    assert [grant["state"] for grant in (await town.order(code))["grants"]] == ["granted"]


async def test_all_is_given_back_to_another_account_and_the_key_is_gone(town: Town) -> None:
    await town.seller.write("/start")
    code = await bought(town)
    await town.seller.write(f"/refund {code}")
    await town.seller.sees("sẽ bị thu hồi")
    await town.seller.press("refund-yes:")
    await town.buyer.sees("không còn hiệu lực")
    await town.buyer.press("refund-other:")
    await town.buyer.sees("Tiền hoàn sẽ về tài khoản ở ngân hàng nào")
    await town.buyer.write("ngân hàng abc 123456 An")
    await town.buyer.sees("Mình không biết ngân hàng")
    (refund,) = (await town.order(code))["refunds"]
    await town.buyer.press(f"refund-bank:{refund['id']}:970422")
    await town.buyer.sees("MBBank: số tài khoản của bạn là gì")
    await town.buyer.write("9999 8888 7777")
    await town.buyer.sees("Chủ tài khoản tên là gì")
    await town.buyer.write("Trần Thị B")
    assert "999988887777" in said(await town.buyer.sees("Bạn xem kỹ giúp mình"))
    await town.buyer.press("refund-mine:")
    (card,) = await town.seller.cards(1)
    qr = await scanned(town, card)
    assert (qr.bin, qr.account, qr.amount) == ("970422", "999988887777", 79_000)
    await town.seller.press("refund-sent:")
    await town.buyer.sees("MBBank …7777")
    story = await town.order(code)
    assert (story["order"]["payment"], story["grants"][0]["state"]) == ("paid", "revoked")
    await town.buyer.write("/myorders")
    await town.buyer.press(f"order:{code}")
    answer = await town.buyer.sees(f"của đơn {code} tới MBBank …7777")
    after = [each for each in await town.buyer.messages() if each["message_id"] >= answer["message_id"]]
    assert not any(KEY.search(said(each)) for each in after)
    assert (await town.ledger())["totals"]["VND"] | {"received": 0, "refund_paid": 0} == dict.fromkeys(
        (await town.ledger())["totals"]["VND"], 0
    )


async def test_an_admin_may_check_the_account_and_finds_the_card_again(town: Town) -> None:
    await town.seller.write("/start")
    code = await bought(town)
    await town.seller.write(f"/refund {code} 10.000")
    await town.seller.press("refund-yes:")
    await town.seller.press("refund-checked:")
    await town.seller.cards(1)
    await town.seller.write("/refund")
    await town.seller.press("refund-open:")
    assert (await scanned(town, (await town.seller.cards(2))[1])).amount == 10_000


async def test_a_stranger_who_knows_every_command_and_button_learns_and_changes_nothing(town: Town) -> None:
    await town.seller.write("/start")
    code = await bought(town)
    await town.seller.write(f"/refund {code} 10.000")
    asked = await town.seller.sees("Hoàn 10.000")
    await town.seller.press("refund-yes:")
    owed = await town.seller.sees("chưa xác nhận")
    stranger = town.buyer
    await stranger.sees("Đây có phải tài khoản")
    seen = len(await stranger.messages())
    admin_only = [token_of(each) for each in (*buttons(asked), *buttons(owed))]
    number, mark = admin_only[-2].partition(":")[2].split(":")
    admin_only += [f"refund-open:{number}", f"refund-sent:{number}:{mark}"]
    for token in admin_only:
        await forge(town, stranger, token)
    await town.until(lambda state: count(stranger.seen_in(state), "Nút này không còn dùng") == len(admin_only))
    for words in ("/refund", f"/refund {code}", f"/refund {code} 10.000"):
        await stranger.write(words)
    await stranger.write("/language")
    await stranger.sees("Bạn muốn dùng ngôn ngữ nào")
    answers = {said(each).partition(".")[0] for each in (await stranger.messages())[seen:] if said(each)}
    assert answers == {"Nút này không còn dùng được nữa", "Mình chưa hiểu ý bạn", "Bạn muốn dùng ngôn ngữ nào?"}
    story = await town.order(code)
    assert [(each["state"], each["amount"], each["confirmed_at"]) for each in story["refunds"]] == [
        ("approved", 10_000, None)
    ]
    await forge(town, town.seller, f"refund-mine:{number}:{mark}")
    await town.seller.sees("Nút này không còn dùng được nữa")
    assert (await town.order(code))["refunds"][0]["confirmed_at"] is None
