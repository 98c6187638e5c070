"""Buy, pay, receive in chat and mailbox: the walk that everything else hangs on."""

from tests.journeys.people import KEY, Town, buttons, said


async def test_a_licence_key_arrives_in_the_chat_and_in_the_mailbox(town: Town) -> None:
    code = await town.buyer.order()
    payment = await town.pay()
    goods = await town.buyer.sees("🎁")
    key = KEY.search(said(goods))
    assert payment["amount"] == 79_000
    assert key is not None
    assert [each["copy_text"]["text"] for each in buttons(goods) if "copy_text" in each] == [key[0]]
    letter = await town.letter(key[0])
    assert code in letter["subject"]
    assert "79.000" in letter["text"]
    assert "Tiệm Số Mẫu" in letter["text"]
    await town.buyer.sees(f"Đã thanh toán – đơn {code}")
    story = await town.order(code)
    assert story["order"]["payment"] == "paid"
    assert [grant["kind"] for grant in story["grants"]] == ["licence"]


async def test_a_course_gives_its_links_and_no_key(town: Town) -> None:
    await town.buyer.order(plan=3, email=None)
    await town.pay()
    goods = await town.buyer.sees("https://example.com/khoa-hoc/excel")
    assert KEY.search(said(goods)) is None
    assert [each["url"] for each in buttons(goods) if "url" in each] == [
        "https://example.com/khoa-hoc/excel",
        "https://example.com/khoa-hoc/excel/tai-lieu",
    ]
