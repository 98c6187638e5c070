"""QR cards as the house draws them."""

import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from typing import cast

import pytest
import zxingcpp
from PIL import Image

from app.drawing import drawing
from bot.card import Card, Labels
from flows.channel import Address
from locales import Texts
from sales.ids import AttemptId, OrderId, RefundId
from sales.money import Money
from sales.payee import Payee
from sales.purchase import Attempt
from sales.refund import Means, Refund, State
from sales.vietqr import decode
from tests.clock import FrozenClock

READER = Address("buyer@example.com", "vi", "Asia/Ho_Chi_Minh")


def test_a_house_that_waits_has_not_loaded_what_draws() -> None:
    opened = "import sys, app.run; print('PIL' in sys.modules, 'app.drawing' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", opened], check=True, capture_output=True, text=True).stdout
    assert told.split() == ["False", "True"]


async def test_a_card_is_drawn_in_the_readers_language_and_the_banks_own_name() -> None:
    attempt = Attempt(
        id=AttemptId(1),
        order=OrderId(1),
        gateway="casso",
        number=1,
        bank_account=1,
        memo="KX2345678",
        qr="00020101",
        amount=Money(79_000),
        state="open",
        chat_message=None,
        expires_at=FrozenClock()(),
        bin="970422",
        account="0123456789",
        holder="NGUYEN VAN A",
    )
    draw = drawing(Texts())
    pictures = {language: await draw(attempt, Address("1", language, "UTC")) for language in ("vi", "en")}
    assert all(png.startswith(b"\x89PNG") for png in pictures.values())
    assert pictures["vi"] != pictures["en"]
    assert pictures["vi"] == cast("bytes", await draw(attempt, Address("1", "vi", "UTC")))


async def test_a_code_without_a_banks_number_gets_the_card_of_a_khqr(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[Card] = []
    monkeypatch.setattr("app.cards.draw", lambda card: bytes(drawn.append(card) or b""))
    attempt = Attempt(
        id=AttemptId(1),
        order=OrderId(1),
        gateway="bakong",
        number=1,
        bank_account=None,
        memo="KX2345678",
        qr="00020101",
        amount=Money(950, "USD"),
        state="open",
        chat_message=None,
        expires_at=FrozenClock()(),
        account="nguyen_van_a@toyb",
        holder="Key Shop",
    )
    for shown in (attempt, replace(attempt, bin="970422")):
        await drawing(Texts())(shown, READER)
    khqr, vietqr = drawn
    assert (khqr.bank, khqr.account, khqr.amount) == ("Bakong", "nguyen_van_a@toyb", "9,50\u00a0US$")
    assert khqr.labels == Labels.in_language(Texts(), "vi", scheme="khqr")
    assert (vietqr.bank, vietqr.labels) == ("MBBank", Labels.in_language(Texts(), "vi"))


async def test_the_card_of_a_refund_pays_the_buyer() -> None:
    now = FrozenClock()()
    refund = Refund(
        id=RefundId(1),
        order=OrderId(1),
        amount=Money(50_000),
        held=Money(79_000),
        state=State.APPROVED,
        means=Means.VIETQR,
        reason="",
        memo="HOAN KX2345678",
        payee=Payee("970436", "0071000123456", "TRẦN THỊ B"),
        created_at=now,
        asked_by=None,
        owed_at=now,
        confirmed_at=now,
        confirmed_by=None,
        sent_at=None,
        sent_by=None,
    )
    png = await drawing(Texts())(refund, Address("1", "vi", "UTC"))
    with Image.open(BytesIO(png)) as picture:
        (code,) = zxingcpp.read_barcodes(picture.convert("L"))
    qr = decode(code.text)
    assert (qr.bin, qr.account, qr.amount, qr.memo) == ("970436", "0071000123456", 50_000, "HOAN KX2345678")
    assert png != await drawing(Texts())(refund, Address("1", "en", "UTC"))
