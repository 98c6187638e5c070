"""How a statement is laid out: where its header stands, and what its columns mean."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gateways.statement_columns import Columns, Role, complete, folded, guess
from gateways.statement_date import NoMoment, read_moment
from gateways.statement_number import NoAmount, read_amount
from gateways.statement_row import Cell, Row, as_text
from sales.errors import Misconfigured

SAMPLES = 15
"""Rows below a header that are looked at."""
NAMELESS = "?"
"""What a file without any header is known by."""


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header ends (`number` of its last row, 0 for none), its texts, and what they seem to mean."""

    number: int
    texts: tuple[str, ...]
    columns: Columns

    @property
    def signature(self) -> str:
        """What a layout is known by the next time: its headers, folded."""
        named = "|".join(folded(text) for text in self.texts).rstrip("|")
        return named or f"{NAMELESS}{len(self.texts)}"


@dataclass(frozen=True, slots=True)
class Layout:
    """How the statements of one bank are read; somebody of the shop has mapped it."""

    bank: str
    header: str
    columns: Columns


def fits(rows: Sequence[Row]) -> int:
    """Weigh how much rows look like a statement's: by columns that are recognised, then by their number."""
    header = find_header(rows)
    widths = Counter(len(row.cells) for row in rows)
    return 1000 * len(header.columns) + (widths.most_common(1)[0][0] if widths else 0)


def find_header(rows: Sequence[Row], at: int | None = None) -> Header:
    """Find the header among first rows, or take row `at` for it (0: there is none).

    Of several that would do the one that tells most, then the first; one of two rows is put together. Where none would
    do, the widest row comes back with what is recognised of it. Raises Misconfigured for a row that is not there.
    """
    if at == 0:
        width = max((len(row.cells) for row in rows), default=0)
        return Header(0, ("",) * width, {})
    named = [place for place, row in enumerate(rows) if at in (None, row.number)]
    if not named:
        raise Misconfigured("statement-no-row", row=str(at))
    found = [header for place in named for header in _headers(rows, place)]
    return max(found, key=_telling)


def _telling(header: Header) -> tuple[bool, int, int]:
    whole = complete(header.columns)
    return whole, len(header.columns), 0 if whole else sum(map(bool, header.texts))


def named_columns(said: Iterable[str], header: Header) -> dict[Role, int]:
    """Read words such as date=1 or memo=Description: a place counted from 1, or a header. Raises Misconfigured."""
    return dict(_named(word, header) for word in said)


def _named(word: str, header: Header) -> tuple[Role, int]:
    name, _, where = word.partition("=")
    if name not in set(Role):
        raise Misconfigured("statement-no-role", role=name, known=", ".join(Role))
    wanted = [place for place, text in enumerate(header.texts) if folded(text) == folded(where) != ""]
    if where.isascii() and where.isdigit() and 0 < int(where) <= len(header.texts):
        return Role(name), int(where) - 1
    if len(wanted) != 1:
        raise Misconfigured("statement-no-column", column=where, count=str(len(header.texts)))
    return Role(name), wanted[0]


def _headers(rows: Sequence[Row], place: int) -> list[Header]:
    """What a row tells as a header, by itself and together with the one below it."""
    texts = [as_text(cell) for cell in rows[place].cells]
    found = [_header(rows, place, texts)]
    if place + 1 < len(rows) and not _tells_money(rows[place + 1]):
        below = [as_text(cell) for cell in rows[place + 1].cells]
        found.append(_header(rows, place + 1, _stacked(texts, below)))
    return found


def _header(rows: Sequence[Row], place: int, texts: Sequence[str]) -> Header:
    columns = guess(texts, rows[place + 1 : place + 1 + SAMPLES])
    return Header(rows[place].number, tuple(texts), columns)


def _tells_money(row: Row) -> bool:
    """Whether it holds a date or an amount, and so is no part of a header."""
    return any(_is_moment(cell) or _is_amount(cell) for cell in row.cells)


def _is_moment(cell: Cell) -> bool:
    try:
        return bool(read_moment(cell))
    except NoMoment:
        return False


def _is_amount(cell: Cell) -> bool:
    try:
        return bool(read_amount(cell))
    except NoAmount:
        return False


def _stacked(above: Sequence[str], below: Sequence[str]) -> list[str]:
    """Two rows as one: what stands above spreads over the blank cells beside it that have something below."""
    texts: list[str] = []
    spread = ""
    for place in range(max(len(above), len(below))):
        low = below[place] if place < len(below) else ""
        top = above[place] if place < len(above) else ""
        spread = top or (spread if low else "")
        texts.append(f"{spread} {low}".strip())
    return texts


def as_data(columns: Columns) -> dict[str, int]:
    """Columns as JSON keeps them."""
    return {str(role): place for role, place in columns.items()}


def from_data(data: Mapping[str, int]) -> dict[Role, int]:
    """Columns as `as_data` wrote them."""
    return {Role(name): place for name, place in data.items()}
