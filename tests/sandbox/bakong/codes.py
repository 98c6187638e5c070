"""KHQR codes of the toy shop, and how a buyer's app pays them."""

from datetime import timedelta
from hashlib import md5
from typing import Any

from sales.khqr import Khqr, encode
from sales.money import Money
from tests.sandbox.house import SECRETS, House

ACCOUNT = SECRETS["bakong"]["account"]


def code(house: House, minor: int = 950, currency: str = "USD", bill: str = "KX7R2M9CF") -> str:
    """A code that can be paid for half an hour."""
    now = house.clock()
    ends = now + timedelta(minutes=30)
    return encode(Khqr(ACCOUNT, "Key Shop", Money(minor, currency), created=now, expires=ends, bill=bill))


def digest(text: str) -> str:
    return md5(text.encode(), usedforsecurity=False).hexdigest()


async def pay(house: House, text: str, fault: str = "none") -> dict[str, Any]:
    return await house.post("bakong/pay", qr=text, fault=fault)
