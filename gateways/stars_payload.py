"""What an invoice in Stars carries unseen: the order's code and our own number of the payment attempt.

Telegram brings it back with the pre-checkout query and with the payment (Bot API, sendInvoice: 1 to 128 bytes).
"""

import re
from dataclasses import dataclass

LIMIT = 128
"""Bytes that Telegram carries."""

_PAYLOAD = re.compile(r"([A-Z0-9]{1,100}):([1-9][0-9]{0,17})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Payload:
    """An order's code and the number of one attempt to pay it."""

    code: str
    number: int


def write_payload(code: str, number: int) -> str:
    """Write a payload; raises ValueError for what `read_payload` would not read back."""
    text = f"{code}:{number}"
    if read_payload(text) is None:
        raise ValueError("not a payload: a code of capitals and digits, and a number from 1 on")
    return text


def read_payload(text: str) -> Payload | None:
    """Read a payload as `write_payload` writes it, in no other spelling; None for anything else."""
    found = _PAYLOAD.fullmatch(text) if len(text) <= LIMIT else None
    return Payload(found[1], int(found[2])) if found else None
