"""Made-up statements on their way into a shop's ledger."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flows.foresee_statement import foresee_statement
from flows.import_statement import Statement, import_statement
from flows.statement_tally import Tally
from gateways.notice_fields import VIETNAM
from gateways.statement import Reading, Told
from gateways.statement_columns import Columns, Role
from gateways.statement_layout import Header
from gateways.statement_row import Row
from tests.flows.shop import ACCOUNT, PRICE, Shop

TEXTS = ("Ngày", "Số tiền", "Nội dung", "Số CT")
COLUMNS: Columns = {Role.DATE: 0, Role.AMOUNT: 1, Role.MEMO: 2, Role.REFERENCE: 3}
OF_A_FILE = Statement("statement.csv", "0" * 64, "Bank A", "ngay|so tien", {"date": 0, "amount": 1})

Cells = tuple[str, str, str, str]


def written(moment: datetime, *, timed: bool = True) -> str:
    """A moment as banks write it."""
    return moment.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M:%S" if timed else "%d/%m/%Y")


@dataclass(slots=True)
class Bank:
    """A shop's account at a bank that gives out statements; `now` is the moment of the last thing it has booked."""

    shop: Shop
    now: datetime

    def line(
        self, memo: str, amount: int = PRICE, reference: str = "", *, timed: bool = True, ago: timedelta = timedelta()
    ) -> Cells:
        """A line of a statement."""
        return written(self.now - ago, timed=timed), str(amount), f"CT {memo}", reference

    async def notice(self, memo: str, amount: int = PRICE, reference: str = "") -> None:
        """The same money, told of by Casso at once."""
        sighting = self.shop.sighting(memo, amount, reference=reference, booked_at=self.now)
        await self.shop.settle(sighting)

    def told(self, lines: Sequence[Cells], now: datetime) -> Iterator[Told]:
        """What a file of these lines holds."""
        reading = Reading(Header(1, TEXTS, COLUMNS), COLUMNS, ACCOUNT, now)
        return reading.lines([Row(number, cells) for number, cells in enumerate([TEXTS, *lines], 1)])

    async def foresee(self, *lines: Cells, now: datetime | None = None) -> Tally:
        """What importing them would bring."""
        told = self.told(lines, now or self.now)
        return await foresee_statement(self.shop.store, self.shop.premises, told, None, lambda _: None)

    async def take(self, *lines: Cells, now: datetime | None = None, name: str = "statement.csv") -> Tally:
        """Import them; what was foreseen must come true."""
        foreseen = await self.foresee(*lines, now=now)
        taken = await self.take_only(self.told(lines, now or self.now), name)
        assert taken == foreseen
        return taken

    async def take_only(self, told: Iterator[Told], name: str = "statement.csv") -> Tally:
        """Import without a look before."""
        file = replace(OF_A_FILE, name=name)
        return await import_statement(self.shop.store, self.shop.premises, file, told, None, lambda _: None)
