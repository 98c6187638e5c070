"""Bank statements: the lines of a file as sightings, by what somebody has said its columns mean.

A line has no number of its own that a bank would promise to keep. It is named by what it says (statement_name), and by
its place among equal lines, since two equal payments are two. So it has the same name in another file of that bank.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from gateways.notice_fields import ACCOUNT_LIMIT, MEMO_LIMIT, TEXT_LIMIT
from gateways.statement_columns import IN, OUT, Columns, Role, folded
from gateways.statement_date import NoMoment, read_moment
from gateways.statement_layout import Header
from gateways.statement_name import LineName
from gateways.statement_number import NoAmount, read_amount
from gateways.statement_row import STATEMENT, Row, as_text
from sales.memo import fold
from sales.transfer import Payer, Sighting
from sales.visible import visible

AHEAD = timedelta(days=2)
"""How far in the future a bank may date a line: before weekends some do."""
_TOTALS = ("TONG", "TOTAL", "SODU", "OPENING", "CLOSING", "BEGINNING", "ENDING", "PHATSINH", "CONGPHATSINH")
_SUMS = frozenset({"CONG", "SUM", "BALANCE"})
_FORMULA = "="


@dataclass(frozen=True, slots=True)
class Line:
    """A movement of money, with the number of its line; `balance` is what the account held after it, where told."""

    number: int
    sighting: Sighting
    balance: int | None = None


@dataclass(frozen=True, slots=True)
class Broken:
    """A line that looks like a movement and cannot be read; `fault` is the id of a sentence that says why."""

    number: int
    fault: str


@dataclass(frozen=True, slots=True)
class Passed:
    """A row that is no movement: a heading, a total, a remark."""

    number: int


Told = Line | Broken | Passed


class _Fault(Exception):
    """Why a line cannot be read: the id of a sentence."""


@dataclass(slots=True)
class Reading:
    """Reads rows in the order of a file; of the lines before it remembers only a hash each.

    `account` is the number of the shop's account that the statement is of, `now` the present moment.
    """

    header: Header
    columns: Columns
    account: str
    now: datetime
    _seen: set[int] = field(default_factory=set)
    _again: Counter[int] = field(default_factory=Counter)

    def lines(self, rows: Iterable[Row]) -> Iterator[Told]:
        """Say of every row below the header what it is."""
        return (self._told(row) for row in rows if row.number > self.header.number)

    def _told(self, row: Row) -> Told:
        if row.fault:
            return Broken(row.number, row.fault)
        try:
            amount = self._amount(row)
        except _Fault as fault:
            return Passed(row.number) if self._no_movement(row) else Broken(row.number, str(fault))
        if not amount:
            return Passed(row.number)
        try:
            moment = self._moment(row)
        except _Fault as fault:
            return Passed(row.number) if _is_total(row) else Broken(row.number, str(fault))
        return Line(row.number, self._sighting(row, amount, moment), self._balance(row))

    def _no_movement(self, row: Row) -> bool:
        """Without anything like a date it is a remark, or the header once more on the next page."""
        return not any(letter.isdigit() for letter in as_text(row.cell(self.columns[Role.DATE])))

    def _moment(self, row: Row) -> datetime:
        day = row.cell(self.columns[Role.DATE])
        clock = row.cell(self.columns.get(Role.TIME))
        try:
            moment = read_moment(day, clock)
        except NoMoment:
            raise _Fault(_formula(day) or "statement-line-date") from None
        if moment > self.now + AHEAD:
            raise _Fault("statement-line-future")
        return moment

    def _amount(self, row: Row) -> int:
        """Signed đồng; 0 where nothing moved."""
        if Role.AMOUNT in self.columns:
            return self._signed(row, self._number(row, Role.AMOUNT))
        came, went = self._number(row, Role.CREDIT), abs(self._number(row, Role.DEBIT))
        if came and went:
            raise _Fault("statement-line-both")
        return came - went

    def _signed(self, row: Row, amount: int) -> int:
        if Role.WAY not in self.columns or not amount:
            return amount
        way = row.cell(self.columns[Role.WAY])
        said = as_text(way).strip()
        if said == "+" or folded(said) in IN:
            return abs(amount)
        if said == "-" or folded(said) in OUT:
            return -abs(amount)
        raise _Fault("statement-line-way")

    def _number(self, row: Row, role: Role) -> int:
        cell = row.cell(self.columns.get(role))
        try:
            return read_amount(cell if cell is None or isinstance(cell, str | int | float) else str(cell))
        except NoAmount:
            raise _Fault(_formula(cell) or "statement-line-amount") from None

    def _balance(self, row: Row) -> int | None:
        if Role.BALANCE not in self.columns or row.cell(self.columns[Role.BALANCE]) in (None, ""):
            return None
        try:
            return self._number(row, Role.BALANCE)
        except _Fault:
            return None

    def _text(self, row: Row, role: Role, limit: int = TEXT_LIMIT) -> str:
        return visible(as_text(row.cell(self.columns.get(role)))).strip()[:limit]

    def _sighting(self, row: Row, amount: int, moment: datetime) -> Sighting:
        memo, reference = self._text(row, Role.MEMO, MEMO_LIMIT), self._text(row, Role.REFERENCE)
        payer = Payer(self._text(row, Role.PAYER_NAME), self._text(row, Role.PAYER_ACCOUNT, ACCOUNT_LIMIT))
        ref = self._named(LineName.of(self.account, moment, amount, memo, reference))
        return Sighting(
            STATEMENT, ref, amount, "VND", self.account, memo, reference=reference, booked_at=moment, payer=payer
        )

    def _named(self, name: LineName) -> str:
        """The name with its place among the equal ones before it."""
        short = hash(name)
        if short in self._seen:
            self._again[short] += 1
        self._seen.add(short)
        return str(replace(name, place=1 + self._again.get(short, 0)))


def _formula(cell: object) -> str:
    return "statement-line-formula" if isinstance(cell, str) and cell.startswith(_FORMULA) else ""


def _is_total(row: Row) -> bool:
    said = [fold(as_text(cell)) for cell in row.cells]
    return any(each.startswith(_TOTALS) or each in _SUMS for each in said)
