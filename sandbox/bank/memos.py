"""What banks make of a memo on its way to the receiver's statement.

The shapes are those seen on real Vietnamese statements; names and numbers in them are made up.
"""

from collections.abc import Callable
from itertools import cycle

LINE = 35
"""Characters per line of a statement at MB; what is wrapped comes back with two blanks in the middle."""

SENDER = "NGUYEN VAN A"


def from_vietcombank(memo: str) -> str:
    """Vietcombank puts its trace and both parties around the memo, with dots glued to it."""
    return f"MBVCB.11895157500.829868.{memo}.CT tu 1028000814 {SENDER} toi 0000111122223333 CHU CUA HANG tai MB"


def wrapped(memo: str) -> str:
    """MB lays text out in lines, so that a break falls inside a word, here inside the code."""
    text = f"{SENDER} chuyen tien mua so {memo} FT25331660462659   Ma giao dich  Trace789764 Trace 789764"
    return "  ".join(text[at : at + LINE] for at in range(0, len(text), LINE))


def through_momo(memo: str) -> str:
    """MoMo frames the memo with its own numbers."""
    return f"71739507876-{memo}-CHUYEN TIEN-OQCH30426153-MOMO71739507876MOMO"


def with_gd_suffix(memo: str) -> str:
    """ACB adds its number, date and time."""
    return f"{memo} GD 856933-090922 18:14:59"


def lower_case(memo: str) -> str:
    """Write it small, as some apps and some hands do."""
    return f"{memo.lower()} cam on shop"


def with_card_prefix(memo: str) -> str:
    """BIDV puts the sending account in front and its own trace behind."""
    return f"TKThe :1027000485, tai Vietcombank. {memo} -CTLNHIDI000013514283774-1/1-CRE-002"


def bounced(memo: str) -> str:
    """A bank that sends money back repeats the memo that it came with."""
    return f"HOAN TRA GD KHONG THANH CONG. {memo}"


def replaced(_: str) -> str:
    """MoMo writes its own words when the buyer has removed the memo: nothing of it is left."""
    return f"71739507876-{SENDER} chuyen tien qua MoMo-CHUYEN TIEN-OQCH30426153-MOMO71739507876MOMO"


SHAPES: tuple[Callable[[str], str], ...] = (
    from_vietcombank,
    wrapped,
    through_momo,
    with_gd_suffix,
    lower_case,
    with_card_prefix,
)
"""Shapes in which the memo is still there for who looks closely."""


class Garbler:
    """Goes through the shapes one after the other, so that each press shows another bank."""

    def __init__(self) -> None:
        self._next = cycle(SHAPES)

    def __call__(self, memo: str) -> str:
        """Garble a memo in the next shape."""
        return next(self._next)(memo)
