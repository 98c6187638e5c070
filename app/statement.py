"""A bank statement at the command line: how it is read is found or asked, shown, and then imported."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import file_digest
from itertools import islice
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from app.commands import with_store
from app.opening import visit_shop
from app.settings import Settings
from flows.foresee_statement import foresee_statement
from flows.import_statement import Statement, import_statement
from flows.premises import Premises
from flows.statement_tally import Tally
from gateways.statement import Reading, Told
from gateways.statement_columns import Role, complete
from gateways.statement_file import StatementFile, open_statement
from gateways.statement_layout import Header, as_data, find_header, fits, from_data
from gateways.statement_row import Row, as_text
from sales.banks import bank_by_bin
from sales.clock import utc_now
from sales.errors import Misconfigured
from sales.memo import fold
from sales.shop import BankAccount
from sales.visible import visible
from storage import accounts, layouts, shops
from storage.layouts import KeptLayout
from storage.store import Store
from storage.unit import Unit

T = TypeVar("T")
Step = Callable[[int], object]

HEAD = 60
"""Rows at the top in which a header may stand, and the account be named."""


@dataclass(slots=True)
class Desk:
    """A file on the way into the ledger: what is known of it, and what is said of it meanwhile."""

    settings: Settings
    path: Path
    file: StatementFile
    head: list[Row]
    header: Header
    own: list[BankAccount]
    known: list[KeptLayout]
    founded: datetime
    zone: str
    bank: str = ""
    account: BankAccount | None = None
    columns: dict[Role, int] = field(default_factory=dict)
    since: datetime | None = None

    @property
    def whole(self) -> bool:
        """Whether enough columns are named to read movements."""
        return complete(self.columns)

    def told(self) -> Iterator[Told]:
        """Every row of the file as what it is."""
        assert self.account is not None, "asked before"
        reading = Reading(self.header, self.columns, self.account.account, utc_now())
        return reading.lines(self.file.rows())

    def foresee(self, step: Step) -> Tally:
        """Count what importing would bring; nothing is written."""
        return _in_shop(
            self.settings, lambda store, premises: foresee_statement(store, premises, self.told(), self.since, step)
        )

    def take(self, step: Step) -> Tally:
        """Import it."""
        with self.path.open("rb") as stream:
            digest = file_digest(stream, "sha256").hexdigest()
        name = visible(self.path.name)[:200]
        statement = Statement(name, digest, self.bank, self.header.signature, as_data(self.columns))
        return _in_shop(
            self.settings,
            lambda store, premises: import_statement(store, premises, statement, self.told(), self.since, step),
        )


def open_desk(settings: Settings, path: Path, sheet: str = "", row: int | None = None) -> Desk:
    """Open a statement and look at the shop; raises Misconfigured for a file that cannot be read.

    `row`: where the header stands, when somebody says so (0: there is none).
    """
    file = open_statement(path, fits, sheet)
    head = list(islice(file.rows(), HEAD))
    header = find_header(head, row)

    async def look(store: Store, premises: Premises) -> Desk:
        shop = premises.shop

        def read(unit: Unit) -> Desk:
            own, known = accounts.all_accounts(unit, shop.id), layouts.with_header(unit, shop.id, header.signature)
            return Desk(settings, path, file, head, header, own, known, shops.founded(unit, shop.id), shop.zone)

        return await store.read(read)

    return _in_shop(settings, look)


def columns_kept(desk: Desk, bank: str) -> KeptLayout | None:
    """How files with this header were read the last time, of that bank when one is named."""
    return next((each for each in desk.known if bank in ("", each.bank)), None)


def use(desk: Desk, kept: KeptLayout) -> None:
    """Read the file as it was said before."""
    desk.bank, desk.columns = kept.bank, from_data(kept.columns)


def account_named(desk: Desk, number: str) -> BankAccount:
    """The shop's account of that number; raises Misconfigured with those there are."""
    for each in desk.own:
        if number in (each.account, each.virtual):
            return each
    raise Misconfigured("statement-no-account", account=number, known=", ".join(each.account for each in desk.own))


def account_likely(desk: Desk) -> BankAccount | None:
    """The only account of the shop, or the only one that is named above the header."""
    if len(desk.own) == 1:
        return desk.own[0]
    above = {fold(as_text(cell)) for row in desk.head if row.number < desk.header.number for cell in row.cells}
    named = [each for each in desk.own if any(fold(each.account) in text for text in above)]
    return named[0] if len(named) == 1 else None


def bank_of(account: BankAccount) -> str:
    """The name of the bank that an account is at."""
    bank = bank_by_bin(account.bin)
    return bank.short_name if bank else account.bin


def day_in(zone: str, day: datetime | None) -> datetime | None:
    """The beginning of that day by the shop's clocks, in UTC."""
    return None if day is None else day.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def kept_layouts(settings: Settings) -> list[KeptLayout]:
    """All that is known of statements."""
    return _in_shop(settings, lambda store, premises: store.read(lambda unit: layouts.kept(unit, premises.shop.id)))


def forget_layout(settings: Settings, layout: int) -> bool:
    """Let one go; False when there is none of that number."""
    return _in_shop(
        settings, lambda store, premises: store.write(lambda unit: layouts.forget(unit, premises.shop.id, layout))
    )


def _in_shop(settings: Settings, act: Callable[[Store, Premises], Awaitable[T]]) -> T:
    if settings.nothing_there:
        raise Misconfigured("database-not-migrated")

    async def visit(store: Store) -> T:
        return await act(store, await visit_shop(store, settings))

    return asyncio.run(with_store(settings.database, visit))
