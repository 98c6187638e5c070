"""What the columns of a statement mean, recognised by their headers in Vietnamese and English.

The words are what banks and people call such columns; no bank's real layout is claimed to be known by them.
"""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum

from gateways.statement_date import NoMoment, read_moment
from gateways.statement_number import NoAmount, read_amount
from gateways.statement_row import Cell, Row
from sales.latin import latin


class Role(StrEnum):
    """What a column tells. AMOUNT is signed, unless WAY says in or out; CREDIT is money in, DEBIT money out."""

    DATE = "date"
    TIME = "time"
    AMOUNT = "amount"
    WAY = "way"
    CREDIT = "credit"
    DEBIT = "debit"
    MEMO = "memo"
    REFERENCE = "reference"
    PAYER_NAME = "payer_name"
    PAYER_ACCOUNT = "payer_account"
    BALANCE = "balance"


Columns = Mapping[Role, int]
"""Role → place of its column, counted from 0."""

IN, OUT = (
    frozenset({"c", "cr", "co", "ghi co", "credit", "in", "vao", "tien vao"}),
    frozenset({"d", "dr", "no", "ghi no", "debit", "out", "ra", "tien ra"}),
)
"""What a column of ways says, folded."""

_OTHER_SIDE = (
    r"(doi ung|doi tac|nguoi (chuyen|gui|nop|tra)|ben (chuyen|gui)|counter ?part(y|ies)|counter account|sender"
    r"|remitter|payer|correspond\w*|offset)"
)
_NUMBER = (
    r"tham chieu|(ma|so) (gd|giao dich|ct|chung tu|but toan|ref)"
    r"|(transaction|tran|trans|trx|txn|doc\w*|voucher) (id|no|number|num|code)"
)
_LONGEST = 200
_RULES: tuple[tuple[Role, re.Pattern[str]], ...] = tuple(
    (role, re.compile(pattern))
    for role, pattern in (
        (Role.WAY, r"^(d c|c d|dr cr|cr dr|no co|ghi no co|ghi no ghi co|debit credit|credit debit)$"),
        (Role.BALANCE, r"\b(so du|balance|luy ke)\b"),
        (Role.PAYER_NAME, rf"\b(ten|name|holder)\b.*\b{_OTHER_SIDE}\b|\b{_OTHER_SIDE}\b.*\b(ten|name)\b"),
        (Role.PAYER_ACCOUNT, rf"\b(tai khoan|tk|stk|account|acc)\b.*\b{_OTHER_SIDE}\b"),
        (Role.PAYER_ACCOUNT, rf"\b{_OTHER_SIDE}\b.*\b(tai khoan|tk|stk|account|acc)\b|^counter account$"),
        (Role.PAYER_NAME, rf"^{_OTHER_SIDE}$"),
        (
            Role.REFERENCE,
            rf"\b({_NUMBER}|chung tu|but toan|reference|ref|trace|ft)\b",
        ),
        (
            Role.MEMO,
            r"\b(noi dung|dien giai|mo ta|chi tiet|ghi chu|ly do|descriptions?|details?|remarks?|content|memo)\b",
        ),
        (Role.AMOUNT, r"\b(tien|amount)\b.*\b(no (ghi )?co|co (ghi )?no|debit credit|credit debit)\b"),
        (Role.DEBIT, r"\b(ghi no|phat sinh no|ps no|tien no|debits?|dr|withdrawals?|tien ra|out|chi|rut)\b"),
        (Role.CREDIT, r"\b(ghi co|phat sinh co|ps co|tien co|credits?|cr|deposits?|tien vao|in|thu|nop)\b"),
        (Role.CREDIT, r"^co\b"),
        (Role.DATE, r"\b(ngay|date|thoi gian|thoi diem|datetime)\b"),
        (Role.TIME, r"\b(gio|time)\b"),
        (Role.AMOUNT, r"\b(so tien|amount|phat sinh|gia tri)\b"),
    )
)
_ROW_NUMBER = re.compile(r"\b(stt|tt)\b|^(#|no)?$")
_LESS_LIKELY = re.compile(r"\b(hieu luc|value|hach toan|posting)\b")
_BARE_DEBIT = "no"
"""Nợ without its marks; in English it heads a column of row numbers. It is a debit beside a credit alone."""


def folded(text: str) -> str:
    """A header in small bare letters, one blank between words."""
    return " ".join(re.findall(r"[a-z0-9#]+", latin(text, _LONGEST).lower()))


def guess(headers: Sequence[str], samples: Sequence[Row]) -> dict[Role, int]:
    """Say which column means what, each role once; `samples` are rows below, which must read as they are headed."""
    found: dict[Role, int] = {}
    for place, header in sorted(enumerate(map(folded, headers)), key=lambda each: bool(_LESS_LIKELY.search(each[1]))):
        role = _role(header)
        if role is not None and role not in found and _reads(role, [row.cell(place) for row in samples]):
            found[role] = place
    return _sound(found, headers)


def complete(columns: Columns) -> bool:
    """Whether there is all that a movement needs: a date, and an amount or money in."""
    return Role.DATE in columns and (Role.AMOUNT in columns or Role.CREDIT in columns)


def _role(header: str) -> Role | None:
    if _ROW_NUMBER.search(header):
        return None
    return next((role for role, pattern in _RULES if pattern.search(header)), None)


def _sound(found: dict[Role, int], headers: Sequence[str]) -> dict[Role, int]:
    """Two columns for in and out, or one of amounts; a bare "no" is the debit next to the credit."""
    if Role.CREDIT in found and Role.DEBIT not in found:
        bare = [place for place, header in enumerate(headers) if folded(header) == _BARE_DEBIT]
        if bare:
            found[Role.DEBIT] = min(bare, key=lambda place: abs(place - found[Role.CREDIT]))
    if Role.CREDIT in found and Role.AMOUNT in found and Role.DEBIT in found:
        del found[Role.AMOUNT]
    return found


def _reads(role: Role, cells: Sequence[Cell]) -> bool:
    """Whether most of what stands below can be what the header says."""
    there = [cell for cell in cells if cell not in (None, "")]
    wrong = sum(not _may_be(role, cell) for cell in there)
    return 2 * wrong <= len(there)


def _may_be(role: Role, cell: Cell) -> bool:
    try:
        if role is Role.DATE:
            read_moment(cell)
        elif role is Role.TIME:
            read_moment("1/1/2001", cell)
        elif role in (Role.AMOUNT, Role.CREDIT, Role.DEBIT, Role.BALANCE):
            read_amount(cell)
        elif role is Role.WAY:
            return folded(str(cell)) in IN | OUT
    except (NoAmount, NoMoment):
        return False
    return True
